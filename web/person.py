"""The person behind a request: their session, study, pseudonym and participant."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import g, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden, NotFound

from lti.embedding import frame_ancestors
from lti.errors import SessionInvalid
from lti.messages import LAUNCH
from lti.roles import Role
from lti.session import LaunchResult, find_session
from store import participants
from store.catalogues import PSEUDO
from store.models import Attempt, Participant, Study
from store.models.interview import COUNTED_ROLES
from web.launch import request_token
from web.permissions import Permission, allowed
from web.security import csp
from web.services import services
from web.words import pseudo, speak

PLAIN = "plain"
"""What a page's field "view" says where the person has chosen the form."""


class NoStudy(Exception):
    """The institution has no study yet: an administrator has to publish a pack first."""


@dataclass(frozen=True)
class Person:
    """Who is here. ``participant`` is None until they have agreed to take part."""

    launch: LaunchResult
    token: str
    study: Study
    pseudonym: str
    participant: Participant | None
    rights: frozenset[str] = frozenset()
    """Rights beyond teaching, in the institution's study."""
    plain: bool = False
    """Whether they have chosen the form, a step a page, over the conversation."""

    def may(self, permission: Permission) -> bool:
        """Whether the person's role or rights let them."""
        return allowed(permission, self.role, self.rights)

    @property
    def role(self) -> Role:
        """The role in the course."""
        return self.launch.role

    @property
    def counted(self) -> bool:
        """Whether research consent can count: not for previews and test learners."""
        return self.role in COUNTED_ROLES

    @property
    def locale(self) -> str:
        """The language of the launch as a tag such as "en" or "pt-br"."""
        locale = (self.launch.locale or "en").replace("_", "-")[:20]
        return "en" if locale in PSEUDO and not pseudo() else locale


def identify(launch: LaunchResult, token: str) -> Person:
    """The person of a launch.

    Raises:
        NoStudy: the institution has none.
    """
    here = services()
    with here.database.read() as session:
        study = participants.default_study(session, launch.institution.id)
        if study is None:
            raise NoStudy(launch.institution.slug)
        code = participants.pseudonym_of(here.keyring, study, launch.user, launch.deployment)
        participant = participants.find(session, study.id, code)
        rights = participants.rights(session, study.id, code)
    plain = request.form.get("view") == PLAIN
    person = Person(launch, token, study, code, participant, rights, plain)
    speak(person.locale)
    return person


def needs(
    permission: Permission, kind: str = LAUNCH
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a view: find the person, check the permission, pass the person in first.

    ``kind`` is what the session has to have been opened for (``lti.messages``): the session of
    a choice or a review serves for nothing else.

    Raises (mapped to pages in ``web/errors.py``):
        SessionInvalid: no session, or it has ended.
        Forbidden: neither the role nor a right lets them, or the session is of another kind.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(**values: Any) -> Any:
            token = request_token(request)
            if not token:
                raise SessionInvalid("no session token")
            here = services()
            launch = find_session(here.database, here.keyring, token, here.clock())
            allow(launch)
            if launch.kind != kind:
                raise Forbidden
            g.person = identify(launch, token)
            if not g.person.may(permission):
                raise Forbidden
            return view(g.person, **values)

        return guarded

    return decorate


def allow(launch: LaunchResult) -> None:
    """Let the LMS of this launch frame the page."""
    csp.allow_frames(frame_ancestors(launch.registration))


def own_attempt(session: Session, person: Person, public_id: str) -> Attempt:
    """The person's own attempt; anybody else's is answered as if it did not exist (404)."""
    if person.participant is None or not (public_id.isascii() and public_id.isalnum()):
        raise NotFound
    query = select(Attempt).where(
        Attempt.public_id == public_id, Attempt.participant_id == person.participant.id
    )
    attempt = session.scalars(query).first()
    if attempt is None:
        raise NotFound
    return attempt
