"""Launch hints: what the platform remembers between login initiation and authentication."""

import json
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.courses import NO_PARAMETERS
from sandbox.options import LaunchOptions
from sandbox.people import Person
from sandbox.site import DEFAULT_SITE, Site

MAX_OPEN = 2000
RESOURCE_LINK = "LtiResourceLinkRequest"
DEEP_LINK = "LtiDeepLinkingRequest"
REVIEW = "LtiSubmissionReviewRequest"


@dataclass(frozen=True)
class Launch:
    """One launch that was started and not yet authenticated."""

    person: Person
    container: str
    options: LaunchOptions
    site: Site = DEFAULT_SITE
    """The course with the tool that is launched, and the activity."""
    message: str = RESOURCE_LINK
    """What kind of message: a launch, a choice of activities, a review."""
    custom: Mapping[str, str] = NO_PARAMETERS
    """Custom parameters of the activity and the course."""
    about: str = ""
    """Whom a review is about: their sub."""


class Hints:
    """Open launches by hint. A hint serves once; the oldest go when too many are open."""

    def __init__(self, cmid: int) -> None:
        self._cmid = cmid
        self._open: OrderedDict[str, Launch] = OrderedDict()
        self._lock = threading.Lock()

    def issue(self, launch: Launch) -> str:
        """A new ``lti_message_hint``: a JSON object in Moodle's form."""
        launch_id = f"ltilaunch{self._cmid}_{secrets.randbelow(10**12)}"
        with self._lock:
            self._open[launch_id] = launch
            while len(self._open) > MAX_OPEN:
                self._open.popitem(last=False)
        return json.dumps({"cmid": self._cmid, "launchid": launch_id}, separators=(",", ":"))

    def consume(self, hint: str) -> Launch | None:
        """The launch of this hint, the first time only; None for anything else."""
        try:
            decoded = json.loads(hint)
        except ValueError:
            return None
        launch_id = decoded.get("launchid") if isinstance(decoded, dict) else None
        if not isinstance(launch_id, str):
            return None
        with self._lock:
            return self._open.pop(launch_id, None)
