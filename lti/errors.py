"""Everything that can be wrong with a login, a launch or a session.

Each error has a short code for support, an HTTP status and a message in plain words.
The ``detail`` goes to the log only: no names, no identifiers of people, no tokens.
"""

from typing import ClassVar

from store.models.lti import Registration

AGAIN = "Please go back to your course and open the activity again."


class LtiError(Exception):
    """A step that is refused. ``verified`` is set once the LMS's signature has been checked."""

    code: ClassVar[str] = "lti"
    status: ClassVar[int] = 400
    message: ClassVar[str] = "Grey Area could not be opened from your course."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.code)
        self.detail = detail
        self.verified = False
        # Where the LMS wants the person back; set only together with ``verified``.
        self.return_url: str | None = None
        self.registration: Registration | None = None


class LoginInvalid(LtiError):
    """The login request lacks or contradicts something."""

    code = "login_invalid"
    message = f"The request from your learning platform is incomplete. {AGAIN}"


class RegistrationUnknown(LtiError):
    """No such login address, or another issuer or client than it was made for."""

    code = "registration_unknown"
    message = (
        "This address does not belong to a learning platform that is registered here. The "
        "administrator of your platform can check the login address of the tool."
    )


class RegistrationInactive(LtiError):
    """The registration is not approved yet, or switched off."""

    code = "registration_inactive"
    status = 403
    message = (
        "The connection with your learning platform is not switched on: it awaits approval by "
        "your institution’s lead or the operator of Grey Area, or has been ended."
    )


class AttemptUnknown(LtiError):
    """The second step of a login that never began, is over or took too long."""

    code = "login_expired"
    message = f"Opening the activity took too long or was done already. {AGAIN}"


class CookiesBlocked(LtiError):
    """Even a window of its own keeps no cookie."""

    code = "cookies_blocked"
    message = (
        "Your browser keeps no cookies for this site at all, so we cannot tell that it was you "
        "who opened the activity. Please allow cookies for this site, or use another browser, "
        "and open the activity from your course again."
    )


class PlatformRefused(LtiError):
    """The LMS answered the login with an error in place of an id_token."""

    code = "platform_refused"
    message = f"Your learning platform did not confirm that you are signed in there. {AGAIN}"


class TokenMissing(LtiError):
    """A launch without id_token or state."""

    code = "token_missing"
    message = f"The message from your learning platform did not arrive whole. {AGAIN}"


class StateUnknown(LtiError):
    """The state was not given out here."""

    code = "state_unknown"
    message = f"We do not know this attempt to open the activity. {AGAIN}"


class StateExpired(LtiError):
    """The state is more than ten minutes old."""

    code = "state_expired"
    message = f"Opening the activity took too long. {AGAIN}"


class StateUsed(LtiError):
    """The state has been used: a reload, a second click or a replay."""

    code = "state_used"
    message = f"This attempt was used already; reloading the page has that effect. {AGAIN}"


class NonceMismatch(LtiError):
    """The nonce is not the one sent with this state."""

    code = "nonce_mismatch"
    message = StateUnknown.message


class TokenTooLarge(LtiError):
    """More than 64 KB."""

    code = "token_too_large"
    status = 413
    message = "The message from your learning platform is too large to be a genuine one."


class TokenMalformed(LtiError):
    """Not a signed JWT whose payload is one JSON object."""

    code = "token_malformed"
    message = "The message from your learning platform cannot be read."


class AlgorithmRefused(LtiError):
    """Another algorithm than RS256, no key id, or a critical header we do not know."""

    code = "token_header"
    message = "The message from your learning platform is not signed in the way LTI asks for."


class KeyUnknown(LtiError):
    """The platform's key set has no usable key of that id."""

    code = "key_unknown"
    message = (
        "The signature of your learning platform cannot be checked. If the platform has just "
        "changed its keys, please open the activity again in a minute."
    )


class KeysUnavailable(LtiError):
    """The platform's key set could not be fetched."""

    code = "keys_unavailable"
    status = 503
    message = f"Your learning platform's keys cannot be reached at the moment. {AGAIN}"


class SignatureInvalid(LtiError):
    """The signature does not match the key."""

    code = "signature_invalid"
    message = "The signature of your learning platform does not match."


class IssuerMismatch(LtiError):
    """Signed with the platform's key but in another issuer's name."""

    code = "issuer_mismatch"
    message = "The message comes from another learning platform than the one you started from."


class AudienceMismatch(LtiError):
    """Meant for another client, or for others as well."""

    code = "audience_mismatch"
    message = "The message from your learning platform is meant for another tool."


class TokenTime(LtiError):
    """Expired, from the future, too old or valid for too long."""

    code = "token_time"
    message = (
        "The message from your learning platform is out of date. Please open the activity "
        "again. If this happens again, one of the two servers' clocks is wrong."
    )


class ClaimsInvalid(LtiError):
    """A claim is missing or has the wrong type or length."""

    code = "claims_invalid"
    message = (
        "The message from your learning platform lacks something that LTI 1.3 requires. The "
        "administrator of your platform can help."
    )


class VersionUnsupported(LtiError):
    """Not LTI 1.3.0."""

    code = "version_unsupported"
    message = "Your learning platform speaks another version of LTI than 1.3."


class MessageUnsupported(LtiError):
    """A message type that this tool does not take."""

    code = "message_unsupported"
    message = "Your learning platform asks for something that Grey Area does not offer."


class AnonymousLaunch(LtiError):
    """A launch without sub."""

    code = "anonymous_launch"
    status = 403
    message = (
        "Your learning platform opened the activity without saying, even under a code, who you "
        "are. Grey Area needs that code (not your name) so that you can come back to your own "
        "answers, see them and delete them. Nothing has been stored. Please sign in to your "
        "course and open the activity again."
    )


class DeploymentPending(LtiError):
    """A deployment that nobody has approved."""

    code = "deployment_pending"
    status = 403
    message = (
        "Grey Area has been added to your learning platform and now awaits approval. Your "
        "institution’s lead or the operator of Grey Area can give it; please try again later."
    )


class DeploymentMismatch(LtiError):
    """Login and launch name different deployments."""

    code = "deployment_mismatch"
    message = "The two halves of the request from your learning platform do not fit together."


class TargetForeign(LtiError):
    """The target link is not on our host."""

    code = "target_foreign"
    message = (
        "The link in your course points to another address than this tool's. The person who "
        "set it up can correct it."
    )


class RoleRefused(LtiError):
    """The institution lets in known roles only."""

    code = "role_refused"
    status = 403
    message = "Your institution has not opened Grey Area for your role in this course."


class BindingMissing(LtiError):
    """Nothing shows that this browser began the login."""

    code = "browser_unbound"
    status = 403
    message = (
        "We cannot tell that this browser is the one in which the activity was opened, most "
        "often because it blocks cookies inside other pages. Please go back to your course, "
        "open the activity again and choose the new tab if it is offered."
    )


class TicketInvalid(LtiError):
    """The confirmation came too late or twice."""

    code = "ticket_invalid"
    message = StateExpired.message


class WrongMethod(LtiError):
    """The launch address was opened like a page."""

    code = "wrong_method"
    status = 405
    message = f"This address is for your learning platform only. {AGAIN}"


class SessionInvalid(LtiError):
    """No live session has this token."""

    code = "session_ended"
    status = 401
    message = f"Your session has ended. {AGAIN}"
