"""The OIDC authentication request, checked in the order in which Moodle checks it."""

from collections.abc import Mapping

from sandbox.errors import InvalidRequestError
from sandbox.platform import Platform

_REQUIRED = ("scope", "response_type", "client_id", "redirect_uri", "login_hint", "nonce")


def authenticate(platform: Platform, request: Mapping[str, str]) -> dict[str, str]:
    """The fields to post to the tool: ``id_token``, or ``error``; and ``state`` if sent.

    The hint is used up by the first request that is complete, whatever comes of it.

    Raises:
        InvalidRequestError: nothing may be posted anywhere, since the request is
            incomplete, its hint unknown or used, or its redirect_uri not registered.
    """
    fields = _decide(platform, request)
    if request.get("state"):
        fields["state"] = request["state"]
    return fields


def _decide(platform: Platform, request: Mapping[str, str]) -> dict[str, str]:
    for name in _REQUIRED:
        if not request.get(name):
            raise InvalidRequestError(f"{name} is missing")
    if request["scope"] != "openid":
        raise InvalidRequestError("scope is not openid")
    if request["response_type"] != "id_token":
        raise InvalidRequestError("response_type is not id_token")
    launch = platform.hints.consume(request.get("lti_message_hint", ""))
    if launch is None:
        raise InvalidRequestError("this launch is unknown, or was used before")
    if request["redirect_uri"] != launch.site.redirect_uri:
        raise InvalidRequestError("redirect_uri is not the registered one")
    if request["client_id"] != launch.site.client_id:
        return {"error": "unauthorized_client"}
    if request["login_hint"] != launch.person.sub:
        return {"error": "access_denied"}
    if request.get("response_mode") != "form_post":
        return {"error": "invalid_request", "error_description": "Invalid response_mode"}
    if request.get("prompt", "none") not in {"", "none"}:
        return {"error": "invalid_request", "error_description": "Invalid prompt"}
    return {"id_token": platform.id_token(launch, request["nonce"])}
