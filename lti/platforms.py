"""What one LMS wants otherwise than the others: the only place that tells them apart.

They are told apart by the product family that the LMS names itself, in its registration
or in its launches.
"""

from typing import Any

from store.models.lti import Registration

CANVAS = "canvas"


def score_extensions(registration: Registration) -> dict[str, Any]:
    """Members to add to a score.

    To Canvas a score is a new attempt of the learner unless it is told otherwise
    (https://developerdocs.instructure.com/services/canvas/resources/score).
    """
    if registration.product_family.lower() == CANVAS:
        return {"https://canvas.instructure.com/lti/submission": {"new_submission": False}}
    return {}
