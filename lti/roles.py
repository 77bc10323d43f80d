"""From the roles that an LMS names to what a person may do here.

The role in the course decides. Roles in the institution or the LMS as a whole never
raise rights in a course; that someone administers the LMS is only noted. Vocabulary:
https://www.imsglobal.org/spec/lti/v1p3/ appendix A.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_V2 = "http://purl.imsglobal.org/vocab/lis/v2/"
_MEMBERSHIP = _V2 + "membership#"
_SUB_ROLE = _V2 + "membership/"
_ADMINISTRATORS = frozenset(
    {
        _V2 + "institution/person#Administrator",
        _V2 + "system/person#Administrator",
        _V2 + "system/person#SysAdmin",
        # Deprecated names, of the rank of the institution's.
        _V2 + "person#Administrator",
        _V2 + "person#SysAdmin",
    }
)
_TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
_TEACHING_SUB_ROLES = frozenset({"PrimaryInstructor", "SecondaryInstructor", "Lecturer"})


class Role(StrEnum):
    """What a person is to Grey Area within a course."""

    LEARNER = "learner"
    EDUCATOR = "educator"
    # Teaching assistants, graders and the like.
    ASSISTANT = "assistant"
    # Designers of course content.
    AUTHOR = "author"
    # Mentors, observers, administrators without a part in the course.
    PREVIEW = "preview"
    # The LMS's "view as a student".
    TEST_LEARNER = "test_learner"

    def can_take_part(self) -> bool:
        """Hold a dialogue that is kept, and read one's own reflections."""
        return self is Role.LEARNER

    def can_preview(self) -> bool:
        """Try the dialogue without anything of it being kept or counted."""
        return self is not Role.LEARNER

    def can_see_aggregates(self) -> bool:
        """See the class's figures above the thresholds."""
        return self in (Role.EDUCATOR, Role.ASSISTANT)

    def can_export(self) -> bool:
        """Take those figures away as a file."""
        return self is Role.EDUCATOR

    def can_choose_packs(self) -> bool:
        """Choose the scenarios of an activity."""
        return self in (Role.EDUCATOR, Role.AUTHOR)

    def can_be_graded(self) -> bool:
        """Have a completion mark sent to the gradebook."""
        return self is Role.LEARNER


@dataclass(frozen=True)
class RoleReading:
    """The outcome: a role, whether the LMS named one we know, whether they run the LMS."""

    role: Role
    recognised: bool
    administrator: bool


def read_roles(names: Iterable[str], *, assistants_limited: bool = False) -> RoleReading:
    """The role behind the ``roles`` claim.

    Someone who learns and teaches is an educator. A teaching assistant whom the LMS also
    calls an instructor is an educator, unless ``assistants_limited``. Who has no role
    that we know is a learner: the least that is of use.
    """
    names = set(names)
    found = {role for role in map(_course_role, names) if role is not None}
    administrator = not names.isdisjoint(_ADMINISTRATORS)
    return RoleReading(
        role=_decide(found, names, administrator, assistants_limited),
        recognised=bool(found) or administrator or _TEST_USER in names,
        administrator=administrator,
    )


def _decide(
    found: set[Role], names: set[str], administrator: bool, assistants_limited: bool
) -> Role:
    if _TEST_USER in names:
        return Role.TEST_LEARNER
    if assistants_limited and Role.ASSISTANT in found:
        return Role.ASSISTANT
    for role in (Role.EDUCATOR, Role.ASSISTANT, Role.AUTHOR, Role.LEARNER, Role.PREVIEW):
        if role in found:
            return role
    return Role.PREVIEW if administrator else Role.LEARNER


def _course_role(name: str) -> Role | None:
    """The role in the course that one name gives; None for all other names."""
    if name.startswith(_SUB_ROLE):
        principal, _, detail = name.removeprefix(_SUB_ROLE).partition("#")
        if not detail:
            return None
        # membership/Learner#Instructor is a kind of learner: the principal role counts.
        if principal == "Instructor" and detail not in _TEACHING_SUB_ROLES:
            return Role.ASSISTANT
        return _principal_role(principal)
    return _principal_role(name.removeprefix(_MEMBERSHIP))


def _principal_role(name: str) -> Role | None:
    return {
        "Learner": Role.LEARNER,
        "Instructor": Role.EDUCATOR,
        "TeachingAssistant": Role.ASSISTANT,
        "ContentDeveloper": Role.AUTHOR,
        "Mentor": Role.PREVIEW,
        "Observer": Role.PREVIEW,
        "Administrator": Role.PREVIEW,
    }.get(name)
