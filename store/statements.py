"""An institution's policy statements and pilots: what is in force, what is being tried out."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from itertools import combinations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.models import Institution, Pilot, StatementVersion
from study.statements import MOST_WORDINGS, PolicyStatement, Unit

MARGIN_SETTING = "equivalence_margin"
MARGINS = (0.05, 0.9)
"""Of Cliff's delta: the smallest and the largest that an institution may fix."""
MOST_STATEMENTS = 500
"""Versions of one institution; a bound, so that its page can be read."""


class PolicyError(ValueError):
    """The change cannot be made; the message says why, and nothing was changed."""


def add(
    session: Session, institution_id: int, statement: PolicyStatement, actor: str
) -> StatementVersion:
    """Keep a statement; under a name that is there already, as its next version.

    A version that says the same as the newest one is that one.

    Raises:
        PolicyError: there are too many.
    """
    _lock(session, institution_id)
    mine = StatementVersion.institution_id == institution_id
    if (session.scalar(select(func.count()).where(mine)) or 0) >= MOST_STATEMENTS:
        raise PolicyError(f"an institution keeps up to {MOST_STATEMENTS} versions")
    query = select(StatementVersion).where(
        mine, StatementVersion.use == statement.use, StatementVersion.name == statement.name
    )
    newest = session.scalars(query.order_by(StatementVersion.version.desc()).limit(1)).first()
    if newest is not None and newest.content_hash == statement.content_hash:
        return newest
    row = StatementVersion(
        institution_id=institution_id,
        use=statement.use,
        name=statement.name,
        version=newest.version + 1 if newest is not None else 1,
        status=statement.status.value,
        texts=dict(statement.texts),
        link=statement.link,
        content_hash=statement.content_hash,
        created_by=actor,
    )
    session.add(row)
    session.flush()
    return row


def put_in_force(session: Session, row: StatementVersion, now: datetime) -> None:
    """Show this version to whoever begins from now on; the one before ends.

    Raises:
        PolicyError: a pilot about the use is running.
    """
    _lock(session, row.institution_id)
    _refuse_in_pilot(session, row.institution_id, row.use)
    for other in _in_force(session, row.institution_id, row.use):
        if other.id == row.id:
            return
        other.in_force_until = now
    row.in_force_from, row.in_force_until = now, None
    session.flush()


def take_out_of_force(session: Session, row: StatementVersion, now: datetime) -> None:
    """Show the scenario's example again to whoever begins from now on.

    Raises:
        PolicyError: it is not in force, or a pilot about the use is running.
    """
    _lock(session, row.institution_id)
    _refuse_in_pilot(session, row.institution_id, row.use)
    if not is_in_force(row):
        raise PolicyError("this version is not in force")
    row.in_force_until = now
    session.flush()


def is_in_force(row: StatementVersion) -> bool:
    """Whether a version is what the institution says now."""
    return row.in_force_from is not None and row.in_force_until is None


def start_pilot(
    session: Session,
    institution_id: int,
    name: str,
    unit: Unit,
    wordings: Sequence[StatementVersion],
    actor: str,
    now: datetime,
) -> Pilot:
    """Compare wordings of one use from now on.

    Raises:
        PolicyError: they are too few, too many, the same, about several uses or of another
            institution; or a pilot about the use is running already.
    """
    _lock(session, institution_id)
    ids = [row.id for row in wordings]
    if not 2 <= len(ids) <= MOST_WORDINGS:
        raise PolicyError(f"a pilot compares 2 to {MOST_WORDINGS} wordings")
    if any(row.texts == other.texts for row, other in combinations(wordings, 2)):
        raise PolicyError("the wordings of a pilot have to differ")
    if len({row.use for row in wordings}) > 1:
        raise PolicyError("the wordings of a pilot are all about one use")
    if any(row.institution_id != institution_id for row in wordings):
        raise PolicyError("there is no such statement")
    use = wordings[0].use
    _refuse_in_pilot(session, institution_id, use)
    plain = " ".join(name.split())
    if not plain or len(plain) > 80 or not plain.isprintable():
        raise PolicyError("a pilot has a name of 1 to 80 characters")
    row = Pilot(
        institution_id=institution_id,
        use=use,
        name=plain,
        unit=unit.value,
        seed=secrets.randbelow(2**31),
        wordings=ids,
        started_at=now,
        created_by=actor,
    )
    session.add(row)
    session.flush()
    return row


def end_pilot(session: Session, row: Pilot, now: datetime) -> None:
    """End a pilot for good. Interviews that have begun keep the wording that they were given.

    Raises:
        PolicyError: it has ended before.
    """
    _lock(session, row.institution_id)
    session.refresh(row)
    if row.ended_at is not None:
        raise PolicyError("this pilot has ended; it cannot be changed any more")
    row.ended_at = now
    session.flush()


def fix_margin(session: Session, institution_id: int, margin: float) -> None:
    """Fix the margin within which a difference counts as none.

    Raises:
        PolicyError: it is out of range, or a pilot is running: it is fixed before one looks.
    """
    _lock(session, institution_id)
    low, high = MARGINS
    if not low <= margin <= high:
        raise PolicyError(f"the margin lies between {low} and {high}")
    running = select(Pilot.id).where(
        Pilot.institution_id == institution_id, Pilot.ended_at.is_(None)
    )
    if session.scalars(running.limit(1)).first() is not None:
        raise PolicyError("a pilot is running, and the margin is fixed before one begins")
    institution = session.get_one(Institution, institution_id)
    institution.settings = {**institution.settings, MARGIN_SETTING: margin}
    session.flush()


def running_pilot(session: Session, institution_id: int, use: str) -> Pilot | None:
    """The pilot about a use that is running now."""
    query = select(Pilot).where(
        Pilot.institution_id == institution_id, Pilot.use == use, Pilot.ended_at.is_(None)
    )
    return session.scalars(query).first()


def in_force(session: Session, institution_id: int, use: str) -> StatementVersion | None:
    """What the institution says of a use now; None where it has said nothing."""
    return next(iter(_in_force(session, institution_id, use)), None)


def find(session: Session, institution_id: int, public_id: str) -> StatementVersion | None:
    """A version of the institution's own by its public id."""
    query = select(StatementVersion).where(
        StatementVersion.public_id == public_id, StatementVersion.institution_id == institution_id
    )
    return session.scalars(query).first()


def find_pilot(session: Session, institution_id: int, public_id: str) -> Pilot | None:
    """A pilot of the institution's own by its public id."""
    query = select(Pilot).where(
        Pilot.public_id == public_id, Pilot.institution_id == institution_id
    )
    return session.scalars(query).first()


def all_of(session: Session, institution_id: int) -> Sequence[StatementVersion]:
    """All versions of an institution, by use and name, the newest of each name first."""
    query = select(StatementVersion).where(StatementVersion.institution_id == institution_id)
    return session.scalars(
        query.order_by(StatementVersion.use, StatementVersion.name, StatementVersion.version.desc())
    ).all()


def pilots_of(session: Session, institution_id: int) -> Sequence[Pilot]:
    """All pilots of an institution, the newest first."""
    query = select(Pilot).where(Pilot.institution_id == institution_id)
    return session.scalars(query.order_by(Pilot.id.desc())).all()


def _in_force(session: Session, institution_id: int, use: str) -> Sequence[StatementVersion]:
    query = select(StatementVersion).where(
        StatementVersion.institution_id == institution_id,
        StatementVersion.use == use,
        StatementVersion.in_force_from.is_not(None),
        StatementVersion.in_force_until.is_(None),
    )
    return session.scalars(query).all()


def _refuse_in_pilot(session: Session, institution_id: int, use: str) -> None:
    running = running_pilot(session, institution_id, use)
    if running is not None:
        raise PolicyError(
            f"the pilot “{running.name}” about this use is running: a change now would spoil "
            "it. End it first"
        )


def _lock(session: Session, institution_id: int) -> None:
    """Two leads at once must not put two versions in force, nor start two pilots."""
    session.get_one(Institution, institution_id, with_for_update={"key_share": True})
