"""Scores and results, with Moodle's traps."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from sandbox.people import ADMINISTRATOR, EDUCATOR, LEARNERS
from sandbox.platform import Platform

MEMBERS = "/services/CourseSection/2/bindings/1/memberships"
ITEMS = "/services/2/lineitems?type_id=1"
ITEM = "/services/2/lineitems/1/lineitem?type_id=1"
SCORES = "/services/2/lineitems/1/lineitem/scores?type_id=1"
RESULTS = "/services/2/lineitems/1/lineitem/results?type_id=1"
LINEITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"

Call = Callable[..., TestResponse]


@pytest.fixture
def give(call: Call, score: Callable) -> Callable[..., int]:
    """Send a score; the HTTP status."""

    def send(**changes: Any) -> int:
        return call("POST", SCORES, score(**changes), content_type=SCORE_TYPE).status_code

    return send


def stored(call: Call) -> list[dict[str, Any]]:
    answer = call("GET", RESULTS)
    assert answer.status_code == 200
    assert answer.content_type == "application/vnd.ims.lis.v2.resultcontainer+json"
    found: list[dict[str, Any]] = json.loads(answer.data)
    return found


def test_a_score_is_rescaled_clamped_and_shown_with_its_comment(
    call: Call, give: Callable[..., int]
) -> None:
    assert give(scoreGiven=42, scoreMaximum=50, comment="Seen <b>all</b>") == 200
    (result,) = stored(call)
    assert result["userId"] == LEARNERS[0].sub
    assert (result["resultScore"], result["resultMaximum"]) == (84, 100)
    assert result["comment"] == "Seen <b>all</b>"
    assert result["timestamp"] == "2026-11-23T12:00:00+00:00"
    assert give(scoreGiven=9, timestamp="2026-11-23T12:00:01Z") == 200
    (result,) = stored(call)
    assert (result["resultScore"], result["comment"]) == (100, "")


@pytest.mark.parametrize(
    ("timestamp", "status"),
    [
        ("2026-11-23T12:00:00Z", 409),
        ("2026-11-23T12:00:00.999999Z", 409),
        ("2026-11-23T13:00:00+02:00", 409),
        ("2026-11-23T12:00:01Z", 200),
        ("2026-11-23T14:00:01.250+02:00", 200),
        ("2027-01-01T00:00:00+00:00", 200),
    ],
)
def test_a_score_has_to_be_later_by_a_whole_second(
    call: Call, give: Callable[..., int], score: Callable, timestamp: str, status: int
) -> None:
    assert give() == 200
    answer = call("POST", SCORES, score(timestamp=timestamp), content_type=SCORE_TYPE)
    assert answer.status_code == status
    assert status == 200 or answer.text == "[]"


def test_after_a_future_timestamp_the_present_is_refused(
    call: Call, give: Callable[..., int]
) -> None:
    assert give(timestamp="2030-01-01T00:00:00Z") == 200
    assert give(timestamp="2026-11-23T12:30:00Z") == 409


def test_each_person_has_their_own_clock(call: Call, give: Callable[..., int]) -> None:
    assert give() == 200
    assert give(sub=LEARNERS[1].sub) == 200
    only = json.loads(call("GET", f"{RESULTS}&user_id={LEARNERS[1].sub}").data)
    assert [result["userId"] for result in only] == [LEARNERS[1].sub]


@pytest.mark.parametrize("change", [{"gradingProgress": "Pending"}, {"scoreGiven": None}])
def test_a_score_that_is_not_final_erases_the_grade(
    call: Call, give: Callable[..., int], change: dict[str, Any]
) -> None:
    give()
    assert len(stored(call)) == 1
    assert give(timestamp="2026-11-23T12:00:05Z", **change) == 200
    assert stored(call) == []


@pytest.mark.parametrize("sub", [EDUCATOR.sub, ADMINISTRATOR.sub, "nobody"])
def test_only_learners_of_the_course_can_be_graded(
    call: Call, give: Callable[..., int], sub: str
) -> None:
    assert give(sub=sub) == 400
    assert stored(call) == []


@pytest.mark.parametrize(
    "change",
    [
        {"userId": None},
        {"userId": 7},
        {"timestamp": None},
        {"timestamp": "yesterday"},
        {"timestamp": "2026-11-23T12:00:00"},
        {"timestamp": 1_795_435_200},
        {"activityProgress": None},
        {"gradingProgress": None},
        {"scoreGiven": "1"},
        {"scoreGiven": float("inf")},
        {"scoreMaximum": 0},
        {"scoreMaximum": -1},
    ],
)
def test_malformed_scores(call: Call, give: Callable[..., int], change: dict[str, Any]) -> None:
    assert give(**change) == 400
    assert stored(call) == []


def test_scores_cannot_be_read_and_other_bodies_are_refused(call: Call, score: Callable) -> None:
    assert call("GET", SCORES).status_code == 405
    assert call("POST", SCORES, [score()], content_type=SCORE_TYPE).status_code == 400
    path = SCORES.replace("lineitems/1/", "lineitems/9/")
    assert call("POST", path, score(), content_type=SCORE_TYPE).status_code == 404


def test_a_grade_set_by_the_teacher_stays(
    call: Call, give: Callable[..., int], platform: Platform, clock: Any
) -> None:
    give(comment="done")
    platform.gradebook.override(1, LEARNERS[0].sub, 55, clock())
    assert give(timestamp="2026-11-23T12:10:00Z") == 200
    (result,) = stored(call)
    assert (result["resultScore"], result["comment"]) == (55, "done")
    assert result["timestamp"] == "2026-11-23T12:10:00+00:00"
