"""A person's own record: everything they said, with the case beside it, to read and take along."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.catalogues import language_of
from store.models import Attempt, Consent, ConsentText, PackVersion, Response, Words
from store.scripts import script_of
from study.language import Language
from study.questions import CLARITY_OPTIONS, STANCE_OPTIONS
from study.rendering import label
from study.script import Script
from study.state import ScenarioRef
from study.wording import WORDING

STANCE_STEPS = ("stance", "twist", "final_stance")
FORMAT = "greyarea.own_record/1"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its prompt, its words or point, and whether it can be changed.

    ``options`` are (value, label) of a labelled scale, else empty.
    """

    id: str
    number: int
    prompt: str
    prompt_locale: str
    text: str
    kind: str
    step: str
    value: int | None
    removed: bool
    edited: bool
    at: datetime | None
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case with everything said about it; ``stances`` are (step, label) in order."""

    id: str
    title: str
    vignette: str
    changed_case: str
    stances: tuple[tuple[str, str], ...]
    answers: tuple[Answer, ...]
    locale: str


@dataclass(slots=True)
class InterviewRecord:
    """One interview of the person."""

    id: str
    started: datetime
    status: str
    role_view: str
    profession: str | None
    locale: str
    cases: list[CaseRecord] = field(default_factory=list)
    closing: tuple[Answer, ...] = ()


def interviews_of(
    session: Session, participant_id: int, language: Language
) -> list[InterviewRecord]:
    """All interviews of a participant, newest first, labels in ``language``."""
    query = select(Attempt).where(Attempt.participant_id == participant_id)
    newest_first = session.scalars(query.order_by(Attempt.id.desc()))
    return [_interview(session, attempt, language) for attempt in newest_first]


def portable(
    session: Session, participant_id: int, interviews: Sequence[InterviewRecord]
) -> dict[str, Any]:
    """The record as JSON: what the person gave, with prompts; nothing that a machine inferred."""
    query = (
        select(Consent, ConsentText)
        .join(ConsentText, ConsentText.id == Consent.consent_text_id)
        .where(Consent.participant_id == participant_id)
        .order_by(Consent.id)
    )
    consents = [
        {
            "at": consent.given_at.isoformat(),
            "take_part": consent.take_part,
            "research": consent.research,
            "quote": consent.quote,
            "withdrawal": consent.withdrawal,
            "text_version": text.version,
            "text_locale": text.locale,
            "text": text.body,
        }
        for consent, text in session.execute(query)
    ]
    return {
        "format": FORMAT,
        "consents": consents,
        "interviews": [
            {
                "id": one.id,
                "started": one.started.isoformat(),
                "status": one.status,
                "role_view": one.role_view,
                "profession": one.profession,
                "locale": one.locale,
                "cases": [
                    {
                        "id": case.id,
                        "title": case.title,
                        "vignette": case.vignette,
                        "changed_case": case.changed_case,
                        "answers": [_plain(answer) for answer in case.answers],
                    }
                    for case in one.cases
                ],
                "closing": [_plain(answer) for answer in one.closing],
            }
            for one in interviews
        ],
    }


def _plain(answer: Answer) -> dict[str, Any]:
    return {
        "id": answer.id,
        "step": answer.step,
        "kind": answer.kind,
        "prompt": answer.prompt,
        "text": None if answer.removed else answer.text,
        "value": answer.value,
        "deleted": answer.removed,
        "changed": answer.edited,
        "at": answer.at.isoformat() if answer.at else None,
    }


def _interview(session: Session, attempt: Attempt, language: Language) -> InterviewRecord:
    script = script_of(session.get_one(PackVersion, attempt.pack_version_id))
    query = (
        select(Response, Words)
        .outerjoin(Words, Words.id == Response.words_id)
        .where(Response.attempt_id == attempt.id, Response.superseded.is_(False))
        .order_by(Response.position, Response.id)
    )
    rows = [(response, words) for response, words in session.execute(query).all()]
    out = InterviewRecord(
        id=attempt.public_id,
        started=attempt.started_at,
        status=attempt.status,
        role_view=attempt.role_view,
        profession=attempt.profession,
        locale=attempt.locale,
    )
    for position, (scenario_id, version) in enumerate(attempt.start_state["order"]):
        here = [(r, w) for r, w in rows if r.position == position and r.scenario_id is not None]
        if not here:
            continue
        texts, used = script.scenario(ScenarioRef(scenario_id, version)).text(attempt.locale)
        out.cases.append(
            CaseRecord(
                id=scenario_id,
                title=texts.title,
                vignette=texts.part(f"vignette.{attempt.role_view}"),
                changed_case=texts.changed_case,
                stances=tuple(
                    (r.step, _point(r, language))
                    for r, _ in here
                    if r.kind == "stance" and r.step in STANCE_STEPS
                ),
                answers=tuple(_answer(r, w, script, language) for r, w in here if r.kind != "skip"),
                locale=used,
            )
        )
    out.closing = tuple(_answer(r, w, script, language) for r, w in rows if r.scenario_id is None)
    return out


def _answer(response: Response, words: Words | None, script: Script, language: Language) -> Answer:
    labelled = response.kind in ("stance", "clarity")
    options = STANCE_OPTIONS if response.kind == "stance" else CLARITY_OPTIONS
    said = words.body or "" if words is not None else ""
    return Answer(
        id=response.public_id,
        number=response.number,
        prompt=response.prompt_text,
        prompt_locale=_prompt_locale(response, script),
        text=_point(response, language) if labelled else said,
        kind=response.kind,
        step=response.step,
        value=response.value,
        removed=response.erased_at is not None,
        edited=response.revision_no > 1,
        at=response.submitted_at,
        options=tuple((o.value, label(o, language)) for o in options) if labelled else (),
    )


def _prompt_locale(response: Response, script: Script) -> str:
    """The language in which a question was asked: its case's, or the assistant's."""
    if response.prompt_key.startswith("case.") and response.scenario_id is not None:
        case = ScenarioRef(response.scenario_id, response.scenario_version or 1)
        return script.scenario(case).text(response.locale).locale
    return language_of(response.locale).code


def _point(response: Response, language: Language) -> str:
    if response.erased_at is not None:
        return ""
    scale = "stance" if response.kind == "stance" else "clarity"
    point = response.value or "cant_say"
    return language.gettext(WORDING[f"{scale}.{point}"])
