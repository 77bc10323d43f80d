"""Choosing the activities of a course (deep linking), and the way back to the LMS with them."""

from collections.abc import Sequence

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from lti.deep_linking import ContentItem, LineItem, respond
from lti.messages import DEEP_LINK
from lti.session import LaunchResult
from study.activity import Choice
from web import choosing
from web.launch import SESSION_COOKIE, forget_cookie
from web.permissions import Permission
from web.person import Person, allow, needs
from web.refusals import allow_answer
from web.services import services

pages = Blueprint("deep_linking", __name__)

TEXT = "Short cases on the use of generative AI in assessment, talked through with an assistant."
TAG = "completion"


def first_page(person: Person) -> Response:
    """The first page after a deep-linking launch."""
    return choosing.page(person)


@pages.post("/app/deep-link")
@needs(Permission.CHOOSE_CASES, kind=DEEP_LINK)
def choose(person: Person) -> Response:
    """Send back what was chosen, or that nothing was."""
    launch = person.launch
    if request.form.get("cancel"):
        return send_back(launch, person.token, [], "Nothing was added.")
    several = launch.deep_link is not None and launch.deep_link.accept_multiple
    with services().database.read() as session:
        filled = choosing.read(session, request.form, person.locale, several=several)
    if filled.errors:
        return choosing.page(person, errors=filled.errors)
    items = [
        _item(choice, title) for choice, title in zip(filled.choices, filled.titles, strict=True)
    ]
    return send_back(launch, person.token, items, "")


def send_back(
    launch: LaunchResult, token: str, items: Sequence[ContentItem], message: str
) -> Response:
    """The page that carries the answer to the LMS: by its script, or by its button.

    The session has served with this; only its cookie, if it is this session's, is taken back.

    Raises:
        lti.message_errors.ChoiceError: one of its kinds.
    """
    here = services()
    answer = respond(here.database, here.keyring, launch, items, message, here.clock())
    allow(launch)
    allow_answer(answer)
    response = make_response(render_template("lti/send_back.html", answer=answer))
    # An LMS may not take a form from nowhere ("Origin: null"): tell it the host, but no more.
    response.headers["Referrer-Policy"] = "strict-origin"
    if request.cookies.get(SESSION_COOKIE) == token:
        forget_cookie(response, SESSION_COOKIE)
    return response


def _item(choice: Choice, title: str) -> ContentItem:
    """An activity with these cases; a gradebook column only where completion is reported."""
    column = LineItem(title, 1, choice.pack_id, TAG) if choice.completion else None
    return ContentItem(title, TEXT, choice.to_custom(), column)
