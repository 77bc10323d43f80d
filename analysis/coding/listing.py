"""The interviews that a coder may read, as a list."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from analysis.export.choosing import EVERYTHING, interviews, of_people
from store.models import Attempt, Coder, Coding, Participant, Response, Study

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """An interview in the list: how many answers in words it has, how many the coder has coded."""

    id: str
    person: str
    began: datetime
    role_view: str
    profession: str
    answers: int
    coded: int


def listed(
    session: Session,
    study: Study,
    coder: Coder,
    without: frozenset[int],
    *,
    shuffled: bool,
    page: int = 0,
) -> tuple[Sequence[Listed], int]:
    """A page of the interviews to read, and how many there are.

    As they began, or in an order drawn for this coder that stays the same.
    """
    wanted: Select[*tuple[Any, ...]] = select(Attempt.id, Attempt.public_id)
    query = of_people(study, wanted).where(
        *interviews(session, study, EVERYTHING), *elsewhere(without)
    )
    query = query.where(
        select(Response.id).where(Response.attempt_id == Attempt.id, *_in_words()).exists()
    )
    found = session.execute(query.order_by(Attempt.id)).all()
    if shuffled:
        found = sorted(found, key=lambda row: _draw(coder.public_id, row[1]))
    ids = [row[0] for row in found[page * A_PAGE : (page + 1) * A_PAGE]]
    rows = {row.id: row for row in _rows(session, coder, ids)}
    return [rows[attempt_id] for attempt_id in _public(session, ids)], len(found)


def find(session: Session, study: Study, without: frozenset[int], public_id: str) -> Attempt | None:
    """An interview that may be read; None if there is none such."""
    query = of_people(study, select(Attempt)).where(
        *interviews(session, study, EVERYTHING),
        *elsewhere(without),
        Attempt.public_id == public_id,
    )
    found: Attempt | None = session.scalars(query).first()
    return found


def _in_words() -> tuple[ColumnElement[bool], ...]:
    return (
        Response.kind == "text",
        Response.superseded.is_(False),
        Response.erased_at.is_(None),
        Response.words_id.is_not(None),
    )


def elsewhere(without: frozenset[int]) -> Sequence[ColumnElement[bool]]:
    """The condition that an interview is of none of these courses."""
    if not without:
        return ()
    return (or_(Attempt.context_id.is_(None), Attempt.context_id.not_in(without)),)


def _draw(coder: str, attempt: str) -> str:
    return hashlib.sha256(f"{coder}|{attempt}".encode()).hexdigest()


def _public(session: Session, ids: Sequence[int]) -> list[str]:
    names = session.execute(select(Attempt.id, Attempt.public_id).where(Attempt.id.in_(ids)))
    by_id: Mapping[int, str] = {row[0]: row[1] for row in names}
    return [by_id[attempt_id] for attempt_id in ids]


def _rows(session: Session, coder: Coder, ids: Sequence[int]) -> Iterator[Listed]:
    said: dict[int, int] = dict(
        session.execute(
            select(Response.attempt_id, func.count())
            .where(Response.attempt_id.in_(ids), *_in_words())
            .group_by(Response.attempt_id)
        ).all()
    )
    coded: dict[int, int] = dict(
        session.execute(
            select(Response.attempt_id, func.count(Response.id.distinct()))
            .join(Coding, Coding.response_id == Response.id)
            .where(
                Response.attempt_id.in_(ids),
                *_in_words(),
                Coding.coder_id == coder.id,
                Coding.removed_at.is_(None),
            )
            .group_by(Response.attempt_id)
        ).all()
    )
    query = select(Attempt, Participant.pseudonym).join(
        Participant, Participant.id == Attempt.participant_id
    )
    for attempt, pseudonym in session.execute(query.where(Attempt.id.in_(ids))):
        yield Listed(
            attempt.public_id,
            pseudonym[:8],
            attempt.started_at,
            attempt.role_view,
            attempt.profession or "",
            said.get(attempt.id, 0),
            coded.get(attempt.id, 0),
        )
