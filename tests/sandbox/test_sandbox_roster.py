"""The roster service, with Moodle's two faces of a non-editing teacher."""

import json
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from sandbox.app import create_app
from sandbox.claims import (
    ALL_SCOPES,
)
from sandbox.keys import Keys, SigningKey
from sandbox.people import ADMINISTRATOR, ASSISTANT, LEARNERS, PEOPLE
from sandbox.platform import Platform

MEMBERS = "/services/CourseSection/2/bindings/1/memberships"
ITEMS = "/services/2/lineitems?type_id=1"
ITEM = "/services/2/lineitems/1/lineitem?type_id=1"
SCORES = "/services/2/lineitems/1/lineitem/scores?type_id=1"
RESULTS = "/services/2/lineitems/1/lineitem/results?type_id=1"
LINEITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"

Call = Callable[..., TestResponse]


def test_members_are_the_enrolled_with_short_roles_and_no_names(call: Call) -> None:
    answer = call("GET", MEMBERS)
    assert answer.content_type == "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
    body = json.loads(answer.data)
    assert body["context"]["id"] == "2"
    members = body["members"]
    assert [member["roles"] for member in members].count(["Learner"]) == 20
    assert members[0] == {
        "status": "Active",
        "roles": ["Learner"],
        "user_id": LEARNERS[0].sub,
        "lis_person_sourcedid": "SBX-learner-1",
    }
    assert ADMINISTRATOR.sub not in answer.text
    assert "Link" not in answer.headers


def test_paging_with_limit_reaches_everybody_once(call: Call) -> None:
    path, seen, pages = f"{MEMBERS}?limit=8&rlid=3", [], 0
    while path:
        answer = call("GET", path)
        seen += [member["user_id"] for member in json.loads(answer.data)["members"]]
        pages += 1
        link = answer.headers.get("Link", "")
        assert link == "" or link.endswith('>; rel="next"')
        path = link[1:].partition(">")[0].removeprefix("http://localhost:8090")
    assert pages == 3
    assert seen == [person.sub for person in PEOPLE if person.enrolled]


def test_an_exact_last_page_has_no_next(call: Call) -> None:
    assert "Link" not in call("GET", f"{MEMBERS}?limit=21").headers
    assert "Link" in call("GET", f"{MEMBERS}?limit=20").headers


@pytest.mark.parametrize(
    ("role", "count"),
    [
        ("Learner", 20),
        ("Instructor", 1),
        ("http://purl.imsglobal.org/vocab/lis/v2/membership%23Instructor", 1),
        ("Mentor", 21),
    ],
)
def test_the_role_filter(call: Call, role: str, count: int) -> None:
    assert len(json.loads(call("GET", f"{MEMBERS}?role={role}").data)["members"]) == count


def test_the_resource_link_adds_its_message_and_a_strange_one_is_404(call: Call) -> None:
    member = json.loads(call("GET", f"{MEMBERS}?rlid=3").data)["members"][0]
    assert [*member["message"][0].values()] == ["LtiResourceLinkRequest"]
    assert call("GET", f"{MEMBERS}?rlid=99").status_code == 404
    assert call("GET", MEMBERS.replace("/2/", "/9/")).status_code == 404


def test_a_teacher_without_editing_rights_is_a_learner_here_and_cannot_be_graded(
    platform_key: SigningKey, score: Callable
) -> None:
    platform = Platform(people=(*PEOPLE, ASSISTANT), keys=Keys([platform_key]), roster_names=True)
    client = create_app(platform).test_client()
    bearer = {"Authorization": f"Bearer {platform.tokens.issue(list(ALL_SCOPES))}"}
    members = json.loads(client.get(MEMBERS, headers=bearer).data)["members"]
    (member,) = (member for member in members if member["user_id"] == ASSISTANT.sub)
    assert member["roles"] == ["Learner"]
    assert member["name"] == "Emre Kumtepe"
    assert member["email"] == "assistant@sandbox.invalid"
    body = json.dumps(score(ASSISTANT.sub))
    answer = client.post(SCORES, data=body, headers=bearer, content_type=SCORE_TYPE)
    assert answer.status_code == 400
