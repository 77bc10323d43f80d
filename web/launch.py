"""The LTI addresses: login in two steps, launch, confirmation, key set.

All decisions are made in ``lti``; here they become pages, cookies and headers. The
collaborators come from ``current_app.extensions["greyarea"]``.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, cast

from flask import (
    Blueprint,
    Request,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from lti.binding import ATTEMPT_LIFETIME, cookie_name
from lti.embedding import frame_ancestors
from lti.errors import LtiError, PlatformRefused, TokenTooLarge, WrongMethod
from lti.fetch import Fetch, fetch_document
from lti.keys import public_key_set
from lti.launch import AskStorage, complete_launch, confirm_launch, verify_launch
from lti.login import GoToPlatform, NewTab, UseStorage, begin_login, continue_login
from lti.platform_keys import PlatformKeys
from lti.session import LaunchResult, find_session
from store.db import Database
from store.keyring import Keyring
from store.lti_sessions import ABSOLUTE
from store.lti_urls import origin
from store.models.lti import Registration
from store.settings import Settings
from web.refusals import refuse
from web.security import csp

MAX_REQUEST = 128 * 1024
SESSION_COOKIE = "__Host-greyarea"
SESSION_FIELD = "session"
KEY_SET_SECONDS = 3600


class Collaborators(Protocol):
    """What the pages need; ``enter`` renders the first page after a launch."""

    database: Database
    keyring: Keyring
    settings: Settings
    clock: Callable[[], datetime]
    enter: Callable[[LaunchResult, str], ResponseReturnValue]


def launch_blueprint(fetch: Fetch = fetch_document) -> Blueprint:
    """The blueprint ``lti``; ``fetch`` gets the platforms' key sets."""
    blueprint = Blueprint("lti", __name__)
    keys = PlatformKeys(fetch)

    def launch() -> ResponseReturnValue:
        return _launch(keys)

    for rule, endpoint, view, methods in (
        ("/lti/login/<key>", "login", _login, ["GET", "POST"]),
        ("/lti/login/<key>/go", "proceed", _proceed, ["GET"]),
        ("/lti/launch", "launch", launch, ["POST"]),
        ("/lti/launch", "launch_opened", _launch_opened, ["GET"]),
        ("/lti/launch/confirm", "confirm", _confirm, ["POST"]),
        ("/lti/jwks.json", "key_set", _key_set, ["GET"]),
    ):
        blueprint.add_url_rule(rule, endpoint, cast(Callable[..., Response], view), methods=methods)
    blueprint.before_request(_limit_size)
    blueprint.after_request(_add_headers)
    blueprint.register_error_handler(LtiError, refuse)
    blueprint.register_error_handler(RequestEntityTooLarge, lambda _: refuse(TokenTooLarge()))
    return blueprint


def request_token(incoming: Request) -> str | None:
    """The session token that a request carries.

    In order: ``Authorization: Bearer``, the form field ``session``, and for GET the cookie.
    The page's own token comes first, so that each tab stays in its own course.
    """
    authorization = incoming.authorization
    if authorization is not None and authorization.type == "bearer" and authorization.token:
        return authorization.token
    if incoming.form.get(SESSION_FIELD):
        return incoming.form[SESSION_FIELD]
    if incoming.method in ("GET", "HEAD"):
        return incoming.cookies.get(SESSION_COOKIE)
    return None


def forget_cookie(response: Response, name: str) -> None:
    """Have the browser drop one of our cookies."""
    _set_cookie(response, name, "", 0)


def _login(key: str) -> ResponseReturnValue:
    tool = _tool()
    parameters = request.form if request.method == "POST" else request.args
    begun = begin_login(tool.database, tool.keyring, key, parameters.to_dict(), tool.clock())
    _embed_for(begun.registration)
    response = redirect(url_for("lti.proceed", key=key, attempt=begun.attempt_id), 303)
    seconds = int(ATTEMPT_LIFETIME.total_seconds())
    _set_cookie(cast(Response, response), begun.cookie_name, begun.cookie_value, seconds)
    return response


def _proceed(key: str) -> ResponseReturnValue:
    tool = _tool()
    step = continue_login(
        tool.database,
        tool.keyring,
        key,
        request.args.get("attempt", ""),
        request.cookies,
        launch_url=tool.settings.public_url.rstrip("/") + "/lti/launch",
        now=tool.clock(),
    )
    _embed_for(step.registration)
    if isinstance(step, GoToPlatform):
        return redirect(step.url)
    new_tab: NewTab = step.fallback if isinstance(step, UseStorage) else step
    # Browsers apply form-action to the redirects that follow the form as well.
    sources = (origin(step.registration.auth_url), *frame_ancestors(step.registration))
    csp.allow_forms([source for source in sources if source not in (None, "'none'")])
    return render_template(
        "lti/new_tab.html",
        action=url_for("lti.login", key=key),
        fields=new_tab.fields,
        storage=step if isinstance(step, UseStorage) else None,
    )


def _launch(keys: PlatformKeys) -> ResponseReturnValue:
    tool = _tool()
    now = tool.clock()
    if "error" in request.form:
        raise PlatformRefused
    launch = verify_launch(
        tool.database,
        keys,
        public_url=tool.settings.public_url,
        id_token=request.form.get("id_token", ""),
        state=request.form.get("state", ""),
        now=now,
    )
    _embed_for(launch.registration)
    outcome = complete_launch(tool.database, tool.keyring, launch, request.cookies, now)
    if isinstance(outcome, AskStorage):
        return render_template(
            "lti/confirm.html",
            action=url_for("lti.confirm"),
            storage=outcome,
        )
    response = _enter(tool, outcome, now)
    forget_cookie(response, cookie_name(launch.attempt.public_id))
    return response


def _launch_opened() -> ResponseReturnValue:
    raise WrongMethod


def _confirm() -> ResponseReturnValue:
    tool = _tool()
    now = tool.clock()
    ticket, secret = request.form.get("ticket", ""), request.form.get("secret", "")
    token = confirm_launch(tool.database, tool.keyring, ticket, secret, now)
    return _enter(tool, token, now)


def _key_set() -> ResponseReturnValue:
    with _tool().database.read() as session:
        response = jsonify(public_key_set(session))
    response.headers["Cache-Control"] = f"public, max-age={KEY_SET_SECONDS}"
    return response


def _enter(tool: Collaborators, token: str, now: datetime) -> Response:
    result = find_session(tool.database, tool.keyring, token, now)
    _embed_for(result.registration)
    response = make_response(tool.enter(result, token))
    _set_cookie(response, SESSION_COOKIE, token, int(ABSOLUTE.total_seconds()))
    return response


def _tool() -> Collaborators:
    return cast(Collaborators, current_app.extensions["greyarea"])


def _limit_size() -> None:
    request.max_content_length = MAX_REQUEST
    # Until the registration is known anyone may frame the page: a refusal must be seen, and
    # offers no action.
    csp.allow_frames(["*"])


def _embed_for(registration: Registration) -> None:
    csp.allow_frames(frame_ancestors(registration))


def _set_cookie(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=True,
        httponly=True,
        samesite="None",
        partitioned=True,
    )


def _add_headers(response: Response) -> Response:
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    csp.apply(response)
    return response
