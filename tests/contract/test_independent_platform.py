"""The happy paths against another's reading of LTI: the package lti1p3platform.

The sandbox and the tool have the same authors, and could share a misunderstanding. This
platform shares nothing with them. It uses the real time.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from lti1p3platform.exceptions import (
    LineItemNotFoundException,
    LtiException,
    PreflightRequestValidationException,
)
from lti1p3platform.membership import Context
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from lti1p3platform.score import UpdateScoreStatus
from lti1p3platform.service_connector import (
    AssignmentsGradesService,
    NamesRoleProvisioningService,
)

from lti.services.door import Door
from lti.services.http import Answer, ServiceRefused
from lti.services.roster import fetch_learners
from lti.services.scores import Outcome, send_completion
from store.completion import PAYLOAD
from store.models.lti import ResourceLink
from tests.contract.independent import HINT, Asked, Login, Platform, connect, preflight
from tests.lti.forge import ISSUER, TOOL, World, edit_registration
from tests.lti.key_server import signing_key

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
ITEMS = f"{ISSUER}/api/lti/courses/c-9/line_items"
ITEM = f"{ITEMS}/31"
MEMBERS = f"{ISSUER}/api/lti/courses/c-9/names_and_roles"
LEARNER, TEACHER = "learner-1", "teacher-1"


class Message(LTIAdvantageMessageLaunchAbstract):
    """A launch of one person in one activity."""

    person, role = LEARNER, "Learner"

    def prepare_launch(self, preflight_response: dict[str, Any]) -> None:
        assert json.loads(preflight_response["lti_message_hint"]) == HINT
        self.set_user_data(self.person, [MEMBERSHIP + self.role], "Kim Lee", "kim@example.edu")
        self.set_resource_link_claim("l-4", "An activity", "Grey cases")
        self.set_launch_presentation_claim("iframe", f"{ISSUER}/courses/c-9?tab=2")
        self.set_launch_context_claim("c-9", ["CourseSection"], "Course nine", "C9")
        self.set_custom_parameters_claim({"completion": "on"})
        self.set_ags(ITEMS, ITEM)
        self.set_nrps(MEMBERS)

    def render_launch_form(self, launch_data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return launch_data


@dataclass
class Gradebook:
    """What the services of the platform hold."""

    scores: list[dict[str, Any]] = field(default_factory=list)
    status: UpdateScoreStatus = UpdateScoreStatus.SUCCESS
    members: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {"user_id": "a", "roles": [MEMBERSHIP + "Learner"], "name": "Ann"},
            {"user_id": "b", "roles": ["Learner"], "status": "Inactive"},
            {"user_id": "c", "roles": [MEMBERSHIP + "Instructor"]},
            {"user_id": LEARNER, "roles": ["Learner"], "status": "Active"},
        ]
    )


class Grades(AssignmentsGradesService):
    """Their grade service, for one line item."""

    book: Gradebook

    def update_score(self, line_item_id: str, score: Any) -> UpdateScoreStatus:
        if line_item_id != "31":
            raise LineItemNotFoundException
        self.book.scores.append(score)
        return self.book.status

    def get_results(self, line_item_id: str, *_: Any, **asked: Any) -> Any:
        results = [
            {"userId": score["userId"], "resultScore": score["scoreGiven"]}
            for score in self.book.scores
            if score["userId"] == asked["user_id"]
        ]
        return {"content": results, "has_next": False}

    find_lineitems = find_lineitem = create_lineitem = None  # type: ignore[assignment]
    update_lineitem = delete_lineitem = None  # type: ignore[assignment]


class Members(NamesRoleProvisioningService):
    """Their roster."""

    book: Gradebook

    def get_member_data_page(self, *_: Any, **__: Any) -> Any:
        return {"content": [dict(member) for member in self.book.members], "has_next": False}

    def get_context_by_id(self) -> Context:
        return Context("c-9", "C9", "Course nine")

    def is_resource_link_valid(self, context_id: str, resource_link_id: str) -> bool:
        return (context_id, resource_link_id) == ("c-9", "l-4")


@dataclass
class Other:
    """The tool's world, whose LMS is the package's platform."""

    world: World
    platform: Platform
    book: Gradebook = field(default_factory=Gradebook)

    def launch(self, person: str = LEARNER, role: str = "Learner") -> Any:
        """From their login address through ours to their signed launch."""
        browser, asked = preflight(self.world, self.platform, person)
        message = Message(Asked({"get_data": asked}), self.platform)
        message.person, message.role = person, role
        sent = message.lti_launch()
        assert sent["launch_url"] == f"{TOOL}/lti/launch"
        return browser.post("/lti/launch", data={k: sent[k] for k in ("id_token", "state")})

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None,
        allow_private: bool,
    ) -> Answer:
        """Carry a service call to the package, as a server in front of it would."""
        address, text = urlsplit(url), (body or b"").decode()
        if address.path == "/token":
            form = {name: values[0] for name, values in parse_qs(text).items()}
            try:
                return Answer(200, {}, json.dumps(self.platform.get_access_token(form)).encode())
            except (LtiException, ValueError):
                return Answer(401)
        request = Asked(
            {
                "method": method,
                "headers": headers,
                "get_data": dict(parse_qsl(address.query)),
                "json": json.loads(text) if text else None,
            }
        )
        service, call = self.service(address.path, request)
        done = service.handle_resp(call)
        if done.code == 200:
            assert done.media_type == headers.get("Accept") or method == "POST"
        result = done.result.get("content", done.result) if done.result else None
        return Answer(done.code, {}, json.dumps(result).encode())

    def service(self, path: str, request: Asked) -> tuple[Any, Callable[[], Any]]:
        """Their service for a path, and what it does."""
        if path == urlsplit(MEMBERS).path:
            members = Members(request, self.platform, MEMBERS)
            members.book = self.book
            return members, members.handle_get_members
        grades = Grades(request, self.platform, ITEMS, ITEM)
        grades.book = self.book
        item, _, part = path.removeprefix(urlsplit(ITEMS).path + "/").partition("/")
        if part == "scores":
            return grades, lambda: grades.handle_update_score(item)
        assert part == "results"
        return grades, lambda: grades.handle_get_results(item)

    @property
    def door(self) -> Door:
        return Door(self.world.database, self.world.keyring, self.send, self.world.clock)

    def score(self, link: ResourceLink, moment: datetime) -> Outcome:
        registration = self.world.entered[0][0].registration
        return send_completion(self.door, registration, link, LEARNER, moment, PAYLOAD)


@pytest.fixture
def other(world: World) -> Other:
    return Other(world, connect(world))


@pytest.mark.parametrize(
    ("person", "role", "entered"),
    [
        (LEARNER, "Learner", "learner"),
        (TEACHER, "Instructor", "educator"),
        ("designer", "ContentDeveloper", "author"),
        ("mentor", "Mentor", "preview"),
    ],
)
def test_a_launch(other: Other, person: str, role: str, entered: str) -> None:
    response = other.launch(person, role)
    assert (response.status_code, response.text) == (200, f"entered as {entered}")
    result = other.world.entered[0][0]
    assert result.return_url == f"{ISSUER}/courses/c-9?tab=2"
    context, link = result.context, result.resource_link
    assert context is not None and link is not None
    assert (context.lms_id, context.title, context.nrps_url) == ("c-9", "Course nine", MEMBERS)
    assert (link.lms_id, link.title, link.custom) == ("l-4", "Grey cases", {"completion": "on"})
    assert (link.lineitem_url, link.lineitems_url) == (ITEM, ITEMS)


def test_their_check_of_our_request_is_a_check(other: Other) -> None:
    """Guards the test above."""
    edit_registration(other.world, lambda row: setattr(row, "client_id", "client-2"))
    begin = Login(Asked({}), other.platform)
    begin.set_lti_message_hint(**HINT)
    message = Message(Asked({"get_data": {"nonce": "n", "state": "s"}}), other.platform)
    with pytest.raises(PreflightRequestValidationException):
        message.lti_launch()
    refused = other.world.client.get(begin.initiate_login(LEARNER))
    assert "<code>registration_unknown " in refused.text


def test_a_score(other: Other) -> None:
    other.launch()
    link, moment = other.world.entered[0][0].resource_link, other.world.clock()
    assert link is not None
    assert other.score(link, moment) is Outcome.SENT
    (score,) = other.book.scores
    assert score["userId"] == LEARNER
    assert {name: score[name] for name in PAYLOAD} == PAYLOAD
    assert datetime.fromisoformat(score["timestamp"]) == moment.replace(microsecond=0)
    # An earlier or equal time: the gradebook is asked, and has it.
    other.book.status = UpdateScoreStatus.OLD_TIMESTAMP
    assert other.score(link, moment) is Outcome.HELD
    # Their refusal.
    other.book.status = UpdateScoreStatus.NOTAPPLIED
    with pytest.raises(ServiceRefused, match="http_403"):
        other.score(link, moment + timedelta(minutes=1))
    link.lineitem_url = f"{ITEMS}/32"
    with pytest.raises(ServiceRefused, match="http_404"):
        other.score(link, moment)


def test_the_roster(other: Other) -> None:
    other.launch(TEACHER, "Instructor")
    result = other.world.entered[0][0]
    found = fetch_learners(other.door, result.registration, MEMBERS, str, link_id="l-4")
    assert found == {"a", LEARNER}
    # Another activity than theirs is forbidden there, which is not the same as unknown.
    with pytest.raises(ServiceRefused, match="http_403"):
        fetch_learners(other.door, result.registration, MEMBERS, str, link_id="l-5")


def test_their_token_endpoint_takes_our_keys_only(other: Other) -> None:
    other.launch(TEACHER, "Instructor")
    registration = other.world.entered[0][0].registration
    other.platform.facts.set_tool_key_set({"keys": [signing_key("theirs").public_jwk()]})
    with pytest.raises(ServiceRefused, match="token_401"):
        fetch_learners(other.door, registration, MEMBERS, str)
