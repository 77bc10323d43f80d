"""Who gave which answer which code, as one flat table for statistics: 0 and 1."""

import csv
from typing import TextIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.export.book import book_of
from analysis.export.choosing import EVERYTHING, Chosen, Progress, nothing
from analysis.export.columns import guard
from analysis.export.log import rows_of
from store.models import Coding, Response, Study

COLUMNS = (
    "response_id",
    "participant_code",
    "attempt_id",
    "role_view",
    "profession",
    "scenario_id",
    "step",
    "coder",
)


def write_code_table(
    session: Session,
    study: Study,
    out: TextIO,
    chosen: Chosen = EVERYTHING,
    progress: Progress = nothing,
) -> int:
    """Write a row for each current answer in words and each coder of it; how many rows.

    An answer that nobody has coded has one row, without a coder. What a machine suggested is not
    in it. ``out`` must be opened as UTF-8 with ``newline=""``.
    """
    book = book_of(session, study)
    columns = [code for code in book.codes.values() if code.codable]
    given = _given(session, study)
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*COLUMNS, *(guard(code.name) for code in columns)])
    count = 0
    for row in rows_of(session, study, chosen):
        if row.kind != "text" or row.superseded or row.words is None:
            continue
        place = [guard(str(getattr(row, name) or "")) for name in COLUMNS[:-1]]
        for coder, codes in sorted(given.get(row.response_id, {None: set()}).items(), key=str):
            label = "" if coder is None else book.coders[coder].label
            cells = ["1" if code.id in codes else "0" for code in columns]
            writer.writerow([*place, guard(label), *cells])
            count += 1
        progress(count)
    return count


def _given(session: Session, study: Study) -> dict[str, dict[int | None, set[int]]]:
    """Answer → coder → codes."""
    query = (
        select(Response.public_id, Coding.coder_id, Coding.code_id)
        .join(Coding, Coding.response_id == Response.id)
        .where(Coding.study_id == study.id, Coding.removed_at.is_(None))
        .execution_options(yield_per=2000)
    )
    out: dict[str, dict[int | None, set[int]]] = {}
    for response, coder, code in session.execute(query):
        out.setdefault(response, {}).setdefault(coder, set()).add(code)
    return out
