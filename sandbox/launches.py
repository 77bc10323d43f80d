"""Launching the tool: login initiation, authentication, and platform storage."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, render_template, request

from sandbox.authentication import authenticate
from sandbox.errors import InvalidRequestError, UnknownCourseError, UnknownPersonError
from sandbox.options import STORAGE_FRAME, LaunchOptions
from sandbox.platform import Platform
from sandbox.security import allow
from sandbox.site import CONTAINERS


def launch_pages(platform: Platform) -> Blueprint:
    """Views on the way of a launch."""
    blueprint = Blueprint("launch", __name__)

    @blueprint.route("/launch/<person_id>/<container>", methods=["GET", "POST"])
    def launch(person_id: str, container: str) -> str:
        if container not in CONTAINERS:
            abort(404, "There is no such way of launching.")
        try:
            person = platform.person(person_id)
        except UnknownPersonError:
            abort(404, "Nobody in this course has that id.")
        site = platform.site
        if "tool" in request.values:
            site = platform.site_of(request.values["tool"]) or abort(404, "There is no such tool.")
        try:
            course, activity = platform.courses.activity(
                request.values.get("activity", platform.site.resource_link_id)
            )
        except UnknownCourseError as error:
            abort(404, str(error))
        site = course.site(site, activity)
        custom = {**activity.custom, "context_id_history": ",".join(course.history)}
        options = LaunchOptions.read(request.values)
        allow(form_action=[site.tool_origin], frame_src=[site.tool_origin])
        return render_template(
            "activity.html" if container == "iframe" else "login.html",
            person=person,
            options=options,
            action=site.login_url,
            fields=platform.login_fields(person, container, options, site, custom=custom),
            site=site,
            storage_frame=STORAGE_FRAME,
        )

    @blueprint.route("/auth", methods=["GET", "POST"])
    def auth() -> tuple[str, int] | str:
        try:
            fields = authenticate(platform, request.values)
        except InvalidRequestError as error:
            return render_template("invalid.html", reason=str(error)), 404
        # It has just been found to be the registered one.
        redirect_uri = request.values["redirect_uri"]
        parts = urlsplit(redirect_uri)
        allow(form_action=[f"{parts.scheme}://{parts.netloc}"])
        return render_template("auth.html", action=redirect_uri, fields=fields)

    @blueprint.get("/storage")
    def storage() -> str:
        return render_template("storage.html")

    return blueprint
