"""Errors become pages in one place: plain words, a code for support, nothing personal."""

import logging
import uuid

from flask import Flask, g, make_response, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from lti.errors import LtiError, SessionInvalid
from store.activities import NotSetUp
from web.activity import not_set_up
from web.person import NoStudy
from web.refusals import refuse
from web.words import N_, _

log = logging.getLogger("greyarea.web")

WORDS = {
    400: (N_("That did not work"), N_("The page sent something that could not be understood.")),
    403: (
        N_("Not open to you"),
        N_("Your role in the course and your rights do not include this."),
    ),
    404: (N_("Not found"), N_("There is nothing here, or it is not yours.")),
    405: (N_("Not found"), N_("There is nothing here to open directly.")),
    413: (N_("Too much at once"), N_("That was too large to take in. Please send less text.")),
}
OTHER = (N_("That did not work"), N_("Something was not right with that."))


def install(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(SessionInvalid, _session_over)
    app.register_error_handler(LtiError, refuse)
    app.register_error_handler(NoStudy, _no_study)
    app.register_error_handler(NotSetUp, lambda missing: not_set_up(g.person, missing))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SQLAlchemyError, _broken)
    app.register_error_handler(Exception, _broken)


def _session_over(_ended: SessionInvalid) -> Response:
    return _page(
        401,
        N_("Please open the activity again"),
        N_(
            "For your safety this page closes after a while. Open the activity again in your "
            "course: everything that was saved is still there."
        ),
        "session_over",
        resume=request.method == "GET",
    )


def _no_study(_missing: NoStudy) -> Response:
    return _page(
        503,
        N_("Not set up yet"),
        N_(
            "The activity is connected, but no cases have been published for your institution "
            "yet. Please tell the person who set it up."
        ),
        "no_study",
    )


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    title, text = WORDS.get(status, OTHER)
    return _page(status, title, text, f"http_{status}")


def _broken(error: Exception) -> Response:
    code = uuid.uuid4().hex[:12]
    # The kind and the place only: an exception's text may hold what somebody wrote.
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "?"
    # The rule, not the address: that may hold an invite.
    rule = request.url_rule.rule if request.url_rule is not None else "-"
    log.error("page failed: %s %s in %s (%s)", rule, type(error).__name__, where, code)
    return _page(
        503 if isinstance(error, SQLAlchemyError) else 500,
        N_("Something went wrong on our side"),
        N_(
            "Please try again in a moment. If you had just sent an answer, go back: your words "
            "should still be in the box. What was saved before is safe."
        ),
        code,
    )


def _page(status: int, title: str, text: str, code: str, *, resume: bool = False) -> Response:
    page = render_template("error.html", title=_(title), text=_(text), code=code, resume=resume)
    return make_response(page, status)
