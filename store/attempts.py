"""Attempts: begin an interview, find the one to go on with, and its transcript."""

import secrets
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.carrying_out import CarryOut
from store.catalogues import language_of
from store.cues import draw, script_for
from store.models import (
    Attempt,
    Consent,
    PackVersion,
    Participant,
    Study,
    Turn,
    Utterance,
    Words,
)
from store.models.interview import COUNTED_ROLES
from store.scripts import script_of
from study.engine import opening, start
from study.rendering import ECHO
from study.script import Script
from study.state import ROLE_VIEWS, State
from study.wording import WORDING

PROFESSIONS = (
    "medicine",
    "nursing",
    "midwifery",
    "pharmacy",
    "dentistry",
    "physiotherapy",
    "occupational_therapy",
    "paramedicine",
    "psychology",
    "radiography",
    "speech_language_therapy",
    "dietetics",
    "public_health",
    "veterinary",
    "education",
    "other",
    "rather_not_say",
)


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and as whom a person takes part.

    ``role_view`` is the person's own choice and apart from the LMS role.
    """

    role_view: str
    profession: str | None
    locale: str
    context_id: int | None
    resource_link_id: int | None
    lms_role: str = "learner"
    lti_user_id: int | None = None
    """Whom to mark as complete at the end; None where nothing is reported."""

    def __post_init__(self) -> None:
        """Refuse a role view or profession that is not on the list (ValueError)."""
        if self.role_view not in ROLE_VIEWS:
            raise ValueError(f"unknown role view {self.role_view!r}")
        if self.profession is not None and self.profession not in PROFESSIONS:
            raise ValueError(f"unknown profession {self.profession!r}")


def begin(
    session: Session,
    participant: Participant,
    study: Study,
    pack_version: PackVersion,
    consent: Consent,
    setting: Setting,
    now: datetime,
    seed: int | None = None,
    *,
    cases: Script | None = None,
) -> Attempt:
    """Start an interview: draw the cases, log the draw, say the first words.

    ``cases`` is the part of the pack that may be drawn from; the whole pack if None. The
    interview is kept for the study if the person agrees to research and their role is counted.
    """
    research = consent.research and setting.lms_role in COUNTED_ROLES
    script = script_of(pack_version)
    given = script if cases is None else cases
    seed = secrets.randbelow(2**31) if seed is None else seed
    filled = _filled(session, study.id, setting.role_view)
    worded = _worded(session, participant.id)
    state = start(setting.role_view, seed, given, filled, worded)
    # Nobody can leave a research that they are not in, nor undo that.
    state = replace(state, withdrawn=not research)
    ordinal = len(_ids(session, participant.id)) + 1
    attempt = Attempt(
        participant_id=participant.id,
        study_id=study.id,
        context_id=setting.context_id,
        resource_link_id=setting.resource_link_id,
        lti_user_id=setting.lti_user_id,
        pack_version_id=pack_version.id,
        ordinal=ordinal,
        role_view=setting.role_view,
        lms_role=setting.lms_role,
        profession=setting.profession,
        locale=setting.locale,
        seed=seed,
        keep="study" if research else "session",
        start_state=state.to_json(),
        state=state.to_json(),
        open_step=state.step.open_step.value,
        status="open",
        turns=0,
        events=0,
        utterances=0,
        started_at=now,
        last_turn_at=now,
        synthetic=participant.synthetic,
    )
    session.add(attempt)
    session.flush()
    if draw(session, attempt, script, state.order):
        script = script_for(session, attempt)
    hand = CarryOut(session, attempt, None, script, now)
    order = [[ref.id, ref.version] for ref in state.order]
    assigned = {"seed": seed, "order": order, "pack": [script.pack_id, script.pack_version]}
    if len(given.scenarios) < len(script.scenarios):
        assigned["of"] = sorted(ref.id for ref in given.scenarios)
    hand.event("assigned", assigned)
    hand.carry_out(opening(state, script))
    session.flush()
    return attempt


def latest_in(
    session: Session, participant_id: int, resource_link_id: int | None
) -> Attempt | None:
    """The newest attempt of a participant in one activity (None: outside of any)."""
    query = select(Attempt).where(
        Attempt.participant_id == participant_id,
        Attempt.resource_link_id.is_not_distinct_from(resource_link_id),
    )
    return session.scalars(query.order_by(Attempt.id.desc()).limit(1)).first()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a transcript. ``speaker`` is "assistant" or "you"; ``id`` never changes."""

    id: str
    speaker: str
    text: str
    locale: str
    key: str
    question: bool
    at: datetime
    removed: bool = False


def transcript(session: Session, attempt: Attempt, after: int = 0) -> list[Line]:
    """What was said in an attempt, in the order in which it was said.

    A turn stands before the assistant's reply to it; one that waits to be applied comes
    last. Buttons appear by their value; the page knows their labels. ``after`` leaves out
    what the assistant said up to that utterance, so that a turn late in a conversation
    costs no more than an early one.
    """
    said = list(
        session.scalars(
            select(Utterance)
            .where(Utterance.attempt_id == attempt.id, Utterance.seq > after)
            .order_by(Utterance.seq)
        )
    )
    answered = {utterance.turn_id for utterance in said}
    query = select(Turn).where(
        Turn.attempt_id == attempt.id, Turn.id.in_(answered) | (Turn.status == "received")
    )
    turns = list(session.scalars(query.order_by(Turn.id)))
    ids = {turn.words_id for turn in turns} | {utterance.echo_words_id for utterance in said}
    words = {row.id: row for row in session.scalars(select(Words).where(Words.id.in_(ids)))}
    lines: list[Line] = []
    placed: set[int] = set()
    by_id = {turn.id: turn for turn in turns}
    for utterance in said:
        turn_id = utterance.turn_id
        if turn_id is not None and turn_id not in placed:
            placed.add(turn_id)
            lines.append(_turn_line(by_id[turn_id], words, attempt.locale))
        lines.append(_said_line(utterance, words))
    lines.extend(_turn_line(turn, words, attempt.locale) for turn in turns if turn.id not in placed)
    return lines


def state_of(attempt: Attempt) -> State:
    """Where the interview stands."""
    return State.from_json(attempt.state)


def _turn_line(turn: Turn, words: dict[int, Words], locale: str) -> Line:
    line = f"t{turn.public_id}"
    if turn.words_id is None:
        return Line(line, "you", turn.option or "", locale, "option", False, turn.received_at)
    body = words[turn.words_id].body
    gone = body is None
    return Line(line, "you", body or "", locale, "words", False, turn.received_at, removed=gone)


def _said_line(utterance: Utterance, words: dict[int, Words]) -> Line:
    text = utterance.text
    if utterance.echo_words_id is not None:
        body = words[utterance.echo_words_id].body or ""
        quoted = body[utterance.echo_start or 0 : utterance.echo_end]
        # What was quoted stands in the marks of the language that it was quoted in.
        say = language_of(utterance.locale, pseudo=True).gettext
        marked = say(WORDING["echo.quoted"]).format(words=quoted)
        text = text.replace(ECHO, marked if quoted else "[removed]")
    return Line(
        f"u{utterance.seq}",
        "assistant",
        text,
        utterance.locale,
        utterance.key,
        utterance.question,
        utterance.shown_at,
    )


def _filled(session: Session, study_id: int, role_view: str) -> dict[str, int]:
    """How many attempts in a role view each scenario has had, from the newest 2,000.

    A bound, so that starting an interview costs the same in a large study.
    """
    query = (
        select(Attempt.start_state)
        .where(
            Attempt.study_id == study_id,
            Attempt.role_view == role_view,
            Attempt.lms_role.in_(COUNTED_ROLES),
        )
        .order_by(Attempt.id.desc())
        .limit(2000)
    )
    counts: Counter[str] = Counter()
    for state in session.scalars(query):
        counts.update(str(scenario_id) for scenario_id, _ in state["order"])
    return dict(counts)


def _worded(session: Session, participant_id: int) -> tuple[str, ...]:
    """The wordings of probes in the person's latest attempt, which holds those before it."""
    query = (
        select(Attempt.state)
        .where(Attempt.participant_id == participant_id)
        .order_by(Attempt.ordinal.desc())
        .limit(1)
    )
    latest = session.scalar(query)
    return tuple(latest.get("worded", ())) if latest else ()


def _ids(session: Session, participant_id: int) -> list[int]:
    return list(session.scalars(select(Attempt.id).where(Attempt.participant_id == participant_id)))
