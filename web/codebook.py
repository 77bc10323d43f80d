"""The codebook of a study: codes defined, renamed, moved, merged, split and retired by coders."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, make_response, render_template, request
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound, UnprocessableEntity
from werkzeug.wrappers import Response

from analysis.coding.extracts import MOST, extracts
from store import audit
from store.coding import codes, merging
from store.coding.journal import CodingError
from store.models import Code, Coder, Coding, Study
from web.coding import AN_HOUR, ID_LENGTH, LONGEST, Said, Step, begin, take
from web.permissions import Permission
from web.person import Person, needs
from web.reading_rights import taught
from web.services import services

pages = Blueprint("codebook", __name__)


@dataclass(frozen=True, slots=True)
class Line:
    """A code as the page writes it; ``level`` is how deep it lies, from 0."""

    id: str
    name: str
    definition: str
    color: str
    parent: str
    level: int
    revision: int
    codable: bool
    a_priori: bool
    times: int


@pages.route("/app/codebook", methods=["GET", "POST"])
@needs(Permission.CODE)
def show(person: Person) -> Response:
    """All codes."""
    return _page(person)


@pages.post("/app/codebook/make")
@needs(Permission.CODE)
def make(person: Person) -> Response:
    """Add a code, or a folder of codes."""

    def step(session: Session, study: Study, coder: Coder, now: datetime) -> str:
        row = codes.make(
            session,
            study.id,
            coder,
            _text("name"),
            now,
            definition=_text("definition"),
            color=_text("color"),
            parent=_id("parent") or None,
            codable=request.form.get("folder") != "on",
        )
        return f"“{row.name}” is in the codebook."

    return _page(person, take(person, step))


@pages.post("/app/codebook/change")
@needs(Permission.CODE)
def change(person: Person) -> Response:
    """Rename, define anew, move, merge or retire a code, as the button says."""
    act = request.form.get("do", "")
    with services().database.read() as session:
        if not codes.is_known(session, person.study.id, _id("code")):
            raise NotFound
    if act not in STEPS:
        raise UnprocessableEntity
    return _page(person, take(person, STEPS[act]))


@pages.post("/app/codebook/passages")
@needs(Permission.CODE)
def passages(person: Person) -> Response:
    """Everything that is coded with a code, by person; that it was opened is written down."""
    return _passages(person, _id("code"))


@pages.post("/app/codebook/split")
@needs(Permission.CODE)
def split(person: Person) -> Response:
    """Give the chosen passages of a code a new one."""
    chosen = list(dict.fromkeys(one[:ID_LENGTH] for one in request.form.getlist("coding")))[:MOST]
    shown = _id("code")
    with services().database.read() as session:
        if not codes.is_known(session, person.study.id, shown):
            raise NotFound

    def step(session: Session, study: Study, coder: Coder, now: datetime) -> str:
        nonlocal shown
        if not chosen:
            raise CodingError("tick the passages first")
        made = merging.split(session, study.id, coder, shown, _text("name"), chosen, now)
        shown = made.public_id
        what = "1 passage is" if len(chosen) == 1 else f"{len(chosen)} passages are"
        return f"{what} coded with “{made.name}” now."

    said = take(person, step, "Nothing was split")
    return _passages(person, shown, said)


def _passages(person: Person, public_id: str, said: Said | None = None) -> Response:
    here = services()
    with here.database.write() as session:
        study, _ = begin(session, person)
        try:
            code = codes.find(session, study.id, public_id)
        except CodingError:
            raise NotFound from None
        audit.note_once(
            session,
            person.launch.institution.id,
            person.pseudonym,
            "passages opened",
            code.public_id,
            here.clock(),
            AN_HOUR,
        )
        found = extracts(session, study, code, taught(session, person))
        html = render_template(
            "passages.html", person=person, code=code, found=found, said=said or Said()
        )
    return make_response(html, 422 if said and said.refused else 200)


def _keep(session: Session, study: Study, coder: Coder, now: datetime) -> str:
    row = codes.change(
        session,
        study.id,
        coder,
        _id("code"),
        _revision(),
        now,
        name=_text("name"),
        definition=_text("definition"),
        color=_text("color"),
        parent=_id("parent"),
    )
    return f"“{row.name}” is kept."


def _merge(session: Session, study: Study, coder: Coder, now: datetime) -> str:
    if not _id("into"):
        raise CodingError("choose the code to merge it into")
    target = merging.merge(session, study.id, coder, _id("code"), _revision(), _id("into"), now)
    return f"Merged into “{target.name}”."


def _retire(session: Session, study: Study, coder: Coder, now: datetime) -> str:
    merging.retire(session, study.id, coder, _id("code"), _revision(), now)
    return "The code is out of use."


STEPS: dict[str, Step] = {
    "keep": _keep,
    "merge": _merge,
    "retire": _retire,
}


def _page(person: Person, said: Said | None = None) -> Response:
    with services().database.write() as session:
        study, _ = begin(session, person)
        rows = codes.in_use(session, study.id)
        counted = (
            select(Coding.code_id, func.count())
            .where(Coding.study_id == study.id, Coding.removed_at.is_(None))
            .group_by(Coding.code_id)
        )
        times: dict[int, int] = dict(session.execute(counted).all())
        lines = tuple(_lines(list(rows), times))
    html = render_template(
        "codebook.html", person=person, lines=lines, said=said or Said(), typed=request.form
    )
    return make_response(html, 422 if said and said.refused else 200)


def _lines(
    rows: list[Code], times: dict[int, int], over: int | None = None, level: int = 0
) -> list[Line]:
    names = {row.id: row.public_id for row in rows}
    out = []
    for row in rows:
        if row.parent_id != over:
            continue
        out.append(
            Line(
                row.public_id,
                row.name,
                row.definition,
                row.color,
                names.get(row.parent_id or 0, ""),
                level,
                row.revision,
                row.codable,
                row.a_priori,
                times.get(row.id, 0),
            )
        )
        out += _lines(rows, times, row.id, level + 1)
    return out


def _text(name: str) -> str:
    return request.form.get(name, "")[:LONGEST]


def _id(name: str) -> str:
    return request.form.get(name, "")[:ID_LENGTH]


def _revision() -> int:
    typed = request.form.get("revision", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
