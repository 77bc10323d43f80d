"""People, courses, activities and sessions, as launches name them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from store.lti_attempts import token_hash
from store.models.lti import AppSession, Context, Deployment, LtiUser, ResourceLink

IDLE = timedelta(hours=1)
ABSOLUTE = timedelta(hours=8)
# Sliding at every click would make each page view a write.
SLIDE_EVERY = timedelta(minutes=1)


def upsert_user(
    session: Session, deployment_id: int, sub_hash: str, seal: Callable[[], bytes]
) -> LtiUser:
    """The person of that hash; ``seal`` gives the encrypted sub when they are new."""
    return _find_or_add(
        session,
        lambda: find_user(session, deployment_id, sub_hash),
        lambda: LtiUser(deployment_id=deployment_id, sub_hash=sub_hash, sub_sealed=seal()),
    )


def find_user(session: Session, deployment_id: int, sub_hash: str) -> LtiUser | None:
    """The person of that hash, if they have ever opened the tool."""
    return session.scalar(
        select(LtiUser).where(LtiUser.deployment_id == deployment_id, LtiUser.sub_hash == sub_hash)
    )


def upsert_context(session: Session, deployment_id: int, lms_id: str) -> Context:
    """The course with that id in the deployment."""
    query = select(Context).where(Context.deployment_id == deployment_id, Context.lms_id == lms_id)
    return _find_or_add(
        session,
        lambda: session.scalar(query),
        lambda: Context(deployment_id=deployment_id, lms_id=lms_id),
    )


def upsert_resource_link(session: Session, deployment_id: int, lms_id: str) -> ResourceLink:
    """The activity with that id in the deployment."""
    return _find_or_add(
        session,
        lambda: find_resource_link(session, deployment_id, lms_id),
        lambda: ResourceLink(deployment_id=deployment_id, lms_id=lms_id),
    )


def find_resource_link(session: Session, deployment_id: int, lms_id: str) -> ResourceLink | None:
    """The activity with that id, if it has ever been opened."""
    return session.scalar(
        select(ResourceLink).where(
            ResourceLink.deployment_id == deployment_id, ResourceLink.lms_id == lms_id
        )
    )


def add_session(
    session: Session,
    *,
    token: str,
    user: LtiUser,
    context: Context | None,
    resource_link: ResourceLink | None,
    role: str,
    administrator: bool,
    kind: str,
    locale: str | None,
    return_url_sealed: bytes | None,
    now: datetime,
    deep_link_sealed: bytes | None = None,
    review_user: LtiUser | None = None,
) -> AppSession:
    """A session of the user; lives 1 hour from the last use and 8 hours at most."""
    row = AppSession(
        token_hash=token_hash(token),
        lti_user_id=user.id,
        deployment_id=user.deployment_id,
        context_id=context.id if context else None,
        resource_link_id=resource_link.id if resource_link else None,
        role=role,
        administrator=administrator,
        kind=kind,
        locale=locale,
        return_url_sealed=return_url_sealed,
        deep_link_sealed=deep_link_sealed,
        review_user_id=review_user.id if review_user else None,
        seen_at=now,
        idle_expires_at=now + IDLE,
        expires_at=now + ABSOLUTE,
    )
    session.add(row)
    session.flush()
    return row


def find_session_row(session: Session, token: str) -> AppSession | None:
    """The session of that token, live or not, with all that it refers to."""
    return session.scalar(
        select(AppSession)
        .where(AppSession.token_hash == token_hash(token))
        .options(
            joinedload(AppSession.user),
            joinedload(AppSession.review_user),
            joinedload(AppSession.context),
            joinedload(AppSession.resource_link),
            joinedload(AppSession.deployment).options(
                joinedload(Deployment.institution), joinedload(Deployment.registration)
            ),
        )
    )


def slide_session(session: Session, session_id: int, now: datetime) -> None:
    """Note that the session was used; it then lives another hour, never past its end."""
    session.execute(
        update(AppSession)
        .where(AppSession.id == session_id, AppSession.seen_at < now)
        .values(seen_at=now, idle_expires_at=now + IDLE)
    )


def set_locale(session: Session, session_id: int, locale: str) -> None:
    """Note the language that the person chose, in place of the launch's."""
    session.execute(update(AppSession).where(AppSession.id == session_id).values(locale=locale))


def spend_choice(session: Session, session_id: int) -> bool:
    """Use up what a session may send back of a choice of activities. True for one caller only."""
    done = session.execute(
        update(AppSession)
        .where(
            AppSession.id == session_id,
            AppSession.deep_link_sealed.is_not(None),
            AppSession.revoked_at.is_(None),
        )
        .values(deep_link_sealed=None),
        execution_options={"synchronize_session": False},
    )
    return cast(CursorResult[Any], done).rowcount == 1


def revoke_session(session: Session, token: str, now: datetime) -> None:
    """End the session of that token; nothing happens if it is unknown or ended."""
    session.execute(
        update(AppSession)
        .where(AppSession.token_hash == token_hash(token), AppSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def revoke_other_roles(
    session: Session, user_id: int, context_id: int | None, role: str, now: datetime
) -> None:
    """End the user's sessions in that course (None: in none) that have another role."""
    session.execute(
        update(AppSession)
        .where(
            AppSession.lti_user_id == user_id,
            AppSession.context_id.is_not_distinct_from(context_id),
            AppSession.role != role,
            AppSession.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )


def _find_or_add[Model: (LtiUser, Context, ResourceLink)](
    session: Session, find: Callable[[], Model | None], make: Callable[[], Model]
) -> Model:
    found = find()
    if found is not None:
        return found
    row = make()
    try:
        with session.begin_nested():
            session.add(row)
        return row
    except IntegrityError:  # two first launches at once: the other one has added it
        found = find()
        if found is None:
            raise
        return found
