"""Several activities in a course: each case counts once for a person, from where it came first."""

from tests.analysis.cohort import Course, World, case, shown


def test_a_person_counts_in_the_cases_of_all_activities(shared_world: World) -> None:
    course = Course(shared_world)
    for index in range(10):
        person = course.person()
        first = 1 if index < 5 else 5
        course.take(first, 3, person=person, scenario="S01", activity="one")
        course.take(2, 3, person=person, scenario="S02", activity="two", ordinal=2)
    view = course.look()
    assert view.participation.took_part.value == view.participation.finished.value == 10
    assert case(view, "S01").before.people.value == 10
    assert case(view, "S02").before.people.value == 10


def test_the_same_case_in_two_activities_counts_from_the_first(shared_world: World) -> None:
    course = Course(shared_world)
    for index in range(12):
        person = course.person()
        first, later = (1, 5) if index < 6 else (5, 1)
        course.take(first, 3, person=person, activity="one")
        course.take(later, 3, person=person, activity="two", ordinal=2)
        course.take(3, 3, person=person, activity="two", ordinal=3)
    figure = case(course.look()).before
    assert figure.people.value == 12
    assert shown(figure.cells)["unacceptable"] == shown(figure.cells)["acceptable"] == 6


def test_the_page_lists_the_cases_that_the_activities_give(shared_world: World) -> None:
    course = Course(shared_world)
    with shared_world.database.write() as session:
        course.link(session, "one", {"pack": "core", "scenarios": "S03"})
        course.link(session, "two", {"pack": "core", "scenarios": "S02"})
        course.link(session, "broken", {"pack": "core", "cases": "many"})
        course.link(session, "empty")
    assert [found.id for found in course.look().scenarios] == ["S03", "S02"]


def test_a_case_that_is_given_no_more_keeps_its_title(shared_world: World) -> None:
    course = Course(shared_world)
    with shared_world.database.write() as session:
        course.link(session, "one", {"pack": "core", "scenarios": "S03"})
    for _ in range(6):
        course.take(1, 4, scenario="S01", activity="one")
    titles = [found.title for found in course.look().scenarios]
    assert titles[1] == "The last polish (version 2, given earlier)"
