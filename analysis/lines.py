"""Verbatim lines: what a researcher may choose from, and what has been released.

A line can be read by the institution only if its author agreed to being quoted and still does, a
researcher has released it, and at least the threshold of people (10, or more) answered the same
question. It stands without anything of its author, in an order that tells nothing. Words that
disclose something or tell of distress are never offered. No class page shows any: learners are told
that the teachers of their course never see their words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from store import consents
from store.models import Attempt, Consent, ReleasedLine, Response, Words
from study.steps import Step

QUESTIONS = (Step.SESSION_CLEARER, Step.POLICY_TEXT)
"""What learners want made clearer, and what a rule settles and leaves open for a case."""
A_PAGE = 50
MOST_RELEASED = 500
"""Lines of a study that are looked through, the newest first."""
MOST = 30
"""Lines that a page shows of one question."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer that a researcher may release; ``scenario`` is empty outside a case."""

    id: str
    text: str
    scenario: str
    released: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """One page of candidates, and whether there are more."""

    lines: tuple[Candidate, ...]
    more: bool


def offered(
    session: Session,
    study_id: int,
    step: Step,
    page: int = 0,
    without: frozenset[int] = frozenset(),
) -> Offered:
    """A page of what may be released, from 0; for researchers of the study only.

    ``without`` are courses that are left out: those that the researcher teaches.
    """
    query = (
        _quotable(study_id, step)
        .add_columns(ReleasedLine.id, ReleasedLine.revoked_at)
        .outerjoin(ReleasedLine, ReleasedLine.response_id == Response.id)
        .where(or_(Attempt.context_id.is_(None), Attempt.context_id.not_in(without)))
        .order_by(Response.id)
        .offset(page * A_PAGE)
        .limit(A_PAGE + 1)
    )
    rows = session.execute(query).all()
    lines = tuple(
        Candidate(row[0], row[1], row[2] or "", row[4] is not None and row[5] is None)
        for row in rows[:A_PAGE]
    )
    return Offered(lines, len(rows) > A_PAGE)


def release(
    session: Session, study_id: int, public_id: str, actor: str, now: datetime, *, yes: bool
) -> bool:
    """Release an answer, or take that back; False if it is not one that may be released."""
    known = (
        select(ReleasedLine)
        .join(Response, Response.id == ReleasedLine.response_id)
        .where(ReleasedLine.study_id == study_id, Response.public_id == public_id)
    )
    line = session.scalars(known).first()
    if not yes:
        # Also of an answer that may not be released any more.
        if line is not None:
            line.revoked_at = line.revoked_at or now
        return line is not None
    answer = session.execute(_quotable(study_id, *QUESTIONS).where(Response.public_id == public_id))
    found = answer.first()
    if found is None:
        return False
    if line is None:
        session.add(ReleasedLine(response_id=found.id, study_id=study_id, released_by=actor))
    else:
        line.revoked_at, line.released_by = None, actor
    session.flush()
    return True


def released(
    session: Session,
    study_id: int,
    step: Step,
    k: int,
    *,
    scenario_id: str | None = None,
) -> Sequence[str]:
    """The lines that may be read, of one case or of all questions outside a case; none where
    fewer than ``k`` people answered.
    """
    # First which lines there are at all: mostly none, and never many.
    lines = select(ReleasedLine.response_id).where(
        ReleasedLine.study_id == study_id, ReleasedLine.revoked_at.is_(None)
    )
    ids = session.scalars(lines.order_by(ReleasedLine.id.desc()).limit(MOST_RELEASED)).all()
    if not ids:
        return ()
    place: list[ColumnElement[bool]] = []
    if scenario_id is not None:
        place.append(Response.scenario_id == scenario_id)
    query = (
        _quotable(study_id, step)
        .where(Response.id.in_(ids), *place)
        .order_by(func.substr(Response.public_id, 5), Response.id)
        .limit(MOST)
    )
    found = [str(row[1]) for row in session.execute(query)]
    if not found:
        # Mostly: counting who has answered is then not needed.
        return ()
    answered = (
        select(Response.participant_id)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .where(_counts(study_id, step), *place)
        .distinct()
        .limit(k)
    )
    return found if len(session.scalars(answered).all()) >= k else ()


def _counts(study_id: int, *steps: Step) -> ColumnElement[bool]:
    """Learners' current answers in words to these questions, given to research."""
    return and_(
        Attempt.study_id == study_id,
        Attempt.keep == "study",
        Attempt.lms_role == "learner",
        Attempt.status == "completed",
        Response.step.in_([step.value for step in steps]),
        Response.kind == "text",
        Response.superseded.is_(False),
        Response.erased_at.is_(None),
    )


def _quotable(study_id: int, *steps: Step) -> Select[*tuple[Any, ...]]:
    """Public id, words, case and row id of the answers whose authors let them be quoted now."""
    return (
        select(Response.public_id, Words.body, Response.scenario_id, Response.id)
        .join(Attempt, Attempt.id == Response.attempt_id)
        .join(Words, Words.id == Response.words_id)
        .join(Consent, Consent.id == consents.newest_of_response())
        .where(
            _counts(study_id, *steps),
            Consent.research,
            Consent.quote,
            Words.body.is_not(None),
            Words.restricted.is_(False),
        )
    )
