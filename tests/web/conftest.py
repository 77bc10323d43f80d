"""The pages with a small world, and a bot that carries turns out in this process."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lti.binding import new_secret
from lti.deep_link_settings import DeepLinkSettings, seal_settings
from lti.messages import DEEP_LINK, LAUNCH
from lti.roles import Role
from lti.session import SUB_PURPOSE, sub_hash
from store.db import Database
from store.keyring import Keyring
from store.lti_sessions import add_session, upsert_resource_link, upsert_user
from store.models import Context, Deployment
from store.settings import Settings
from store.turns import apply_turn
from study.intents import ACT_OF_INTENT
from study.moves import Act
from tests.launching import Page
from tests.worlds import NOW, World, make_world
from web import learner
from web.app import create_app
from web.bot_client import BotClient, BotTurn, BotUnavailable
from web.services import Services


@dataclass
class StandIn(BotClient):
    """Applies turns as the action server does; can be away. Remembers what it was sent."""

    database: Database
    away: bool = False
    sent: list[BotTurn] = field(default_factory=list)

    def take(self, turn: BotTurn) -> None:
        """Carry the turn out, or fail as an absent bot does."""
        self.sent.append(turn)
        if self.away:
            raise BotUnavailable
        act = ACT_OF_INTENT[turn.option] if turn.option else Act.ANSWER
        with self.database.write() as session:
            apply_turn(session, turn.turn, act, None, NOW)


@dataclass
class Site:
    """The app, its world, and people with sessions."""

    app: Flask
    world: World
    bot: StandIn
    keyring: Keyring
    now: datetime = NOW

    def token(
        self,
        sub: str = "7",
        role: Role = Role.LEARNER,
        *,
        activity: str = "activity",
        set_up: bool = True,
        choice: DeepLinkSettings | None = None,
    ) -> str:
        """A session token of a person in an activity of the course.

        With ``choice`` it is for choosing activities and belongs to no activity.
        """
        token = new_secret()
        with self.world.database.write() as session:
            deployment = session.get_one(Deployment, self.world.deployment.id)
            context = session.get_one(Context, self.world.context.id)
            issuer = deployment.registration.issuer
            user = upsert_user(
                session,
                deployment.id,
                sub_hash(self.keyring, issuer, deployment.deployment_id, sub),
                lambda: self.keyring.encrypt(SUB_PURPOSE, sub.encode()),
            )
            link = upsert_resource_link(session, deployment.id, activity)
            link.custom = {**({"pack": "core"} if set_up else {}), **link.custom}
            link.context_id = context.id
            add_session(
                session,
                token=token,
                user=user,
                context=context,
                resource_link=link if choice is None else None,
                role=role,
                administrator=False,
                kind=LAUNCH if choice is None else DEEP_LINK,
                deep_link_sealed=seal_settings(self.keyring, choice) if choice else None,
                locale="en",
                return_url_sealed=None,
                now=self.now,
            )
        return token

    def client(self) -> FlaskClient:
        """A browser without cookies of others."""
        return self.app.test_client()

    def post(self, path: str, token: str, **values: str) -> TestResponse:
        """Post a form with the session in it."""
        return self.client().post(path, data={"session": token, **values})

    def begin(self, token: str, **values: str) -> Page:
        """Agree and begin; the chat page."""
        given = {"take_part": "yes", "research": "yes", "quote": "yes", "role_view": "learner"}
        answer = self.post("/app/consent", token, **{**given, "answer": "yes", **values})
        return page_of(answer)

    def say(self, page: Page, **values: str) -> TestResponse:
        """Post the chat's form."""
        form = page.form("/app/turn")
        return self.client().post("/app/turn", data={**form.fields, **values})


def page_of(answer: TestResponse) -> Page:
    """The forms and text of an answer."""
    return Page("http://localhost/", answer.get_data(as_text=True))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The app on a fresh SQLite file."""
    database = Database.from_url(f"sqlite:///{tmp_path / 'test.db'}")
    world = make_world(database)
    bot = StandIn(database)
    keyring = Keyring(b"k" * 32)
    made = Services(
        database=database,
        keyring=keyring,
        settings=Settings(env="test", var_dir=tmp_path),  # type: ignore[call-arg]
        bot=bot,
        clock=lambda: NOW,
        enter=learner.enter,
    )
    yield Site(create_app(made), world, bot, keyring)
    database.engine.dispose()
