"""The codebook of a study: codes made, renamed, defined and moved, with history."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.coding.journal import CodingError, ConflictError, NotFoundError, lock, note
from store.models import Code, Coder
from study.codebook import Codebook
from study.coding import NAME_LENGTH, TEXT_LENGTH, Kind

COLOR = re.compile(r"#[0-9a-f]{6}")
MOST_CODES = 2000
DEEPEST = 6
"""Levels of codes within codes."""


def seed(session: Session, study_id: int, codebook: Codebook, now: datetime) -> None:
    """Begin a study's codebook with the shipped codes; nothing if it has begun."""
    lock(session, study_id)
    if not is_empty(session, study_id):
        return
    for found in codebook.codes:
        definition = "\n".join(
            [
                str(found.definition),
                "",
                *(f"Include: {line}" for line in found.include),
                *(f"Exclude: {line}" for line in found.exclude),
            ]
        )
        row = make(
            session, study_id, None, str(found.label), now, definition=definition, a_priori=True
        )
        row.key = str(found.id)
    session.flush()


def is_empty(session: Session, study_id: int) -> bool:
    """Whether a study's codebook has not begun."""
    query = select(Code.id).where(Code.study_id == study_id).limit(1)
    return session.scalars(query).first() is None


def make(
    session: Session,
    study_id: int,
    coder: Coder | None,
    name: str,
    now: datetime,
    *,
    definition: str = "",
    color: str = "",
    parent: str | None = None,
    codable: bool = True,
    a_priori: bool = False,
) -> Code:
    """Add a code.

    Raises:
        CodingError: there is a code of that name, the name or color cannot be one, or there are
            too many or too deep.
        NotFoundError: there is no such parent.
    """
    lock(session, study_id)
    if len(in_use(session, study_id)) >= MOST_CODES:
        raise CodingError(f"a codebook has up to {MOST_CODES} codes")
    plain = _name(session, study_id, name)
    over = find(session, study_id, parent) if parent else None
    _check_depth(session, over, 1)
    row = Code(
        study_id=study_id,
        name=plain,
        definition=_text(definition),
        color=_color(color),
        parent_id=over.id if over is not None else None,
        codable=codable,
        a_priori=a_priori,
    )
    session.add(row)
    session.flush()
    data = {
        "code": row.public_id,
        "name": row.name,
        "definition": row.definition,
        "color": row.color,
        "parent": over.public_id if over is not None else None,
        "codable": codable,
        "a_priori": a_priori,
    }
    note(session, study_id, coder, Kind.CODE_MADE, data, now)
    return row


def change(
    session: Session,
    study_id: int,
    coder: Coder | None,
    public_id: str,
    revision: int,
    now: datetime,
    *,
    name: str | None = None,
    definition: str | None = None,
    color: str | None = None,
    parent: str | None = None,
) -> Code:
    """Rename a code, say anew what it means, or move it (``parent`` "" for the top).

    Raises:
        ConflictError: somebody has changed it since that revision.
        CodingError: as :func:`make`, or it would come to lie within itself.
    """
    lock(session, study_id)
    row = find(session, study_id, public_id)
    same(row, revision)
    data: dict[str, Any] = {"code": row.public_id}
    if name is not None and " ".join(name.split()) != row.name:
        row.name = data["name"] = _name(session, study_id, name, but=row.id)
    if definition is not None and _text(definition) != row.definition:
        row.definition = data["definition"] = _text(definition)
    if color is not None and _color(color) != row.color:
        row.color = data["color"] = _color(color)
    if parent is not None:
        over = find(session, study_id, parent) if parent else None
        if (over.id if over is not None else None) != row.parent_id:
            below = [*_descendants(session, row)]
            if over is not None and (over.id == row.id or over.id in {one.id for one in below}):
                raise CodingError("a code cannot lie within itself")
            _check_depth(session, over, _height(session, row))
            row.parent_id = over.id if over is not None else None
            data["parent"] = over.public_id if over is not None else None
    if len(data) > 1:
        row.revision += 1
        note(session, study_id, coder, Kind.CODE_CHANGED, data, now)
    return row


def find(session: Session, study_id: int, public_id: str) -> Code:
    """A code in use; raises NotFoundError."""
    query = select(Code).where(
        Code.study_id == study_id, Code.public_id == public_id, Code.retired_at.is_(None)
    )
    row = session.scalars(query).first()
    if row is None:
        raise NotFoundError("there is no such code, or it has been merged into another")
    return row


def is_known(session: Session, study_id: int, public_id: str) -> bool:
    """Whether the study has such a code, in use or not."""
    query = select(Code.id).where(Code.study_id == study_id, Code.public_id == public_id)
    return session.scalars(query).first() is not None


def of_key(session: Session, study_id: int, key: str) -> Code | None:
    """The code that a shipped one has become, also by merging; None if it is out of use."""
    query = select(Code).where(Code.study_id == study_id, Code.key == key)
    row = session.scalars(query.order_by(Code.id)).first()
    while row is not None and row.retired_at is not None:
        row = session.get(Code, row.merged_into_id) if row.merged_into_id else None
    return row


def in_use(session: Session, study_id: int) -> Sequence[Code]:
    """All codes in use, in the order in which they were made."""
    query = select(Code).where(Code.study_id == study_id, Code.retired_at.is_(None))
    return session.scalars(query.order_by(Code.id)).all()


def same(row: Code, revision: int) -> None:
    """Raises ConflictError if a code has been changed since that revision."""
    if row.revision != revision:
        raise ConflictError(f"somebody has changed “{row.name}” meanwhile: look at it again")


def _name(session: Session, study_id: int, name: str, but: int | None = None) -> str:
    plain = " ".join(name.split())
    if not plain or len(plain) > NAME_LENGTH or not plain.isprintable():
        raise CodingError(f"the name of a code has 1 to {NAME_LENGTH} characters")
    # Not asked of the database: they disagree about which letters have a lower case.
    folded = {row.name.casefold() for row in in_use(session, study_id) if row.id != but}
    if plain.casefold() in folded:
        raise CodingError(f"there is a code named “{plain}” already")
    return plain


def _text(text: str) -> str:
    plain = "".join(c for c in text.replace("\r\n", "\n") if c == "\n" or c.isprintable()).strip()
    if len(plain) > TEXT_LENGTH:
        raise CodingError(f"a definition has up to {TEXT_LENGTH} characters")
    return plain


def _color(color: str) -> str:
    plain = color.strip().lower()
    if plain and not COLOR.fullmatch(plain):
        raise CodingError("a color is written as #rrggbb")
    return plain


def _descendants(session: Session, code: Code) -> Iterable[Code]:
    rows = session.scalars(
        select(Code).where(Code.parent_id == code.id, Code.retired_at.is_(None))
    ).all()
    for row in rows:
        yield row
        yield from _descendants(session, row)


def _height(session: Session, code: Code) -> int:
    below = session.scalars(
        select(Code).where(Code.parent_id == code.id, Code.retired_at.is_(None))
    ).all()
    return 1 + max((_height(session, one) for one in below), default=0)


def _check_depth(session: Session, over: Code | None, height: int) -> None:
    levels = height
    while over is not None:
        levels += 1
        over = session.get(Code, over.parent_id) if over.parent_id else None
    if levels > DEEPEST:
        raise CodingError(f"codes lie within codes up to {DEEPEST} levels")
