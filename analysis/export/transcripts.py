"""Interviews as readable texts, with the place of every answer in words.

One text for each interview: the case, each question as it was shown, each answer as it was given.
Lines end in LF, and there is no byte order mark: programs disagree about how to count others.
Places count Unicode code points.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.export.choosing import Chosen, answers, interviews, of_people
from analysis.export.columns import course_code, label_of
from store.models import Attempt, PackVersion, Participant, Response, Study, Words
from store.scripts import script_of
from study.script import Script
from study.state import ScenarioRef

AT_ONCE = 100
"""Interviews that are read together."""
ASSISTANT, PERSON = "Assistant", "Participant"
DELETED = "[deleted by the person]"
KEPT_BACK = "[kept back: it discloses something or tells of distress]"
SKIPPED = "[skipped]"


@dataclass(frozen=True, slots=True)
class Passage:
    """An answer in words within a transcript: from ``start`` to ``end``, not included.

    ``places[i]`` is where the words' character i stands in the transcript, with one more for the
    end: a line end of two characters has become one.
    """

    response_id: int
    public_id: str
    start: int
    end: int
    places: Sequence[int]


@dataclass(slots=True)
class Transcript:
    """One interview as text."""

    id: str
    person: str
    name: str
    began: datetime
    role_view: str
    profession: str
    cohort: str
    locale: str
    synthetic: bool
    text: str = ""
    passages: dict[int, Passage] = field(default_factory=dict)
    """By the row id of the response."""
    kept_back: int = 0


def transcripts(session: Session, study: Study, chosen: Chosen) -> Iterator[Transcript]:
    """The chosen interviews that have anything in them, by person and time.

    Raises:
        ChoiceError: as :func:`analysis.export.choosing.interviews`.
    """
    query = (
        of_people(study, select(Attempt.id))
        .where(*interviews(session, study, chosen))
        .order_by(Attempt.participant_id, Attempt.id)
    )
    ids = session.scalars(query).all()
    scripts: dict[int, Script] = {}
    for some in batched(ids, AT_ONCE):
        rows = _answers(session, some, chosen)
        attempts = select(Attempt, Participant.pseudonym).join(
            Participant, Participant.id == Attempt.participant_id
        )
        found = {row[0].id: row for row in session.execute(attempts.where(Attempt.id.in_(some)))}
        for attempt_id in some:
            attempt, pseudonym = found[attempt_id]
            mine = rows.get(attempt_id, [])
            if attempt.pack_version_id not in scripts:
                pack = session.get_one(PackVersion, attempt.pack_version_id)
                scripts[attempt.pack_version_id] = script_of(pack)
            if mine:
                script = scripts[attempt.pack_version_id]
                yield _transcript(study, attempt, pseudonym, script, mine, chosen)


def flat(words: str) -> tuple[str, list[int]]:
    """Words with LF at the ends of lines, and where each of their characters has come to."""
    out: list[str] = []
    places: list[int] = []
    for place, character in enumerate(words):
        places.append(len(out))
        if character == "\r":
            if words[place + 1 : place + 2] != "\n":
                out.append("\n")
        else:
            out.append(character)
    places.append(len(out))
    return "".join(out), places


def _answers(session: Session, ids: Sequence[int], chosen: Chosen) -> dict[int, list[Any]]:
    query = (
        select(Response, Words.body, Words.restricted)
        .outerjoin(Words, Words.id == Response.words_id)
        .where(Response.attempt_id.in_(ids), Response.superseded.is_(False), *answers(chosen))
        .order_by(Response.attempt_id, Response.position, Response.number, Response.id)
    )
    out: dict[int, list[Any]] = {}
    for row in session.execute(query):
        out.setdefault(row[0].attempt_id, []).append(row)
    return out


def _transcript(
    study: Study,
    attempt: Attempt,
    pseudonym: str,
    script: Script,
    rows: Sequence[Any],
    chosen: Chosen,
) -> Transcript:
    cohort = course_code(study.public_id, attempt.context_id) if attempt.context_id else ""
    made = Transcript(
        id=attempt.public_id,
        person=pseudonym,
        name=f"{pseudonym[:8]} interview {attempt.ordinal} {attempt.public_id[:6]}",
        began=attempt.started_at,
        role_view=attempt.role_view,
        profession=attempt.profession or "",
        cohort=cohort,
        locale=attempt.locale,
        synthetic=attempt.synthetic,
    )
    text = _Text(
        f"Interview {attempt.public_id[:6]} of participant {pseudonym[:8]}\n"
        f"{attempt.started_at:%Y-%m-%d}, as {attempt.role_view}, "
        f"{attempt.profession or 'no profession given'}, language {attempt.locale}\n"
    )
    case: ScenarioRef | None = None
    changed = False
    for response, body, restricted in rows:
        here = case_of(response)
        if here != case:
            text.add(_heading(script, attempt, here))
            case, changed = here, False
        if response.step == "twist" and not changed and here and here in script.scenarios:
            texts, _ = script.scenarios[here].text(attempt.locale)
            text.add(f"\n{ASSISTANT}: {flat(texts.changed_case)[0]}\n")
            changed = True
        if response.prompt_text:
            text.add(f"\n{ASSISTANT}: {flat(response.prompt_text)[0]}\n")
        text.add(f"{PERSON}: ")
        _answer(made, text, response, body, bool(restricted) and not chosen.restricted)
        text.add("\n")
    made.text = text.whole()
    return made


def _answer(made: Transcript, text: "_Text", response: Response, body: Any, back: bool) -> None:
    instead = instead_of_words(response, body, back=back)
    if instead is not None:
        text.add(instead)
        made.kept_back += instead == KEPT_BACK
        return
    words, places = flat(body)
    start = text.length
    text.add(words)
    made.passages[response.id] = Passage(
        response.id,
        response.public_id,
        start,
        text.length,
        [start + place for place in places],
    )


def instead_of_words(response: Response, body: str | None, *, back: bool) -> str | None:
    """What stands for an answer whose words are not shown; None where they are.

    ``back``: its words are restricted, and have not been asked for.
    """
    if response.erased_at is not None:
        return DELETED
    if response.kind == "skip":
        return SKIPPED
    if body is None:
        return label_of(response) or SKIPPED
    return KEPT_BACK if back else None


def case_of(response: Response) -> ScenarioRef | None:
    """The case that an answer belongs to; None for the closing questions."""
    if not response.scenario_id:
        return None
    return ScenarioRef(response.scenario_id, response.scenario_version or 1)


def told_of(script: Script, attempt: Attempt, case: ScenarioRef | None) -> tuple[str, str]:
    """A case's title and vignette, as the interview told it; a case that its pack has not is
    named by its id."""
    if case is None:
        return "Closing questions", ""
    if case not in script.scenarios:
        return f"{case.id}, version {case.version}", ""
    texts, _ = script.scenario(case).text(attempt.locale)
    return texts.title, flat(texts.part(f"vignette.{attempt.role_view}"))[0].strip()


def _heading(script: Script, attempt: Attempt, case: ScenarioRef | None) -> str:
    title, vignette = told_of(script, attempt, case)
    if not vignette or case is None:
        return f"\n== {title} ==\n"
    return f"\n== {title} ({case.id}, version {case.version}) ==\n\n{ASSISTANT}: {vignette}\n"


class _Text:
    """A text that knows how long it is."""

    def __init__(self, first: str) -> None:
        self._parts, self.length = [first], len(first)

    def add(self, part: str) -> None:
        self._parts.append(part)
        self.length += len(part)

    def whole(self) -> str:
        return "".join(self._parts)
