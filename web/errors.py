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

log = logging.getLogger("greyarea.web")

WORDS = {
    400: ("That did not work", "The page sent something that could not be understood."),
    403: ("Not for this role", "Your role in the course does not include this page."),
    404: ("Not found", "There is nothing here, or it is not yours."),
    405: ("Not found", "There is nothing here to open directly."),
    413: ("Too much at once", "That was too large to take in. Please send less text."),
}


def install(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(SessionInvalid, _session_over)
    app.register_error_handler(LtiError, refuse)
    app.register_error_handler(NoStudy, _no_study)
    app.register_error_handler(NotSetUp, lambda missing: not_set_up(g.person, missing))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SQLAlchemyError, _broken)
    app.register_error_handler(Exception, _broken)


def _session_over(_error: SessionInvalid) -> Response:
    return _page(
        401,
        "Please open the activity again",
        "For your safety this page closes after a while. Open the activity again in your course: "
        "everything that was saved is still there.",
        "session_over",
        resume=request.method == "GET",
    )


def _no_study(_error: NoStudy) -> Response:
    return _page(
        503,
        "Not set up yet",
        "The activity is connected, but no cases have been published for your institution yet. "
        "Please tell the person who set it up.",
        "no_study",
    )


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    title, text = WORDS.get(status, ("That did not work", "Something was not right with that."))
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
        "Something went wrong on our side",
        "Please try again in a moment. If you had just sent an answer, go back: your words should "
        "still be in the box. What was saved before is safe.",
        code,
    )


def _page(status: int, title: str, text: str, code: str, *, resume: bool = False) -> Response:
    page = render_template("error.html", title=title, text=text, code=code, resume=resume)
    return make_response(page, status)
