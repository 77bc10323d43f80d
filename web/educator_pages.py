"""The educator's address: the class page, and the way into the cases themselves."""

from flask import Blueprint, make_response, render_template, request
from werkzeug.exceptions import NotFound, UnprocessableEntity
from werkzeug.wrappers import Response

from analysis.class_view import UnknownKindError
from store import completion, notes
from web import educator, educator_showing
from web.educator import NoteSaid
from web.permissions import Permission
from web.person import Person, needs
from web.services import services

pages = Blueprint("educator", __name__)


@pages.route("/app/class", methods=["GET", "POST"])
@needs(Permission.SEE_CLASS)
def show(person: Person) -> Response:
    """The class at a glance, or by groups of its people."""
    try:
        return make_response(educator.page(person, by=request.form.get("by", "")))
    except UnknownKindError:
        # Of a form that is not ours, or from before the institution chose where groups are told.
        raise UnprocessableEntity from None


@pages.post("/app/class/marks")
@needs(Permission.SEE_CLASS)
def resend_marks(person: Person) -> Response:
    """Let the worker try once more to deliver the activity's refused completion marks."""
    here, link = services(), person.launch.resource_link
    if link is not None:
        with here.database.write() as session:
            completion.retry_failed(session, link.id, here.clock())
    return class_page(person)


@pages.post("/app/class/discuss")
@needs(Permission.SEE_CLASS)
def discuss(person: Person) -> Response:
    """One case, large, with two questions for the class."""
    page = educator.figures_of(person)
    found = texts = None
    if page is not None:
        found = educator_showing.discussion(page, request.form.get("case", ""))
    if found is not None:
        with services().database.read() as session:
            texts = educator_showing.texts_of(session, found.case.id)
    shown = render_template("discuss.html", person=person, page=page, found=found, texts=texts)
    return make_response(shown)


@pages.post("/app/class/summary")
@needs(Permission.SEE_CLASS)
def summary(person: Person) -> Response:
    """The figures on one sheet, to be printed."""
    page = educator.figures_of(person)
    shown = render_template(
        "summary.html",
        person=person,
        page=page,
        lines=educator_showing.summary(page) if page is not None else (),
        groups=[name for name, _ in educator_showing.GROUPS],
    )
    return make_response(shown)


@pages.post("/app/class/notes")
@needs(Permission.SEE_CLASS)
def keep_note(person: Person) -> Response:
    """Keep what the educator wrote down for themselves about the course."""
    launch, here = person.launch, services()
    typed = request.form.get("note", "")
    if launch.context is None:
        raise NotFound
    try:
        with here.database.write() as session:
            notes.write(
                session,
                person.study.id,
                launch.context.id,
                person.pseudonym,
                typed,
                here.clock(),
            )
    except ValueError as error:
        said = NoteSaid(f"Your note was not kept: {error}.", typed, refused=True)
        return make_response(educator.page(person, said), 422)
    return make_response(educator.page(person, NoteSaid("Your note is kept.")))


def class_page(person: Person) -> Response:
    """Participation and stances of the person's course, above the thresholds."""
    return make_response(educator.page(person))
