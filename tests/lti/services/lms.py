"""An LMS's services without a network: answers in order, and what they were asked."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from lti.services.door import Door
from lti.services.http import Answer, ServiceUnavailable
from lti.services.scores import RESULT, SCORE
from lti.session import SUB_PURPOSE, sub_hash
from store.keyring import Keyring
from store.lti_sessions import upsert_resource_link, upsert_user
from store.models import Deployment, LtiUser, Registration, ResourceLink
from tests.worlds import NOW, World

SUB = "person-7"
ITEM = "https://testville.example.edu/mod/lti/services.php/2/lineitems/5/lineitem?type_id=1"
KEYRING = Keyring(b"k" * 32)
TOKEN = Answer(200, {}, b'{"access_token": "t-1", "token_type": "Bearer", "expires_in": 3600}')


@dataclass(frozen=True)
class Request:
    """What was sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    allow_private: bool


def always(answer: Answer) -> Callable[[Request], Answer]:
    """The same answer every time."""
    return lambda _: answer


@dataclass
class Lms:
    """``token`` answers the token endpoint, ``service`` everything else."""

    token: Callable[[Request], Answer] = field(default_factory=lambda: always(TOKEN))
    service: Callable[[Request], Answer] = field(default_factory=lambda: always(Answer(200)))
    requests: list[Request] = field(default_factory=list)

    def __call__(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None,
        allow_private: bool,
    ) -> Answer:
        request = Request(method, url, dict(headers), body, allow_private)
        self.requests.append(request)
        return (self.token if url.endswith("/token") else self.service)(request)

    @property
    def asked_for_tokens(self) -> int:
        return sum(request.url.endswith("/token") for request in self.requests)

    @property
    def calls(self) -> list[Request]:
        return [request for request in self.requests if not request.url.endswith("/token")]


def in_turn(*answers: Answer | Exception) -> Callable[[Request], Answer]:
    """One answer after the other; an exception is raised."""
    waiting = list(answers)

    def answer(_: Request) -> Answer:
        following = waiting.pop(0)
        if isinstance(following, Exception):
            raise following
        return following

    return answer


def lost() -> ServiceUnavailable:
    return ServiceUnavailable("network")


def page(members: list[Any], link: str | None = None) -> Answer:
    """A page of the membership container."""
    headers = {"link": link} if link is not None else {}
    return Answer(200, headers, json.dumps({"id": "x", "members": members}).encode())


def member(user_id: str, role: str = "Learner", **more: Any) -> dict[str, Any]:
    return {"user_id": user_id, "roles": [role], "status": "Active", "name": "Ann Name"} | more


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **amount: float) -> None:
        self.now += timedelta(**amount)


def registration_of(world: World) -> Registration:
    with world.database.read() as session:
        return session.scalars(
            select(Registration).where(Registration.id == world.registration.id)
        ).one()


def door(world: World, lms: Lms, clock: Clock | None = None) -> Door:
    return Door(world.database, KEYRING, lms, clock or Clock())


def add_user(world: World, sub: str = SUB) -> LtiUser:
    with world.database.write() as session:
        deployment = session.get_one(Deployment, world.deployment.id)
        issuer = deployment.registration.issuer
        return upsert_user(
            session,
            deployment.id,
            sub_hash(KEYRING, issuer, deployment.deployment_id, sub),
            lambda: KEYRING.encrypt(SUB_PURPOSE, sub.encode()),
        )


def add_link(
    world: World,
    completion: str | None = "on",
    lineitem: str | None = ITEM,
    scopes: tuple[str, ...] = (SCORE, RESULT),
) -> ResourceLink:
    with world.database.write() as session:
        link = upsert_resource_link(session, world.deployment.id, "activity")
        link.context_id = world.context.id
        link.custom = {"pack": "core"} | ({} if completion is None else {"completion": completion})
        link.lineitem_url, link.ags_scopes = lineitem, list(scopes)
        return link
