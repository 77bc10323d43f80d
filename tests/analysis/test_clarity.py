"""How clear a rule is found: counted like stances, hidden like stances, and beside them."""

import re

import pytest
from sqlalchemy import update

from store.models import Attempt, Response
from study.suppression import Cell
from tests.analysis.cohort import Answer, Course, World
from tests.analysis.educator_harness import educator_of, make_site
from tests.analysis.test_class_view import case, shown
from web import educator


@pytest.fixture
def course(shared_world: World) -> Course:
    return Course(shared_world)


def fill(course: Course, clarity: Answer, times: int) -> list[int]:
    """So many people who agree on the case and find its rule that clear."""
    return [course.take(2, 4, clarity=clarity) for _ in range(times)]


def test_the_two_points_of_a_side_are_one_in_a_small_course(course: Course) -> None:
    fill(course, 1, 3)
    fill(course, 2, 4)
    fill(course, 5, 6)
    figure = case(course.look()).clarity
    assert figure.form == "clear_few" and figure.people.value == 13
    assert shown(figure.cells) == {"unclear": 7, "3": 0, "clear": 6, "cant_say": 0}


def test_every_point_stands_alone_in_a_large_one(course: Course) -> None:
    for point, people in ((1, 9), (2, 8), (4, 10), (5, 14), ("cant_say", 6)):
        fill(course, point, people)  # type: ignore[arg-type]
    figure = case(course.look()).clarity
    assert figure.form == "clear" and figure.people.value == 47
    assert shown(figure.cells) == {"1": 9, "2": 8, "3": 0, "4": 10, "5": 14, "cant_say": 6}


def test_it_depends_is_no_point_of_this_scale(course: Course) -> None:
    """Typed where clarity is asked it is kept as the midpoint, and counts as that."""
    fill(course, "depends", 6)
    fill(course, 5, 6)
    assert shown(case(course.look()).clarity.cells) == {
        "unclear": 0,
        "3": 6,
        "clear": 6,
        "cant_say": 0,
    }


@pytest.mark.parametrize("people", [1, 4])
def test_fewer_than_five_are_not_shown(course: Course, people: int) -> None:
    fill(course, 5, people)
    assert not case(course.look()).clarity.shown


def test_small_and_unanimous_answers_are_hidden(course: Course) -> None:
    fill(course, 5, 9)
    assert not case(course.look()).clarity.any_cell, "all nine said the same"
    other = Course(course.world)
    fill(other, 1, 2)
    fill(other, 5, 9)
    cells = case(other.look()).clarity.cells
    assert not cells["unclear"].shown and not cells["clear"].shown


def test_one_more_person_changes_nothing_until_there_are_five(course: Course) -> None:
    fill(course, 1, 6)
    fill(course, 5, 6)
    before = case(course.look()).clarity
    for _ in range(4):
        fill(course, 5, 1)
        assert case(course.look()).clarity.cells == before.cells
    fill(course, 1, 2)
    assert case(course.look()).clarity.people.value == 18


def test_a_deleted_answer_and_a_replaced_one_do_not_count(course: Course) -> None:
    gone = fill(course, 1, 6)
    fill(course, 5, 12)
    with course.world.database.write() as session:
        session.execute(
            update(Response)
            .where(Response.attempt_id.in_(gone), Response.step == "clarity")
            .values(erased_at=course.now, value=None)
        )
        session.execute(update(Attempt).where(Attempt.id.in_(gone)).values(recount=True))
    figure = case(course.look()).clarity
    assert figure.people.value == 12 and not figure.any_cell


def test_stances_are_what_they_were(course: Course) -> None:
    for n in range(12):
        course.take(2 if n % 2 else 4, 4, clarity=None if n % 3 else 5)
    view = case(course.look())
    assert view.before.people.value == 12 and view.before.cells["acceptable"] == Cell(6)
    assert not view.clarity.shown


def test_the_page_says_it_in_a_chart_and_a_table(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(course, 2, 7)
    fill(course, 4, 8)
    person = educator_of(course, "One", monkeypatch)
    with make_site().test_request_context():
        html = educator.page(person)
    told = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert "How clear the rule is that the case shows" in told
    assert "Unclear (very or rather) 7" in told and "Clear (rather or very) 8" in told
    assert 'aria-label="How clear the rule is. Unclear (very or rather): 7, Clear' in html
