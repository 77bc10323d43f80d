"""A study's codes and coders as an export sees them, and the codebook as .qdc and CSV."""

import csv
import io
import unicodedata
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.export.columns import guard
from store.coding import coders, codes
from store.models import Code, Coder, Memo, Study

CODEBOOK = "urn:QDA-XML:codebook:1.0"
SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:greyarea:refi-qda")
ORIGIN = "Grey Area"


def guid(*parts: object) -> str:
    """An identifier made of what it names: the same in every export."""
    return str(uuid.uuid5(SPACE, "/".join(map(str, parts))))


def clean(text: str) -> str:
    """Text for a name or a description: without the characters that XML has no room for."""
    return "".join(
        c
        for c in text
        if c in "\n\t" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in "\ufffe\uffff")
    )


class NoCodesError(ValueError):
    """The study has no codes yet, and such a file cannot be empty."""


@dataclass(frozen=True, slots=True)
class Book:
    """Codes by row id, the codes below each (None: at the top), and the coders by row id."""

    study: Study
    codes: Mapping[int, Code]
    below: Mapping[int | None, Sequence[Code]]
    coders: Mapping[int, Coder]
    memos: Mapping[str, Sequence[Memo]]
    """By what they are about: study, code or response."""

    def code_guid(self, code: Code) -> str:
        """The code's identifier."""
        return guid(self.study.public_id, "code", code.public_id)

    def coder_guid(self, coder_id: int) -> str:
        """The coder's identifier."""
        return guid(self.study.public_id, "coder", self.coders[coder_id].public_id)

    def path(self, code: Code) -> str:
        """The names from the top down to the code, with " / " between."""
        names = [code.name]
        while code.parent_id is not None and code.parent_id in self.codes:
            code = self.codes[code.parent_id]
            names.append(code.name)
        return " / ".join(reversed(names))


def book_of(session: Session, study: Study) -> Book:
    """The codebook as it stands, with its coders and memos."""
    found = {row.id: row for row in codes.in_use(session, study.id)}
    below: dict[int | None, list[Code]] = {}
    for row in found.values():
        below.setdefault(row.parent_id if row.parent_id in found else None, []).append(row)
    memos: dict[str, list[Memo]] = {}
    query = select(Memo).where(Memo.study_id == study.id, Memo.removed_at.is_(None))
    for memo in session.scalars(query.order_by(Memo.id)):
        memos.setdefault(memo.about, []).append(memo)
    people = {row.id: row for row in coders.coders_of(session, study.id)}
    return Book(study, found, below, people, memos)


def add_codes(
    parent: etree._Element,
    book: Book,
    space: str,
    notes: Mapping[int, Sequence[str]],
    over: int | None = None,
) -> None:
    """Put the codes below one into an element; ``notes`` are memos' identifiers by code."""
    for code in book.below.get(over, ()):
        attributes = {
            "guid": book.code_guid(code),
            "name": clean(code.name),
            "isCodable": "true" if code.codable else "false",
        }
        if code.color:
            attributes["color"] = code.color
        element = etree.SubElement(parent, f"{{{space}}}Code", attributes)
        if code.definition:
            etree.SubElement(element, f"{{{space}}}Description").text = clean(code.definition)
        for note in notes.get(code.id, ()):
            etree.SubElement(element, f"{{{space}}}NoteRef", {"targetGUID": note})
        add_codes(element, book, space, notes, code.id)


def as_qdc(book: Book) -> bytes:
    """The codebook as a REFI-QDA codebook.

    Raises:
        NoCodesError: there are none.
    """
    if not book.codes:
        raise NoCodesError("the study has no codes yet")
    root = etree.Element(f"{{{CODEBOOK}}}CodeBook", {"origin": ORIGIN}, nsmap={None: CODEBOOK})  # type: ignore[dict-item]
    add_codes(etree.SubElement(root, f"{{{CODEBOOK}}}Codes"), book, CODEBOOK, {})
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def as_csv(book: Book) -> str:
    """The codebook as CSV with a byte order mark: other programs guess the encoding else."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("tag", "description", "path", "kind", "color", "made_at"))
    for code in _in_order(book):
        kind = "folder" if not code.codable else "a priori" if code.a_priori else "inductive"
        cells = (code.name, code.definition, book.path(code), kind, code.color)
        writer.writerow([*map(guard, cells), day(code.created_at)])
    return out.getvalue()


def day(at: datetime) -> str:
    """Such as 2026-03-02."""
    return f"{at:%Y-%m-%d}"


def _in_order(book: Book, over: int | None = None) -> Iterable[Code]:
    for code in book.below.get(over, ()):
        yield code
        yield from _in_order(book, code.id)
