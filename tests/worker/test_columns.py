"""Marks of an activity whose launches name no column: one is looked for, once."""

import threading
from datetime import timedelta

import pytest

from lti.services.http import Answer
from store import completion, line_items
from store.db import Database
from store.models import GradeOutbox, ResourceLink
from tests.lti.services.columns import READ_ONLY, Gradebook, lms_of, made, ungraded
from tests.lti.services.lms import KEYRING, Lms, Request, add_user
from tests.worlds import NOW, World, make_world
from worker.jobs import jobs_with_grades, run_round


@pytest.fixture
def world(each_database: Database) -> World:
    return make_world(each_database)


def mark(world: World, link: ResourceLink, people: int) -> None:
    for number in range(people):
        user = add_user(world, f"person-{number}")
        with world.database.write() as session:
            completion.report(session, link.id, user.id, NOW)


def round_of(world: World, lms: Lms, minutes: float = 0) -> int:
    jobs = jobs_with_grades(KEYRING, lms)[-1:]
    done = run_round(world.database, NOW + timedelta(minutes=minutes), jobs)
    return done["completion marks sent"]


def states(world: World) -> set[tuple[str, str]]:
    return {(row.state, row.last_error) for row in world.rows(GradeOutbox)}


def test_one_search_serves_all_marks(world: World) -> None:
    book = Gradebook()
    lms = lms_of(book)
    mark(world, ungraded(world), 4)
    assert round_of(world, lms) == 4
    assert len(made(lms)) == 1
    assert len(lms.calls) == 2 + 1 + 4
    assert set(book.scores) == {book.items[0]["id"]}


def test_workers_at_once_make_one_column(world: World) -> None:
    book = Gradebook()
    mark(world, ungraded(world), 6)
    ready, hold = threading.Event(), threading.Event()

    def slow(request: Request) -> Answer:
        if request.method == "GET":
            ready.set()
            assert hold.wait(30)
        return book(request)

    lms = Lms(service=slow)
    first = threading.Thread(target=round_of, args=(world, lms))
    first.start()
    assert ready.wait(30)
    # While the first one is looking, the second finds the search taken.
    second = lms_of(book)
    assert round_of(world, second) == 0
    assert second.requests == []
    assert {error for state, error in states(world) if error} == {"line_item_busy"}
    hold.set()
    first.join()
    round_of(world, lms_of(book), minutes=10)
    assert states(world) == {("sent", "")}
    assert len(book.items) == 1
    assert len(book.scores) == 6


def test_many_workers_at_once_make_one_column(world: World) -> None:
    book = Gradebook()
    mark(world, ungraded(world), 8)
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        round_of(world, lms_of(book))

    together = [threading.Thread(target=work) for _ in range(4)]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    assert len(book.items) == 1
    round_of(world, lms_of(book), minutes=10)
    assert states(world) == {("sent", "")}
    assert len(book.scores) == 8


def test_a_busy_search_keeps_no_other_activity_waiting(world: World) -> None:
    book = Gradebook()
    taken = ungraded(world)
    mark(world, taken, 1)
    with world.database.write() as session:
        line_items.begin_search(session, taken.id, NOW)
        other = ResourceLink(deployment_id=taken.deployment_id, lms_id="other", custom=taken.custom)
        other.ags_scopes, other.lineitems_url = taken.ags_scopes, taken.lineitems_url
        session.add(other)
    mark(world, other, 1)
    assert round_of(world, lms_of(book)) == 1
    assert states(world) == {("waiting", "line_item_busy"), ("sent", "")}


def test_grade_sync_only_fails_for_good_until_there_is_a_column(world: World) -> None:
    book = Gradebook()
    link = ungraded(world, READ_ONLY)
    mark(world, link, 1)
    assert round_of(world, lms_of(book)) == 0
    assert states(world) == {("failed", "no_line_item")}
    assert round_of(world, lms_of(book), minutes=600) == 0
    # The educator gives the activity a grade, and has the marks sent again.
    own = book.add()
    with world.database.write() as session:
        session.get_one(ResourceLink, link.id).lineitem_url = own
        completion.retry_failed(session, link.id, NOW)
    assert round_of(world, lms_of(book), minutes=601) == 1
    assert book.scores == [own]


def test_killed_between_making_and_noting_it(world: World) -> None:
    book = Gradebook()
    mark(world, ungraded(world), 1)

    def die(request: Request) -> Answer:
        answer = book(request)
        if request.method == "POST":
            raise SystemExit  # the column is there, the worker is gone
        return answer

    with pytest.raises(SystemExit):
        round_of(world, Lms(service=die))
    assert round_of(world, lms_of(book), minutes=5) == 1
    assert len(book.items) == 1
