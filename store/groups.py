"""Where an institution tells groups of people apart: in each course, or over all courses."""

from enum import StrEnum

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import Session

from store.models import Institution, Release, Study

SETTING = "groups_in"
TOLD = ("role", "profession")
"""The kinds of groups that the choice is about."""


class In(StrEnum):
    """Where role view and profession are told apart."""

    INSTITUTION = "institution"
    COURSES = "courses"


class GroupsError(ValueError):
    """The choice cannot be made; the message says why, and nothing was changed."""


def groups_in(institution: Institution) -> In:
    """What the institution has chosen; over all courses where it has not."""
    return In(institution.settings.get(SETTING, In.INSTITUTION))


def are_fixed(session: Session, institution_id: int) -> bool:
    """Whether groups have been told apart already, so that the choice stands for good.

    Whoever has seen groups in one place could subtract them from those in the other. Where they
    are told now is where the first were: before that the choice was free.
    """
    where = groups_in(session.get_one(Institution, institution_id))
    everywhere = Release.context_id.is_(None)
    text = cast(Release.splits, String)
    query = select(Release.id).join(Study, Study.id == Release.study_id)
    query = query.where(
        Study.institution_id == institution_id,
        everywhere if where is In.INSTITUTION else ~everywhere,
        or_(*(text.contains(f'"{kind}', autoescape=True) for kind in TOLD)),
    )
    return session.scalars(query.limit(1)).first() is not None


def choose(session: Session, institution_id: int, where: In) -> None:
    """Choose where groups are told apart.

    Raises:
        GroupsError: they have been told apart elsewhere.
    """
    institution = session.get_one(Institution, institution_id, with_for_update={"key_share": True})
    if groups_in(institution) is where:
        return
    # Whoever renews figures holds the lock of their study.
    studies = select(Study.id).where(Study.institution_id == institution_id).order_by(Study.id)
    session.scalars(studies.with_for_update(key_share=True)).all()
    if are_fixed(session, institution_id):
        raise GroupsError(
            "groups have been shown already, and from both together single people could be told"
        )
    institution.settings = {**institution.settings, SETTING: where.value}
    session.flush()
