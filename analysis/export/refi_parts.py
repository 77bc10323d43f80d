"""The pieces of a REFI-QDA project: its frame, cases, values, notes, and how they are written."""

import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import IO, Any

from lxml import etree

from analysis.export.book import ORIGIN, Book, add_codes, clean, guid
from analysis.export.transcripts import Transcript
from store.models import Memo, Study

PROJECT = "urn:QDA-XML:project:1.0"
FIXED = (1980, 1, 1, 0, 0, 0)
CASE_VARIABLES = ("role", "profession", "cohort", "made up")
SOURCE_VARIABLES = ("session role", "session profession", "session cohort", "session language")


class Profile(StrEnum):
    """Whose reading of the standard to write for."""

    STANDARD = "standard"
    NVIVO = "nvivo"
    """Places count UTF-16 units; each person is a code on the whole of their texts as well."""
    MAXQDA = "maxqda"
    """Lines of the texts end in CRLF, while places count them as one."""


@dataclass(slots=True)
class Case:
    """A person, with their interviews in the export so far."""

    person: str
    values: Mapping[str, str]
    sources: list[str] = field(default_factory=list)


def moment(at: datetime) -> str:
    """A moment as XML has it: UTC, whole seconds."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def frame(book: Book, notes: Sequence[Memo], people: Sequence[str]) -> tuple[bytes, bytes]:
    """The project before and after its cases and sources."""
    study = book.study
    root = etree.Element(
        f"{{{PROJECT}}}Project",
        {
            "name": clean(study.name),
            "origin": ORIGIN,
            "creationDateTime": moment(study.created_at),
        },
        nsmap={None: PROJECT},  # type: ignore[dict-item]
    )
    if book.coders:
        users = etree.SubElement(root, f"{{{PROJECT}}}Users")
        for coder_id, coder in book.coders.items():
            attributes = {"guid": book.coder_guid(coder_id), "name": clean(coder.label)}
            etree.SubElement(users, f"{{{PROJECT}}}User", attributes)
    about: dict[int, list[str]] = {}
    for memo in notes:
        if memo.code_id is not None:
            about.setdefault(memo.code_id, []).append(note_guid(study, memo))
    if book.codes or people:
        holder = etree.SubElement(root, f"{{{PROJECT}}}CodeBook")
        holder = etree.SubElement(holder, f"{{{PROJECT}}}Codes")
        add_codes(holder, book, PROJECT, about)
        for person in people:
            attributes = {
                "guid": case_guid(study, person),
                "name": f"Person {person}",
                "isCodable": "true",
            }
            etree.SubElement(holder, f"{{{PROJECT}}}Code", attributes)
    variables = etree.SubElement(root, f"{{{PROJECT}}}Variables")
    for name in (*CASE_VARIABLES, *SOURCE_VARIABLES):
        attributes = {"guid": guid(study.public_id, "variable", name), "name": name}
        attributes["typeOfVariable"] = "Boolean" if name == "made up" else "Text"
        etree.SubElement(variables, f"{{{PROJECT}}}Variable", attributes)
    head = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    closing = b"</Project>"
    return head.removesuffix(closing), _notes(book, notes) + closing


def _notes(book: Book, notes: Sequence[Memo]) -> bytes:
    if not notes:
        return b""
    root = etree.Element("Notes")
    for memo in notes:
        name = note_guid(book.study, memo)
        title = {"code": "Memo on a code", "response": "Memo on an answer"}.get(memo.about, "Memo")
        etree.SubElement(
            root,
            "Note",
            {
                "guid": name,
                "name": f"{title} {memo.public_id[:6]}",
                "plainTextPath": f"internal://{name}.txt",
                "creatingUser": book.coder_guid(memo.coder_id),
                "creationDateTime": moment(memo.created_at),
                "modifiedDateTime": moment(memo.changed_at),
            },
        )
    return etree.tostring(root)


def memos_of(book: Book, answers: set[int]) -> Iterable[Memo]:
    """Those about the study, about codes in use, and about answers in the export."""
    yield from book.memos.get("study", ())
    yield from (memo for memo in book.memos.get("code", ()) if memo.code_id in book.codes)
    yield from (memo for memo in book.memos.get("response", ()) if memo.response_id in answers)


def close_case(case: Case | None, study: Study, put: Callable[[etree._Element], None]) -> None:
    """Write a person down, once all of their interviews are known."""
    if case is None:
        return
    element = etree.Element(
        "Case", {"guid": case_guid(study, case.person), "name": f"Person {case.person}"}
    )
    for name, value in case.values.items():
        element.append(value_of(study, name, value))
    for source in case.sources:
        etree.SubElement(element, "SourceRef", {"targetGUID": source})
    put(element)


def case_values(made: Transcript) -> dict[str, str]:
    """Of the first of a person's interviews in the export."""
    values = (made.role_view, made.profession, made.cohort, str(made.synthetic).lower())
    return dict(zip(CASE_VARIABLES, values, strict=True))


def value_of(study: Study, name: str, value: str) -> etree._Element:
    """What a variable says of a person or an interview."""
    element = etree.Element("VariableValue")
    target = {"targetGUID": guid(study.public_id, "variable", name)}
    etree.SubElement(element, "VariableRef", target)
    kind = "BooleanValue" if name == "made up" else "TextValue"
    etree.SubElement(element, kind).text = clean(value)
    return element


class Fragment:
    """Writes elements one by one into a file, within one of that name."""

    def __init__(self, out: IO[bytes], name: str) -> None:
        self._out, self._name = out, name.encode()

    def __enter__(self) -> Callable[[etree._Element], None]:
        self._out.write(b"<" + self._name + b">")
        return lambda element: self._write(element)

    def __exit__(self, *_: Any) -> None:
        self._out.write(b"</" + self._name + b">")

    def _write(self, element: etree._Element) -> None:
        self._out.write(etree.tostring(element, encoding="utf-8", xml_declaration=False))


def text_of(text: str, profile: Profile) -> bytes:
    """A text as its file holds it."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return (plain.replace("\n", "\r\n") if profile is Profile.MAXQDA else plain).encode()


def utf16(text: str, place: int) -> int:
    """A place in UTF-16 units."""
    return len(text[:place].encode("utf-16-le")) // 2


def put_member(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Put a file into the archive, as if on a fixed day."""
    archive.writestr(info_of(name), content)


def info_of(name: str) -> zipfile.ZipInfo:
    """What the archive says of a file: nothing of when or where it was made."""
    info = zipfile.ZipInfo(name, FIXED)
    info.compress_type, info.external_attr, info.create_system = (
        zipfile.ZIP_DEFLATED,
        0o600 << 16,
        3,
    )
    return info


def file_of(name: str) -> str:
    """Where a text lies in the archive."""
    return f"sources/{name}.txt"


def source_guid(study: Study, made: Transcript) -> str:
    """The identifier of an interview."""
    return guid(study.public_id, "source", made.id)


def case_guid(study: Study, person: str) -> str:
    """The identifier of a person."""
    return guid(study.public_id, "case", person)


def note_guid(study: Study, memo: Memo) -> str:
    """The identifier of a memo."""
    return guid(study.public_id, "memo", memo.public_id)
