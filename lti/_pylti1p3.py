"""The only door to the PyLTI1p3 library.

Used of it here: the parameters of the OpenID request, the validation of the message, the
form of a score and the payload of a deep-linking answer. Its service connector is not
used: it knows no time-out, keeps its tokens by object without their end, and lower-cases the
address of the next page.
Every object is made for one request. The library keeps a map of issuers on a class, which
two registrations would share; overriding its two questions leaves that map unused.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from pylti1p3.cookie import CookieService
from pylti1p3.deep_link import DeepLink
from pylti1p3.deep_link_resource import DeepLinkResource
from pylti1p3.deployment import Deployment as LibraryDeployment
from pylti1p3.exception import LtiException
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem
from pylti1p3.message_launch import MessageLaunch
from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.redirect import Redirect
from pylti1p3.registration import Registration as LibraryRegistration
from pylti1p3.request import Request
from pylti1p3.session import SessionService
from pylti1p3.tool_config.abstract import ToolConfAbstract

from lti.errors import ClaimsInvalid
from store.lti_urls import add_query
from store.models.lti import Registration

STATE_PREFIX = "state-"


def authentication_url(
    registration: Registration,
    *,
    launch_url: str,
    state: str,
    nonce: str,
    login_hint: str,
    message_hint: str | None,
) -> str:
    """Where to send the browser so that the LMS signs the person in.

    ``state`` begins with ``STATE_PREFIX``. A ``message_hint`` of "" is echoed (the library
    drops it); None means that the LMS sent none.
    """
    parameters = {
        "iss": registration.issuer,
        "client_id": registration.client_id,
        "login_hint": login_hint,
        "lti_message_hint": message_hint or "",
    }
    request = _Parameters(parameters)
    login = _Login(
        request,
        _OneRegistration(registration, None),
        _NoSession(request),
        _NoCookies(),
    )
    login.state, login.nonce = state, nonce
    url: str = login.get_redirect_object(launch_url).get_redirect_url()
    # The library joins with "?" even where the address has a query; so only its parameters
    # are taken over.
    query = dict(parse_qsl(url[len(registration.auth_url) + 1 :], keep_blank_values=True))
    if message_hint is not None:
        query["lti_message_hint"] = message_hint
    return add_query(registration.auth_url, query)


def validate_message(
    registration: Registration,
    deployment_id: str,
    *,
    id_token: str,
    key: dict[str, Any],
) -> None:
    """The library's own reading of a token that our checks have passed, with the key given.

    Times are not checked a second time: the library knows no leeway.

    Raises:
        ClaimsInvalid: the library refuses what we accept.
    """
    request = _Parameters({"id_token": id_token})
    launch = _Launch(
        request,
        _OneRegistration(registration, deployment_id, key),
        session_service=_NoSession(request),
        cookie_service=_NoCookies(),
    )
    launch.set_auto_validation(False)
    launch.set_jwt_verify_options(
        {"verify_aud": False, "verify_exp": False, "verify_iat": False, "verify_nbf": False}
    )
    try:
        launch.validate_jwt_format().validate_registration().validate_jwt_signature()
        launch.validate_deployment().validate_message()
    except LtiException as error:
        raise ClaimsInvalid(str(error)) from None


def score_body(user_id: str, timestamp: str, payload: Mapping[str, Any]) -> bytes:
    """A score (AGS 2.0 §3.4) as JSON; ``payload`` has its four fixed members."""
    grade = Grade().set_user_id(user_id).set_timestamp(timestamp)
    grade.set_score_given(payload["scoreGiven"]).set_score_maximum(payload["scoreMaximum"])
    grade.set_activity_progress(payload["activityProgress"])
    grade.set_grading_progress(payload["gradingProgress"])
    return str(grade.get_value()).encode()


def deep_linking_message(
    registration: Registration, deployment_id: str, items: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """The claims of a deep-linking answer as the library makes them, times and nonce too.

    An item has ``title``, ``text``, ``url``, ``custom`` and perhaps ``line_item``.
    """
    library = _OneRegistration(registration, deployment_id)
    found = library.find_registration_by_params(registration.issuer, registration.client_id)
    resources = []
    for item in items:
        resource = _Activity(item["text"]).set_title(item["title"]).set_url(item["url"])
        resource.set_custom_params(item["custom"])
        if "line_item" in item:
            resource.set_lineitem(LineItem(item["line_item"]))
        resources.append(resource)
    return dict(DeepLink(found, deployment_id, {}).get_message_jwt(resources))


class _Activity(DeepLinkResource):
    """A resource link with a description, which the library leaves out."""

    def __init__(self, text: str) -> None:
        self._text = text

    def to_dict(self) -> dict[str, object]:
        return {**super().to_dict(), "text": self._text}


class _Parameters(Request):
    """The parameters of a request, given as a mapping."""

    def __init__(self, parameters: Mapping[str, str]) -> None:
        self._parameters = parameters

    @property
    def session(self) -> dict[str, Any]:
        return {}

    def is_secure(self) -> bool:
        return True

    def get_param(self, key: str) -> str:
        return self._parameters.get(key, "")


class _NoCookies(CookieService):
    """The library's cookies are not sent: ours is bound and partitioned."""

    def get_cookie(self, name: str) -> str | None:
        return None

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        pass


class _NoSession(SessionService):
    """The library's nonce store is not used: state and nonce are a row of ours."""

    def save_nonce(self, nonce: str) -> None:
        pass


class _OneRegistration(ToolConfAbstract[_Parameters]):
    """A tool configuration of one registration and one deployment."""

    def __init__(
        self,
        registration: Registration,
        deployment_id: str | None,
        key: dict[str, Any] | None = None,
    ) -> None:
        self._row = registration
        self._deployment_id = deployment_id
        self._key = key

    def check_iss_has_one_client(self, iss: str) -> bool:
        return False

    def check_iss_has_many_clients(self, iss: str) -> bool:
        return True

    def find_registration_by_issuer(
        self, iss: str, *args: object, **kwargs: object
    ) -> LibraryRegistration:
        raise LtiException("a registration is found by issuer and client id")

    def find_registration_by_params(
        self, iss: str, client_id: str, *args: object, **kwargs: object
    ) -> LibraryRegistration:
        row = self._row
        if (iss, client_id) != (row.issuer, row.client_id):
            raise LtiException("another registration")
        found = LibraryRegistration()
        found.set_issuer(row.issuer).set_client_id(row.client_id)
        found.set_auth_login_url(row.auth_url).set_auth_token_url(row.token_url)
        found.set_key_set_url(row.jwks_url)
        if self._key is not None:
            key_set: Any = {"keys": [self._key]}
            found.set_key_set(key_set)
        return found

    def find_deployment(self, iss: str, deployment_id: str) -> LibraryDeployment | None:
        return None

    def find_deployment_by_params(
        self, iss: str, deployment_id: str, client_id: str, *args: object, **kwargs: object
    ) -> LibraryDeployment | None:
        if deployment_id != self._deployment_id:
            return None
        return LibraryDeployment().set_deployment_id(deployment_id)


class _Address(Redirect[str]):
    def __init__(self, url: str) -> None:
        self._url = url

    def do_redirect(self) -> str:
        return self._url

    def do_js_redirect(self) -> str:
        return self._url

    def set_redirect_url(self, location: str) -> None:
        self._url = location

    def get_redirect_url(self) -> str:
        return self._url


class _Login(OIDCLogin[_Parameters, _OneRegistration, _NoSession, _NoCookies, str]):
    state: str
    nonce: str

    def get_redirect(self, url: str) -> Redirect[str]:
        return _Address(url)

    def _get_uuid(self) -> str:
        return self.state.removeprefix(STATE_PREFIX)

    def _generate_nonce(self) -> str:
        return self.nonce


class _Launch(MessageLaunch[_Parameters, _OneRegistration, _NoSession, _NoCookies]):
    def _get_request_param(self, key: str) -> str:
        return self._request.get_param(key)
