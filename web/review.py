"""A submission review: whether somebody has come to an end, and nothing of what they said."""

from flask import make_response, render_template
from werkzeug.wrappers import Response

from lti.session import LaunchResult
from store import completion
from web.person import allow
from web.services import services


def show(launch: LaunchResult) -> Response:
    """What a teacher is told of one learner in one activity."""
    allow(launch)
    with services().database.read() as session:
        ended = completion.has_ended(session, launch.resource_link, launch.review_user)
    return make_response(render_template("review.html", launch=launch, ended=ended))
