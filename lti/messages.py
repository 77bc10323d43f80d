"""The three messages that open the tool, and what each of them must hold.

An activity is opened (LTI Core 1.3), activities are chosen (Deep Linking 2.0), or one
person's work is to be reviewed (the submission review message of AGS 2.0).
"""

from typing import Any

from lti.claims import (
    DEEP_LINKING,
    FOR_USER,
    LTI_VERSION,
    MESSAGE_TYPE,
    RESOURCE_LINK,
    VERSION,
    LaunchClaims,
    read_claims,
)
from lti.deep_link_settings import check_settings
from lti.embedding import frame_ancestors
from lti.errors import (
    AnonymousLaunch,
    ClaimsInvalid,
    DeploymentMismatch,
    MessageUnsupported,
    TargetForeign,
    VersionUnsupported,
)
from lti.message_errors import ChoiceError, ChoiceRefused, ReviewRefused
from lti.roles import Role
from store.lti_urls import origin
from store.models.lti import LaunchAttempt

RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"
DEEP_LINKING_REQUEST = "LtiDeepLinkingRequest"
SUBMISSION_REVIEW_REQUEST = "LtiSubmissionReviewRequest"

LAUNCH = "launch"
DEEP_LINK = "deep_link"
REVIEW = "review"
KINDS = {
    RESOURCE_LINK_REQUEST: LAUNCH,
    DEEP_LINKING_REQUEST: DEEP_LINK,
    SUBMISSION_REVIEW_REQUEST: REVIEW,
}
# Claims that are read in some kinds of message only; elsewhere they may be anything.
_PARTICULAR = {
    LAUNCH: {RESOURCE_LINK},
    DEEP_LINK: {DEEP_LINKING},
    REVIEW: {RESOURCE_LINK, FOR_USER},
}
_ALL_PARTICULAR = {RESOURCE_LINK, DEEP_LINKING, FOR_USER}


def read_message(payload: dict[str, Any], attempt: LaunchAttempt, public_url: str) -> LaunchClaims:
    """The claims of a verified payload, fit for its kind of message and for this attempt.

    Raises:
        LtiError: one of its kinds.
    """
    if payload.get(VERSION) != LTI_VERSION:
        raise VersionUnsupported
    message_type = payload.get(MESSAGE_TYPE)
    kind = KINDS.get(message_type) if isinstance(message_type, str) else None
    if kind is None:
        raise MessageUnsupported
    if payload.get("sub") in (None, ""):
        raise AnonymousLaunch
    left_out = _ALL_PARTICULAR - _PARTICULAR[kind]
    claims = read_claims({name: value for name, value in payload.items() if name not in left_out})
    if attempt.lti_deployment_id not in (None, claims.deployment_id):
        raise DeploymentMismatch
    # It selects a view at most: the browser is never sent to it.
    if origin(claims.target_link_uri) != origin(public_url):
        raise TargetForeign
    if kind == LAUNCH and claims.resource_link is None:
        raise ClaimsInvalid("resource_link: missing")
    if kind == DEEP_LINK:
        if claims.deep_linking is None:
            raise ClaimsInvalid("deep_linking_settings: missing")
        try:
            check_settings(claims.deep_linking, frame_ancestors(attempt.registration))
        except ChoiceError as error:
            error.claims = claims
            raise
    if kind == REVIEW and (claims.for_user is None or claims.ags is None):
        raise ClaimsInvalid("for_user or endpoint: missing")
    return claims


def session_kind(claims: LaunchClaims, role: Role) -> str:
    """What the session is for, for a person in this role.

    Somebody without a view of the class who opens a review of themselves has opened their own
    activity: the session is of the ordinary kind.

    Raises:
        ChoiceRefused: the role may not choose activities.
        ReviewRefused: the role may not look at other people's completion.
    """
    kind = KINDS[claims.message_type]
    if kind == DEEP_LINK and not role.can_choose_packs():
        refused = ChoiceRefused()
        refused.claims = claims
        raise refused
    if kind == REVIEW and not role.can_see_aggregates():
        if claims.for_user is None or claims.for_user.user_id != claims.sub:
            raise ReviewRefused
        return LAUNCH
    return kind
