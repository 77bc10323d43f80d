"""Pilots that draw courses: a course is one value, and nothing is told that is not shown."""

import random
import statistics

import pytest

from analysis.by_course import FROM, compared
from analysis.compare import Verdict
from analysis.institution_view import InstitutionView, institution_view
from store.db import Database
from store.models import Pilot, PilotPlace, Study
from study.statements import Unit
from tests.analysis.cohort import Course, World, make_world
from tests.analysis.pilots import pilot, show
from web.comparing import compared_by_course
from worker.counting import count_figures


@pytest.fixture
def world(each_database: Database) -> World:
    return make_world(each_database)


def piloted(world: World, courses: int, *, earlier: int = 0) -> Course:
    """Courses of which every other one reads the clearer wording; in ``earlier`` ones some
    people had answered before the pilot began."""
    pilot_id, wordings = pilot(world, Unit.COURSE)
    for number in range(courses):
        made, wording = Course(world), number % 2
        with world.database.write() as session:
            session.add(
                PilotPlace(
                    pilot_id=pilot_id, unit_id=made.context_id, number=number, wording=wording
                )
            )
        clear = (14 if wording else 8) + number // 2 % 3
        for n in range(24):
            attempt = made.take(1 + n % 5, 4, clarity=5 if n < clear else 1)
            if number >= earlier or n:
                show(world, attempt, wordings[wording], pilot_id)
    return made


def look(world: World, at: Course) -> InstitutionView:
    count_figures(world.database, at.now)
    with world.database.write() as session:
        return institution_view(session, session.get_one(Study, world.study_id), at.now)


def test_wordings_are_compared_by_the_courses_that_read_them(world: World) -> None:
    made = piloted(world, 12, earlier=2)
    (found_pilot,) = look(world, made).pilots
    assert found_pilot.compared == {}
    found = found_pilot.by_course[0, 1]
    assert found.courses == (5, 5), "two had begun before"
    # Clear in 9, 10, 8, 9, 10 of 24 people, and in 15, 16, 14, 15, 16.
    expected = statistics.mean((9, 10, 8, 9, 10)) / 24 - statistics.mean((15, 16, 14, 15, 16)) / 24
    assert found.difference == pytest.approx(expected)
    assert found.verdict is Verdict.DIFFERENT
    assert found.low is not None and found.high is not None
    assert found.low < expected < found.high < 0
    told = compared_by_course("A and B", found)
    assert told.verdict == "different" and "−25 points of a hundred" in told.effect
    assert "(5 and 5 courses)" in told.effect


def test_too_few_courses_say_nothing(world: World) -> None:
    made = piloted(world, 6)
    (found_pilot,) = look(world, made).pilots
    found = found_pilot.by_course[0, 1]
    assert (found.verdict, found.difference, found.low) == (Verdict.TOO_FEW, None, None)
    assert "too few courses" in compared_by_course("A and B", found).verdict


def test_a_pilot_that_draws_people_is_not_compared_by_courses(world: World) -> None:
    made = piloted(world, 2)
    with world.database.write() as session:
        session.get_one(Pilot, 1).unit = "person"
    (found_pilot,) = look(world, made).pilots
    assert found_pilot.by_course == {}


def test_the_interval_is_the_published_one() -> None:
    """Welch's interval, with the degrees of freedom worked out here."""
    one, other = (0.2, 0.4, 0.6, 0.8, 0.5), (0.1, 0.15, 0.2, 0.1, 0.2)
    found = compared({0: one, 1: other})[0, 1]
    difference = statistics.mean(one) - statistics.mean(other)
    parts = [statistics.variance(x) / len(x) for x in (one, other)]
    freedom = sum(parts) ** 2 / sum(part**2 / 4 for part in parts)
    # Student's 97.5% quantile lies between those of 4 and of 5 degrees of freedom.
    assert 4 < freedom < 5
    half = sum(parts) ** 0.5
    assert found.low is not None and found.high is not None
    assert difference - 2.7765 * half < found.low < difference - 2.5705 * half
    assert difference + 2.5705 * half < found.high < difference + 2.7765 * half


def test_courses_without_any_spread_have_no_interval() -> None:
    found = compared({0: (0.5,) * FROM, 1: (0.25,) * FROM})[0, 1]
    assert (found.verdict, found.low, found.difference) == (Verdict.NOT_SETTLED, None, 0.25)
    assert "without an interval" in compared_by_course("A and B", found).effect


def drawn(rng: random.Random, wordings: int) -> dict[int, tuple[float, ...]]:
    """Eight courses of each wording, which differ by chance only."""
    return {
        wording: tuple(min(1, max(0, rng.gauss(0.5, 0.12))) for _ in range(8))
        for wording in range(wordings)
    }


def test_the_interval_covers_as_it_should() -> None:
    rng, covered, draws = random.Random(7), 0, 400
    for _ in range(draws):
        one = compared(drawn(rng, 2))[0, 1]
        assert one.low is not None and one.high is not None
        covered += one.low <= 0 <= one.high
    assert 0.92 <= covered / draws <= 0.98


def test_several_pairs_are_corrected_together() -> None:
    found = compared({0: (0.5, 0.6, 0.5, 0.6, 0.5), 1: (0.4, 0.5, 0.5, 0.4, 0.4)})
    assert found[0, 1].verdict is Verdict.DIFFERENT
    more = compared(
        {
            0: (0.5, 0.6, 0.5, 0.6, 0.5),
            1: (0.4, 0.5, 0.5, 0.4, 0.4),
            2: (0.4, 0.6, 0.5, 0.5, 0.6),
            3: (0.5, 0.6, 0.4, 0.5, 0.6),
        }
    )
    assert more[0, 1].verdict is Verdict.NOT_SETTLED, "one of six, and no stronger than before"
    assert (more[0, 1].low, more[0, 1].high) == (found[0, 1].low, found[0, 1].high)
