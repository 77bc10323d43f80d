"""Who may do what: one table that a person can read. Every route names one permission."""

from enum import StrEnum

from lti.roles import Role


class Permission(StrEnum):
    """Something that a page lets a person do."""

    TAKE_PART = "take_part"
    READ_OWN = "read_own"
    SEE_CLASS = "see_class"
    CHOOSE_CASES = "choose_cases"


# Everyone who comes by a launch may hold an interview and read what they said in it;
# whether it counts is decided by consent and by their role in the course.
TABLE: dict[Permission, frozenset[Role]] = {
    Permission.TAKE_PART: frozenset(Role),
    Permission.READ_OWN: frozenset(Role),
    Permission.SEE_CLASS: frozenset(role for role in Role if role.can_see_aggregates()),
    Permission.CHOOSE_CASES: frozenset(role for role in Role if role.can_choose_packs()),
}


def allowed(permission: Permission, role: Role) -> bool:
    """Whether a role in the course has the permission."""
    return role in TABLE[permission]
