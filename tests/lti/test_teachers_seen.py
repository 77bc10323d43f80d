"""Who launches as a teacher is remembered for the course: Moodle's roster says learner."""

import pytest

from lti.claims import CONTEXT, ROLES
from lti.roles import Role
from store.models import TeacherSeen
from tests.lti.forge import MEMBERSHIP, MISSING, World


@pytest.mark.parametrize("role", ["Instructor", "TeachingAssistant"])
def test_a_teacher_is_remembered_once(each_world: World, role: str) -> None:
    for _ in range(2):
        each_world.run({ROLES: [MEMBERSHIP + role]})
    assert each_world.count(TeacherSeen) == 1
    each_world.run({ROLES: [MEMBERSHIP + role], CONTEXT: {"id": "course-2"}})
    assert each_world.count(TeacherSeen) == 2


@pytest.mark.parametrize("role", ["Learner", "Mentor", "ContentDeveloper"])
def test_others_are_not(world: World, role: str) -> None:
    world.run({ROLES: [MEMBERSHIP + role]})
    assert world.count(TeacherSeen) == 0


def test_outside_a_course_there_is_nothing_to_remember(world: World) -> None:
    world.run({ROLES: [MEMBERSHIP + "Instructor"], CONTEXT: MISSING})
    assert world.entered[0][0].role is Role.EDUCATOR
    assert world.count(TeacherSeen) == 0
