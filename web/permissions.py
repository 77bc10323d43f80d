"""Who may do what: one table that a person can read. Every route names one permission.

A permission is held by a role in the course, or by a right in the institution's study, which
is given to a person whatever their role is (``store.participants.RIGHTS``).
"""

from dataclasses import dataclass
from enum import StrEnum

from lti.roles import Role


class Permission(StrEnum):
    """Something that a page lets a person do."""

    TAKE_PART = "take_part"
    READ_OWN = "read_own"
    SEE_CLASS = "see_class"
    CHOOSE_CASES = "choose_cases"
    SEE_INSTITUTION = "see_institution"
    RELEASE_LINES = "release_lines"
    EXPORT = "export"
    CODE = "code"
    SET_POLICY = "set_policy"
    RUN_INSTITUTION = "run_institution"


@dataclass(frozen=True, slots=True)
class Who:
    """Anybody with one of these roles, and anybody with one of these rights."""

    roles: frozenset[Role] = frozenset()
    rights: frozenset[str] = frozenset()


# Everyone who comes by a launch may hold an interview and read what they said in it;
# whether it counts is decided by consent and by their role in the course.
TABLE: dict[Permission, Who] = {
    Permission.TAKE_PART: Who(roles=frozenset(Role)),
    Permission.READ_OWN: Who(roles=frozenset(Role)),
    Permission.SEE_CLASS: Who(roles=frozenset(role for role in Role if role.can_see_aggregates())),
    Permission.CHOOSE_CASES: Who(roles=frozenset(role for role in Role if role.can_choose_packs())),
    Permission.SEE_INSTITUTION: Who(rights=frozenset({"institution_lead", "researcher"})),
    Permission.RELEASE_LINES: Who(rights=frozenset({"researcher"})),
    Permission.EXPORT: Who(rights=frozenset({"researcher"})),
    Permission.CODE: Who(rights=frozenset({"researcher"})),
    Permission.SET_POLICY: Who(rights=frozenset({"institution_lead"})),
    Permission.RUN_INSTITUTION: Who(rights=frozenset({"institution_lead"})),
}


def allowed(permission: Permission, role: Role, rights: frozenset[str] = frozenset()) -> bool:
    """Whether a role in the course, or one of the rights, has the permission."""
    who = TABLE[permission]
    return role in who.roles or not rights.isdisjoint(who.rights)
