"""The secret that ties a launch to the browser in which its login began.

It travels in a partitioned cookie or in the LMS's platform storage
(https://www.imsglobal.org/spec/lti-pm-s/v0p1), never in an address. Without it, a person
could be made to work under the account of whoever prepared the launch.
"""

import hmac
import secrets
from collections.abc import Mapping
from datetime import timedelta

from store.lti_attempts import token_hash
from store.models.lti import LaunchAttempt

ATTEMPT_LIFETIME = timedelta(minutes=10)
TICKET_LIFETIME = timedelta(seconds=60)


def new_secret() -> str:
    """256 random bits in 43 characters that are safe in addresses and headers."""
    return secrets.token_urlsafe(32)


def cookie_name(attempt_public_id: str) -> str:
    """The cookie of one attempt: tabs that open at the same time do not disturb each other."""
    return f"__Host-lti-b-{attempt_public_id[:12]}"


def storage_key(attempt_public_id: str) -> str:
    """The key in platform storage for one attempt."""
    return f"greyarea-{attempt_public_id[:12]}"


def is_bound(attempt: LaunchAttempt, secret: str | None) -> bool:
    """Whether ``secret`` is the one of this attempt; compared in constant time."""
    return secret is not None and hmac.compare_digest(token_hash(secret), attempt.binding_hash)


def has_cookie(attempt: LaunchAttempt, cookies: Mapping[str, str]) -> bool:
    """Whether the browser sent the attempt's own cookie."""
    return is_bound(attempt, cookies.get(cookie_name(attempt.public_id)))
