"""The running counts are those that a recount from the record gives, whatever has happened."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from analysis.counting import count_due, lock_study
from analysis.person_facts import EDUCATOR
from analysis.recount import differences, recounted, running
from analysis.tallies import (
    EVERYBODY,
    FigureKey,
    Place,
    Tallies,
    entries_at,
    facts_of,
    groups_of,
    plus,
)
from store.db import Database
from store.models import Attempt, CountedAttempt, Release, Response, Tally
from study.consent import Choices
from tests.analysis.cohort import Answer, Course, World, case, make_world
from tests.store.databases import fresh_database
from worker.counting import count_figures
from worker.purge import SESSION_LIFE, purge_session_records

ANSWERS: tuple[Answer, ...] = (1, 2, 3, "depends", 4, 5, "cant_say", "unstated", None)
STANCE = FigureKey("S01", 2, "stance")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with fresh_database("sqlite", Path(tmp_path_factory.mktemp("counting"))) as url:
        database = Database.from_url(url)
        yield make_world(database)
        database.engine.dispose()


@pytest.fixture
def course(shared_world: World) -> Course:
    return Course(shared_world)


def agree(course: Course, *more: Course) -> None:
    """Everything is counted, and as the record has it, in each course and in the study."""
    database = course.world.database
    count_figures(database, course.now)
    with database.read() as session:
        places = [*(found.context_id for found in (course, *more)), None]
        assert differences(session, course.study_id, places) == []
        assert not session.scalars(select(Attempt.id).where(Attempt.recount)).all()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_happens_they_agree(world: World, data: st.DataObject) -> None:
    courses = [Course(world), Course(world)]
    people: list[int] = []
    taken: list[tuple[Course, int]] = []
    for _ in range(data.draw(st.integers(1, 14))):
        course = data.draw(st.sampled_from(courses))
        course.now = max(found.now for found in courses)
        do = data.draw(st.sampled_from(("take", "take", "again", "change", "erase", "leave")))
        if do == "take" or not taken:
            person = course.person()
            people.append(person)
        if do in ("take", "again") or not taken:
            row = course.take(
                *data.draw(st.tuples(*[st.sampled_from(ANSWERS)] * 3)),
                person=data.draw(st.sampled_from(people)) if do == "again" else people[-1],
                status=data.draw(st.sampled_from(("completed",) * 4 + ("open", "stopped"))),
                role=data.draw(st.sampled_from(("learner",) * 4 + ("educator", "preview"))),
                ordinal=data.draw(st.integers(1, 3)),
                scenario=data.draw(st.sampled_from(("S01", "S02"))),
                activity=data.draw(st.sampled_from((None, "one", "two"))),
                clarity=data.draw(st.sampled_from((None, 1, 5, "depends", "cant_say"))),
                choices=data.draw(
                    st.sampled_from(
                        (Choices(True, True, True),) * 4 + (Choices(True, False, False),)
                    )
                ),
            )
            taken.append((course, row))
            for _ in range(data.draw(st.integers(0, 2))):
                course.write(
                    row,
                    "Words.",
                    data.draw(
                        st.one_of(
                            st.none(),
                            st.dictionaries(
                                st.sampled_from(("embrace", "grey", "fallible")),
                                st.sampled_from(("open", "after_probe:x", "after_twist")),
                            ),
                        )
                    ),
                    data.draw(st.sampled_from(("S01", "S02"))),
                )
            if data.draw(st.booleans()):
                course.ask(row, data.draw(st.sampled_from(("ask_policy", "ask_graded", "thanks"))))
        else:
            where, row = data.draw(st.sampled_from(taken))
            _do(where, row, do, data)
        if data.draw(st.integers(0, 3)) == 0:
            courses[data.draw(st.integers(0, 1))].look(days=data.draw(st.sampled_from((0, 8))))
    agree(*courses)
    for found in courses:
        found.look()
        _is_first(found)


def _do(course: Course, row: int, do: str, data: st.DataObject) -> None:
    if do == "leave":
        course.leave(row)
        if data.draw(st.booleans()):
            course.come_back(row)
        return
    with course.world.database.read() as session:
        steps = session.scalars(
            select(Response.step).where(
                Response.attempt_id == row,
                Response.superseded.is_(False),
                Response.erased_at.is_(None),
                Response.kind == "stance",
            )
        ).all()
    if steps:
        step = data.draw(st.sampled_from(sorted(steps)))
        if do == "change":
            course.change(row, step, data.draw(st.sampled_from(ANSWERS)))
        else:
            course.erase(row, step)


def _is_first(course: Course) -> None:
    """What a tally holds as inside is what the entries up to its end are, by every group."""
    place = Place(course.study_id, course.context_id)
    with course.world.database.read() as session:
        entries = session.scalars(select(CountedAttempt).where(*entries_at(place))).all()
        for key, found in Tallies(session, place).of.items():
            inside: dict[str, dict[str, int]] = {}
            outside: dict[str, dict[str, int]] = {}
            for entry in entries:
                for fact in facts_of(entry):
                    if fact[:3] != key:
                        continue
                    until = found.row.until_at
                    end = (until, found.row.until_attempt)
                    within = until is not None and (entry.ended, entry.attempt_id) <= end  # type: ignore[operator]
                    counts = inside if within else outside
                    for group in (EVERYBODY, *groups_of(entry, fact)):
                        counts.setdefault(group, {}).setdefault(fact.cell, 0)
                        counts[group][fact.cell] += 1
            assert (found.inside, found.outside) == (inside, outside), key


def test_the_first_so_many_are_found_from_the_end(course: Course) -> None:
    for n in range(9):
        course.take(1 if n < 4 else 5, 5)
    assert _count(course.world, course) == 9
    with course.world.database.write() as session:
        tallies = Tallies(session, Place(course.study_id, course.context_id))
        made = tallies.first(STANCE, 6)
        assert made is not None
        assert made.counts[EVERYBODY] == {"1": 4, "5": 2} and made.rest[EVERYBODY] == {"5": 3}
        assert made.counts["role:learner"] == {"1": 4, "5": 2}
        assert made.fresh == {"1": 4, "5": 2}
        assert tallies.first(STANCE, 10) is None and tallies.first(STANCE, 0) is None
        assert tallies.first(FigureKey("S09", 1, "stance"), 1) is None


def test_a_page_counts_its_own_course_and_the_worker_all(course: Course) -> None:
    other = Course(course.world)
    for n in range(6):
        course.take(1 + n % 2, 4)
        other.take(4, 4)
    assert case(course.look()).before.people.value == 6
    with course.world.database.read() as session:
        marked = set(session.scalars(select(Attempt.context_id).where(Attempt.recount)))
    assert course.context_id not in marked and other.context_id in marked
    assert count_figures(course.world.database, course.now) >= 6
    assert count_figures(course.world.database, course.now) == 0
    agree(course, other)


def people(course: Course, context_id: int | None) -> dict[str, int]:
    """How many people are in the figure of the first stance."""
    with course.world.database.read() as session:
        table = running(session, Place(course.study_id, context_id))
    return {"stance": sum(table[STANCE].values())} if STANCE in table else {}


def test_educators_are_pooled_apart(course: Course) -> None:
    course.take(1, 4)
    course.take(5, 5, role="educator")
    course.take(4, 5, role="assistant")
    count_figures(course.world.database, course.now)
    assert people(course, course.context_id) == {"stance": 1}
    with course.world.database.read() as session:
        apart = running(session, Place(course.study_id, None, EDUCATOR))[STANCE]
        assert apart["4"] >= 1 and apart["5"] >= 1
        assert running(session, Place(course.study_id, course.context_id, EDUCATOR)) == {}
    agree(course)


def test_what_is_purged_leaves_the_figures(course: Course) -> None:
    rows = [course.take(1 + n % 2, 4) for n in range(7)]
    count_figures(course.world.database, course.now)
    course.leave(rows[0])
    # Purged before it was counted again.
    purge_session_records(course.world.database, course.now + SESSION_LIFE + timedelta(days=1))
    with course.world.database.read() as session:
        assert session.get(Attempt, rows[0]) is None
        gone = select(CountedAttempt).where(CountedAttempt.attempt_id == rows[0])
        assert session.scalars(gone).one().gone
    agree(course)
    assert people(course, course.context_id) == {"stance": 6}


def test_releases_from_before_there_were_running_counts_stay_as_they_are(course: Course) -> None:
    for n in range(8):
        course.take(1 if n % 2 else 5, 4)
    first = case(course.look()).before
    with course.world.database.write() as session:
        # As after an upgrade: releases are there, and nothing has been counted.
        here = Tally.context_id == course.context_id
        session.execute(delete(Tally).where(here))
        session.execute(
            delete(CountedAttempt).where(CountedAttempt.context_id == course.context_id)
        )
        session.execute(
            update(Attempt).where(Attempt.context_id == course.context_id).values(recount=True)
        )
    # The study's own counts are made anew as well, since its entries are gone.
    rebuild_study(course)
    course.take(1, 4)
    again = case(course.look(days=8)).before
    assert again == first and again.as_of == first.as_of
    with course.world.database.read() as session:
        release = session.scalars(
            select(Release).where(
                Release.context_id == course.context_id, Release.figure == "stance"
            )
        ).one()
        assert list(release.sizes) == [8]


def rebuild_study(course: Course) -> None:
    """Count everybody of the study anew."""
    with course.world.database.write() as session:
        session.execute(delete(Tally))
        session.execute(delete(CountedAttempt))
        session.execute(update(Attempt).values(recount=True))


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[World]:
    with fresh_database("postgresql", tmp_path) as url:
        database = Database.from_url(url)
        yield make_world(database)
        database.engine.dispose()


def test_a_turn_that_is_being_taken_is_counted_the_next_time(postgresql: World) -> None:
    """On PostgreSQL: SQLite has one writer at a time."""
    course, shared_world = Course(postgresql), postgresql
    rows = [course.take(1, 4) for _ in range(2)]
    count_figures(shared_world.database, course.now)
    with shared_world.database.write() as busy:
        attempt = busy.get_one(Attempt, rows[0], with_for_update=True)
        attempt.status, attempt.recount = "stopped", True
        busy.flush()
        with shared_world.database.write() as session:
            session.get_one(Attempt, rows[1]).status = "stopped"
            session.get_one(Attempt, rows[1]).recount = True
        counted: list[int] = []
        thread = Thread(target=lambda: counted.append(_count(shared_world, course)))
        thread.start()
        thread.join(20)
        assert counted == [1], "nobody waits for the one who is in the middle of a turn"
    assert _count(shared_world, course) == 1
    agree(course)
    assert people(course, course.context_id) == {}


def _count(world: World, course: Course) -> int:
    with world.database.write() as session:
        lock_study(session, course.study_id)
        return count_due(session, course.study_id, course.context_id).interviews


def test_a_difference_is_found(course: Course) -> None:
    course.take(1, 4)
    agree(course)
    with course.world.database.read() as session:  # which keeps nothing
        tallies = Tallies(session, Place(course.study_id, course.context_id))
        found = tallies.of[STANCE]
        found.outside = plus(found.outside, {EVERYBODY: {"1": 1}})
        tallies.store()
        session.flush()
        said = differences(session, course.study_id, [course.context_id])
        assert said == [f"course {course.context_id}: stance S01 version 2"]


def test_more_people_cannot_leave_than_came(course: Course) -> None:
    row = course.take(1, 4)
    agree(course)
    with course.world.database.read() as session:
        entry = session.scalars(
            select(CountedAttempt).where(CountedAttempt.attempt_id == row)
        ).one()
        found = Tallies(session, Place(course.study_id, course.context_id)).of[STANCE]
        fact = next(fact for fact in facts_of(entry) if fact[:3] == STANCE)
        groups = groups_of(entry, fact)
        month = f"month:{entry.ended:%Y-%m}"
        assert groups == ["profession:nursing", "role:learner", month, "shown:example"]
        found.change("1", groups, entry.ended, row, -1)
        with pytest.raises(ArithmeticError):
            found.change("1", groups, entry.ended, row, -1)
        assert recounted(session, course.study_id, course.context_id)[STANCE] == {"1": 1}


def test_themes_voiced_freely_after_a_probe_and_not(course: Course) -> None:
    for n in range(18):
        row = course.take(1 + n % 2, 4)
        if n < 6:
            course.write(row, "Words.", {"grey": "open"})
            course.write(row, "More.", {"grey": "after_probe:S01_P2"})
        elif n < 12:
            course.write(row, "Words.", {})
            course.write(row, "More.", {"grey": "after_probe:S01_P2"})
        else:
            course.write(row, "Words.", {})
    course.write(course.take(2, 4), "Read by nobody.")
    agree(course)
    found = case(course.look()).themes
    assert {p: cell.value for p, cell in found["grey"].cells.items()} == {
        "freely": 6,
        "probed": 6,
        "unvoiced": 6,
    }
    assert found["grey"].people.value == 18, "who was read by nobody is not in it"
    assert not found["embrace"].any_cell, "of one mind: nobody voiced it"
