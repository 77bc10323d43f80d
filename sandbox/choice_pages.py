"""Choosing activities (deep linking), copying the course, and reviews: the pages for people."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.choices import read_choice
from sandbox.errors import ToolJwtError, UnknownCourseError, UnknownPersonError
from sandbox.hints import DEEP_LINK, REVIEW
from sandbox.options import STORAGE_FRAME, LaunchOptions
from sandbox.platform import Platform
from sandbox.security import allow


def choice_pages(platform: Platform) -> Blueprint:
    """Views of the choice and what comes of it."""
    blueprint = Blueprint("choices", __name__)

    @blueprint.post("/choose/<person_id>/<container>")
    def choose(person_id: str, container: str) -> str:
        """Select content: the tool opens with a choice to be made."""
        if container not in ("iframe", "same"):
            abort(404, "A choice opens in the course page or in the same window.")
        try:
            person = platform.person(person_id)
            course = platform.courses.course(request.values.get("course", platform.site.course_id))
        except (UnknownPersonError, UnknownCourseError) as error:
            abort(404, str(error))
        options = LaunchOptions.read(request.values)
        site = course.site(platform.site)
        allow(form_action=[site.tool_origin], frame_src=[site.tool_origin])
        return render_template(
            "activity.html" if container == "iframe" else "login.html",
            person=person,
            options=options,
            action=site.login_url,
            fields=platform.login_fields(
                person, container, options, site, message=DEEP_LINK, custom={}
            ),
            site=site,
            storage_frame=STORAGE_FRAME,
        )

    @blueprint.post("/choice")
    def choice() -> ResponseReturnValue:
        """Where a tool sends its answer; the activities are made."""
        if request.args.get("sesskey") != platform.sesskey:
            abort(403, "This address is not of a choice that is under way.")
        try:
            _, items, message = read_choice(platform.jwts, request.form.get("JWT", ""))
            made = platform.courses.add(request.args.get("course", ""), items)
        except ToolJwtError as error:
            abort(400, f"The tool's answer is not valid: {error}.")
        except UnknownCourseError as error:
            abort(404, str(error))
        return render_template(
            "chosen.html", made=made, message=message, course=request.args["course"]
        )

    @blueprint.post("/copy")
    def copy() -> ResponseReturnValue:
        """A copy of a course with its activities."""
        try:
            made = platform.courses.copy(request.form.get("course", platform.site.course_id))
        except UnknownCourseError as error:
            abort(404, str(error))
        return redirect(url_for("course.course", course=made.id), 303)

    @blueprint.get("/review/<person_id>/<about>")
    def review(person_id: str, about: str) -> str:
        """Open what the tool has of one person, as from the gradebook."""
        try:
            person, whom = platform.person(person_id), platform.person(about)
            course, activity = platform.courses.activity(
                request.args.get("activity", platform.site.resource_link_id)
            )
        except (UnknownPersonError, UnknownCourseError) as error:
            abort(404, str(error))
        options = LaunchOptions.read(request.args)
        site = course.site(platform.site, activity)
        allow(form_action=[site.tool_origin])
        return render_template(
            "login.html",
            person=person,
            options=options,
            action=site.login_url,
            fields=platform.login_fields(
                person,
                "same",
                options,
                site,
                message=REVIEW,
                custom=activity.custom,
                about=whom.sub,
            ),
            site=site,
        )

    return blueprint
