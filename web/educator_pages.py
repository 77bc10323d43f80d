"""The educator's address: the class page, and the way into the cases themselves."""

from flask import Blueprint, make_response
from werkzeug.wrappers import Response

from store import completion
from web.permissions import Permission
from web.person import Person, needs
from web.services import services

pages = Blueprint("educator", __name__)


@pages.route("/app/class", methods=["GET", "POST"])
@needs(Permission.SEE_CLASS)
def show(person: Person) -> Response:
    """The class at a glance."""
    return class_page(person)


@pages.post("/app/class/marks")
@needs(Permission.SEE_CLASS)
def resend_marks(person: Person) -> Response:
    """Let the worker try once more to deliver the activity's refused completion marks."""
    here, link = services(), person.launch.resource_link
    if link is not None:
        with here.database.write() as session:
            completion.retry_failed(session, link.id, here.clock())
    return class_page(person)


def class_page(person: Person) -> Response:
    """Participation and stances of the person's course, above the thresholds."""
    from web.educator import page

    return make_response(page(person))
