"""Launching the tool: login initiation, authentication, and platform storage."""

from flask import Blueprint, abort, render_template, request

from sandbox.authentication import authenticate
from sandbox.errors import InvalidRequestError, UnknownPersonError
from sandbox.options import STORAGE_FRAME, LaunchOptions
from sandbox.platform import Platform
from sandbox.security import allow
from sandbox.site import CONTAINERS


def launch_pages(platform: Platform) -> Blueprint:
    """Views on the way of a launch."""
    blueprint = Blueprint("launch", __name__)
    site = platform.site

    @blueprint.route("/launch/<person_id>/<container>", methods=["GET", "POST"])
    def launch(person_id: str, container: str) -> str:
        if container not in CONTAINERS:
            abort(404, "There is no such way of launching.")
        try:
            person = platform.person(person_id)
        except UnknownPersonError:
            abort(404, "Nobody in this course has that id.")
        options = LaunchOptions.read(request.values)
        allow(form_action=[site.tool_origin], frame_src=[site.tool_origin])
        return render_template(
            "activity.html" if container == "iframe" else "login.html",
            person=person,
            options=options,
            action=site.login_url,
            fields=platform.login_fields(person, container, options),
            storage_frame=STORAGE_FRAME,
        )

    @blueprint.route("/auth", methods=["GET", "POST"])
    def auth() -> tuple[str, int] | str:
        try:
            fields = authenticate(platform, request.values)
        except InvalidRequestError as error:
            return render_template("invalid.html", reason=str(error)), 404
        allow(form_action=[site.tool_origin])
        return render_template("auth.html", action=site.redirect_uri, fields=fields)

    @blueprint.get("/storage")
    def storage() -> str:
        return render_template("storage.html")

    return blueprint
