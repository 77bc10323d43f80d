"""Launches from the sandbox LMS into the tool, honest up to the last step.

``World`` is a tool with one registered LMS. ``begin`` runs the login as a browser would, with
the sandbox's own fields; ``forge`` lets the sandbox check the tool's authentication request,
takes the token that it gives, and signs it anew with whatever claims a test wants; ``launch``
posts it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import func, literal, select, union_all
from werkzeug.test import TestResponse

from lti.claims import CUSTOM
from lti.session import LaunchResult
from sandbox import forging
from sandbox.authentication import authenticate
from sandbox.forging import ABSENT, changed
from sandbox.keys import Keys
from sandbox.options import LaunchOptions
from sandbox.people import LEARNERS, Person
from sandbox.platform import Platform
from sandbox.site import Site
from store.base import Base
from store.db import Database
from store.keyring import Keyring
from store.lti_repository import (
    PlatformUrls,
    add_institution,
    add_registration,
    approve_deployment,
    find_institution,
    find_registration,
)
from store.models.lti import LaunchAttempt, Registration
from store.settings import Settings
from tests.lti.key_server import KeyServer, signing_key
from web import published, words
from web.launch import launch_blueprint

ISSUER = "https://lms.example.edu"
CLIENT = "client-1"
DEPLOYMENT = "1"
TOOL = "http://127.0.0.1:8080"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MISSING = ABSENT
CUSTOM_ON = {CUSTOM: {"completion": "on"}}
"""The claim of an activity that reports completion."""
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
SITE = Site(
    issuer=ISSUER,
    tool_url=TOOL,
    client_id=CLIENT,
    deployment_id=DEPLOYMENT,
    course_id="course-1",
    course_label="HPE1",
    course_title="Assessment",
    resource_link_id="link-1",
    activity_title="Grey cases",
)
BASE = (
    "<!doctype html><html lang=en><title>{% block title %}{% endblock %}</title>"
    "<main>{% block main %}{% endblock %}</main></html>"
)


def urls_of(site: Site) -> PlatformUrls:
    """Where the LMS of a site answers."""
    return PlatformUrls(site.auth_url, site.token_url, site.jwks_url)


URLS = urls_of(SITE)


class Clock:
    """A moment that moves only when told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass
class Begun:
    """A login as far as the redirect to the LMS, and what the LMS answers to it."""

    url: str
    answer: dict[str, str] | None = None

    @property
    def request(self) -> dict[str, str]:
        """The tool's authentication request."""
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    @property
    def state(self) -> str:
        return self.request["state"]

    @property
    def nonce(self) -> str:
        return self.request["nonce"]


@dataclass
class World:
    """The tool, its database and one LMS."""

    database: Database
    platform: Platform
    clock: Clock
    keys: KeyServer
    person: Person = LEARNERS[0]
    entered: list[tuple[LaunchResult, str]] = field(default_factory=list)
    keyring: Keyring = field(default_factory=lambda: Keyring(b"k" * 32))
    settings: Settings = field(default_factory=lambda: Settings(env="test", public_url=TOOL))
    app: Flask = field(init=False)
    client: FlaskClient = field(init=False)
    before: dict[str, int] = field(init=False)

    def enter(self, result: LaunchResult, token: str) -> Any:
        self.entered.append((result, token))
        return f"entered as {result.role}"

    def login(
        self,
        key: str = "campus",
        client: FlaskClient | None = None,
        site: Site | None = None,
        *,
        method: str = "POST",
        **changes: Any,
    ) -> TestResponse:
        """Begin a login with the LMS's own fields, these changed; ``site`` as in Platform."""
        honest = self.platform.login_fields(self.person, "iframe", LaunchOptions(), site)
        fields = changed(honest, changes)
        browser = client or self.client
        if method == "GET":
            return browser.get(f"/lti/login/{key}", query_string=fields)
        return browser.post(f"/lti/login/{key}", data=fields)

    def begin(
        self,
        key: str = "campus",
        client: FlaskClient | None = None,
        site: Site | None = None,
        **changes: Any,
    ) -> Begun:
        first = self.login(key, client, site, **changes)
        assert first.status_code == 303, first.text
        second = (client or self.client).get(first.headers["Location"])
        assert second.status_code == 302, second.text
        return Begun(second.headers["Location"])

    def answer(self, begun: Begun) -> dict[str, str]:
        """What the LMS posts in answer to a login: it is asked once."""
        if begun.answer is None:
            begun.answer = authenticate(self.platform, begun.request)
        return begun.answer

    def claims(self, begun: Begun, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The claims of the honest token, these changed."""
        honest = forging.read_part(self.answer(begun)["id_token"], 1)
        return changed(honest, changes or {})

    def forge(
        self,
        begun: Begun,
        changes: Mapping[str, Any] | None = None,
        *,
        key: str | None = None,
        **options: Any,
    ) -> str:
        """The token of a login, forged; options as in ``sandbox.forging.forge``."""
        honest = self.answer(begun)["id_token"]
        signer = self.platform.keys.current if key is None else signing_key(key)
        return forging.forge(honest, signer, changes, **options)

    def launch(
        self, token: str, state: str, client: FlaskClient | None = None, **more: str
    ) -> TestResponse:
        form = {"id_token": token, "state": state} | more
        return (client or self.client).post("/lti/launch", data=form)

    def run(
        self,
        changes: Mapping[str, Any] | None = None,
        *,
        site: Site | None = None,
        **options: Any,
    ) -> TestResponse:
        """Login and launch in one go, with these claims changed."""
        begun = self.begin(site=site)
        return self.launch(self.forge(begun, changes, **options), begun.state)

    def count(self, model: type) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    def only[T](self, model: type[T]) -> T:
        with self.database.read() as session:
            return session.scalars(select(model)).one()

    def counts(self) -> dict[str, int]:
        """How many rows each table has."""
        tables = Base.metadata.sorted_tables
        counted = [select(literal(t.name), func.count()).select_from(t) for t in tables]
        with self.database.read() as session:
            return {name: count for name, count in session.execute(union_all(*counted))}

    def written(self) -> set[str]:
        """The tables that have other rows than in the beginning."""
        return {name for name, count in self.counts().items() if count != self.before[name]}

    def only_of(self, key: str) -> Registration:
        """The registration of that key."""
        with self.database.read() as session:
            found = find_registration(session, key)
        assert found is not None
        return found

    def assert_refused(
        self, response: TestResponse, code: str, status: int = 400, *, consumed: bool = False
    ) -> None:
        """Refused with this code; nobody entered and nothing was written.

        The attempt and the LMS's keys are no secret of anybody. ``consumed``: the launch was
        good as far as it went, so that its deployment or a ticket may have been recorded.
        """
        assert f"<code>{code} " in response.text, response.text
        assert response.status_code == status
        assert self.entered == []
        permitted = {"launch_attempt", "platform_key"}
        if consumed:
            permitted |= {"lti_deployment", "one_time_ticket"}
        assert self.written() <= permitted
        with self.database.read() as session:
            used = session.scalars(select(LaunchAttempt.consumed_at)).all()
        assert any(used) is consumed
        assert "__Host-greyarea=" not in str(response.headers.getlist("Set-Cookie"))


def bare_app(world: World) -> Flask:
    """The launch addresses alone; who enters is only told so."""
    app = Flask("web", root_path=str(Path(__file__).parents[2] / "web"))
    app.testing = True
    assert app.jinja_loader is not None
    app.jinja_loader = ChoiceLoader([DictLoader({"base.html": BASE}), app.jinja_loader])
    app.register_blueprint(launch_blueprint(world.keys))
    app.register_blueprint(published.pages)
    app.extensions["greyarea"] = world
    words.install(app)
    return app


def make_world(
    database: Database,
    *,
    site: Site = SITE,
    make_app: Callable[[World], Flask] = bare_app,
    key_server: KeyServer | None = None,
    **platform: Any,
) -> World:
    """A tool over ``database``, whose tables exist: one LMS, one approved deployment.

    ``platform`` as in ``sandbox.platform.Platform``.
    """
    clock = Clock()
    keys = Keys([signing_key("key-1")])
    given = {"keys": keys, "clock": lambda: clock.now.timestamp()} | platform
    world = World(database, Platform(site, **given), clock, key_server or KeyServer())
    world.keys.serve(*world.platform.keys.jwks()["keys"])
    world.app = make_app(world)
    world.client = new_client(world.app)
    with database.write() as session:
        institution = add_institution(session, "campus", "The Campus")
        registration = add_registration(
            session,
            institution,
            key="campus",
            issuer=site.issuer,
            client_id=site.client_id,
            urls=urls_of(site),
        )
        approve_deployment(session, registration, site.deployment_id, NOON)
    world.before = world.counts()
    return world


def add_second_client(world: World, deployment: str = DEPLOYMENT) -> Site:
    """Another registration of the same issuer, at the login address ``second``."""
    site = replace(world.platform.site, client_id="client-2", deployment_id=deployment)
    with world.database.write() as session:
        institution = find_institution(session, "campus")
        assert institution is not None
        made = add_registration(
            session,
            institution,
            key="second",
            issuer=site.issuer,
            client_id=site.client_id,
            urls=urls_of(site),
        )
        approve_deployment(session, made, deployment, NOON)
    world.before = world.counts()
    return site


def new_client(app: Flask) -> FlaskClient:
    """A browser with an empty jar."""
    return app.test_client()


def edit_registration(world: World, change: Callable[[Any], None], key: str = "campus") -> None:
    """Change the stored registration."""
    with world.database.write() as session:
        registration = find_registration(session, key)
        assert registration is not None
        change(registration)
