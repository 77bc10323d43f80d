"""Interviews as a coder reads them: every answer with the codes that the coder has given it."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.export.transcripts import case_of, flat, instead_of_words, told_of
from store.coding import codes
from store.models import (
    Attempt,
    Code,
    Coder,
    Coding,
    Memo,
    PackVersion,
    Participant,
    Response,
    Study,
    SuggestionAnswer,
    Words,
)
from store.scripts import script_of
from study.state import ScenarioRef


@dataclass(frozen=True, slots=True)
class Given:
    """A code that the coder has given: ``whole`` if to all of the answer."""

    id: str
    code: str
    color: str
    passage: str
    start: int
    end: int
    whole: bool
    suggested: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A theme that a machine heard: ``code`` is what it would be coded with, if there is one."""

    theme: str
    code: str
    code_name: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an answer, and how many of the coder's codes lie on it."""

    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: ``text`` has LF at the ends of lines; ``pieces`` are the same, cut by codes."""

    id: str
    prompt: str
    text: str
    codable: bool
    locale: str
    given: tuple[Given, ...] = ()
    pieces: tuple[Piece, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    memo: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A case, or the closing questions."""

    title: str
    vignette: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One interview."""

    id: str
    person: str
    began: datetime
    role_view: str
    profession: str
    sections: tuple[Section, ...]


def reading(session: Session, study: Study, coder: Coder, attempt: Attempt) -> Reading:
    """An interview with the codes, memos and open suggestions of one coder."""
    query = (
        select(Response, Words.body, Words.restricted)
        .outerjoin(Words, Words.id == Response.words_id)
        .where(Response.attempt_id == attempt.id, Response.superseded.is_(False))
        .order_by(Response.position, Response.number, Response.id)
    )
    rows = session.execute(query).all()
    mine = _Mine(session, study, coder, [row[0].id for row in rows])
    script = script_of(session.get_one(PackVersion, attempt.pack_version_id))
    sections: list[Section] = []
    case: ScenarioRef | None = None
    answers: list[Answer] = []
    title, vignette = "", ""

    def close() -> None:
        if answers:
            sections.append(Section(title, vignette, tuple(answers)))
            answers.clear()

    for response, body, restricted in rows:
        here = case_of(response)
        if here != case or not (answers or sections):
            close()
            case = here
            title, vignette = told_of(script, attempt, here)
        answers.append(_answer(response, body, bool(restricted), mine))
    close()
    person = session.get_one(Participant, attempt.participant_id)
    return Reading(
        attempt.public_id,
        person.pseudonym[:8],
        attempt.started_at,
        attempt.role_view,
        attempt.profession or "",
        tuple(sections),
    )


def place_in(body: str, start: int, end: int) -> tuple[int, int]:
    """Places in the words as stored, of places in the same with LF at the ends of lines."""
    _, places = flat(body)
    return bisect_left(places, start), bisect_left(places, end)


class _Mine:
    """What one coder has made of some answers."""

    def __init__(self, session: Session, study: Study, coder: Coder, ids: Sequence[int]) -> None:
        self.codings: dict[int, list[tuple[Coding, Code]]] = {}
        query = (
            select(Coding, Code)
            .join(Code, Code.id == Coding.code_id)
            .where(
                Coding.response_id.in_(ids),
                Coding.coder_id == coder.id,
                Coding.removed_at.is_(None),
            )
            .order_by(Coding.start, Coding.id)
        )
        for coding, code in session.execute(query):
            self.codings.setdefault(coding.response_id, []).append((coding, code))
        memos = select(Memo.response_id, Memo.body).where(
            Memo.response_id.in_(ids), Memo.coder_id == coder.id, Memo.removed_at.is_(None)
        )
        self.memos = {row[0]: row[1] for row in session.execute(memos)}
        answered = select(SuggestionAnswer.response_id, SuggestionAnswer.theme).where(
            SuggestionAnswer.response_id.in_(ids), SuggestionAnswer.coder_id == coder.id
        )
        self.answered = {(row[0], row[1]) for row in session.execute(answered)}
        self.by_theme: dict[str, Code | None] = {}
        self._session, self._study = session, study

    def code_of(self, theme: str) -> Code | None:
        if theme not in self.by_theme:
            self.by_theme[theme] = codes.of_key(self._session, self._study.id, theme)
        return self.by_theme[theme]

    def suggestions(self, response: Response) -> Iterator[Suggestion]:
        given = {code.id for _, code in self.codings.get(response.id, ())}
        for theme in sorted(response.themes):
            code = self.code_of(theme)
            if (response.id, theme) in self.answered or code is None or code.id in given:
                continue
            yield Suggestion(theme, code.public_id, code.name)


def _answer(response: Response, body: str | None, restricted: bool, mine: _Mine) -> Answer:
    instead = instead_of_words(response, body, back=restricted)
    if instead is not None or body is None:
        said = instead or ""
        return Answer(response.public_id, response.prompt_text, said, False, response.locale)
    text, places = flat(body)
    found = [
        (places[coding.start], places[coding.end], coding, code)
        for coding, code in mine.codings.get(response.id, ())
        if coding.end < len(places)
    ]
    return Answer(
        response.public_id,
        response.prompt_text,
        text,
        True,
        response.locale,
        given=tuple(
            Given(
                coding.public_id,
                code.name,
                code.color,
                text[start:end],
                start,
                end,
                (start, end) == (0, len(text)),
                coding.origin == "accepted",
            )
            for start, end, coding, code in found
        ),
        pieces=tuple(_pieces(text, [(start, end, code.name) for start, end, _, code in found])),
        suggestions=tuple(mine.suggestions(response)),
        memo=mine.memos.get(response.id, ""),
    )


def _pieces(text: str, spans: Sequence[tuple[int, int, str]]) -> Iterator[Piece]:
    cuts = sorted({0, len(text), *(place for span in spans for place in span[:2])})
    for start, end in pairwise(cuts):
        on = [name for first, last, name in spans if first <= start and end <= last]
        yield Piece(text[start:end], tuple(dict.fromkeys(on)))
