"""Coding: a researcher reads an interview and gives passages codes. Nobody else comes here.

That an interview was opened is written down. What is done stands in the study's journal.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from flask import Blueprint, make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound, UnprocessableEntity
from werkzeug.wrappers import Response

from analysis.coding import listing, reading
from analysis.export.transcripts import flat
from store import audit
from store.coding import codes, codings
from store.coding.coders import coder_of
from store.coding.journal import CodingError
from store.models import Attempt, Coder, Study
from study.codebook import parse_codebook
from web.permissions import Permission
from web.person import Person, needs
from web.reading_rights import taught
from web.services import services

pages = Blueprint("coding", __name__)

BOOK = Path(__file__).resolve().parents[1] / "data" / "codebook.yml"
AN_HOUR = timedelta(hours=1)
LONGEST = 20_000
ID_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Said:
    """What the page says first, and what fills a form again after a refusal."""

    words: str = ""
    refused: bool = False
    response: str = ""
    """The answer that it is about."""


@pages.route("/app/coding", methods=["GET", "POST"])
@needs(Permission.CODE)
def show(person: Person) -> Response:
    """The interviews to read, in the order that was asked for."""
    asked = request.form.get("page", "")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    shuffled = request.form.get("order") == "drawn"
    with services().database.write() as session:
        study, coder = begin(session, person)
        found, total = listing.listed(
            session, study, coder, taught(session, person), shuffled=shuffled, page=page
        )
        label = coder.label
    html = render_template(
        "coding.html",
        person=person,
        found=found,
        total=total,
        page=page,
        more=total > (page + 1) * listing.A_PAGE,
        shuffled=shuffled,
        label=label,
    )
    return make_response(html)


@pages.post("/app/coding/read")
@needs(Permission.CODE)
def read(person: Person) -> Response:
    """One interview."""
    return _page(person)


@pages.post("/app/coding/code")
@needs(Permission.CODE)
def code(person: Person) -> Response:
    """Give a passage of an answer, or all of it, a code that there is or a new one."""

    def step(session: Session, study: Study, coder: Coder, now: datetime) -> str:
        response, name = _field("response"), request.form.get("new", "")
        start, end = _passage(session, study, response)
        if name.strip():
            chosen = codes.make(session, study.id, coder, name[:LONGEST], now)
        else:
            chosen = codes.find(session, study.id, _field("code"))
        codings.apply(
            session, study.id, coder, response, chosen.public_id, now, start=start, end=end
        )
        return f"Coded with “{chosen.name}”."

    return _do(person, step, "Nothing was coded")


@pages.post("/app/coding/uncode")
@needs(Permission.CODE)
def uncode(person: Person) -> Response:
    """Take a code off a passage again."""

    def step(session: Session, study: Study, coder: Coder, now: datetime) -> str:
        codings.remove(session, study.id, coder, _field("coding"), now)
        return "The code is off."

    return _do(person, step)


@pages.post("/app/coding/suggestion")
@needs(Permission.CODE)
def suggestion(person: Person) -> Response:
    """Take what a machine suggests for an answer, or turn it down."""

    def step(session: Session, study: Study, coder: Coder, now: datetime) -> str:
        act = request.form.get("do", "")
        if act not in ("yes", "no"):
            raise UnprocessableEntity
        code = _field("code") if act == "yes" else None
        response, theme = _field("response"), _field("theme")
        codings.answer_suggestion(session, study.id, coder, response, theme, now, code=code)
        return "Turned down." if code is None else "The suggestion is now a code of yours."

    return _do(person, step)


@pages.post("/app/coding/memo")
@needs(Permission.CODE)
def memo(person: Person) -> Response:
    """Keep what the coder noted about an answer; an empty memo goes."""

    def step(session: Session, study: Study, coder: Coder, now: datetime) -> str:
        body = request.form.get("memo", "")[:LONGEST]
        codings.write_memo(session, study.id, coder, body, now, response=_field("response"))
        return "Your memo is kept."

    return _do(person, step, "Your memo was not kept")


type Step = Callable[[Session, Study, Coder, datetime], str]
"""Does something, and says what was done. Raises CodingError if it cannot be."""


def take(person: Person, step: Step, refused: str = "Nothing was changed") -> Said:
    """Take a step as the coder that the person is; what came of it."""
    here = services()
    try:
        with here.database.write() as session:
            study, coder = begin(session, person)
            return Said(step(session, study, coder, here.clock()))
    except CodingError as error:
        return Said(f"{refused}: {error}.", refused=True)


def _do(person: Person, step: Step, refused: str = "Nothing was changed") -> Response:
    """A step about an answer of the interview that the form names."""

    def within(session: Session, study: Study, coder: Coder, now: datetime) -> str:
        _interview(session, person, study)
        return step(session, study, coder, now)

    said = replace(take(person, within, refused), response=_field("response"))
    return _page(person, said)


def begin(session: Session, person: Person) -> tuple[Study, Coder]:
    """The study, with a codebook, and the person as a coder of it."""
    study = session.get_one(Study, person.study.id)
    if codes.is_empty(session, study.id):
        book = parse_codebook(BOOK.name, BOOK.read_text("utf-8"))
        codes.seed(session, study.id, book, services().clock())
    return study, coder_of(session, study.id, person.pseudonym)


def _page(person: Person, said: Said | None = None) -> Response:
    here = services()
    with here.database.write() as session:
        study, coder = begin(session, person)
        attempt = _interview(session, person, study)
        audit.note_once(
            session,
            person.launch.institution.id,
            person.pseudonym,
            "interview opened",
            attempt.public_id,
            here.clock(),
            AN_HOUR,
        )
        found = reading.reading(session, study, coder, attempt)
        book = [(row.public_id, row.name) for row in codes.in_use(session, study.id) if row.codable]
    book.sort(key=lambda one: one[1].casefold())
    html = render_template(
        "transcript.html", person=person, found=found, codes=book, said=said or Said()
    )
    return make_response(html, 422 if said and said.refused else 200)


def _interview(session: Session, person: Person, study: Study) -> Attempt:
    """The interview that the form names; the teachers of a running course find none of it."""
    found = listing.find(session, study, taught(session, person), _field("interview"))
    if found is None:
        raise NotFound
    return found


def _passage(session: Session, study: Study, response: str) -> tuple[int, int | None]:
    """From where to where to code: as selected, as typed, or (0, None) for the whole answer.

    Raises:
        CodingError: what was typed is not in the answer, or more than once.
    """
    _, body = codings.answer_of(session, study.id, response)
    start, end = request.form.get("start", ""), request.form.get("end", "")
    if start and end:
        with suppress(ValueError):
            return reading.place_in(body, int(start[:9]), int(end[:9]))
        raise CodingError("the passage does not lie within the answer")
    typed = flat(request.form.get("passage", "")[:LONGEST])[0].strip()
    if not typed:
        return 0, None
    text = flat(body)[0]
    times = text.count(typed)
    if times != 1:
        raise CodingError(
            "these words are not in the answer"
            if not times
            else "these words are in the answer more than once: take more of them"
        )
    return reading.place_in(body, text.index(typed), text.index(typed) + len(typed))


def _field(name: str) -> str:
    return request.form.get(name, "")[:ID_LENGTH]
