"""All figures of an institution as one table, with nothing in it that the page hides."""

import csv
import io
from collections.abc import Iterator

from analysis.class_figures import Figure
from analysis.export.columns import guard
from analysis.institution_view import InstitutionView
from analysis.policy_view import Read

COLUMNS = (
    "part",
    "name",
    "version",
    "whom",
    "figure",
    "group",
    "people_in_all",
    "answer",
    "people",
    "hidden",
    "as_of",
)
"""``part``: case, statement or pilot; ``people`` is empty where ``hidden`` says yes."""


def as_csv(view: InstitutionView) -> str:
    """The table, with a byte order mark, CRLF, and text that no spreadsheet takes for a formula."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _rows(view):
        writer.writerow([guard(cell) for cell in row])
    return out.getvalue()


def _rows(view: InstitutionView) -> Iterator[tuple[str, ...]]:
    for case in view.cases:
        for whom, found in (("learners", case.learners), ("educators", case.educators)):
            name = ("case", found.title, str(found.version), whom)
            for figure, what in (
                (found.before, "first view"),
                (found.changed, "changed case"),
                (found.after, "final view"),
                (found.moves, "movement"),
                (found.clarity, "clarity"),
            ):
                yield from _cells((*name, what, ""), figure)
        name = ("case", case.learners.title, str(case.learners.version), "learners")
        for kind, groups in case.by_group.items():
            for group, figure in groups.items():
                yield from _cells((*name, "first view", f"{kind}: {group}"), figure)
    for statement in view.statements:
        row = statement.read.row
        name = ("statement", f"{row.use}: {row.name}", str(row.version), "learners")
        yield from _cells((*name, "first view", ""), statement.before)
        yield from _cells((*name, "final view", ""), statement.after)
        yield from _read(name, statement.read)
    for pilot in view.pilots:
        for read in pilot.wordings:
            wording = f"{pilot.row.name}: {read.row.name}"
            yield from _read(("pilot", wording, str(read.row.version), "learners"), read)


def _read(name: tuple[str, ...], read: Read) -> Iterator[tuple[str, ...]]:
    yield from _cells((*name, "clarity", ""), read.clarity)
    for kind, groups in read.by_group.items():
        for group, figure in groups.items():
            yield from _cells((*name, "clarity", f"{kind}: {group}"), figure)


def _cells(name: tuple[str, ...], figure: Figure) -> Iterator[tuple[str, ...]]:
    if not figure.shown:
        return
    as_of = figure.as_of.date().isoformat() if figure.as_of is not None else ""
    for point, cell in figure.cells.items():
        people = "" if cell.value is None else str(cell.value)
        hidden = "yes" if cell.value is None else "no"
        yield (*name, str(figure.people.value), point, people, hidden, as_of)
