"""An LMS's OpenID configuration: fetched within limits, checked before it is believed.

LTI Dynamic Registration 1.0 §3.5. Whoever holds an invite chooses the address, so
nothing in the document counts until it has been looked at here.
"""

import json
from dataclasses import dataclass
from typing import Any

from lti.fetch import Exchange, FetchError
from lti.registration_errors import (
    AddressInsecure,
    ConfigurationInvalid,
    ConfigurationUnavailable,
    IssuerForeign,
    SigningUnsupported,
)
from store.lti_urls import origin, split_web_url

MAX_DOCUMENT = 256 * 1024
MAX_ISSUER = 255
ALGORITHM = "RS256"
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"


@dataclass(frozen=True, slots=True)
class PlatformConfiguration:
    """What an LMS says about itself. ``scopes`` is None if it does not list them.

    ``messages`` are the types of message that it says it can send.
    """

    issuer: str
    auth_url: str
    token_url: str
    jwks_url: str
    registration_url: str
    token_audience: str | None
    scopes: frozenset[str] | None
    product_family: str
    messages: frozenset[str]


def fetch_configuration(
    exchange: Exchange,
    url: str,
    *,
    allow_private: bool,
    issuer_host: str | None = None,
    bearer: str | None = None,
) -> PlatformConfiguration:
    """The configuration at ``url``, asked for with the registration token if there is one.

    All addresses have to be https and public unless ``allow_private``. The issuer has to
    be on the configuration's own host and port; ``issuer_host`` names the one other host
    that is let pass.

    Raises:
        AddressInsecure: an address is not https.
        ConfigurationUnavailable: no answer within the limits of ``lti.fetch`` and 256 KB.
        ConfigurationInvalid: no JSON object, or something required is missing.
        IssuerForeign: the issuer is on another host.
        SigningUnsupported: RS256 is not offered.
    """
    require_address(url, "openid_configuration", allow_private)
    try:
        answer = exchange(url, allow_private=allow_private, bearer=bearer, max_bytes=MAX_DOCUMENT)
    except FetchError as error:
        raise ConfigurationUnavailable(str(error)) from None
    if answer.status != 200:
        raise ConfigurationUnavailable(f"status {answer.status}")
    document = parse_object(answer.body)
    if document is None:
        raise ConfigurationInvalid("no JSON object")
    configuration = _read(document, allow_private)
    _require_own_issuer(configuration.issuer, url, issuer_host)
    return configuration


def parse_object(body: bytes) -> dict[str, Any] | None:
    """The JSON object that ``body`` is; None if it is anything else."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def require_address(url: str, name: str, allow_private: bool) -> str:
    """``url`` if it is https (or http where private networks are allowed).

    Raises:
        AddressInsecure: it is not; the detail is ``name``, since addresses may hold tokens.
    """
    parts = split_web_url(url)
    if parts is None or not (parts.scheme == "https" or allow_private):
        raise AddressInsecure(name)
    return url


def _read(document: dict[str, Any], allow_private: bool) -> PlatformConfiguration:
    def text(name: str) -> str:
        value = document.get(name)
        if not isinstance(value, str) or not value:
            raise ConfigurationInvalid(f"{name} is missing")
        return value

    def address(name: str) -> str:
        return require_address(text(name), name, allow_private)

    issuer = address("issuer")
    if len(issuer) > MAX_ISSUER:
        raise ConfigurationInvalid("issuer is too long")
    configuration = PlatformConfiguration(
        issuer=issuer,
        auth_url=address("authorization_endpoint"),
        token_url=address("token_endpoint"),
        jwks_url=address("jwks_uri"),
        registration_url=address("registration_endpoint"),
        token_audience=_audience(document.get("authorization_server")),
        scopes=_scopes(document.get("scopes_supported")),
        product_family=_product_family(document.get(PLATFORM)),
        messages=_messages(document.get(PLATFORM)),
    )
    _require_rs256(document, "id_token_signing_alg_values_supported", required=True)
    _require_rs256(document, "token_endpoint_auth_signing_alg_values_supported", required=False)
    return configuration


def _require_rs256(document: dict[str, Any], name: str, *, required: bool) -> None:
    offered = document.get(name)
    if offered is None and not required:
        return
    if not isinstance(offered, list) or ALGORITHM not in offered:
        raise SigningUnsupported(name)


def _require_own_issuer(issuer: str, url: str, issuer_host: str | None) -> None:
    if origin(issuer) == origin(url):
        return
    parts = split_web_url(issuer)
    if issuer_host is None or parts is None or parts.hostname != issuer_host.lower():
        raise IssuerForeign


def _audience(value: object) -> str | None:
    """What the assertion for an access token is addressed to, if not the token address."""
    return value if isinstance(value, str) and split_web_url(value) is not None else None


def _scopes(value: object) -> frozenset[str] | None:
    if not isinstance(value, list):
        return None
    return frozenset(scope for scope in value if isinstance(scope, str))


def _messages(value: object) -> frozenset[str]:
    listed = value.get("messages_supported") if isinstance(value, dict) else None
    types = [
        entry.get("type")
        for entry in (listed if isinstance(listed, list) else [])
        if isinstance(entry, dict)
    ]
    return frozenset(type_ for type_ in types if isinstance(type_, str))


def _product_family(value: object) -> str:
    family = value.get("product_family_code") if isinstance(value, dict) else None
    return family[:64] if isinstance(family, str) and family.isprintable() else ""
