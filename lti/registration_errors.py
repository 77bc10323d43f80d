"""Everything that can go wrong when an LMS registers itself (LTI Dynamic Registration 1.0).

What these pages say is for the administrator of the LMS.
"""

from typing import ClassVar

from lti.errors import LtiError

ANEW = "Please start the registration in your learning platform again."
NEW_INVITE = (
    "If this happens again, ask the operator of Grey Area to set the connection up by hand."
)


class DynamicRegistrationError(LtiError):
    """The LMS was not registered; nothing was stored."""

    code = "registration"
    message: ClassVar[str] = f"Your learning platform could not be registered. {ANEW}"


class InviteInvalid(DynamicRegistrationError):
    """The invite is unknown, used or expired; which of them is nobody's business."""

    code = "invite_invalid"
    status = 403
    message = (
        "This registration address does not exist, has been used already, or is more than two "
        "days old. Each works once. Your institution’s lead, or the operator of Grey Area, can "
        "make a new one."
    )


class RegistrationRequestInvalid(DynamicRegistrationError):
    """No usable configuration address or token came along."""

    code = "registration_request"
    message = (
        "This address is for your learning platform: please paste it there, where a tool is "
        "added by its registration address. It has not been used up by opening it."
    )


class ConfigurationUnavailable(DynamicRegistrationError):
    """The platform's configuration could not be fetched within the limits."""

    code = "configuration_unavailable"
    status = 502
    message = (
        "The configuration of your learning platform could not be fetched. It has to answer "
        "at once, without sending us elsewhere, at an address that is open to the internet. "
        f"{NEW_INVITE}"
    )


class ConfigurationInvalid(DynamicRegistrationError):
    """The configuration is no JSON object, or lacks what is required."""

    code = "configuration_invalid"
    message = (
        "The configuration of your learning platform lacks something that LTI Dynamic "
        f"Registration requires, or cannot be read. {NEW_INVITE}"
    )


class IssuerForeign(DynamicRegistrationError):
    """The configuration names an issuer on another host than its own."""

    code = "issuer_foreign"
    message = (
        "The configuration of your learning platform speaks in the name of another host than "
        f"the one it lies on. {NEW_INVITE}"
    )


class AddressInsecure(DynamicRegistrationError):
    """An address is not https, or no address at all."""

    code = "address_insecure"
    message = (
        "Your learning platform names an address that is not secure: all of them have to begin "
        "with https."
    )


class SigningUnsupported(DynamicRegistrationError):
    """RS256, which LTI 1.3 requires, is not offered."""

    code = "rs256_missing"
    message = "Your learning platform does not offer the signatures that LTI 1.3 requires (RS256)."


class RegistrationUnanswered(DynamicRegistrationError):
    """The registration was sent, and no answer came within the limits."""

    code = "registration_unanswered"
    status = 502
    message = f"Your learning platform did not answer the registration. {ANEW}"


class RegistrationRefused(DynamicRegistrationError):
    """The LMS answered with an error; ``said`` is its reason, as far as it may be shown."""

    code = "registration_refused"
    status = 502
    message = f"Your learning platform refused the registration. {ANEW}"

    def __init__(self, detail: str = "", said: str = "") -> None:
        super().__init__(detail)
        self.said = said


class AnswerInvalid(DynamicRegistrationError):
    """The LMS's answer names no usable client id."""

    code = "registration_answer"
    status = 502
    message = (
        "Your learning platform took the registration, but its answer cannot be used. Please "
        f"remove the tool there before you start again. {NEW_INVITE}"
    )


class RegistrationTaken(DynamicRegistrationError):
    """This issuer and client id belong to another institution, or to several."""

    code = "registration_taken"
    status = 409
    message = (
        "This learning platform and client id are registered already, for another institution or "
        "for several. Nothing was changed. Please remove the new tool from your platform, and "
        "ask the operator of Grey Area."
    )
