"""Choosing the activities of a course (deep linking), and the way back to the LMS with them."""

from collections.abc import Sequence

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from lti.deep_linking import ContentItem, respond
from lti.messages import DEEP_LINK
from lti.session import LaunchResult
from web.launch import SESSION_COOKIE, forget_cookie
from web.permissions import Permission
from web.person import Person, allow, needs
from web.refusals import allow_answer
from web.services import services

pages = Blueprint("deep_linking", __name__)

TITLE = "Grey areas of AI in assessment"
TEXT = "Short cases on the use of generative AI in assessment, talked through with an assistant."


def choose(launch: LaunchResult, token: str) -> Response:
    """The first page after a deep-linking launch."""
    allow(launch)
    return make_response(render_template("choose.html", token=token, title=TITLE))


@pages.post("/app/deep-link")
@needs(Permission.CHOOSE_ACTIVITIES, kind=DEEP_LINK)
def chosen(person: Person) -> Response:
    """Send back what was chosen."""
    added = request.form.get("answer") == "add"
    items = [ContentItem(TITLE, TEXT)] if added else []
    message = "" if added else "Nothing was added."
    return send_back(person.launch, person.token, items, message)


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
