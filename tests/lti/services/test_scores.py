"""V04–V07: scores as an LMS wants them, and what its refusals mean."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from lti.services.http import Answer, ServiceRefused, ServiceUnavailable
from lti.services.scores import RESULT, SCORE, Outcome, send_completion, under
from store.completion import PAYLOAD
from tests.lti.services.lms import (
    SUB,
    TOKEN,
    Lms,
    add_link,
    always,
    door,
    in_turn,
    registration_of,
)
from tests.worlds import NOW, World


def send(world: World, lms: Lms, moment: datetime = NOW, **link: Any) -> Outcome:
    row = add_link(world, **link)
    return send_completion(door(world, lms), registration_of(world), row, SUB, moment, PAYLOAD)


def results(*found: Any) -> Answer:
    return Answer(200, {}, json.dumps(found).encode())


def test_v06_v07_a_score_and_nothing_else(small_world: World) -> None:
    lms = Lms()
    moment = datetime(2026, 3, 2, 12, 0, 0, 999, tzinfo=timezone(timedelta(hours=2)))
    assert send(small_world, lms, moment) is Outcome.SENT
    (request,) = lms.calls
    assert request.method == "POST"
    assert request.url == (
        "https://testville.example.edu/mod/lti/services.php/2/lineitems/5/lineitem/scores?type_id=1"
    )
    assert request.headers["Content-Type"] == "application/vnd.ims.lis.v1.score+json"
    assert json.loads(request.body or b"") == {
        "userId": SUB,
        "scoreGiven": 1,
        "scoreMaximum": 1,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": "2026-03-02T10:00:00Z",
    }


@pytest.mark.parametrize(
    "address, scores",
    [
        ("https://a.example/i/5", "https://a.example/i/5/scores"),
        ("https://a.example/i/5/", "https://a.example/i/5/scores"),
        ("https://a.example/i?x=1&y=/2", "https://a.example/i/scores?x=1&y=/2"),
        ("https://a.example/i?x=%2F", "https://a.example/i/scores?x=%2F"),
    ],
    ids="V07-{}".format,
)
def test_the_part_goes_before_the_query(address: str, scores: str) -> None:
    assert under(address, "scores") == scores


@pytest.mark.parametrize(
    "answer, outcome",
    [
        (results({"userId": SUB, "resultScore": 1, "resultMaximum": 1}), Outcome.HELD),
        (results(), Outcome.OUTDATED),
        (results({"userId": "another", "resultScore": 1}), Outcome.OUTDATED),
        (results({"userId": SUB, "resultMaximum": 1}), Outcome.OUTDATED),
        (Answer(403), Outcome.HELD),
        (Answer(200, {}, b"<html>"), Outcome.HELD),
        (Answer(200, {}, b"{}"), Outcome.HELD),
    ],
    ids=["V04-held", "V04-none", "V04-other", "V04-null", "V04-closed", "V04-html", "V04-odd"],
)
def test_after_a_409_the_gradebook_is_asked(
    small_world: World, answer: Answer, outcome: Outcome
) -> None:
    lms = Lms(service=in_turn(Answer(409), answer))
    assert send(small_world, lms) is outcome
    asked = lms.calls[1]
    assert asked.method == "GET"
    assert asked.url.endswith(f"/lineitem/results?type_id=1&user_id={SUB}")
    assert asked.headers["Accept"] == "application/vnd.ims.lis.v2.resultcontainer+json"


def test_v04_where_results_may_not_be_read_a_409_is_enough(small_world: World) -> None:
    lms = Lms(service=in_turn(Answer(409)))
    assert send(small_world, lms, scopes=(SCORE,)) is Outcome.HELD


def test_v04_a_check_that_fails_is_made_later(small_world: World) -> None:
    lms = Lms(service=in_turn(Answer(409), Answer(502)))
    with pytest.raises(ServiceUnavailable, match="http_502"):
        send(small_world, lms)


@pytest.mark.parametrize("status", [400, 403, 404, 301, 422], ids="V05-{}".format)
def test_a_refusal_is_for_good(small_world: World, status: int) -> None:
    with pytest.raises(ServiceRefused) as caught:
        send(small_world, Lms(service=always(Answer(status))))
    assert caught.value.code == f"http_{status}"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_overload_passes(small_world: World, status: int) -> None:
    with pytest.raises(ServiceUnavailable, match=f"http_{status}"):
        send(small_world, Lms(service=always(Answer(status))))


def test_only_with_scope_and_line_item(small_world: World) -> None:
    lms = Lms(token=always(TOKEN))
    with pytest.raises(ServiceRefused, match="no_score_scope"):
        send(small_world, lms, scopes=(RESULT,))
    with pytest.raises(ServiceRefused, match="no_line_item"):
        send(small_world, lms, lineitem=None)
    assert lms.requests == []
