"""The claims of an id_token that Grey Area reads, with their types and lengths.

Names: https://www.imsglobal.org/spec/lti/v1p3/ §5.3 and 5.4. What is not listed here (names,
e-mail addresses, sourced ids) is never looked at and never leaves the token.
"""

import re
import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from lti.errors import ClaimsInvalid
from store.lti_urls import MAX_URL, is_secure_url, split_web_url

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
MESSAGE_TYPE = LTI + "message_type"
VERSION = LTI + "version"
DEPLOYMENT_ID = LTI + "deployment_id"
TARGET_LINK_URI = LTI + "target_link_uri"
RESOURCE_LINK = LTI + "resource_link"
ROLES = LTI + "roles"
CONTEXT = LTI + "context"
CUSTOM = LTI + "custom"
LAUNCH_PRESENTATION = LTI + "launch_presentation"
FOR_USER = LTI + "for_user"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
AGS_ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS_SERVICE = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"

LTI_VERSION = "1.3.0"
MAX_ID = 255
MAX_CUSTOM_VALUE = 4096

_UNRESOLVED = re.compile(r"\$[A-Z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)+")
_LOCALE = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8})*")


def _clean(text: str, limit: int) -> str:
    """Without control characters and lone surrogates, which no database takes."""
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs"))[:limit]


def _identifier(value: str) -> str:
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        raise ValueError("control character")
    return value


def _label(value: object) -> object:
    return _clean(value, MAX_ID) if isinstance(value, str) else value


def _name(value: object) -> object:
    return _clean(value, 1024) if isinstance(value, str) else value


def _service_url(value: str | None) -> str | None:
    # Moodle sends "" for an activity without a column of its own: the same as none.
    return value if value and split_web_url(value) is not None else None


def _return_url(value: str | None) -> str | None:
    return value if value and is_secure_url(value) else None


def _flag(value: object) -> object:
    # Some platforms write truth values as words.
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _locale(value: str | None) -> str | None:
    if value is None or len(value) > 35 or not _LOCALE.fullmatch(value):
        return None
    return value.replace("_", "-")


def _custom(value: object) -> object:
    """Strings only; null, nested and unresolved (``$Name.part``) values are left out."""
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, raw in value.items():
        if isinstance(raw, bool):
            raw = "true" if raw else "false"
        elif isinstance(raw, int | float):
            # Digits only up to a size: Python refuses to print a very long integer.
            raw = str(raw) if abs(raw) < 10**18 else ""
        if not isinstance(raw, str) or len(raw) > MAX_CUSTOM_VALUE:
            continue
        if not _UNRESOLVED.fullmatch(raw):
            kept[_clean(str(name), MAX_ID)] = _clean(raw, MAX_CUSTOM_VALUE)
    return kept


Identifier = Annotated[str, Field(min_length=1, max_length=MAX_ID), AfterValidator(_identifier)]
Label = Annotated[str | None, BeforeValidator(_label)]
Name = Annotated[str, BeforeValidator(_name)]
ServiceUrl = Annotated[str | None, AfterValidator(_service_url)]
Flag = Annotated[bool | None, BeforeValidator(_flag)]


class _Claim(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class ResourceLinkClaim(_Claim):
    """The activity."""

    id: Identifier
    title: Label = None


class ContextClaim(_Claim):
    """The course."""

    id: Identifier
    title: Label = None
    label: Label = None


class PresentationClaim(_Claim):
    """Language and way back; an unusable value of either is dropped."""

    locale: Annotated[str | None, AfterValidator(_locale)] = None
    return_url: Annotated[str | None, AfterValidator(_return_url)] = None


class AgsClaim(_Claim):
    """Assignment and Grade Services; addresses that are no web addresses are dropped."""

    scope: list[Name] = Field(default_factory=list, max_length=50)
    lineitem: ServiceUrl = None
    lineitems: ServiceUrl = None


class NrpsClaim(_Claim):
    """Names and Role Provisioning Services."""

    context_memberships_url: ServiceUrl = None


class ForUserClaim(_Claim):
    """Whose work is to be reviewed: the id alone, whatever else the LMS tells of them."""

    user_id: Identifier


class DeepLinkingClaim(_Claim):
    """What the LMS takes back from a choice of activities; ``lti.deep_link_settings`` judges it."""

    deep_link_return_url: Annotated[str | None, Field(max_length=MAX_URL)] = None
    accept_types: list[Name] = Field(default_factory=list, max_length=50)
    accept_presentation_document_targets: list[Name] = Field(default_factory=list, max_length=50)
    accept_multiple: Flag = None
    accept_lineitem: Flag = None
    data: str | None = None
    title: Label = None
    text: Label = None


def _claim_name(field: str) -> str:
    return {
        "deployment_id": DEPLOYMENT_ID,
        "target_link_uri": TARGET_LINK_URI,
        "roles": ROLES,
        "resource_link": RESOURCE_LINK,
        "context": CONTEXT,
        "custom": CUSTOM,
        "presentation": LAUNCH_PRESENTATION,
        "ags": AGS_ENDPOINT,
        "nrps": NRPS_SERVICE,
        "for_user": FOR_USER,
        "deep_linking": DEEP_LINKING,
        "message_type": MESSAGE_TYPE,
    }.get(field, field)


class LaunchClaims(_Claim):
    """A message that opens the tool, read strictly: wrong types and lengths are refused.

    Which of the claims that may be None have to be there is a matter of the kind of message
    (``lti.messages``).
    """

    model_config = ConfigDict(alias_generator=_claim_name)

    message_type: str
    sub: Identifier
    deployment_id: Identifier
    target_link_uri: Annotated[str, Field(max_length=MAX_URL)]
    roles: list[Name] = Field(max_length=200)
    resource_link: ResourceLinkClaim | None = None
    context: ContextClaim | None = None
    custom: Annotated[dict[str, str], BeforeValidator(_custom)] = Field(default_factory=dict)
    presentation: PresentationClaim = Field(default_factory=PresentationClaim)
    ags: AgsClaim | None = None
    nrps: NrpsClaim | None = None
    for_user: ForUserClaim | None = None
    deep_linking: DeepLinkingClaim | None = None


def read_claims(payload: dict[str, Any]) -> LaunchClaims:
    """The claims of a verified payload.

    Raises:
        ClaimsInvalid: a claim is missing or malformed; the detail names claims, not values.
    """
    try:
        return LaunchClaims.model_validate(payload)
    except ValidationError as error:
        found = {
            f"{str(item['loc'][0]).rsplit('/', 1)[-1]}: {item['type']}"
            for item in error.errors(include_url=False, include_input=False, include_context=False)
        }
        raise ClaimsInvalid(", ".join(sorted(found))) from None


def return_url_of(payload: dict[str, Any]) -> str | None:
    """The way back to the LMS in a payload that may be malformed elsewhere; https or local."""
    presentation = payload.get(LAUNCH_PRESENTATION)
    url = presentation.get("return_url") if isinstance(presentation, dict) else None
    return _return_url(url) if isinstance(url, str) else None
