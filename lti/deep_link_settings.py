"""What an LMS takes back from a choice of activities: its settings, checked and kept.

Deep Linking 2.0, https://www.imsglobal.org/spec/lti-dl/v2p0/ §4.4.1. The return address
holds the LMS's own session key, so the settings are stored encrypted.
"""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit, urlunsplit

from lti.claims import DeepLinkingClaim, LaunchClaims
from lti.message_errors import ActivitiesRefused, DeepLinkIncomplete, DeepLinkReturnRefused
from store.keyring import Keyring
from store.lti_urls import is_secure_url, origin

PURPOSE = "deep-link"
RESOURCE_LINK_TYPE = "ltiResourceLink"


@dataclass(frozen=True)
class DeepLinkSettings:
    """The settings of one choice. None means that the LMS did not say.

    ``data`` goes back unchanged. ``launch_url`` is what the chosen activities will open: this
    tool's address as the LMS has just used it.
    """

    return_url: str
    accept_multiple: bool = False
    accept_lineitem: bool | None = None
    data: str | None = None
    title: str | None = None
    text: str | None = None
    launch_url: str = ""


def check_settings(claim: DeepLinkingClaim, origins: Collection[str]) -> None:
    """Whether something can be sent back at all; ``origins`` are the LMS's own.

    Raises:
        DeepLinkIncomplete: no return address, no types or no presentation targets.
        DeepLinkReturnRefused: an address that is not https (http on this machine), or not
            one of the LMS's.
        ActivitiesRefused: the LMS takes other things than activities.
    """
    url = claim.deep_link_return_url
    if not url:
        raise DeepLinkIncomplete("deep_link_return_url")
    if not is_returnable(url, origins):
        raise DeepLinkReturnRefused
    if not claim.accept_types:
        raise DeepLinkIncomplete("accept_types")
    if not claim.accept_presentation_document_targets:
        raise DeepLinkIncomplete("accept_presentation_document_targets")
    if RESOURCE_LINK_TYPE not in claim.accept_types:
        raise ActivitiesRefused


def is_returnable(url: str, origins: Collection[str]) -> bool:
    """Whether the browser may be sent there with an answer."""
    return is_secure_url(url) and origin(url) in origins


def settings_of(claims: LaunchClaims) -> DeepLinkSettings | None:
    """The settings of a message that has been checked; None if it is of another kind."""
    claim = claims.deep_linking
    if claim is None or claim.deep_link_return_url is None:
        return None
    return DeepLinkSettings(
        return_url=claim.deep_link_return_url,
        accept_multiple=claim.accept_multiple is True,
        accept_lineitem=claim.accept_lineitem,
        data=claim.data,
        title=claim.title,
        text=claim.text,
        launch_url=urlunsplit(urlsplit(claims.target_link_uri)._replace(query="", fragment="")),
    )


def seal_settings(keyring: Keyring, settings: DeepLinkSettings) -> bytes:
    """Encrypted, to be stored with the session."""
    return keyring.encrypt(PURPOSE, json.dumps(asdict(settings)).encode("ascii"))


def open_settings(keyring: Keyring, sealed: bytes) -> DeepLinkSettings:
    """The settings again.

    Raises:
        store.keyring.KeyringError: sealed under another master key, or altered.
    """
    return DeepLinkSettings(**json.loads(keyring.decrypt(PURPOSE, sealed)))
