"""The address that an LMS registers itself at. Decisions are made in ``lti.registration``.

The address holds the invite and its query a token of the LMS: neither is logged, and no
page links to anywhere with them.
"""

import logging
from collections.abc import Callable
from typing import cast

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    make_response,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue

from lti.addresses import ToolAddresses
from lti.errors import LtiError
from lti.fetch import Exchange, exchange
from lti.registration import Registered, register_platform
from lti.registration_errors import InviteInvalid
from store.base import new_public_id
from web.launch import Collaborators
from web.security import csp

logger = logging.getLogger("greyarea.lti")


def registration_blueprint(send: Exchange = exchange) -> Blueprint:
    """The blueprint ``registration``; ``send`` talks to the LMS."""
    blueprint = Blueprint("registration", __name__)

    def register(invite: str) -> ResponseReturnValue:
        if request.method != "GET":  # a HEAD must not register anything
            abort(405)
        tool = cast(Collaborators, current_app.extensions["greyarea"])
        registered = register_platform(
            tool.database,
            send,
            invite=invite,
            configuration_url=request.args.get("openid_configuration", ""),
            registration_token=request.args.get("registration_token") or None,
            public_url=tool.settings.public_url,
            now=tool.clock(),
        )
        _audit(registered)
        csp.allow_frames(list(registered.origins))
        return render_template("lti/registered.html", registered=registered)

    view = cast(Callable[..., Response], register)
    blueprint.add_url_rule("/lti/register/<invite>", "register", view, methods=["GET"])
    blueprint.register_error_handler(LtiError, _refuse)
    blueprint.after_request(_add_headers)
    return blueprint


def _audit(registered: Registered) -> None:
    logger.info(
        "lti registered: key=%s institution=%r issuer=%s client=%r deployment=%r updated=%s "
        "active=%s",
        registered.key,
        registered.institution,
        registered.issuer,
        registered.client_id,
        registered.deployment_id,
        registered.updated,
        registered.active,
    )


def _refuse(error: LtiError) -> ResponseReturnValue:
    correlation = new_public_id()[:12]
    logger.warning(
        "lti registration refused: code=%s status=%d correlation=%s detail=%s",
        error.code,
        error.status,
        correlation,
        error.detail or "-",
    )
    # Anyone may frame it: the administrator must see it, and it offers no action.
    g.frame_ancestors = ["*"]
    tool = cast(Collaborators, current_app.extensions["greyarea"])
    page = render_template(
        "lti/registration_refused.html",
        error=error,
        said=getattr(error, "said", ""),
        by_hand=isinstance(error, InviteInvalid),
        key=ToolAddresses(tool.settings.public_url, "KEY"),
        correlation=correlation,
    )
    return make_response(page, error.status)


def _add_headers(response: Response) -> Response:
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    csp.apply(response)
    return response
