"""The institution's report to take along: PDF, HTML, tables, and a folder of figures."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from flask import render_template, request
from werkzeug.exceptions import UnprocessableEntity
from werkzeug.wrappers import Response

from analysis import charts
from analysis.class_figures import FORMS, Figure
from analysis.institution_view import InstitutionView
from analysis.report.pdf import Block, as_pdf
from analysis.report.tables import as_csv
from web.comparing import Compared
from web.educator_case import Clarity
from web.educator_labels import CLEAR_LABELS, LABELS
from web.institution_figures import (
    FiguresPage,
    in_words,
    map_points,
    pages,
    view_of,
)
from web.permissions import Permission
from web.person import Person, needs
from web.splits import Split

STATIC = Path(__file__).parent / "static"
STYLES = ("greyarea.css", "educator.css")
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
}


@pages.post("/app/figures/download")
@needs(Permission.SEE_INSTITUTION)
def download(person: Person) -> Response:
    """The report in the form that was asked for."""
    kind = request.form.get("format", "")
    if kind not in MEDIA_TYPES:
        raise UnprocessableEntity
    view, name = view_of(person)
    make: dict[str, Callable[[], bytes]] = {
        "pdf": lambda: as_pdf(tuple(blocks(in_words(view, name), view))),
        "html": lambda: standing_alone(in_words(view, name)).encode(),
        "csv": lambda: as_csv(view).encode(),
        "zip": lambda: folder(view, name),
    }
    response = Response(make[kind](), mimetype=MEDIA_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="grey-area-report.{kind}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def standing_alone(page: FiguresPage) -> str:
    """The page with its styles in it and without a way to anywhere."""
    return render_template("figures.html", page=page, person=None, styles=_styles())


def folder(view: InstitutionView, name: str) -> bytes:
    """Everything in one archive: report, table, and each figure as SVG and PNG."""
    page = in_words(view, name)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("report.html", standing_alone(page))
        archive.writestr("report.pdf", as_pdf(tuple(blocks(page, view))))
        archive.writestr("figures.csv", as_csv(view))
        points = map_points(view)
        if points:
            archive.writestr("figures/map-of-grey.svg", charts.grey_map(points))
            archive.writestr("figures/map-of-grey.png", charts.grey_map_png(points))
        for file_name, spec in figures_of(view):
            archive.writestr(f"figures/{file_name}.svg", charts.svg_of(spec))
            archive.writestr(f"figures/{file_name}.png", charts.png_of(spec))
    return out.getvalue()


def figures_of(view: InstitutionView) -> Iterator[tuple[str, dict[str, object]]]:
    """Each figure that has something to show: a name for its file, and its chart."""
    for case in view.cases:
        found = case.learners
        for what, figure in (
            ("first view", found.before),
            ("changed case", found.changed),
            ("final view", found.after),
            ("clarity", found.clarity),
        ):
            if figure.any_cell:
                name = f"{found.id}-v{found.version}-{what.replace(' ', '-')}"
                yield name, _chart(f"{found.title}: {what}", figure)
    for pilot in view.pilots:
        for letter, read in zip("abcdef", pilot.wordings, strict=False):
            if read.clarity.any_cell:
                slug = re.sub(r"[^a-z0-9]+", "-", pilot.row.name.lower()).strip("-") or "pilot"
                title = f"{pilot.row.name}: wording {letter.upper()}"
                yield f"pilot-{pilot.row.id}-{slug}-{letter}", _chart(title, read.clarity)


def _chart(title: str, figure: Figure) -> dict[str, object]:
    names = CLEAR_LABELS if figure.form.startswith("clear") else LABELS
    return charts.stances(title, figure, tuple((p, names[p]) for p in FORMS[figure.form]))


def blocks(page: FiguresPage, view: InstitutionView) -> Iterator[Block]:
    """The report in the order of the page."""
    yield Block("title", f"Figures of {page.name}")
    yield Block("note", f"As of {page.as_of}. Counts of people; never fewer than {page.k}.")
    if page.synthetic:
        yield Block("text", "Made-up people are counted here.")
    yield Block("table", rows=(("Who", "Took part", "Finished"), *page.taking))
    if page.map_svg:
        yield Block("part", "The map of grey")
        yield Block("chart", page.map_text, svg=page.map_svg)
        yield Block("text", page.map_text)
    if page.cases:
        lines = ((f"{p.number}. {p.learners.title}", p.clear, p.spread) for p in page.cases)
        yield Block("table", rows=(("Case", "Found the rule clear", "Spread"), *lines))
    yield from _pilots(page)
    yield from _statements(page)
    if page.cases:
        yield Block("part", "The cases")
    for part in page.cases:
        case = part.learners
        yield Block("heading", f"{part.number}. {case.title}")
        heads = ("Answer", *(column.heading for column in case.columns))
        people = ("People", *(column.people or "too few" for column in case.columns))
        yield Block("table", rows=(heads, *((row.label, *row.cells) for row in case.rows), people))
        if case.clarity:
            yield from _clarity(case.clarity)
        if part.shift:
            yield Block("text", part.shift)
        yield from _by_group(part.by_group)
        yield Block("text", _told(part.compared))
    yield Block("part", "How these figures are made")
    yield Block(
        "text",
        "They are the sum of the courses’ own figures and hide what those hide. Comparisons have "
        f"three verdicts: equivalent (within ±{page.margin} of Cliff’s delta, fixed beforehand), "
        "different, not settled; corrected (Holm) for comparing many cases at once. They show "
        "where people who took part stood, not what is right.",
    )


def _by_group(splits: Iterable[Split]) -> Iterator[Block]:
    for split in splits:
        yield Block("note", f"{split.heading}: {split.step.lower()}, as of {split.as_of}")
        rows = ((group, people, *cells) for group, people, cells in split.rows)
        yield Block("table", rows=(("Group", "People", *split.labels), *rows))


def _pilots(page: FiguresPage) -> Iterator[Block]:
    if page.pilots:
        yield Block("part", "Pilots")
    for pilot in page.pilots:
        yield Block("heading", pilot.name)
        yield Block("note", f"{pilot.use}. {pilot.about}.")
        for letter, name, wording, found, by_group in pilot.wordings:
            yield Block("text", f"Wording {letter}: {name}")
            yield Block("quote", wording)
            yield from _clarity(found)
            yield from _by_group(by_group)
        for compared in pilot.compared:
            yield Block("text", _told(compared))
        if pilot.note:
            yield Block("note", pilot.note)


def _statements(page: FiguresPage) -> Iterator[Block]:
    if page.statements:
        yield Block("part", "What you say, and how it is read")
    for found in page.statements:
        yield Block("heading", found.use)
        yield Block("note", f"{found.name}: {found.status}")
        if found.agreement:
            yield Block("text", found.agreement)
        yield from _clarity(found.clarity)
        yield from _by_group(found.by_group)


def _clarity(found: Clarity | None) -> Iterator[Block]:
    if found is None:
        yield Block("note", "How clear it was found is not shown.")
        return
    head = ("How clear the rule is", found.column.people)
    yield Block("table", rows=(head, *((row.label, row.cells[0]) for row in found.rows)))


def _told(found: Compared) -> str:
    return f"{found.between}: {found.verdict}." + (f" {found.effect}." if found.effect else "")


@cache
def _styles() -> str:
    return "\n".join((STATIC / name).read_text("utf-8") for name in STYLES)


__all__ = ["pages"]
