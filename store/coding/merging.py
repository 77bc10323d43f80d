"""Codes merged, split and retired: what is coded with them goes along, and the history stays."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.coding import codes
from store.coding.journal import CodingError, NotFoundError, lock, note
from store.models import Code, Coder, Coding
from study.coding import Kind


def merge(
    session: Session,
    study_id: int,
    coder: Coder | None,
    public_id: str,
    revision: int,
    into: str,
    now: datetime,
) -> Code:
    """Put everything that is coded with one code under another, and retire it.

    A passage that one coder had given both keeps one coding.

    Raises as :func:`store.coding.codes.change`.
    """
    lock(session, study_id)
    row, target = codes.find(session, study_id, public_id), codes.find(session, study_id, into)
    codes.same(row, revision)
    if row.id == target.id:
        raise CodingError("a code cannot be merged into itself")
    if not target.codable:
        raise CodingError(f"“{target.name}” is a folder: nothing is coded with it")
    known = {_place(one) for one in _codings(session, target)}
    dropped = []
    for coding in _codings(session, row):
        if _place(coding) in known:
            coding.removed_at = now
            dropped.append(coding.public_id)
        else:
            coding.code_id = target.id
    _retire(session, row, now)
    row.merged_into_id = target.id
    data = {"code": row.public_id, "into": target.public_id, "dropped": sorted(dropped)}
    note(session, study_id, coder, Kind.CODE_MERGED, data, now)
    return target


def split(
    session: Session,
    study_id: int,
    coder: Coder | None,
    public_id: str,
    name: str,
    codings: Iterable[str],
    now: datetime,
) -> Code:
    """Make a new code beside one, and give it these codings of it.

    Raises:
        NotFoundError: one of them is no coding of that code.
        CodingError: as :func:`store.coding.codes.make`.
    """
    lock(session, study_id)
    row = codes.find(session, study_id, public_id)
    own = {one.public_id: one for one in _codings(session, row)}
    wanted = list(dict.fromkeys(codings))
    if any(one not in own for one in wanted):
        raise NotFoundError("one of the passages is not coded so any more")
    over = session.get(Code, row.parent_id) if row.parent_id else None
    made = codes.make(
        session,
        study_id,
        coder,
        name,
        now,
        color=row.color,
        parent=over.public_id if over is not None else None,
    )
    for one in wanted:
        own[one].code_id = made.id
        data = {"coding": one, "code": made.public_id}
        note(session, study_id, coder, Kind.RECODED, data, now)
    session.flush()
    return made


def retire(
    session: Session,
    study_id: int,
    coder: Coder | None,
    public_id: str,
    revision: int,
    now: datetime,
) -> None:
    """Take a code out of use; nothing may be coded with it.

    Raises:
        CodingError: something is coded with it, by whomever; or as in
            :func:`store.coding.codes.change`.
    """
    lock(session, study_id)
    row = codes.find(session, study_id, public_id)
    codes.same(row, revision)
    if _codings(session, row):
        raise CodingError("passages are coded with it: merge it into another code instead")
    _retire(session, row, now)
    note(session, study_id, coder, Kind.CODE_RETIRED, {"code": row.public_id}, now)


def _retire(session: Session, row: Code, now: datetime) -> None:
    row.retired_at = now
    session.execute(
        update(Code)
        .where(Code.parent_id == row.id, Code.retired_at.is_(None))
        .values(parent_id=row.parent_id)
    )
    session.flush()


def _codings(session: Session, code: Code) -> Sequence[Coding]:
    query = select(Coding).where(Coding.code_id == code.id, Coding.removed_at.is_(None))
    return session.scalars(query.order_by(Coding.id)).all()


def _place(coding: Coding) -> tuple[int, int, int, int]:
    return coding.response_id, coding.coder_id, coding.start, coding.end
