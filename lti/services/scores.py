"""Completion marks to the gradebook: Assignment and Grade Services 2.0.

What is sent is fixed: 1 of 1, completed. It says that somebody came to an end, never how
good anything was, and holds nothing of what was said.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from lti._pylti1p3 import score_body
from lti.platforms import score_extensions
from lti.services.door import Door
from lti.services.http import ServiceRefused
from store.lti_urls import add_query
from store.models.lti import Registration, ResourceLink

AGS_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/"
SCORE = AGS_SCOPE + "score"
RESULT = AGS_SCOPE + "result.readonly"
# Moodle takes this very type only.
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"
CONFLICT = 409


class Outcome(StrEnum):
    """What became of a score that the LMS did not refuse."""

    SENT = "sent"
    # The gradebook already holds this one or a newer one.
    HELD = "held"
    # Refused as too old, though there is no grade: a later timestamp is needed.
    OUTDATED = "outdated"


def send_completion(
    door: Door,
    registration: Registration,
    link: ResourceLink,
    user_id: str,
    scored_at: datetime,
    payload: Mapping[str, Any],
    column: str | None = None,
) -> Outcome:
    """Send a completion mark of the LMS's user ``user_id``.

    ``column`` is the grade column's address; without it, the one that the launch named.
    Moodle answers 409 to a timestamp that is not later by a whole second than the one it
    has, so a mark that is sent again after a crash is recognised by it.

    Raises:
        ServiceUnavailable: it may work later.
        ServiceRefused: "no_score_scope", "no_line_item", or the LMS's own refusal, such as
            400 for somebody who is not a learner of the course.
    """
    if SCORE not in link.ags_scopes:
        raise ServiceRefused("no_score_scope")
    column = column or link.lineitem_url
    if column is None:
        raise ServiceRefused("no_line_item")
    moment = scored_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    try:
        door.call(
            registration,
            [SCORE],
            "POST",
            under(column, "scores"),
            headers={"Content-Type": SCORE_TYPE, "Accept": "application/json"},
            body=score_body(user_id, moment, payload, score_extensions(registration)),
        )
    except ServiceRefused as refused:
        if refused.status != CONFLICT:
            raise
        return _after_conflict(door, registration, link, column, user_id)
    return Outcome.SENT


def under(lineitem_url: str, part: str) -> str:
    """An address below a line item's: the part goes to the path, before the query."""
    address = urlsplit(lineitem_url)
    return urlunsplit(address._replace(path=f"{address.path.rstrip('/')}/{part}"))


def _after_conflict(
    door: Door, registration: Registration, link: ResourceLink, column: str, user_id: str
) -> Outcome:
    """Whether the gradebook has a grade of the person.

    Where it may not be asked, the 409 itself says that a score is there.
    """
    if RESULT not in link.ags_scopes:
        return Outcome.HELD
    url = add_query(under(column, "results"), {"user_id": user_id})
    try:
        answer = door.call(registration, [RESULT], "GET", url, headers={"Accept": RESULTS_TYPE})
        results = json.loads(answer.body)
    except (ServiceRefused, ValueError, RecursionError):
        return Outcome.HELD
    if not isinstance(results, list):
        return Outcome.HELD
    held = any(
        isinstance(result, dict)
        and result.get("userId") == user_id
        and result.get("resultScore") is not None
        for result in results
    )
    return Outcome.HELD if held else Outcome.OUTDATED
