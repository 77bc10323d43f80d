"""The platform: everything that one running sandbox knows."""

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import requests

from sandbox.choices import settings
from sandbox.claims import ALL_SCOPES, DEEP_LINKING, LTI, build_claims
from sandbox.courses import Courses
from sandbox.errors import ServiceRefusedError, UnknownPersonError
from sandbox.gradebook import Gradebook
from sandbox.hints import DEEP_LINK, REVIEW, Hints, Launch
from sandbox.keys import Keys
from sandbox.options import LaunchOptions
from sandbox.people import PEOPLE, Person
from sandbox.registration import Registrations
from sandbox.signing import sign
from sandbox.site import DEFAULT_SITE, Site
from sandbox.tokens import Tokens
from sandbox.tool_jwt import ToolJwts

ACTIVITY_MAXIMUM = 100
"""Points of the activity's own column; Moodle's default."""

FETCH_SECONDS = 10

CHOSEN: Mapping[str, str] = MappingProxyType({"pack": "core"})
"""As if the first activity had been made by choosing content."""


def fetch_json(url: str) -> Any:
    """GET a JSON document.

    Raises:
        requests.RequestException: it cannot be had, or is not JSON.
    """
    response = requests.get(url, timeout=FETCH_SECONDS, allow_redirects=False)
    response.raise_for_status()
    return response.json()


class Platform:
    """State of one sandbox: people, gradebook, open launches, keys and tokens.

    ``clock`` gives seconds since 1970. ``fetch`` gets the tool's JWKS. ``graded``
    is whether the activity has a grade column from the start; ``scopes`` are the
    service scopes the site permits; ``roster_names`` whether the roster service
    tells names and e-mail; ``custom`` the custom parameters of the first activity.
    """

    def __init__(
        self,
        site: Site = DEFAULT_SITE,
        *,
        people: Iterable[Person] = PEOPLE,
        keys: Keys | None = None,
        clock: Callable[[], float] = time.time,
        fetch: Callable[[str], Any] = fetch_json,
        graded: bool = True,
        scopes: tuple[str, ...] = ALL_SCOPES,
        roster_names: bool = False,
        custom: Mapping[str, str] = CHOSEN,
    ) -> None:
        self.site = site
        self.people = {person.id: person for person in people}
        self.keys = keys or Keys()
        self.clock = clock
        self.scopes = scopes
        self.roster_names = roster_names
        self.sesskey = secrets.token_hex(5)
        self.hints = Hints(site.cmid)
        self.registrations = Registrations(site, self.keys, clock)
        self.jwts = ToolJwts(self.site_of, fetch, clock)
        self.tokens = Tokens(self.jwts, scopes, clock)
        self.gradebook = Gradebook()
        self.courses = Courses(site, self.gradebook, custom)
        if graded:
            self.gradebook.add(
                site.activity_title,
                ACTIVITY_MAXIMUM,
                resource_link_id=site.resource_link_id,
                own=True,
            )

    def person(self, person_id: str) -> Person:
        """One person by the id used in addresses.

        Raises:
            UnknownPersonError: there is none.
        """
        try:
            return self.people[person_id]
        except KeyError:
            raise UnknownPersonError(f"nobody here is called {person_id!r}") from None

    def gradable(self, sub: str) -> Person:
        """The learner whom a score is for.

        Raises:
            ServiceRefusedError: 400, a teacher, somebody not enrolled, or nobody.
        """
        for person in self.people.values():
            if person.sub == sub and person.gradable:
                return person
        raise ServiceRefusedError(400, "userId is no learner of this course")

    def site_of(self, client_id: str | None) -> Site | None:
        """The course with the tool of that client id; None if there is none."""
        return self._find(lambda site: site.client_id == client_id)

    def site_of_deployment(self, deployment_id: str | None) -> Site | None:
        """The course with the tool of that deployment id; None if there is none."""
        return self._find(lambda site: site.deployment_id == deployment_id)

    def login_fields(
        self,
        person: Person,
        container: str,
        options: LaunchOptions,
        site: Site | None = None,
        **launch: Any,
    ) -> dict[str, str]:
        """The form of a third-party login initiation, with a fresh one-time hint.

        ``site`` is the course with another tool than the fixed one, or another activity;
        ``launch`` are further facts, as in ``Launch``. Without custom parameters those of the
        first activity are sent.
        """
        site = site or self.site
        launch.setdefault("custom", self.courses.first.activities[0].custom)
        fields = {
            "iss": site.issuer,
            "target_link_uri": site.target_link_uri,
            "login_hint": person.sub,
            "lti_message_hint": self.hints.issue(
                Launch(person, container, options, site, **launch)
            ),
            "client_id": site.client_id,
            "lti_deployment_id": site.deployment_id,
        }
        target = options.storage_target(container)
        return fields if target is None else {**fields, "lti_storage_target": target}

    def claims(self, launch: Launch, nonce: str, **options: Any) -> dict[str, Any]:
        """The claims of a launch at this moment; ``options`` as in ``build_claims``."""
        chosen: dict[str, Any] = {
            "site": launch.site,
            "names": launch.options.names == "on",
            "locale": launch.options.locale,
            "as_learner": launch.options.role == "learner",
            "scopes": self.scopes,
            "lineitem": self._lineitem(launch.site),
            "sesskey": self.sesskey,
            "custom": launch.custom,
        }
        if launch.message == DEEP_LINK:
            chosen |= _choice(launch.site, self.sesskey, launch.options.locale)
        elif launch.message == REVIEW:
            chosen["overrides"] = {
                f"{LTI}message_type": REVIEW,
                f"{LTI}for_user": {"user_id": launch.about},
            }
        return build_claims(
            launch.person, launch.container, nonce, self.clock(), **(chosen | options)
        )

    def id_token(self, launch: Launch, nonce: str, **options: Any) -> str:
        """A signed id_token; ``options`` as in ``build_claims``."""
        return sign(self.claims(launch, nonce, **options), self.keys.current)

    def _find(self, wanted: Callable[[Site], bool]) -> Site | None:
        return next(filter(wanted, (self.site, *self.registrations.tools)), None)

    def _lineitem(self, site: Site) -> str | None:
        """The ``lineitem`` of a launch: only if the activity has exactly one column.

        If that one was added by the tool, Moodle sends an empty string.
        """
        columns = [
            column
            for column in self.gradebook.columns()
            if column.resource_link_id == site.resource_link_id
        ]
        if len(columns) != 1:
            return None
        return site.lineitem_url(columns[0].id) if columns[0].own else ""


def _choice(site: Site, sesskey: str, locale: str) -> dict[str, Any]:
    """What sets a choice of activities apart: no activity yet, and where to send it back."""
    return_url = f"{site.issuer}/choice?course={site.course_id}&sesskey={sesskey}"
    return {
        "lineitem": None,
        "overrides": {
            f"{LTI}message_type": DEEP_LINK,
            DEEP_LINKING: settings(return_url, site.activity_title),
            f"{LTI}launch_presentation": {"locale": locale},
        },
        "without": [f"{LTI}resource_link"],
    }
