"""Line items, and the exactness that Moodle asks for."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from sandbox.people import LEARNERS
from sandbox.platform import Platform

MEMBERS = "/services/CourseSection/2/bindings/1/memberships"
ITEMS = "/services/2/lineitems?type_id=1"
ITEM = "/services/2/lineitems/1/lineitem?type_id=1"
SCORES = "/services/2/lineitems/1/lineitem/scores?type_id=1"
RESULTS = "/services/2/lineitems/1/lineitem/results?type_id=1"
LINEITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"

Call = Callable[..., TestResponse]


def test_the_activity_has_a_column(call: Call) -> None:
    answer = call("GET", ITEMS)
    assert answer.content_type == "application/vnd.ims.lis.v2.lineitemcontainer+json"
    assert (
        json.loads(answer.data)
        == [json.loads(call("GET", ITEM).data)]
        == [
            {
                "id": f"http://localhost:8090{ITEM}",
                "label": "Grey areas of AI in assessment",
                "scoreMaximum": 100,
                "resourceId": "",
                "tag": "",
                "resourceLinkId": "3",
                "ltiLinkId": "3",
            }
        ]
    )


def test_a_line_item_is_made_found_changed_and_removed(
    call: Call, score: Callable, platform: Platform
) -> None:
    new = {"label": "Reflection", "scoreMaximum": 10, "tag": "completion", "resourceId": "core"}
    made = call("POST", ITEMS, {**new, "resourceLinkId": "3"}, content_type=LINEITEM_TYPE)
    assert made.status_code == 201
    address = json.loads(made.data)["id"].removeprefix("http://localhost:8090")
    for query, count in (("tag=completion", 1), ("resource_id=core", 1), ("tag=x", 0)):
        assert len(json.loads(call("GET", f"{ITEMS}&{query}").data)) == count
    assert len(json.loads(call("GET", f"{ITEMS}&resource_link_id=3").data)) == 2
    scores = address.replace("/lineitem?", "/lineitem/scores?")
    call("POST", scores, score(scoreGiven=0.5), content_type=SCORE_TYPE)
    changed = call("PUT", address, {**new, "scoreMaximum": 4}, content_type=LINEITEM_TYPE)
    assert changed.status_code == 200
    assert platform.gradebook.grades(2)[LEARNERS[0].sub].value == 2
    assert call("DELETE", address).status_code == 204
    assert call("GET", address).status_code == 404
    assert platform.gradebook.grades(2) == {}


def test_the_activitys_own_column_stays(call: Call) -> None:
    assert call("DELETE", ITEM).status_code == 403


def test_line_items_page(call: Call) -> None:
    call("POST", ITEMS, {"label": "B", "scoreMaximum": 1}, content_type=LINEITEM_TYPE)
    first = call("GET", f"{ITEMS}&limit=1")
    assert [item["scoreMaximum"] for item in json.loads(first.data)] == [100]
    following = first.headers["Link"][1:].partition(">")[0]
    second = call("GET", following.removeprefix("http://localhost:8090"))
    assert [item["label"] for item in json.loads(second.data)] == ["B"]
    assert "Link" not in second.headers


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"label": "A"},
        {"scoreMaximum": 1},
        {"label": "A", "scoreMaximum": "1"},
        {"label": "A", "scoreMaximum": 0},
        {"label": "A", "scoreMaximum": float("nan")},
        {"label": "A", "scoreMaximum": True},
        {"label": "A", "scoreMaximum": 10**400},
    ],
)
def test_malformed_line_items(call: Call, platform: Platform, body: Any) -> None:
    for method, path in (("POST", ITEMS), ("PUT", ITEM)):
        assert call(method, path, body, content_type=LINEITEM_TYPE).status_code == 400
    assert [column.label for column in platform.gradebook.columns()] == [
        "Grey areas of AI in assessment"
    ]


def test_a_line_item_for_another_link_is_refused(call: Call) -> None:
    body = {"label": "A", "scoreMaximum": 1, "resourceLinkId": "77"}
    assert call("POST", ITEMS, body, content_type=LINEITEM_TYPE).status_code == 403
    assert call("PUT", ITEM, body).status_code == 403


def test_media_types_are_compared_exactly(call: Call, score: Callable) -> None:
    item = {"label": "A", "scoreMaximum": 1}
    for sent in (None, "application/json", f"{LINEITEM_TYPE}; charset=utf-8"):
        assert call("POST", ITEMS, item, content_type=sent).status_code == 400
    for sent in (None, "application/json", f"{SCORE_TYPE}; charset=utf-8"):
        assert call("POST", SCORES, score(), content_type=sent).status_code == 400
    assert call("GET", ITEMS, Accept="*/*").status_code == 400
    assert call("GET", RESULTS, Accept="application/json").status_code == 400


@pytest.mark.parametrize("path", [ITEMS, ITEM, RESULTS])
def test_the_tool_type_and_course_in_the_address_are_checked(call: Call, path: str) -> None:
    assert call("GET", path.replace("type_id=1", "")).status_code == 403
    assert call("GET", path.replace("type_id=1", "type_id=2")).status_code == 403
    assert call("GET", path.replace("/services/2/", "/services/9/")).status_code == 404
    if "/1/" in path:
        assert call("GET", path.replace("lineitems/1/", "lineitems/9/")).status_code == 404
