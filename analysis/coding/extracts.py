"""Everything that is coded with one code, by person: so that one voice cannot dominate."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.coding.listing import elsewhere
from analysis.export.choosing import EVERYTHING, interviews, of_people
from analysis.export.transcripts import flat
from store.models import Attempt, Code, Coder, Coding, Participant, Response, Study, Words

MOST = 2000
"""Passages that a page shows."""


@dataclass(frozen=True, slots=True)
class Extract:
    """A passage: ``coding`` is its public id, ``scenario`` empty outside a case."""

    coding: str
    passage: str
    scenario: str
    coder: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A person, with what is coded in their interviews."""

    person: str
    role_view: str
    profession: str
    extracts: tuple[Extract, ...]


@dataclass(frozen=True, slots=True)
class Extracts:
    """All of a code. ``people`` is how many have answered anything in words: those who are not
    among the voices are its negative cases."""

    voices: tuple[Voice, ...]
    people: int
    more: bool


def extracts(session: Session, study: Study, code: Code, without: frozenset[int]) -> Extracts:
    """The passages of a code, of people who agree to research; restricted words are left out."""
    query = (
        of_people(
            study,
            select(
                Participant.pseudonym,
                Attempt.role_view,
                Attempt.profession,
                Coding,
                Words.body,
                Response.scenario_id,
                Coder.label,
            )
            .select_from(Coding)
            .join(Coder, Coder.id == Coding.coder_id)
            .join(Response, Response.id == Coding.response_id)
            .join(Words, Words.id == Response.words_id)
            .join(Attempt, Attempt.id == Response.attempt_id),
        )
        .where(
            *interviews(session, study, EVERYTHING),
            *elsewhere(without),
            Coding.code_id == code.id,
            Coding.removed_at.is_(None),
            Response.superseded.is_(False),
            Response.erased_at.is_(None),
            Words.restricted.is_(False),
            Words.body.is_not(None),
        )
        .order_by(Participant.id, Coding.id)
        .limit(MOST + 1)
    )
    rows = session.execute(query).all()
    voices: list[tuple[str, str, str]] = []
    found: dict[str, list[Extract]] = {}
    for pseudonym, role_view, profession, coding, body, scenario, label in rows[:MOST]:
        person = pseudonym[:8]
        if person not in found:
            voices.append((person, role_view, profession or ""))
        text, places = flat(body)
        passage = text[places[coding.start] : places[min(coding.end, len(places) - 1)]]
        one = Extract(coding.public_id, passage, scenario or "", label)
        found.setdefault(person, []).append(one)
    return Extracts(
        tuple(Voice(*voice, tuple(found[voice[0]])) for voice in voices),
        _people(session, study, without),
        len(rows) > MOST,
    )


def _people(session: Session, study: Study, without: frozenset[int]) -> int:
    query = of_people(
        study,
        select(func.count(Attempt.participant_id.distinct()))
        .select_from(Response)
        .join(Attempt, Attempt.id == Response.attempt_id),
    ).where(
        *interviews(session, study, EVERYTHING),
        *elsewhere(without),
        Response.kind == "text",
        Response.superseded.is_(False),
        Response.erased_at.is_(None),
    )
    return session.scalar(query) or 0
