"""The class view counts people, keeps its thresholds, and forgets who has left."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event

from analysis.class_view import NotOfThisStudyError, class_view
from store.models import Release, Study
from study.consent import Choices
from study.suppression import Reason
from tests.analysis.cohort import Course, World, case, make_world, shown

NO_RESEARCH = Choices(take_part=True, research=False, quote=False)


@pytest.fixture
def course(shared_world: World) -> Course:
    return Course(shared_world)


def _fill(course: Course, *answers: object, times: int) -> list[int]:
    return [course.take(*answers) for _ in range(times)]  # type: ignore[arg-type]


def test_an_empty_course_shows_every_case_and_no_number(course: Course) -> None:
    view = course.look()
    assert len(view.scenarios) == 12
    assert [found.id for found in view.scenarios] == [f"S{n:02}" for n in range(1, 13)]
    assert not any(found.shown for found in view.scenarios)
    assert view.participation.took_part.reason is Reason.TOTAL_TOO_FEW
    assert not view.synthetic


def test_four_people_are_too_few_and_five_are_enough(course: Course) -> None:
    _fill(course, 1, 4, times=4)
    view = course.look()
    assert not view.participation.took_part.shown and not view.participation.finished.shown
    assert not case(view).shown
    course.take(4, 4)
    view = course.look()
    assert view.participation.took_part.value == view.participation.finished.value == 5
    assert case(view).before.people.value == 5
    assert not case(view).before.any_cell


def test_people_are_counted_not_answers_and_their_first_complete_attempt_counts(
    course: Course,
) -> None:
    for _ in range(6):
        person = course.person()
        course.take(5, 5, person=person, status="stopped", ordinal=1)
        course.take(1, 4, person=person, ordinal=2)
        course.take(5, 5, person=person, ordinal=3)
    _fill(course, 4, 4, times=6)
    view = course.look()
    assert view.participation.took_part.value == view.participation.finished.value == 12
    assert shown(case(view).before.cells) == {
        "unacceptable": 6,
        "3": 0,
        "depends": 0,
        "acceptable": 6,
        "cant_say": 0,
    }
    assert not case(view).changed.any_cell, "all twelve gave the same answer"
    assert not view.participation.stopped_early.shown, "whoever finished later did not stop early"


def test_it_depends_and_cant_say_stand_apart_and_unstated_is_no_answer(course: Course) -> None:
    for answer in ("depends", "cant_say", 3, "unstated", 2):
        _fill(course, answer, times=5)
    figure = case(course.look()).before
    assert figure.people.value == 20
    assert shown(figure.cells) == {
        "unacceptable": 5,
        "3": 5,
        "depends": 5,
        "acceptable": 0,
        "cant_say": 5,
    }


def test_a_large_course_shows_every_point(course: Course) -> None:
    for answer in (1, 2, 3, "depends", 4, 5, "cant_say"):
        _fill(course, answer, times=6)
    figure = case(course.look()).before
    assert figure.form == "points"
    assert set(shown(figure.cells).values()) == {6}
    assert list(figure.cells) == ["1", "2", "3", "depends", "4", "5", "cant_say"]


def test_movement_counts_people_who_chose_a_point_both_times(course: Course) -> None:
    _fill(course, 1, 4, times=6)
    _fill(course, 5, 5, times=7)
    _fill(course, 5, 1, times=5)
    _fill(course, 4, "cant_say", times=5)
    _fill(course, "depends", 3, times=5)
    moves = case(course.look()).moves
    assert moves.people.value == 23
    assert shown(moves.cells) == {"away": 5, "stayed": 12, "towards": 6}


def test_movement_is_hidden_where_it_would_tell_a_hidden_distribution(course: Course) -> None:
    # All twelve said 5 first. Six who are at 5 still and six who moved away would say so.
    _fill(course, 5, 5, times=6)
    _fill(course, 5, 1, times=6)
    found = case(course.look())
    assert not found.before.any_cell and found.changed.any_cell
    assert not found.moves.shown and not found.moves.any_cell


def test_only_learners_with_research_consent_count(course: Course) -> None:
    _fill(course, 1, 1, times=5)
    _fill(course, 4, 4, times=5)
    for _ in range(6):
        course.take(5, 5, choices=NO_RESEARCH)
        course.take(5, 5, role="educator")
        course.take(5, 5, role="test_learner")
    view = course.look()
    assert view.participation.took_part.value == 10
    assert shown(case(view).before.cells)["acceptable"] == 5


def test_open_and_erased_interviews_and_how_they_ended(course: Course) -> None:
    _fill(course, 1, 1, times=6)
    for status in ("stopped", "distress", "abuse"):
        for _ in range(2):
            course.take(2, 2, status=status)
    for _ in range(3):
        course.take(2, 2, status="open")
        course.take(status="erased")
    part = course.look().participation
    assert (part.took_part.value, part.finished.value) == (15, 6)
    assert part.stopped_early.people.value == 6
    for _ in range(5):
        course.take(status="stopped")
    assert course.look().participation.stopped_early.people.value == 11


def test_replaced_and_deleted_stances_do_not_count(course: Course) -> None:
    low, high = _fill(course, 1, times=7), _fill(course, 5, times=6)
    unsaid = _fill(course, "cant_say", times=6)
    course.change(low[0], "stance", 5)
    course.change(low[0], "stance", 4)
    course.change(low[1], "stance", None)
    course.erase(high[0], "stance")
    course.erase(unsaid[0], "stance")
    figure = case(course.look()).before
    assert figure.people.value == 16
    assert shown(figure.cells)["unacceptable"] == 5
    assert shown(figure.cells)["acceptable"] == 6
    assert shown(figure.cells)["cant_say"] == 5


def test_the_learner_who_just_finished_is_counted_while_stances_wait(course: Course) -> None:
    _fill(course, 1, 4, times=6)
    _fill(course, 4, 4, times=6)
    first = course.look()
    course.take(5, 5)
    second = course.look()
    assert second.participation.took_part.value == second.participation.finished.value == 13
    assert case(second) == case(first)
    assert case(second).before.people.value == 12
    for answer in (1, 2, 4, 5):
        course.take(answer, 4)
    third = course.look()
    assert case(third).before.people.value == 17
    assert case(third).before.as_of == course.now


def test_newcomers_of_one_mind_wait_for_others(course: Course) -> None:
    _fill(course, 1, times=6)
    _fill(course, 4, times=6)
    before = case(course.look())
    _fill(course, 5, times=5)
    assert case(course.look()) == before
    course.take(1)
    assert case(course.look()).before.people.value == 18


def test_a_withdrawal_reaches_the_figures_within_seven_days_in_a_whole_step(
    course: Course,
) -> None:
    low = _fill(course, 1, times=10)
    _fill(course, 4, times=10)
    first = course.look()
    course.leave(low[0])
    assert case(course.look(days=6.9)) == case(first)
    assert course.look().participation.took_part.value == 20
    week = course.look(days=0.2)
    figure = case(week).before
    assert figure.people.value == 15
    assert figure.as_of == course.now
    assert week.participation.took_part.value == week.participation.finished.value == 19
    assert shown(figure.cells)["unacceptable"] == 9
    assert shown(figure.cells)["acceptable"] == 6


def test_figures_in_two_forms_are_shown_alike(course: Course) -> None:
    for answer in (1, 2, 4, 5):
        _fill(course, answer, 4, times=8)
        _fill(course, answer, times=2)
    found = case(course.look())
    assert found.before.people.value == 40 and found.changed.people.value == 32
    assert found.before.form == found.changed.form == found.after.form == "grouped"
    assert shown(found.before.cells)["unacceptable"] == 20


def test_below_the_threshold_everything_goes_at_once(course: Course) -> None:
    low = _fill(course, 1, times=3)
    _fill(course, 4, times=2)
    assert course.look().participation.took_part.value == 5
    course.leave(low[0])
    view = course.look()
    assert not view.participation.took_part.shown and not view.participation.finished.shown
    assert not case(view).shown
    with course.world.database.read() as session:
        rows = session.query(Release).filter(Release.context_id == course.context_id).all()
        assert rows and all(not row.shown for row in rows)
        assert all(row.cells == {} for row in rows)


def test_deleting_a_stance_is_followed_like_leaving(course: Course) -> None:
    low = _fill(course, 1, times=6)
    _fill(course, 4, times=7)
    course.look()
    course.erase(low[0], "stance")
    assert case(course.look(days=7)).before.people.value == 8


def test_an_undone_withdrawal_leaves_the_figures_alone(course: Course) -> None:
    low = _fill(course, 1, times=6)
    _fill(course, 4, times=7)
    first = course.look()
    course.leave(low[0])
    course.come_back(low[0])
    assert case(course.look(days=8)) == case(first)


def test_a_raised_threshold_hides_what_was_shown_under_a_lower_one(course: Course) -> None:
    _fill(course, 1, times=6)
    _fill(course, 4, times=6)
    assert case(course.look()).before.any_cell
    view = course.look(k=10)
    assert not case(view).shown
    assert view.participation.took_part.value == 12


def test_synthetic_people_are_said_to_be_there(course: Course) -> None:
    _fill(course, 1, times=5)
    assert not course.look().synthetic
    course.take(1, synthetic=True)
    assert course.look().synthetic


def test_another_course_and_another_institution_stay_out(course: Course) -> None:
    neighbour = Course(course.world)
    _fill(neighbour, 1, 1, times=9)
    assert not course.look().participation.took_part.shown
    other = make_world(course.world.database, f"other-{course.context_id}")
    foreign = Course(other)
    _fill(foreign, 1, 1, times=9)
    with course.world.database.write() as session:
        study = session.get_one(Study, course.study_id)
        with pytest.raises(NotOfThisStudyError):
            class_view(session, study, foreign.context_id, 5, course.now)
        with pytest.raises(NotOfThisStudyError):
            class_view(session, study, 10**9, 5, course.now + timedelta(days=1))
    assert not course.look().participation.took_part.shown


def test_a_threshold_below_five_is_refused(course: Course) -> None:
    with pytest.raises(ValueError, match="threshold"):
        course.look(k=4)


def test_the_page_costs_the_same_few_queries_however_many_people(course: Course) -> None:
    counts: list[int] = []
    for _ in range(2):
        _fill(course, 1, 4, 1, times=5)
        _fill(course, 4, 1, 4, times=5)
        seen: list[str] = []

        def note(*args: object, seen: list[str] = seen) -> None:
            seen.append(str(args[2]))

        course.look()
        event.listen(course.world.database.engine, "before_cursor_execute", note)
        course.look()
        event.remove(course.world.database.engine, "before_cursor_execute", note)
        counts.append(len([text for text in seen if not text.startswith("BEGIN")]))
    assert counts[0] == counts[1] <= 10


def test_educators_who_look_at_once_see_one_release(course: Course) -> None:
    _fill(course, 1, 4, times=6)
    _fill(course, 4, 1, times=6)
    with ThreadPoolExecutor(4) as pool:
        views = list(pool.map(lambda _: course.look(), range(4)))
    assert all(case(view) == case(views[0]) for view in views)
    assert case(views[0]).before.people.value == 12
