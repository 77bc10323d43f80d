"""What learners asked the assistant: people by kind of question, and never who."""

import re

import pytest
from sqlalchemy import String

from analysis.class_figures import NAME_LENGTH, QUESTIONS
from store.models import Release
from study.moves import INFORM_TOPICS
from tests.analysis.cohort import Course, World
from tests.analysis.educator_harness import make_site
from web.educator import ASKED_LABELS


@pytest.fixture
def course(shared_world: World) -> Course:
    return Course(shared_world)


def asked(course: Course) -> dict[str, int | None]:
    return {intent: figure.people.value for intent, figure in course.look().asked.items()}


def take(course: Course, people: int) -> list[int]:
    return [course.take(2, 4) for _ in range(people)]


def test_people_are_counted_once_however_often_they_ask(course: Course) -> None:
    everyone = take(course, 20)
    for attempt in everyone[:7]:
        for _ in range(3):
            course.ask(attempt, "ask_policy")
    for attempt in everyone[:4]:
        course.ask(attempt, "ask_graded")
    assert asked(course) == {"ask_policy": 7}, "four are too few"


def test_over_all_interviews_of_a_person(course: Course) -> None:
    for _ in range(6):
        person = course.person()
        first = course.take(1, 1, person=person, status="stopped")
        second = course.take(2, 4, person=person, ordinal=2)
        course.ask(first, "ask_duration")
        course.ask(second, "ask_duration")
    take(course, 6)
    assert asked(course) == {"ask_duration": 6}


def test_what_was_no_question_does_not_count(course: Course) -> None:
    for attempt in take(course, 14)[:8]:
        course.ask(attempt, "ask_policy", act="answer")  # taken for an answer after all
        course.ask(attempt, "off_topic")
        course.ask(attempt, "thanks")
    assert asked(course) == {}


def test_those_who_did_not_ask_cannot_be_had_by_subtraction(course: Course) -> None:
    everyone = take(course, 12)
    for attempt in everyone[:9]:
        course.ask(attempt, "ask_policy")
    assert asked(course) == {}, "three of twelve did not ask"
    take(course, 2)
    assert asked(course) == {"ask_policy": 9}


def test_whoever_goes_on_is_not_watched(course: Course) -> None:
    """People whose interviews are over count, and figures move in steps of five."""
    everyone = take(course, 20)
    for attempt in everyone[:6]:
        course.ask(attempt, "ask_example")
    assert asked(course) == {"ask_example": 6}
    for attempt in everyone[6:10]:
        course.ask(attempt, "ask_example")
        assert asked(course) == {"ask_example": 6}
    course.ask(everyone[10], "ask_example")
    assert asked(course) == {"ask_example": 11}
    for _ in range(6):
        course.ask(course.take(2, status="open"), "ask_example")
    assert asked(course) == {"ask_example": 11}


def test_who_leaves_is_left_out_within_seven_days(course: Course) -> None:
    everyone = take(course, 20)
    for attempt in everyone[:12]:
        course.ask(attempt, "ask_policy")
    assert asked(course) == {"ask_policy": 12}
    course.leave(everyone[0])
    assert course.look(days=7).asked["ask_policy"].people.value == 7


def test_every_kind_of_question_has_a_name_and_words() -> None:
    assert set(QUESTIONS) == set(INFORM_TOPICS) - {"off_topic", "thanks"} == set(ASKED_LABELS)
    column = Release.__table__.c.figure.type
    assert isinstance(column, String) and column.length == NAME_LENGTH
    assert len({intent[:NAME_LENGTH] for intent in QUESTIONS}) == len(QUESTIONS)


def test_the_page_says_it_in_words() -> None:
    html = make_site().test_client().get("/large").text
    told = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert "31 people asked whether something is allowed in their own work" in told
    assert told.index("31 people asked") < told.index("12 people asked who sees their answers")
    assert "What learners asked" not in make_site().test_client().get("/small").text
