"""Reading of a score as it arrives (AGS 2.0 §3.4), with Moodle's idea of what is required."""

import json
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.errors import ServiceRefusedError

FULLY_GRADED = "FullyGraded"


@dataclass(frozen=True)
class Score:
    """A score as sent. ``timestamp`` is in whole seconds since 1970."""

    user_id: str
    timestamp: int
    grading_progress: str
    activity_progress: str
    given: float | None
    maximum: float
    comment: str

    @property
    def erases(self) -> bool:
        """Whether it removes a stored grade instead of setting one."""
        return self.given is None or self.grading_progress != FULLY_GRADED


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a service call.

    Raises:
        ServiceRefusedError: 400, not JSON, not an object, or with NaN or Infinity in it.
    """
    try:
        decoded = json.loads(body, parse_constant=_no_constant)
    except ValueError:
        decoded = None
    if not isinstance(decoded, dict) or not decoded:
        raise ServiceRefusedError(400, "a JSON object is needed")
    return decoded


def number(value: Any) -> float | None:
    """``value`` as a finite number, or None if it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        converted = float(value)
    except OverflowError:
        return None
    return converted if math.isfinite(converted) else None


def read_score(body: bytes) -> Score:
    """The score of a POST body.

    Raises:
        ServiceRefusedError: 400, something required is absent or malformed.
    """
    sent = read_object(body)
    words = {}
    for name in ("userId", "gradingProgress", "activityProgress"):
        value = sent.get(name)
        if not isinstance(value, str) or not value:
            raise ServiceRefusedError(400, f"{name} is needed")
        words[name] = value
    given = None
    if sent.get("scoreGiven") is not None:
        given = number(sent["scoreGiven"])
        if given is None:
            raise ServiceRefusedError(400, "scoreGiven is not a number")
    maximum = number(sent.get("scoreMaximum", 1))
    if maximum is None or maximum <= 0:
        raise ServiceRefusedError(400, "scoreMaximum is not a number above zero")
    comment = sent.get("comment")
    return Score(
        user_id=words["userId"],
        timestamp=_seconds(sent.get("timestamp")),
        grading_progress=words["gradingProgress"],
        activity_progress=words["activityProgress"],
        given=given,
        maximum=maximum,
        comment=comment if isinstance(comment, str) else "",
    )


def _seconds(value: Any) -> int:
    """ISO 8601 with a time zone, in whole seconds: Moodle drops the fraction."""
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("no time zone")
        return math.floor(moment.timestamp())
    except (TypeError, ValueError, OverflowError):
        raise ServiceRefusedError(400, "timestamp is not ISO 8601 with a time zone") from None


def _no_constant(name: str) -> None:
    raise ValueError(name)
