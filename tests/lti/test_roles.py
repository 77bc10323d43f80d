"""The table of roles, row by row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti.roles import Role, read_roles

V2 = "http://purl.imsglobal.org/vocab/lis/v2/"
M = V2 + "membership#"
SUB = V2 + "membership/"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
ADMIN = V2 + "institution/person#Administrator"


@pytest.mark.parametrize(
    ("names", "role", "administrator"),
    [
        ([M + "Learner"], "learner", False),
        ([M + "Instructor"], "educator", False),
        ([SUB + "Instructor#TeachingAssistant"], "assistant", False),
        ([SUB + "Instructor#Grader"], "assistant", False),
        ([SUB + "Instructor#PrimaryInstructor"], "educator", False),
        ([M + "Instructor", SUB + "Instructor#TeachingAssistant"], "educator", False),
        ([M + "Learner", SUB + "Instructor#TeachingAssistant"], "assistant", False),
        ([SUB + "Learner#Instructor"], "learner", False),
        ([M + "Learner", SUB + "Learner#Instructor"], "learner", False),
        ([M + "ContentDeveloper"], "author", False),
        ([SUB + "ContentDeveloper#ContentExpert"], "author", False),
        ([M + "Learner", M + "ContentDeveloper"], "author", False),
        ([M + "Administrator"], "preview", False),
        ([ADMIN], "preview", True),
        ([V2 + "system/person#SysAdmin"], "preview", True),
        ([V2 + "person#Administrator"], "preview", True),
        ([M + "Learner", ADMIN], "learner", True),
        ([M + "Instructor", ADMIN], "educator", True),
        ([M + "Mentor"], "preview", False),
        (["Observer"], "preview", False),
        ([M + "Learner", M + "Mentor"], "learner", False),
        ([M + "Manager"], "learner", False),
        ([M + "Member"], "learner", False),
        ([M + "Officer"], "learner", False),
        ([V2 + "institution/person#Instructor"], "learner", False),
        ([V2 + "institution/person#Faculty", M + "Learner"], "learner", False),
        ([V2 + "person#Instructor"], "learner", False),
        ([V2 + "system/person#Creator"], "learner", False),
        ([TEST_USER, M + "Learner"], "test_learner", False),
        ([TEST_USER, M + "Instructor"], "test_learner", False),
        (["instructor"], "learner", False),
        ([M], "learner", False),
        ([SUB + "Instructor"], "learner", False),
        ([], "learner", False),
    ],
)
def test_table(names: list[str], role: str, administrator: bool) -> None:
    reading = read_roles(names)
    assert (reading.role, reading.administrator) == (role, administrator)


@pytest.mark.parametrize(
    ("names", "recognised"),
    [
        ([], False),
        ([""], False),
        (["x"], False),
        ([M + "Manager"], False),
        ([M + "Learner"], True),
        ([ADMIN], True),
        ([TEST_USER], True),
    ],
)
def test_recognised(names: list[str], recognised: bool) -> None:
    assert read_roles(names).recognised is recognised


def test_limited_assistants() -> None:
    names = [M + "Instructor", SUB + "Instructor#TeachingAssistant"]
    assert read_roles(names, assistants_limited=True).role is Role.ASSISTANT
    assert read_roles([M + "Instructor"], assistants_limited=True).role is Role.EDUCATOR


def test_rights() -> None:
    rights = {
        role: (
            role.can_take_part(),
            role.can_see_aggregates(),
            role.can_export(),
            role.can_choose_packs(),
            role.can_be_graded(),
            role.can_preview(),
        )
        for role in Role
    }
    assert rights == {
        Role.LEARNER: (True, False, False, False, True, False),
        Role.EDUCATOR: (False, True, True, True, False, True),
        Role.ASSISTANT: (False, True, False, False, False, True),
        Role.AUTHOR: (False, False, False, True, False, True),
        Role.PREVIEW: (False, False, False, False, False, True),
        Role.TEST_LEARNER: (False, False, False, False, False, True),
    }


OUTSIDE = st.sampled_from(
    [
        V2 + f"{scope}person#{name}"
        for scope in ("institution/", "system/", "")
        for name in ("Administrator", "Instructor", "Faculty", "Staff", "SysAdmin", "Mentor")
    ]
)


@given(st.lists(OUTSIDE), st.sampled_from([[], ["Learner"], ["Mentor"], ["Instructor"]]))
def test_roles_outside_the_course_never_raise_rights(outside: list[str], inside: list[str]) -> None:
    with_them, without = read_roles([*inside, *outside]).role, read_roles(inside).role
    assert with_them is without or (with_them is Role.PREVIEW and not inside)
