"""The pages of the course: activity and people, gradebook, roster, and the way back."""

from urllib.parse import urlencode

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from sandbox.claims import INSTRUCTOR, LEARNER, roles_of
from sandbox.errors import UnknownCourseError
from sandbox.options import STORAGE_FRAME, LaunchOptions
from sandbox.people import WITH_CARD, Person
from sandbox.platform import Platform
from sandbox.roster import service_role

LOCALE_NAMES = {"en": "English", "es": "Spanish", "de": "German", "ar": "Arabic"}


def course_pages(platform: Platform) -> Blueprint:
    """Views for people; they change nothing."""
    blueprint = Blueprint("course", __name__)

    @blueprint.get("/")
    def course() -> ResponseReturnValue:
        if request.host.startswith("127.0.0.1"):
            # To the browser another site than localhost: third-party cookies would
            # behave otherwise than under the issuer's name, and so would the policy.
            return redirect(f"{platform.site.issuer}{request.full_path}")
        options = LaunchOptions.read(request.args)
        try:
            here = platform.courses.course(request.args.get("course", platform.site.course_id))
        except UnknownCourseError as error:
            abort(404, str(error))
        everybody = platform.people.values()
        shown = [platform.people[key] for key in WITH_CARD if key in platform.people]
        return render_template(
            "course.html",
            here=here,
            courses=platform.courses.all,
            options=options,
            changed=options != LaunchOptions(),
            locales=LOCALE_NAMES,
            people=shown,
            more=sum(person.gradable for person in everybody if person not in shown),
            storage_frame=STORAGE_FRAME,
        )

    @blueprint.get("/gradebook")
    def gradebook() -> str:
        columns = platform.gradebook.columns()
        grades = {column.id: platform.gradebook.grades(column.id) for column in columns}
        return render_template(
            "gradebook.html",
            columns=columns,
            grades=grades,
            count=sum(len(by_sub) for by_sub in grades.values()),
            learners=[person for person in platform.people.values() if person.gradable],
        )

    @blueprint.get("/roster")
    def roster() -> str:
        options = LaunchOptions.read(request.args)
        return render_template(
            "roster.html",
            people=platform.people.values(),
            service_role=service_role,
            launch_role=_launch_role,
            query=urlencode(options.fields()),
            names_told=platform.roster_names,
        )

    @blueprint.get("/return")
    def returned() -> str:
        # The sesskey in this address is not checked: the page changes nothing.
        return render_template(
            "return.html",
            message=request.args.get("lti_msg", ""),
            error=request.args.get("lti_errormsg", ""),
        )

    return blueprint


def _launch_role(person: Person) -> str:
    roles = roles_of(person)
    names = {LEARNER: "Learner", INSTRUCTOR: "Instructor"}
    return ", ".join(names.get(role, "Administrator") for role in dict.fromkeys(roles))
