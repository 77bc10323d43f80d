"""Dynamic registration as Moodle 4.5 does it: configuration, one-time token, answer.

Error texts are Moodle's. Registered tools are kept until the sandbox stops.
"""

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt

from sandbox.claims import AGS_SCOPES, SCOPE_NRPS
from sandbox.errors import RegistrationRefusedError, SettingError
from sandbox.keys import Keys
from sandbox.signing import sign
from sandbox.site import Site

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
TOKEN_LIFE = 3600
_REQUIRED = (
    "response_types",
    "initiate_login_uri",
    "redirect_uris",
    "client_name",
    "jwks_uri",
    "token_endpoint_auth_method",
    TOOL,
)


@dataclass(frozen=True)
class RegisteredSite(Site):
    """The same course with a tool that registered itself, and the addresses it gave."""

    name: str = ""
    login: str = ""
    redirect: str = ""
    target: str = ""
    jwks: str = ""

    @property
    def login_url(self) -> str:
        """As the tool gave it."""
        return self.login

    @property
    def redirect_uri(self) -> str:
        """The first of those that the tool gave."""
        return self.redirect

    @property
    def target_link_uri(self) -> str:
        """As the tool gave it."""
        return self.target

    @property
    def tool_jwks_url(self) -> str:
        """As the tool gave it."""
        return self.jwks


def openid_configuration(site: Site, scopes: tuple[str, ...]) -> dict[str, Any]:
    """What the platform says about itself."""
    return {
        "issuer": site.issuer,
        "token_endpoint": site.token_url,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": site.jwks_url,
        "authorization_endpoint": site.auth_url,
        "registration_endpoint": site.registration_url,
        "scopes_supported": [*scopes, "openid"],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
        PLATFORM: {
            "product_family_code": "moodle",
            "version": "4.5.6 (Build: 20250811)",
            "messages_supported": [
                {"type": "LtiResourceLinkRequest"},
                {"type": "LtiDeepLinkingRequest", "placements": ["ContentArea"]},
            ],
            "variables": ["Context.id", "Context.title", "ResourceLink.id", "User.id"],
        },
    }


class Registrations:
    """One-time tokens, and the tools that have registered with them."""

    def __init__(self, site: Site, keys: Keys, clock: Callable[[], float]) -> None:
        self._site = site
        self._keys = keys
        self._clock = clock
        self._tools: dict[str, RegisteredSite] = {}
        self._lock = threading.Lock()

    @property
    def tools(self) -> list[RegisteredSite]:
        """The registered tools, the oldest first."""
        with self._lock:
            return list(self._tools.values())

    def issue_token(self) -> str:
        """A registration token, valid once and for one hour; ``sub`` is the client id to be."""
        now = int(self._clock())
        claims = {"sub": secrets.token_hex(8), "scope": "reg", "iat": now, "exp": now + TOKEN_LIFE}
        return sign(claims, self._keys.current)

    def register(self, token: str, sent: Any) -> dict[str, Any]:
        """Register a tool; the answer to it.

        Raises:
            RegistrationRefusedError: with Moodle's status and text.
        """
        client_id = self._client_of(token)
        with self._lock:
            if client_id in self._tools:
                raise RegistrationRefusedError(401, "token_already_used")
            deployment = str(int(self._site.deployment_id) + len(self._tools) + 1)
            tool = self._read(sent, client_id, deployment)
            self._tools[client_id] = tool
        return _answer(tool, sent)

    def _client_of(self, token: str) -> str:
        if not token:
            raise RegistrationRefusedError(401, "missing_registration_token")
        try:
            kid = jwt.get_unverified_header(token).get("kid")
            keys = jwt.PyJWKSet.from_dict(self._keys.jwks()).keys
            key = next(key for key in keys if key.key_id == kid)
            # The time is checked below, against the injected clock.
            claims = jwt.decode(token, key, algorithms=["RS256"], options={"verify_exp": False,
                                "verify_iat": False})  # fmt: skip
        except (jwt.PyJWTError, StopIteration):
            raise RegistrationRefusedError(404, "invalid_token") from None
        if claims["exp"] <= self._clock():
            raise RegistrationRefusedError(404, "expired_token")
        if claims["scope"] != "reg":
            raise RegistrationRefusedError(401, "incorrect_scope")
        return str(claims["sub"])

    def _read(self, sent: Any, client_id: str, deployment_id: str) -> RegisteredSite:
        if not isinstance(sent, Mapping):
            raise RegistrationRefusedError(400, "missing required attribute response_types")
        for name in _REQUIRED:
            if not sent.get(name):
                raise RegistrationRefusedError(400, f"missing required attribute {name}")
        tool = sent[TOOL]
        if not tool.get("domain"):
            raise RegistrationRefusedError(400, "missing_domain")
        target = tool.get("target_link_uri") or f"https://{tool['domain']}"
        parts = urlsplit(target)
        if tool["domain"] != parts.netloc:
            raise RegistrationRefusedError(400, "domain_targetlinkuri_mismatch")
        if "id_token" not in sent["response_types"]:
            raise RegistrationRefusedError(400, "invalid_response_types")
        if not isinstance(sent["redirect_uris"], list):
            raise RegistrationRefusedError(400, "invalid_redirect_uris")
        if sent["token_endpoint_auth_method"] != "private_key_jwt":
            raise RegistrationRefusedError(400, "invalid_token_endpoint_auth_method")
        if sent.get("application_type", "web") != "web":
            raise RegistrationRefusedError(400, "invalid_application_type")
        try:
            return RegisteredSite(
                issuer=self._site.issuer,
                tool_url=f"{parts.scheme}://{parts.netloc}",
                client_id=client_id,
                deployment_id=deployment_id,
                name=str(sent["client_name"]),
                login=str(sent["initiate_login_uri"]),
                redirect=str(sent["redirect_uris"][0]),
                target=target,
                jwks=str(sent["jwks_uri"]),
            )
        except SettingError:
            raise RegistrationRefusedError(400, "domain_targetlinkuri_mismatch") from None


def _answer(tool: RegisteredSite, sent: Mapping[str, Any]) -> dict[str, Any]:
    asked = str(sent.get("scope", "")).split()
    # Moodle lists all of these once any was asked for, granted or not.
    scopes = [*AGS_SCOPES] if set(asked) & set(AGS_SCOPES) else []
    scopes += [SCOPE_NRPS] if SCOPE_NRPS in asked else []
    return {
        "client_id": tool.client_id,
        "token_endpoint_auth_method": "private_key_jwt",
        "response_types": ["id_token"],
        "jwks_uri": tool.jwks,
        "initiate_login_uri": tool.login,
        "grant_types": ["client_credentials", "implicit"],
        "redirect_uris": list(sent["redirect_uris"]),
        "application_type": "web",
        "client_name": tool.name,
        "scope": " ".join(scopes),
        TOOL: {
            "version": "1.3.0",
            "deployment_id": tool.deployment_id,
            "domain": sent[TOOL]["domain"],
            "target_link_uri": tool.target,
            "messages": sent[TOOL].get("messages", []),
            "claims": sent[TOOL].get("claims", []),
        },
    }
