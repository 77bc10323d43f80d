"""A study's figures are the sum of what its courses have released, and tell no more than these."""

import secrets
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from analysis.class_figures import FORMS, fold
from analysis.compare import Verdict
from analysis.institution_view import InstitutionView, institution_view
from analysis.renewing import renew_course
from analysis.tallies import FigureKey, Place, Tallies, entries_at
from store.db import Database
from store.models import (
    Attempt,
    CountedAttempt,
    Institution,
    Release,
    Study,
    Tally,
)
from study.statements import Unit
from study.suppression_totals import PublishedRow, publish_totals
from tests.analysis.cohort import Course, World, case, make_world, shown
from tests.analysis.pilots import pilot, show, statement
from tests.store.databases import fresh_database
from worker.counting import count_figures


@pytest.fixture
def world(each_database: Database) -> World:
    return make_world(each_database)


def course(world: World, *answers: tuple[int, int], role: str = "learner") -> Course:
    """A course with these first and second stances, each (stance, people)."""
    made = Course(world)
    for answer, times in answers:
        for n in range(times):
            made.take(answer, 4 if n % 2 else 5, 4, clarity=4 if n % 3 else 1, role=role)
    return made


def look(world: World, at: Course, days: float = 0) -> InstitutionView:
    """What the institution sees after the worker has been by."""
    at.now += timedelta(days=days)
    count_figures(world.database, at.now)
    with world.database.write() as session:
        study = session.get_one(Study, world.study_id)
        return institution_view(session, study, at.now)


def first(view: InstitutionView, scenario: str = "S01") -> dict[str, int | None]:
    found = next(one for one in view.cases if one.learners.id == scenario)
    return shown(found.learners.before.cells)


def test_the_sum_of_all_courses(world: World) -> None:
    one = course(world, (1, 8), (4, 8))
    two = course(world, (2, 6), (5, 7))
    two.now = one.now
    view = look(world, two)
    found = next(found for found in view.cases if found.learners.id == "S01")
    assert found.learners.before.people.value == 29
    assert first(view)["unacceptable"] == 14 and first(view)["acceptable"] == 15
    assert view.learners.took_part.value == 29
    assert not view.educators.took_part.shown
    assert found.compared.verdict is Verdict.TOO_FEW


def test_a_course_with_too_few_is_not_in_it(world: World) -> None:
    one = course(world, (1, 8), (4, 8))
    course(world, (5, 3))
    view = look(world, one)
    assert view.learners.took_part.value == 16
    assert sum(n or 0 for n in first(view).values()) == 16


def test_what_one_course_hides_the_sum_does_not_tell(world: World) -> None:
    one = course(world, (1, 3), (4, 12))
    two = course(world, (1, 8), (4, 8))
    two.now = one.now
    view = look(world, two)
    own = shown(case(one.look()).before.cells)
    assert own["unacceptable"] is None
    # 11 less the other's 8 would be the three, and so would be the rest less the others.
    assert first(view)["unacceptable"] is None and first(view)["acceptable"] is None
    third = course(world, (1, 4), (4, 9))
    third.now = two.now + timedelta(days=2)
    found = first(look(world, third))
    # Two courses hide what they have: no telling whose it is. Nobody was in between at all.
    assert found["acceptable"] == 29 and found["unacceptable"] is None


def test_it_holds_who_was_released_and_moves_once_a_day(world: World) -> None:
    one = course(world, (1, 8), (4, 8))
    before = look(world, one)
    for _ in range(3):
        one.take(1, 4, 4)
    assert first(look(world, one)) == first(before), "three more are not released"
    for _ in range(4):
        one.take(4, 4, 4)
    later = look(world, one, days=0.1)
    assert first(later) == first(before), "a course has moved, and the day is not over"
    assert sum(n or 0 for n in first(look(world, one, days=1)).values()) == 23


def test_who_leaves_is_out_of_it_after_seven_days(world: World) -> None:
    one = course(world, (1, 9), (4, 9))
    with world.database.read() as session:
        row = session.scalars(select(Attempt.id).order_by(Attempt.id)).first()
    assert row is not None
    look(world, one)
    one.leave(row)
    view = look(world, one, days=7.1)
    found = next(found for found in view.cases if found.learners.id == "S01")
    assert found.learners.before.people.value == 13, "a step down, and not one person less"


def test_educators_are_apart_and_compared(world: World) -> None:
    one = course(world, (1, 30), (2, 20), (4, 20), (5, 20))
    course(world, (1, 4), (4, 30), (5, 30), role="educator")
    view = look(world, one)
    found = next(found for found in view.cases if found.learners.id == "S01")
    assert found.learners.before.people.value == 90
    assert found.educators.before.people.value == 64
    assert view.educators.took_part.value == 64
    assert found.compared.verdict in (Verdict.DIFFERENT, Verdict.HIDDEN)
    assert case(one.look()).before.people.value == 90, "no course shows educators"


def test_statements_and_pilots_have_their_own_readers(world: World) -> None:
    pilot_id, wordings = pilot(world, Unit.PERSON)
    made = Course(world)
    for n in range(120):
        clarity = (1, 2, 1, 3, 2, 4)[n // 2 % 6] if n % 2 else (5, 4, 5, 3, 4, 2)[n // 2 % 6]
        row = made.take(1 + n % 2, 4, 1 + n % 5, clarity=clarity)
        show(world, row, wordings[n % 2], pilot_id)
    view = look(world, made)
    (found,) = view.pilots
    assert [read.clarity.people.value for read in found.wordings] == [60, 60]
    assert set(found.compared) == {(0, 1)}
    assert found.compared[0, 1].verdict is Verdict.DIFFERENT
    assert found.compared[0, 1].delta is not None and found.compared[0, 1].delta > 0.5
    assert view.statements == (), "nobody has read one that is in force"
    assert not any(read.by_group for read in found.wordings), "all are of one role and profession"


def test_an_agreement_with_the_status(world: World) -> None:
    rule = statement(world, "Rule", "No.")
    made = Course(world)
    for n in range(30):
        row = made.take(1 if n < 12 else 5, 4, 1 if n < 24 else 5, clarity=1 + n % 5)
        show(world, row, rule)
    for n in range(30):
        made.take(1 if n % 2 else 5, 4, 1 if n % 3 else 5, clarity=3)
    view = look(world, made)
    (found,) = view.statements
    assert found.after.people.value == 30 and found.agree_after == pytest.approx(24 / 30)
    assert found.agree_before == pytest.approx(12 / 30)


def test_the_sum_is_what_the_audit_allows(world: World) -> None:
    """The page shows what the pure audit says of the courses as they were released."""
    made = [course(world, (1, 3 + n % 3), (2, 2), (3, n), (4, 9), (5, 4 + n)) for n in range(6)]
    made[0].now = max(one.now for one in made)
    view = look(world, made[0])
    with world.database.read() as session:
        query = select(Tally, Release).join(
            Release,
            (Release.context_id == Tally.context_id)
            & (Release.figure == Tally.figure)
            & (Release.scenario_id == Tally.scenario_id),
        )
        rows = [
            (tally, release)
            for tally, release in session.execute(query)
            if tally.figure == "stance" and tally.scenario_id == "S01"
        ]
    assert len(rows) == 6 and all(release.form == "grouped" for _, release in rows)
    totals = dict.fromkeys(FORMS["grouped"], 0)
    hidden = []
    for tally, release in rows:
        true = fold("grouped", tally.released[""])
        totals = {point: totals[point] + true[point] for point in totals}
        hidden.append(PublishedRow({p: true[p] for p, n in release.cells.items() if n is None}))
    allowed = publish_totals(totals, [row for row in hidden if row.hidden], 5)
    found = next(found for found in view.cases if found.learners.id == "S01")
    # "Points" once there are enough people in all; then each side is shown as the courses do.
    assert found.learners.before.form == "grouped"
    assert first(view) == {point: cell.value for point, cell in allowed.items()}


def test_a_raised_threshold_hides_what_was_released_below_it(world: World) -> None:
    one = course(world, (1, 7), (4, 8))
    assert first(look(world, one))["unacceptable"] == 7
    with world.database.write() as session:
        study = session.get_one(Study, world.study_id)
        session.get_one(Institution, study.institution_id).min_count = 20
    view = look(world, one)
    assert all(n is None for n in first(view).values())


def test_the_worker_renews_courses_that_nobody_looks_at(world: World) -> None:
    one = course(world, (1, 8), (4, 8))
    count_figures(world.database, one.now)
    with world.database.read() as session:
        rows = session.scalars(
            select(Release).where(Release.context_id == one.context_id, Release.figure == "stance")
        ).all()
        assert [row.people for row in rows] == [16]
    with world.database.write() as session:
        renew_course(session, world.study_id, one.context_id, one.now)
    assert case(one.look()).before.people.value == 16


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with fresh_database("sqlite", tmp_path_factory.mktemp("pool")) as url:
        database = Database.from_url(url)
        yield make_world(database)
        database.engine.dispose()


def members(world: World, context_id: int) -> set[int]:
    """The interviews that a course's figure of first stances was released about, as they stand."""
    place = Place(world.study_id, context_id)
    with world.database.read() as session:
        found = Tallies(session, place).of.get(FigureKey("S01", 2, "stance"))
        if found is None or found.row.until_at is None:
            return set()
        end = found.row.until_at, found.row.until_attempt
        return {
            entry.attempt_id
            for entry in session.scalars(select(CountedAttempt).where(*entries_at(place)))
            if (entry.ended, entry.attempt_id) <= end
        }


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_two_sums_are_about_groups_at_least_k_apart(shared: World, data: st.DataObject) -> None:
    """Joining and leaving one by one, over days: nobody can be had by subtracting two looks."""
    with shared.database.write() as session:
        study = session.get_one(Study, shared.study_id)
        made = Study(
            institution_id=study.institution_id,
            slug=f"s{secrets.token_hex(4)}",
            name="Another",
            pack_id=study.pack_id,
            pack_version=study.pack_version,
        )
        session.add(made)
        session.flush()
        world = World(shared.database, shared.deployment_id, made.id)
    courses = [Course(world), Course(world)]
    key = FigureKey("S01", 2, "stance")
    released: dict[int, set[int]] = {}
    seen: list[set[int]] = []
    rows: list[tuple[Course, int]] = []
    now = courses[0].now
    for _ in range(data.draw(st.integers(2, 6))):
        for _ in range(data.draw(st.integers(0, 9))):
            one = data.draw(st.sampled_from(courses))
            one.now = now = now + timedelta(seconds=1)
            rows.append((one, one.take(data.draw(st.sampled_from((1, 2, 4, 5))), 4)))
        for _ in range(data.draw(st.integers(0, 2)) if rows else 0):
            where, row = data.draw(st.sampled_from(rows))
            where.leave(row)
        now += timedelta(days=data.draw(st.sampled_from((0.01, 1.1, 8))))
        count_figures(world.database, now)
        with world.database.read() as session:
            query = select(Release).where(Release.study_id == world.study_id, Release.shown)
            found = {
                row.context_id: row
                for row in session.scalars(query)
                if row.figure == "stance" and row.scenario_id == "S01"
            }
        for one in courses:
            release = found.get(one.context_id)
            if release is None:
                released.pop(one.context_id, None)
            elif release.as_of == now:
                released[one.context_id] = members(world, one.context_id)
        pool = found.get(None)
        if pool is not None and pool.as_of == now:
            together = set().union(*released.values())
            assert pool.people == len(together), key
            assert all(len(together ^ other) >= 5 for other in seen if other != together)
            seen.append(together)
