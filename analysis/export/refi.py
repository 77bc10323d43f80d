"""A study as a REFI-QDA project (.qdpx): transcripts, codes, codings, cases and memos.

Written interview by interview. Identifiers are made of what they name, times are the record's, and
the archive has a fixed date: the same record gives the same bytes. What other programs trip over,
and why each thing is written as it is: docs/decisions/0011.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.export.book import Book, book_of, clean, guid
from analysis.export.choosing import EVERYTHING, Chosen, Progress, nothing
from analysis.export.refi_parts import (
    SOURCE_VARIABLES,
    Case,
    Fragment,
    Profile,
    case_guid,
    case_values,
    close_case,
    file_of,
    frame,
    info_of,
    memos_of,
    moment,
    note_guid,
    put_member,
    source_guid,
    text_of,
    utf16,
    value_of,
)
from analysis.export.transcripts import Passage, Transcript, transcripts
from store.models import Coding, Memo, Study


@dataclass(slots=True)
class Exported:
    """What an export holds. ``kept_back`` counts answers with restricted words."""

    sessions: int = 0
    people: int = 0
    answers: int = 0
    codings: int = 0
    kept_back: int = 0


def write_qdpx(
    session: Session,
    study: Study,
    out: BinaryIO,
    chosen: Chosen = EVERYTHING,
    profile: Profile = Profile.STANDARD,
    progress: Progress = nothing,
) -> Exported:
    """Write the project into a seekable file.

    Raises:
        ChoiceError: as :func:`analysis.export.transcripts.transcripts`.
    """
    book = book_of(session, study)
    told = Exported()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        tempfile.TemporaryFile() as sources,
        tempfile.TemporaryFile() as cases,
    ):
        writer = _Sources(session, book, archive, profile, told)
        people: list[str] = []
        with Fragment(sources, "Sources") as put, Fragment(cases, "Cases") as put_case:
            case: Case | None = None
            for made in transcripts(session, study, chosen):
                if case is None or case.person != made.person:
                    close_case(case, study, put_case)
                    case = Case(made.person, case_values(made))
                    people.append(made.person)
                put(writer.source(made))
                case.sources.append(source_guid(study, made))
                told.sessions += 1
                progress(told.sessions)
            close_case(case, study, put_case)
        told.people = len(people)
        notes = [memo for memo in memos_of(book, writer.about)]
        for memo in notes:
            put_member(archive, file_of(note_guid(study, memo)), text_of(memo.body, profile))
        head, tail = frame(book, notes, people if profile is Profile.NVIVO else [])
        with archive.open(info_of("project.qde"), "w", force_zip64=True) as member:
            member.write(head)
            for part, size in ((cases, told.people), (sources, told.sessions)):
                if size:
                    part.seek(0)
                    shutil.copyfileobj(part, member)
            member.write(tail)
    return told


class _Sources:
    """Writes transcripts into the archive and says what the project has to say of each."""

    def __init__(
        self,
        session: Session,
        book: Book,
        archive: zipfile.ZipFile,
        profile: Profile,
        told: Exported,
    ) -> None:
        self._session, self._book, self._archive = session, book, archive
        self._profile, self._told = profile, told
        self._memos: dict[int, list[Memo]] = {}
        for memo in book.memos.get("response", ()):
            if memo.response_id is not None:
                self._memos.setdefault(memo.response_id, []).append(memo)
        self.about: set[int] = set()
        """Answers in the export."""

    def source(self, made: Transcript) -> etree._Element:
        study = self._book.study
        name = source_guid(study, made)
        put_member(self._archive, file_of(name), text_of(made.text, self._profile))
        element = etree.Element(
            "TextSource",
            {
                "guid": name,
                "name": clean(made.name),
                "plainTextPath": f"internal://{name}.txt",
                "creationDateTime": moment(made.began),
            },
        )
        self._told.answers += len(made.passages)
        self._told.kept_back += made.kept_back
        self.about |= made.passages.keys()
        for selection in self._selections(made):
            element.append(selection)
        if self._profile is Profile.NVIVO:
            coding = etree.SubElement(
                element,
                "Coding",
                {"guid": guid(name, "case"), "creationDateTime": moment(made.began)},
            )
            etree.SubElement(coding, "CodeRef", {"targetGUID": case_guid(study, made.person)})
        for response_id in made.passages:
            for memo in self._memos.get(response_id, ()):
                etree.SubElement(element, "NoteRef", {"targetGUID": note_guid(study, memo)})
        values = (made.role_view, made.profession, made.cohort, made.locale)
        for variable, value in zip(SOURCE_VARIABLES, values, strict=True):
            element.append(value_of(study, variable, value))
        return element

    def _selections(self, made: Transcript) -> Iterable[etree._Element]:
        """One for each coder and passage, with all codes that the coder gave it."""
        query = (
            select(Coding)
            .where(
                Coding.response_id.in_(made.passages),
                Coding.study_id == self._book.study.id,
                Coding.removed_at.is_(None),
            )
            .order_by(Coding.id)
        )
        spans: dict[tuple[int, int, int, int], list[Coding]] = {}
        for coding in self._session.scalars(query):
            passage = made.passages[coding.response_id]
            if coding.code_id not in self._book.codes or coding.end >= len(passage.places):
                continue
            place = passage.places[coding.start], passage.places[coding.end]
            spans.setdefault((*place, coding.coder_id, coding.response_id), []).append(coding)
        for (start, end, coder, response), found in sorted(spans.items()):
            yield self._selection(made, made.passages[response], (start, end), coder, found)

    def _selection(
        self,
        made: Transcript,
        passage: Passage,
        place: tuple[int, int],
        coder: int,
        found: Sequence[Coding],
    ) -> etree._Element:
        user, study = self._book.coder_guid(coder), self._book.study
        if self._profile is Profile.NVIVO:
            place = utf16(made.text, place[0]), utf16(made.text, place[1])
        name = guid(study.public_id, "selection", passage.public_id, user, *place)
        selection = etree.Element(
            "PlainTextSelection",
            {
                "guid": name,
                "startPosition": str(place[0]),
                "endPosition": str(place[1]),
                "creatingUser": user,
                "creationDateTime": moment(min(one.created_at for one in found)),
            },
        )
        for one in found:
            coding = etree.SubElement(
                selection,
                "Coding",
                {
                    "guid": guid(study.public_id, "coding", one.public_id),
                    "creatingUser": user,
                    "creationDateTime": moment(one.created_at),
                },
            )
            code = self._book.code_guid(self._book.codes[one.code_id])
            etree.SubElement(coding, "CodeRef", {"targetGUID": code})
            self._told.codings += 1
        return selection
