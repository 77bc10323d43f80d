"""Releasing verbatim lines: for researchers of the study, and for nobody else."""

from flask import Blueprint, make_response, render_template, request
from werkzeug.exceptions import NotFound, UnprocessableEntity
from werkzeug.wrappers import Response

from analysis import lines
from store import audit
from study.steps import Step
from web.permissions import Permission
from web.person import Person, needs
from web.reading_rights import taught
from web.services import services

pages = Blueprint("lines", __name__)

HEADINGS = {
    Step.SESSION_CLEARER: "What they want made clearer",
    Step.POLICY_TEXT: "What a rule settles, and what it leaves open",
}


@pages.route("/app/lines", methods=["GET", "POST"])
@needs(Permission.RELEASE_LINES)
def show(person: Person) -> Response:
    """Answers that may be released, a page at a time; that they were opened is written down."""
    return _page(person)


@pages.post("/app/lines/release")
@needs(Permission.RELEASE_LINES)
def release(person: Person) -> Response:
    """Release one line, or take it back."""
    here, act = services(), request.form.get("do", "")
    line = request.form.get("line", "")[:40]
    if act not in ("on", "off"):
        raise UnprocessableEntity
    with here.database.write() as session:
        found = lines.release(
            session, person.study.id, line, person.pseudonym, here.clock(), yes=act == "on"
        )
        if not found:
            raise NotFound
        action = "line released" if act == "on" else "line taken back"
        audit.note(
            session, person.launch.institution.id, person.pseudonym, action, line, here.clock()
        )
    return _page(person)


def _page(person: Person) -> Response:
    asked, number = request.form.get("question", ""), request.form.get("page", "")
    step = Step(asked) if asked in [step.value for step in HEADINGS] else Step.SESSION_CLEARER
    place = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0
    here = services()
    with here.database.write() as session:
        found = lines.offered(session, person.study.id, step, place, taught(session, person))
        subject = f"{step.value}, page {place + 1}, {len(found.lines)} answers"
        audit.note(
            session,
            person.launch.institution.id,
            person.pseudonym,
            "answers opened",
            subject,
            here.clock(),
        )
    page = render_template(
        "lines.html",
        person=person,
        found=found,
        step=step.value,
        number=place,
        headings={key.value: words for key, words in HEADINGS.items()},
        threshold=person.launch.institution.min_quote,
    )
    return make_response(page)
