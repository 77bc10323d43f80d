"""The forms in which a study can be taken along, each by its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.export.book import as_csv, as_qdc, book_of
from analysis.export.choosing import (
    Chosen,
    Progress,
    answers,
    interviews,
    nothing,
    of_people,
)
from analysis.export.code_table import write_code_table
from analysis.export.columns import dictionary_page
from analysis.export.log import write_csv
from analysis.export.refi import write_qdpx
from analysis.export.refi_parts import Profile
from analysis.export.tables import write_jsonl, write_parquet, write_xlsx
from store.models import Attempt, Response, Study


class Form(StrEnum):
    """What can be written."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"
    XLSX = "xlsx"
    QDPX = "qdpx"
    QDPX_NVIVO = "qdpx-nvivo"
    QDPX_MAXQDA = "qdpx-maxqda"
    QDC = "qdc"
    CODEBOOK = "codebook"
    CODES = "codes"
    DICTIONARY = "dictionary"


@dataclass(frozen=True, slots=True)
class About:
    """A form in words, the end of its files' names, and their media type."""

    words: str
    ending: str
    media: str
    folder: bool = False


TEXT_CSV = "text/csv; charset=utf-8"
ABOUT: Mapping[Form, About] = {
    Form.CSV: About("responses as CSV, a row each", ".csv", TEXT_CSV),
    Form.JSONL: About("responses as JSON, a line each", ".jsonl", "application/jsonl"),
    Form.PARQUET: About(
        "responses as Parquet, in a folder by month", "", "application/zip", folder=True
    ),
    Form.XLSX: About(
        "responses as a spreadsheet",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    Form.QDPX: About("transcripts and codes as a REFI-QDA project", ".qdpx", "application/zip"),
    Form.QDPX_NVIVO: About("the same for NVivo", ".qdpx", "application/zip"),
    Form.QDPX_MAXQDA: About("the same for MAXQDA", ".qdpx", "application/zip"),
    Form.QDC: About("the codebook in REFI-QDA form", ".qdc", "application/xml"),
    Form.CODEBOOK: About("the codebook as CSV", ".csv", TEXT_CSV),
    Form.CODES: About("answers by codes, 0 or 1, as CSV", ".csv", TEXT_CSV),
    Form.DICTIONARY: About("what the columns of the responses mean", ".md", "text/markdown"),
}
PROFILES = {
    Form.QDPX: Profile.STANDARD,
    Form.QDPX_NVIVO: Profile.NVIVO,
    Form.QDPX_MAXQDA: Profile.MAXQDA,
}
_TABLES = {Form.CSV: write_csv, Form.JSONL: write_jsonl, Form.CODES: write_code_table}


def write(
    session: Session,
    study: Study,
    form: Form,
    place: Path,
    chosen: Chosen,
    progress: Progress = nothing,
) -> str:
    """Write a form to a new file (Parquet: into an empty folder); what was written, in words.

    Raises:
        ChoiceError: nothing can be chosen so.
        TooLargeError: the form cannot hold so much.
        NoCodesError: there is no codebook yet.
    """
    if form in _TABLES:
        with place.open("w", encoding="utf-8", newline="") as out:
            count = _TABLES[form](session, study, out, chosen, progress)
        return f"{count} {'rows' if form is Form.CODES else 'responses'}"
    if form is Form.PARQUET:
        return f"{write_parquet(session, study, place, chosen, progress)} responses"
    if form is Form.XLSX:
        with place.open("wb") as binary:
            return f"{write_xlsx(session, study, binary, chosen, progress)} responses"
    if form in PROFILES:
        with place.open("w+b") as binary:
            told = write_qdpx(session, study, binary, chosen, PROFILES[form], progress)
        back = f", {told.kept_back} answers kept back as restricted" if told.kept_back else ""
        return (
            f"{told.sessions} interviews of {told.people} people, {told.answers} answers in words, "
            f"{told.codings} codings{back}"
        )
    if form is Form.DICTIONARY:
        place.write_text(dictionary_page(), "utf-8")
        return "the data dictionary"
    book = book_of(session, study)
    if form is Form.QDC:
        place.write_bytes(as_qdc(book))
    else:
        place.write_text(as_csv(book), "utf-8", newline="")
    return f"{len(book.codes)} codes"


def size_of(session: Session, study: Study, form: Form, chosen: Chosen) -> int:
    """About how far progress will count; 0 where it does not.

    Raises:
        ChoiceError: nothing can be chosen so.
    """
    counted = partial(of_people, study)
    if form in PROFILES:
        query = counted(select(func.count(Attempt.id)))
    elif form in _TABLES or form in (Form.PARQUET, Form.XLSX):
        query = counted(select(func.count(Response.id)).join_from(Response, Attempt))
        query = query.where(*answers(chosen))
    else:
        return 0
    return session.scalar(query.where(*interviews(session, study, chosen))) or 0
