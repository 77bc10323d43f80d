"""One page for everything that is refused for a reason of LTI's, with the way back to the LMS."""

import logging
from datetime import datetime
from typing import Protocol, cast

from flask import Response, current_app, make_response, render_template

from lti.deep_linking import DeepLinkResponse, answer_refusal
from lti.embedding import frame_ancestors
from lti.errors import LtiError, WrongMethod
from lti.message_errors import ChoiceError
from store.base import new_public_id
from store.db import Database
from store.keyring import Keyring
from store.lti_urls import add_query, origin
from web.security import csp

logger = logging.getLogger("greyarea.lti")


class Signing(Protocol):
    """What an answer to the LMS is signed with: of the app's collaborators, these."""

    @property
    def database(self) -> Database:
        """The database with the keys."""

    @property
    def keyring(self) -> Keyring:
        """What they are encrypted with."""

    def clock(self) -> datetime:
        """The present moment."""


def refuse(error: LtiError) -> Response:
    """The page. What is logged names no person and holds no token."""
    correlation = new_public_id()[:12]
    registration = error.registration
    logger.warning(
        "lti refused: code=%s status=%d correlation=%s registration=%s detail=%s",
        error.code,
        error.status,
        correlation,
        registration.key if registration is not None else "-",
        error.detail or "-",
    )
    if registration is not None:
        csp.allow_frames(frame_ancestors(registration))
    back_url, answer = None, None
    if error.verified and error.return_url is not None:
        report = {
            "lti_errormsg": f"{error.message} ({error.code})",
            "lti_errorlog": f"{error.code} {correlation}",
        }
        back_url = add_query(error.return_url, report)
    elif isinstance(error, ChoiceError):
        tool = cast(Signing, current_app.extensions["greyarea"])
        answer = answer_refusal(tool.database, tool.keyring, error, tool.clock())
    if answer is not None:
        allow_answer(answer)
    page = render_template(
        "lti/refused.html", error=error, correlation=correlation, back_url=back_url, answer=answer
    )
    response = make_response(page, error.status)
    if isinstance(error, WrongMethod):
        response.headers["Allow"] = "POST"
    return response


def allow_answer(answer: DeepLinkResponse) -> None:
    """Let the form of this page be sent to the LMS that waits for the answer, and nowhere else."""
    target = origin(answer.return_url)
    csp.allow_forms([target] if target is not None else [])
