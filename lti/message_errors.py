"""What can be wrong with a choice of activities (deep linking) or a submission review."""

from typing import TYPE_CHECKING, ClassVar

from lti.errors import AGAIN, LtiError

if TYPE_CHECKING:
    from lti.claims import LaunchClaims


class ChoiceError(LtiError):
    """Activities cannot be chosen, or what was chosen cannot be sent back."""

    code = "deep_link"
    message: ClassVar[str] = "Activities cannot be chosen here."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        # Of a message refused at the launch: where the LMS waits for an answer.
        self.claims: LaunchClaims | None = None


class DeepLinkIncomplete(ChoiceError):
    """The settings lack something that Deep Linking 2.0 requires."""

    code = "deep_link_incomplete"
    message = (
        "The message from your learning platform does not say what it takes back, or where to. "
        "The administrator of your platform can help."
    )


class DeepLinkReturnRefused(ChoiceError):
    """The return address is not https, or not on a host of the LMS."""

    code = "deep_link_return"
    message = (
        "Your learning platform asks to have the choice sent to an address that does not belong "
        "to it. The administrator of your platform and the operator of Grey Area can help."
    )


class ActivitiesRefused(ChoiceError):
    """The LMS takes links, files or the like, but no activities."""

    code = "deep_link_types"
    message = (
        "This place in your course does not take activities, and an activity is all that Grey "
        "Area can add. Please go back to your course and add Grey Area as an activity there."
    )


class ChoiceRefused(ChoiceError):
    """The person's role may not choose activities."""

    code = "deep_link_role"
    status = 403
    message = "Only those who teach or design this course can choose what its activities hold."


class OneActivityOnly(ChoiceError):
    """Several activities for an LMS that takes one."""

    code = "deep_link_one_only"
    message = "Your learning platform takes one activity at a time. Please choose one."


class ChoiceSent(ChoiceError):
    """The choice has been sent back already: a reload, a second click or a replay."""

    code = "deep_link_sent"
    status = 409
    message = (
        "This choice has been sent to your course already; each can be sent once. To add more "
        "activities, please start again from your course."
    )


class ReviewRefused(LtiError):
    """A submission review by somebody who is neither that person nor their teacher."""

    code = "review_role"
    status = 403
    message = f"What other people in the course have done is not shown to you. {AGAIN}"
