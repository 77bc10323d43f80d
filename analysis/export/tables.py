"""The response log as JSON lines, as Parquet in a folder by month, and as a spreadsheet.

Each is written row by row or a few thousand rows at a time: a large study needs no more memory
than a small one.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, TextIO

import pyarrow as pa
import xlsxwriter
from pyarrow import parquet
from sqlalchemy.orm import Session

from analysis.export.choosing import EVERYTHING, Chosen, Progress, nothing
from analysis.export.columns import COLUMNS, data_dictionary, moment
from analysis.export.log import rows_of
from store.models import Study

ROWS_AT_ONCE = 2000
MOST_ROWS = 1_048_575
"""What a sheet can hold below its heading."""
MOST_CHARACTERS = 32_767
"""What a cell can hold."""
TYPES: Mapping[str, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "moment": pa.timestamp("ms", tz="UTC"),
    "list": pa.list_(pa.string()),
}
SCHEMA = pa.schema(
    [
        pa.field(column.name, TYPES[column.type], metadata={"description": column.description})
        for column in COLUMNS
    ]
)


class TooLargeError(ValueError):
    """The form cannot hold the study; the message says which can."""


def write_jsonl(
    session: Session,
    study: Study,
    out: TextIO,
    chosen: Chosen = EVERYTHING,
    progress: Progress = nothing,
) -> int:
    """Write an object a line, in UTF-8; returns how many responses."""
    count = 0
    for row in rows_of(session, study, chosen):
        out.write(json.dumps(_values(row, moment), ensure_ascii=False) + "\n")
        count += 1
        progress(count)
    return count


def write_parquet(
    session: Session,
    study: Study,
    folder: Path,
    chosen: Chosen = EVERYTHING,
    progress: Progress = nothing,
) -> int:
    """Write ``study=…/month=…/part-0.parquet`` into an empty folder; returns how many responses.

    The month is the one in which the interview began. The folder is written in place: have it
    renamed when all is well.
    """
    writers: dict[str, parquet.ParquetWriter] = {}
    waiting: dict[str, list[dict[str, Any]]] = {}
    count = 0
    try:
        for row in rows_of(session, study, chosen):
            month = f"{row.started_at:%Y-%m}"
            rows = waiting.setdefault(month, [])
            rows.append(_values(row, None))
            count += 1
            if len(rows) >= ROWS_AT_ONCE:
                _flush(folder, study, month, rows, writers)
            progress(count)
        for month, rows in waiting.items():
            _flush(folder, study, month, rows, writers)
    finally:
        for writer in writers.values():
            writer.close()
    return count


def _flush(
    folder: Path,
    study: Study,
    month: str,
    rows: list[dict[str, Any]],
    writers: dict[str, parquet.ParquetWriter],
) -> None:
    if month not in writers:
        place = folder / f"study={study.slug}" / f"month={month}"
        place.mkdir(parents=True)
        writers[month] = parquet.ParquetWriter(place / "part-0.parquet", SCHEMA, compression="zstd")
    if rows:
        writers[month].write_table(pa.Table.from_pylist(rows, schema=SCHEMA))
        rows.clear()


def write_xlsx(
    session: Session,
    study: Study,
    out: BinaryIO,
    chosen: Chosen = EVERYTHING,
    progress: Progress = nothing,
) -> int:
    """Write a workbook with the log and its data dictionary; returns how many responses.

    All cells hold what the CSV holds, as text or as a number. A text that is longer than a cell
    can hold is cut, and says so.

    Raises:
        TooLargeError: there are more responses than a sheet has rows.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    count = 0
    with xlsxwriter.Workbook(out, options) as book:
        # The same file when nothing has changed.
        book.set_properties({"created": study.created_at.replace(tzinfo=None, microsecond=0)})
        sheet = book.add_worksheet("responses")
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(COLUMNS):
            sheet.write_string(0, place, column.name, bold)
        for row in rows_of(session, study, chosen):
            count += 1
            if count > MOST_ROWS:
                raise TooLargeError(
                    f"a sheet holds {MOST_ROWS} rows; export CSV or Parquet, or a part of the study"
                )
            for place, column in enumerate(COLUMNS):
                value = column.read(row)
                if column.type == "integer" and isinstance(value, int):
                    sheet.write_number(count, place, value)
                elif cell := column.of(row):
                    sheet.write_string(count, place, _cut(cell))
            progress(count)
        words = book.add_worksheet("data dictionary")
        for line, (name, text) in enumerate(data_dictionary().items()):
            words.write_string(line, 0, name, bold)
            words.write_string(line, 1, text)
    return count


def _cut(cell: str) -> str:
    if len(cell) <= MOST_CHARACTERS:
        return cell
    note = " [cut: longer than a cell can hold]"
    return cell[: MOST_CHARACTERS - len(note)] + note


def _values(row: Any, of_moment: Callable[[datetime], str] | None) -> dict[str, Any]:
    """Column → value in its type; empty text for a text that there is not."""
    out: dict[str, Any] = {}
    for column in COLUMNS:
        value = column.read(row)
        if isinstance(value, datetime) and of_moment is not None:
            value = of_moment(value)
        out[column.name] = str(value) if column.type == "text" and value is not None else value
    return out
