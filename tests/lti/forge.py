"""A forger of launches: an LMS with a key of its own and no network.

``World`` is a tool with one registered LMS; ``begin`` runs the login as a browser would,
``forge`` signs whatever claims a test wants, ``launch`` posts them.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from lti.claims import (
    CONTEXT,
    DEPLOYMENT_ID,
    MESSAGE_TYPE,
    RESOURCE_LINK,
    ROLES,
    TARGET_LINK_URI,
    VERSION,
)
from lti.fetch import FetchError
from lti.session import LaunchResult
from store.db import Database
from store.keyring import Keyring
from store.lti_repository import (
    PlatformUrls,
    add_institution,
    add_registration,
    approve_deployment,
    find_registration,
)
from store.models.lti import (
    AppSession,
    Context,
    LaunchAttempt,
    LtiUser,
    Registration,
    ResourceLink,
)
from store.settings import Settings
from web import published
from web.launch import launch_blueprint

ISSUER = "https://lms.example.edu"
CLIENT = "client-1"
DEPLOYMENT = "1"
TOOL = "http://127.0.0.1:8080"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
URLS = PlatformUrls(f"{ISSUER}/auth", f"{ISSUER}/token", f"{ISSUER}/jwks")
MISSING = object()
BASE = (
    "<!doctype html><html lang=en><title>{% block title %}{% endblock %}</title>"
    "<main>{% block main %}{% endblock %}</main></html>"
)


class Clock:
    """A moment that moves only when told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@cache
def rsa_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key of that name, made once a run: making one is slow."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def public_jwk(name: str, **more: Any) -> dict[str, Any]:
    """The public key of that name, its name as the key id."""
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(rsa_key(name).public_key()))
    return {"kty": "RSA", "n": jwk["n"], "e": jwk["e"], "kid": name, "alg": "RS256"} | more


def encode(value: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def sign_raw(payload: bytes, header: dict[str, Any], key: str = "key-1") -> str:
    """A token over these very bytes."""
    signed = f"{encode(json.dumps(header).encode())}.{encode(payload)}"
    signature = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).sign(
        signed.encode(), rsa_key(key)
    )
    return f"{signed}.{encode(signature)}"


@dataclass
class KeyServer:
    """The LMS's key set, or what it answers in its place."""

    answer: bytes | FetchError = b""
    calls: int = 0

    def serve(self, *keys: dict[str, Any]) -> None:
        self.answer = json.dumps({"keys": list(keys)}).encode()

    def __call__(self, url: str, *, allow_private: bool) -> bytes:
        self.calls += 1
        if isinstance(self.answer, FetchError):
            raise self.answer
        return self.answer


@dataclass
class Begun:
    """A login as far as the redirect to the LMS."""

    state: str
    nonce: str
    url: str


@dataclass
class World:
    """The tool, its database and one LMS."""

    database: Database
    app: Flask
    client: FlaskClient
    clock: Clock
    keys: KeyServer
    entered: list[tuple[LaunchResult, str]] = field(default_factory=list)
    keyring: Keyring = field(default_factory=lambda: Keyring(b"k" * 32))
    settings: Settings = field(default_factory=lambda: Settings(env="test", public_url=TOOL))

    def enter(self, result: LaunchResult, token: str) -> str:
        self.entered.append((result, token))
        return f"entered as {result.role}"

    def login(
        self, key: str = "campus", client: FlaskClient | None = None, **changes: Any
    ) -> TestResponse:
        parameters = {
            "iss": ISSUER,
            "login_hint": "7",
            "target_link_uri": f"{TOOL}/lti/launch",
            "client_id": CLIENT,
        } | changes
        data = {name: value for name, value in parameters.items() if value is not MISSING}
        return (client or self.client).post(f"/lti/login/{key}", data=data)

    def begin(self, key: str = "campus", client: FlaskClient | None = None, **more: Any) -> Begun:
        first = self.login(key, client, **more)
        assert first.status_code == 303, first.text
        second = (client or self.client).get(first.headers["Location"])
        assert second.status_code == 302, second.text
        url = second.headers["Location"]
        query = parse_qs(urlsplit(url).query)
        return Begun(query["state"][0], query["nonce"][0], url)

    def claims(self, nonce: str, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
        moment = int(self.clock.now.timestamp())
        claims = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "person-7",
            "iat": moment,
            "exp": moment + 60,
            "nonce": nonce,
            DEPLOYMENT_ID: DEPLOYMENT,
            MESSAGE_TYPE: "LtiResourceLinkRequest",
            VERSION: "1.3.0",
            TARGET_LINK_URI: f"{TOOL}/lti/launch",
            ROLES: [MEMBERSHIP + "Learner"],
            RESOURCE_LINK: {"id": "link-1", "title": "Grey cases"},
            CONTEXT: {"id": "course-1", "label": "HPE1", "title": "Assessment"},
        } | dict(changes or {})
        return {name: value for name, value in claims.items() if value is not MISSING}

    def forge(
        self,
        begun: Begun,
        changes: Mapping[str, Any] | None = None,
        *,
        key: str = "key-1",
        header: Mapping[str, Any] | None = None,
    ) -> str:
        head = {"alg": "RS256", "typ": "JWT", "kid": "key-1"} | dict(header or {})
        head = {name: value for name, value in head.items() if value is not MISSING}
        return sign_raw(json.dumps(self.claims(begun.nonce, changes)).encode(), head, key)

    def launch(
        self, token: str, state: str, client: FlaskClient | None = None, **more: str
    ) -> TestResponse:
        form = {"id_token": token, "state": state} | more
        return (client or self.client).post("/lti/launch", data=form)

    def run(self, changes: Mapping[str, Any] | None = None, **options: Any) -> TestResponse:
        """Login and launch in one go, with these claims changed."""
        begun = self.begin()
        return self.launch(self.forge(begun, changes, **options), begun.state)

    def count(self, model: type) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    def only[T](self, model: type[T]) -> T:
        with self.database.read() as session:
            return session.scalars(select(model)).one()

    def only_of(self, key: str) -> Registration:
        """The registration of that key."""
        with self.database.read() as session:
            found = find_registration(session, key)
        assert found is not None
        return found

    def assert_refused(
        self, response: TestResponse, code: str, status: int = 400, *, consumed: bool = False
    ) -> None:
        """Refused with this code; nobody entered and nothing was written."""
        assert f"<code>{code} " in response.text, response.text
        assert response.status_code == status
        assert self.entered == []
        for model in (AppSession, LtiUser, Context, ResourceLink):
            assert self.count(model) == 0
        with self.database.read() as session:
            used = session.scalars(select(LaunchAttempt.consumed_at)).all()
        assert any(used) is consumed
        assert "__Host-greyarea=" not in str(response.headers.getlist("Set-Cookie"))


def make_world(database: Database) -> World:
    """A tool over ``database``, whose tables exist: one LMS, one approved deployment."""
    app = Flask("web", root_path=str(Path(__file__).parents[2] / "web"))
    app.testing = True
    assert app.jinja_loader is not None
    app.jinja_loader = ChoiceLoader([DictLoader({"base.html": BASE}), app.jinja_loader])
    keys = KeyServer()
    keys.serve(public_jwk("key-1"))
    app.register_blueprint(launch_blueprint(keys))
    app.register_blueprint(published.pages)
    world = World(database, app, new_client(app), Clock(), keys)
    app.extensions["greyarea"] = world
    with database.write() as session:
        institution = add_institution(session, "campus", "The Campus")
        registration = add_registration(
            session, institution, key="campus", issuer=ISSUER, client_id=CLIENT, urls=URLS
        )
        approve_deployment(session, registration, DEPLOYMENT, NOON)
    return world


def new_client(app: Flask) -> FlaskClient:
    """A browser with an empty jar."""
    return app.test_client()


def edit_registration(world: World, change: Callable[[Any], None], key: str = "campus") -> None:
    """Change the stored registration."""
    with world.database.write() as session:
        registration = find_registration(session, key)
        assert registration is not None
        change(registration)
