"""Completion marks, and Moodle's rules for them as the sandbox keeps them."""

import json
from datetime import datetime, timedelta, timezone

import pytest
import requests

from lti.services.http import ServiceUnavailable
from lti.services.scores import RESULT, SCORE, SCORE_TYPE, Outcome, send_completion, under
from sandbox.claims import GRADE_SYNC_ONLY
from sandbox.faults import Canned
from sandbox.people import ADMINISTRATOR, ASSISTANT, EDUCATOR, LEARNERS, PEOPLE, Person
from store import completion
from store.db import Database
from store.models import GradeOutbox, ResourceLink
from tests.contract.rows import variant
from tests.contract.serving import Served, served_world
from tests.lti.forge import CUSTOM_ON
from worker.jobs import jobs_with_grades, run_round

ADA = LEARNERS[0]
SCORES, RESULTS = "/scores", "/results"


def send(served: Served, link: ResourceLink, person: Person = ADA, **later: float) -> Outcome:
    moment = served.world.clock() + timedelta(**later)
    return send_completion(
        served.door, served.registration, link, person.sub, moment, completion.PAYLOAD
    )


def report(served: Served, person: Person) -> GradeOutbox:
    """A mark of that person through the outbox, one round of the worker; its row."""
    world = served.world
    link, user = served.launch(person, CUSTOM_ON)
    with world.database.write() as session:
        assert completion.report(session, link.id, user.id, world.clock())
    work(served)
    return world.only(GradeOutbox)


def work(served: Served) -> None:
    world = served.world
    run_round(world.database, world.clock(), jobs_with_grades(world.keyring)[-1:])


@pytest.mark.case("V04")
def test_a_score_that_the_gradebook_has_is_sent(served: Served) -> None:
    link, _ = served.launch(ADA)
    assert send(served, link) is Outcome.SENT
    assert send(served, link) is Outcome.HELD
    # A fraction of a second later is the same second to Moodle; so is an earlier one.
    assert send(served, link, milliseconds=900) is Outcome.HELD
    assert send(served, link, seconds=-60) is Outcome.HELD
    assert send(served, link, seconds=1) is Outcome.SENT
    # Each 409 was followed by a question to the gradebook.
    asked = served.faults.asked(RESULTS)
    assert len(asked) == 3
    assert {call.query for call in asked} == {f"type_id=1&user_id={ADA.sub}"}
    # The column has 100 points: the LMS scales it.
    assert served.world.platform.gradebook.grades(1)[ADA.sub].value == 100


@pytest.mark.case("V04")
@pytest.mark.parametrize(
    ("results", "outcome"),
    [
        (Canned(body=b"[]"), Outcome.OUTDATED),
        (Canned(body=b'[{"userId": "another", "resultScore": 1}]'), Outcome.OUTDATED),
        (Canned(body=b'[{"userId": "%s"}]' % ADA.sub.encode()), Outcome.OUTDATED),
        (Canned(403), Outcome.HELD),
        (Canned(body=b"<html>"), Outcome.HELD),
        (Canned(body=b"{}"), Outcome.HELD),
    ],
    ids=["none", "another's", "empty", "closed", "html", "odd"],
)
def test_what_the_gradebook_says_after_a_409(
    served: Served, results: Canned, outcome: Outcome
) -> None:
    link, _ = served.launch(ADA)
    served.faults.always(SCORES, Canned(409, b"[]"))
    served.faults.always(RESULTS, results)
    assert send(served, link) is outcome


@pytest.mark.case("V04")
def test_a_gradebook_that_may_not_be_asked(database: Database) -> None:
    with served_world(database, scopes=(SCORE,)) as served:
        link, _ = served.launch(ADA)
        assert RESULT not in link.ags_scopes
        assert [send(served, link), send(served, link)] == [Outcome.SENT, Outcome.HELD]
        assert served.faults.asked(RESULTS) == []


@pytest.mark.case("V04")
def test_a_gradebook_that_cannot_be_asked_now(served: Served) -> None:
    link, _ = served.launch(ADA)
    served.faults.always(SCORES, Canned(409))
    served.faults.always(RESULTS, Canned(502))
    with pytest.raises(ServiceUnavailable, match="http_502"):
        send(served, link)


@pytest.mark.case("V04")
def test_a_mark_sent_again_by_the_worker_is_done(served: Served) -> None:
    # The gradebook took it, and the answer was lost on the way.
    served.faults.change(SCORES, lambda response: setattr(response, "status_code", 504))
    assert report(served, ADA).state == "waiting"
    served.faults.change(SCORES, lambda response: None)
    served.world.clock.pass_time(minutes=1)
    work(served)
    assert served.world.only(GradeOutbox).state == "sent"
    first, second = served.faults.asked(SCORES)
    # The very same score: its timestamp tells the LMS that it has it.
    assert first.body == second.body


@pytest.mark.parametrize(
    "person", [variant("V05", person) for person in (EDUCATOR, ASSISTANT, ADMINISTRATOR)]
)
def test_no_mark_for_who_is_no_learner_of_the_course(database: Database, person: Person) -> None:
    with served_world(database, people=(*PEOPLE, ASSISTANT)) as served:
        row = report(served, person)
        assert (row.state, row.last_error, row.attempts) == ("failed", "http_400", 1)
        served.world.clock.pass_time(hours=10)
        work(served)
        assert len(served.faults.asked(SCORES)) == 1


@pytest.mark.parametrize("status", [variant("V05", status) for status in (403, 404, 301, 422)])
def test_other_refusals_are_for_good_too(served: Served, status: int) -> None:
    served.faults.always(SCORES, Canned(status))
    row = report(served, ADA)
    assert (row.state, row.last_error) == ("failed", f"http_{status}")


@pytest.mark.case("V06")
def test_the_content_type_is_the_one_that_moodle_takes(served: Served) -> None:
    link, _ = served.launch(ADA)
    assert send(served, link) is Outcome.SENT
    (call,) = served.faults.asked(SCORES)
    assert call.headers["content-type"] == "application/vnd.ims.lis.v1.score+json"


@pytest.mark.case("V06")
@pytest.mark.parametrize("sent", ["application/json", f"{SCORE_TYPE}; charset=utf-8"])
def test_the_sandbox_refuses_other_types(served: Served, sent: str) -> None:
    """Guards the test above."""
    link, _ = served.launch(ADA)
    assert link.lineitem_url is not None
    answer = requests.post(
        under(link.lineitem_url, "scores"),
        data=b"{}",
        headers={
            "Authorization": f"Bearer {served.world.platform.tokens.issue([SCORE])}",
            "Content-Type": sent,
        },
        timeout=5,
    )
    assert (answer.status_code, "media type" in answer.reason) == (400, True)


@pytest.mark.case("V07")
def test_scores_go_to_the_path(served: Served) -> None:
    link, _ = served.launch(ADA)
    assert link.lineitem_url is not None and link.lineitem_url.endswith("/lineitem?type_id=1")
    assert send(served, link) is Outcome.SENT
    (call,) = served.faults.asked(SCORES)
    assert call.path == "/services/course-1/lineitems/1/lineitem/scores"
    assert call.query == "type_id=1"


@pytest.mark.parametrize(
    ("address", "scores"),
    [
        variant("V07", "https://a.example/i/5", "https://a.example/i/5/scores"),
        variant("V07", "https://a.example/i/5/", "https://a.example/i/5/scores"),
        variant("V07", "https://a.example/i?x=1&y=/2", "https://a.example/i/scores?x=1&y=/2"),
        variant("V07", "https://a.example/i?x=%2F", "https://a.example/i/scores?x=%2F"),
    ],
)
def test_the_part_goes_before_the_query(address: str, scores: str) -> None:
    assert under(address, "scores") == scores


@pytest.mark.case("V06")
def test_a_score_and_nothing_else(database: Database) -> None:
    with served_world(database, scopes=GRADE_SYNC_ONLY) as served:
        link, _ = served.launch(ADA)
        moment = datetime(2026, 3, 2, 14, 0, 0, 999, tzinfo=timezone(timedelta(hours=2)))
        sent = send_completion(
            served.door, served.registration, link, ADA.sub, moment, completion.PAYLOAD
        )
        assert sent is Outcome.SENT
        (call,) = served.faults.asked(SCORES)
        assert json.loads(call.body) == {
            "userId": ADA.sub,
            "scoreGiven": 1,
            "scoreMaximum": 1,
            "activityProgress": "Completed",
            "gradingProgress": "FullyGraded",
            "timestamp": "2026-03-02T12:00:00Z",
        }
