"""Registering a tool: the page for people, and the two addresses for the tool's server."""

from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.errors import RegistrationRefusedError
from sandbox.people import WITH_CARD
from sandbox.platform import Platform
from sandbox.registration import openid_configuration
from sandbox.security import allow


def tool_pages(platform: Platform) -> Blueprint:
    """Views of the dynamic registration."""
    blueprint = Blueprint("tools", __name__)

    @blueprint.get("/tools")
    def tools() -> ResponseReturnValue:
        if request.host.startswith("127.0.0.1"):
            # The tool closes its page by a message to the issuer's own name.
            return redirect(f"{platform.site.issuer}{request.full_path}")
        url = request.args.get("url", "")
        origin = _origin(url)
        if origin is not None:
            allow(frame_src=[origin])
        return render_template(
            "tools.html",
            tools=platform.registrations.tools,
            people=[platform.people[key] for key in WITH_CARD if key in platform.people],
            url=url,
            origin=origin,
            start=url_for("tools.start", url=url),
        )

    @blueprint.get("/tools/start")
    def start() -> ResponseReturnValue:
        url = request.args.get("url", "")
        if _origin(url) is None:
            abort(400, "A registration address begins with http:// or https://.")
        query = {
            "openid_configuration": platform.site.configuration_url,
            "registration_token": platform.registrations.issue_token(),
        }
        joint = "&" if urlsplit(url).query else "?"
        return redirect(f"{url}{joint}{urlencode(query)}")

    @blueprint.get("/.well-known/openid-configuration")
    def configuration() -> Response:
        return jsonify(openid_configuration(platform.site, platform.scopes))

    @blueprint.post("/register")
    def register() -> ResponseReturnValue:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            sent = request.get_json(force=True, silent=True)
            return jsonify(
                platform.registrations.register(token if scheme == "Bearer" else "", sent)
            )
        except RegistrationRefusedError as error:
            return Response(str(error), error.status, content_type="text/html; charset=utf-8")

    return blueprint


def _origin(url: str) -> str | None:
    """Scheme, host and port of a pasted address; None if it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isprintable():
        return None
    if any(character in parts.netloc for character in " ;,'\"*"):
        return None
    return f"{parts.scheme}://{parts.netloc}"
