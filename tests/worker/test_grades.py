"""The outbox of completion marks: one at an ending, sent once, nothing of the content."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import update

from lti.services.http import Answer
from store import attempts, completion, consents, erasure, scripts
from store.attempts import Setting
from store.carrying_out import CarryOut
from store.db import Database
from store.models import Attempt, Deployment, GradeOutbox, LtiUser, PackVersion, ResourceLink, Study
from store.scripts import script_of
from study.effects import Finish
from study.state import End
from tests.lti.services.lms import KEYRING, SUB, Lms, add_link, add_user, always, in_turn, lost
from tests.store.databases import KINDS, fresh_database
from tests.worlds import NOW, World, make_world
from worker.jobs import jobs_with_grades, run_round

CANARY = "the heron stood on one leg behind the ward"


@dataclass
class Course:
    """An activity that reports completion, a learner in it, and the LMS."""

    world: World
    link: ResourceLink
    user: LtiUser
    lms: Lms = field(default_factory=Lms)

    def interview(self, seed: int = 1, code: str = "a" * 32) -> Attempt:
        person = self.world.person(code)
        with self.world.database.write() as session:
            study = session.get_one(Study, self.world.study.id)
            pack = scripts.find(session, study.pack_id, study.pack_version)
            consent = consents.current(session, person.id)
            assert pack is not None and consent is not None
            setting = Setting(
                "learner",
                None,
                "en",
                self.world.context.id,
                self.link.id,
                lti_user_id=self.user.id,
            )
            return attempts.begin(session, person, study, pack, consent, setting, NOW, seed)

    def stop(self, attempt: Attempt) -> None:
        self.world.send(attempt, option="stop")

    def round(self, minutes: float = 0) -> int:
        jobs = jobs_with_grades(KEYRING, self.lms)[-1:]
        done = run_round(self.world.database, NOW + timedelta(minutes=minutes), jobs)
        return done["completion marks sent"]

    @property
    def row(self) -> GradeOutbox:
        (row,) = self.world.rows(GradeOutbox)
        return row


@pytest.fixture(params=KINDS)
def course(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Course]:
    with fresh_database(request.param, tmp_path) as url:
        database = Database.from_url(url)
        world = make_world(database)
        yield Course(world, add_link(world), add_user(world))
        database.engine.dispose()


def test_a_stop_is_reported_once_and_the_record_forgets_the_account(course: Course) -> None:
    attempt = course.interview()
    assert course.world.rows(Attempt)[0].lti_user_id == course.user.id
    course.stop(attempt)
    assert (course.row.state, course.row.lti_user_id) == ("waiting", course.user.id)
    assert course.row.scored_at == NOW.replace(microsecond=0)
    assert course.world.rows(Attempt)[0].lti_user_id is None
    # Another interview in the same activity ends too: still one mark.
    course.stop(course.interview(seed=2))
    assert course.row.id is not None
    assert course.round() == 1
    assert (course.row.state, course.row.sent_at, course.row.attempts) == ("sent", NOW, 1)
    assert course.round(minutes=60) == 0
    assert len(course.lms.calls) == 1


@pytest.mark.parametrize("end", End)
def test_every_ending_counts(course: Course, end: End) -> None:
    attempt = course.interview()
    with course.world.database.write() as session:
        row = session.get_one(Attempt, attempt.id)
        script = script_of(session.get_one(PackVersion, row.pack_version_id))
        CarryOut(session, row, None, script, NOW).carry_out((Finish(end),))
    assert course.row.state == "waiting"
    # The mark is the same, however it ended.
    assert course.row.payload == completion.PAYLOAD


def test_deleting_everything_ends_all_interviews(course: Course) -> None:
    course.interview()
    other = course.interview(seed=2)
    with course.world.database.write() as session:
        erasure.erase_everything(session, other.participant_id, NOW)
    assert {row.status for row in course.world.rows(Attempt)} == {"erased"}
    assert course.row.state == "waiting"


def test_an_ending_that_is_rolled_back_leaves_no_mark(course: Course) -> None:
    attempt = course.interview()
    with pytest.raises(RuntimeError), course.world.database.write() as session:
        completion.report_ending(session, session.get_one(Attempt, attempt.id), NOW)
        session.flush()
        raise RuntimeError
    assert course.world.rows(GradeOutbox) == []
    assert course.world.rows(Attempt)[0].lti_user_id == course.user.id


def test_an_open_interview_is_not_reported(course: Course) -> None:
    course.world.send(course.interview(), option="4")
    assert course.world.rows(GradeOutbox) == []


@pytest.mark.parametrize("setting", [None, "", "off", "1", "yes"])
def test_off_unless_the_activity_says_on(course: Course, setting: str | None) -> None:
    add_link(course.world, completion=setting)
    course.stop(course.interview())
    assert course.world.rows(GradeOutbox) == []


@pytest.mark.parametrize("setting", ["on", " ON "])
def test_on(course: Course, setting: str) -> None:
    add_link(course.world, completion=setting)
    course.stop(course.interview())
    assert course.row.state == "waiting"


def test_nothing_of_the_content_leaves(course: Course) -> None:
    attempt = course.interview()
    course.world.send(attempt, option="5")
    course.world.send(attempt, text=CANARY)
    course.stop(attempt)
    assert course.row.payload == completion.PAYLOAD
    course.round()
    (request,) = course.lms.calls
    sent = (request.body or b"").decode() + str(request.headers) + request.url
    assert SUB in sent
    for word in ("heron", attempt.public_id, "a" * 32, "stop", "comment"):
        assert word not in sent


def test_the_waiting_grows_and_ends(course: Course) -> None:
    course.stop(course.interview())
    course.lms.service = always(Answer(503))
    minute, tries = 0.0, []
    while course.row.state == "waiting":
        assert course.round(minutes=minute) == 0
        tries.append(minute)
        # A moment before it is due nothing is sent.
        due = (course.row.next_try_at - NOW) / timedelta(minutes=1)
        course.round(minutes=due - 0.01)
        assert len(course.lms.calls) == len(tries)
        minute = due
    waits = [after - before for before, after in pairwise(tries)]
    assert waits[:9] == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert set(waits[9:]) == {360}
    assert len(tries) == completion.MAX_ATTEMPTS
    assert (course.row.state, course.row.last_error) == ("failed", "http_503")


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_refusal_is_kept_and_not_tried_again(course: Course, status: int) -> None:
    course.stop(course.interview())
    course.lms.service = always(Answer(status))
    assert course.round() == 0
    assert (course.row.state, course.row.last_error) == ("failed", f"http_{status}")
    course.round(minutes=600)
    assert len(course.lms.calls) == 1
    # Unless somebody asks for it, once the cause is gone.
    course.lms.service = always(Answer(200))
    with course.world.database.write() as session:
        assert completion.retry_failed(session, course.link.id, NOW) == 1
    assert course.round(minutes=601) == 1
    assert (course.row.state, course.row.last_error) == ("sent", "")


def test_killed_between_sending_and_noting_it(course: Course) -> None:
    course.stop(course.interview())

    def die(request: object) -> Answer:
        raise SystemExit  # the gradebook has the score, the worker is gone

    course.lms.service = die
    with pytest.raises(SystemExit):
        course.round()
    first = course.lms.calls[0].body
    assert (course.row.state, course.row.attempts) == ("waiting", 1)
    assert course.round(minutes=4) == 0
    held = Answer(200, {}, b'[{"userId": "person-7", "resultScore": 1}]')
    course.lms.service = in_turn(Answer(409), held)
    assert course.round(minutes=5) == 1
    # The very same score: its timestamp tells the LMS that it has it.
    assert course.lms.calls[1].body == first
    assert course.row.state == "sent"


def test_a_later_timestamp_where_the_gradebook_has_no_grade(course: Course) -> None:
    course.stop(course.interview())
    course.lms.service = in_turn(Answer(409), Answer(200, {}, b"[]"), Answer(200))
    assert course.round() == 0
    assert course.row.last_error == "http_409"
    assert course.row.scored_at == NOW.replace(microsecond=0) + timedelta(seconds=1)
    assert course.round(minutes=1) == 1


def test_an_lms_that_is_away_is_asked_once_a_round(course: Course) -> None:
    for number in range(3):
        user = add_user(course.world, f"person-{number}")
        with course.world.database.write() as session:
            completion.report(session, course.link.id, user.id, NOW)
    course.lms.service = in_turn(lost())
    assert course.round() == 0
    assert sorted(row.attempts for row in course.world.rows(GradeOutbox)) == [0, 0, 1]
    course.lms.service = always(Answer(200))
    assert course.round(minutes=1) == 3


def test_a_deployment_that_is_off_waits(course: Course) -> None:
    course.stop(course.interview())
    with course.world.database.write() as session:
        session.execute(update(Deployment).values(active=False))
    assert course.round(minutes=60) == 0
    assert course.row.attempts == 0
    with course.world.database.write() as session:
        session.execute(update(Deployment).values(active=True))
    assert course.round(minutes=60) == 1


def test_endings_at_once_leave_one_mark(course: Course) -> None:
    start = threading.Barrier(4)

    def end() -> None:
        start.wait()
        with course.world.database.write() as session:
            completion.report(session, course.link.id, course.user.id, NOW)

    together = [threading.Thread(target=end) for _ in range(4)]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    assert course.row.state == "waiting"


def test_workers_at_once_send_it_once(course: Course) -> None:
    course.stop(course.interview())
    start = threading.Barrier(4)
    sent = []

    def work() -> None:
        start.wait()
        sent.append(course.round())

    together = [threading.Thread(target=work) for _ in range(4)]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    assert sorted(sent) == [0, 0, 0, 1]
    assert len(course.lms.calls) == 1
