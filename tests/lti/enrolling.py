"""An LMS that registers itself: what it says, what it is asked, and the tool's address."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from werkzeug.test import TestResponse

from lti.fetch import Answer, FetchError
from lti.registration import TOOL
from store.lti_invites import create_invite
from store.lti_repository import find_institution
from store.models.lti import Deployment, Registration
from tests.lti.forge import MISSING, World, new_client
from web import words
from web.registration import registration_blueprint

LMS = "https://moodle.example.edu"
CONFIGURATION = f"{LMS}/mod/lti/openid-configuration.php"
TOKEN = "header.registration-token.signature"
PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"


def configuration(**changes: Any) -> dict[str, Any]:
    """A Moodle's configuration."""
    found = {
        "issuer": LMS,
        "token_endpoint": f"{LMS}/mod/lti/token.php",
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": f"{LMS}/mod/lti/certs.php",
        "authorization_endpoint": f"{LMS}/mod/lti/auth.php",
        "registration_endpoint": f"{LMS}/mod/lti/openid-registration.php",
        "id_token_signing_alg_values_supported": ["RS256"],
        PLATFORM: {"product_family_code": "moodle"},
    } | changes
    return {name: value for name, value in found.items() if value is not MISSING}


@dataclass
class Call:
    """One request that the LMS got."""

    url: str
    body: bytes | None
    bearer: str | None
    allow_private: bool
    max_bytes: int


@dataclass
class Lms:
    """Answers the two requests of a registration, or fails at them."""

    document: Any = field(default_factory=configuration)
    answer: Any = field(
        default_factory=lambda: {"client_id": "new-client", TOOL: {"deployment_id": "9"}}
    )
    status: int = 200
    calls: list[Call] = field(default_factory=list)

    def __call__(
        self,
        url: str,
        *,
        allow_private: bool,
        body: bytes | None = None,
        bearer: str | None = None,
        max_bytes: int = 0,
    ) -> Answer:
        self.calls.append(Call(url, body, bearer, allow_private, max_bytes))
        said = self.document if body is None else self.answer
        if isinstance(said, Exception):
            raise said
        if isinstance(said, Answer):
            return said
        raw = said if isinstance(said, bytes) else json.dumps(said).encode()
        return Answer(200 if body is None else self.status, raw)

    @property
    def sent(self) -> dict[str, Any]:
        """The registration request."""
        (body,) = [call.body for call in self.calls if call.body is not None]
        found = json.loads(body)
        assert isinstance(found, dict)
        return found


def add_registration_page(world: World, send: Any) -> Flask:
    """A tool over the world's database that talks to this LMS."""
    app = Flask("web", root_path=str(Path(__file__).parents[2] / "web"))
    app.testing = True
    app.register_blueprint(registration_blueprint(send))
    app.extensions["greyarea"] = world
    words.install(app)
    return app


@dataclass
class Enrolment:
    """The tool, an LMS that wants in, and an invite."""

    world: World
    lms: Lms = field(default_factory=Lms)

    def __post_init__(self) -> None:
        self.app = add_registration_page(self.world, self.lms)
        self.invite = self.new_invite()

    def new_invite(self, institution: str = "campus", **options: Any) -> str:
        with self.world.database.write() as session:
            found = find_institution(session, institution)
            assert found is not None
            return create_invite(session, found, self.world.clock(), **options)

    def open(
        self, invite: str | None = None, token: str | None = TOKEN, url: str | None = CONFIGURATION
    ) -> TestResponse:
        query = {"openid_configuration": url, "registration_token": token}
        given = {name: value for name, value in query.items() if value is not None}
        return new_client(self.app).get(f"/lti/register/{invite or self.invite}?{urlencode(given)}")

    def assert_refused(self, response: TestResponse, code: str, status: int = 400) -> None:
        """Refused with this code; the one registration of before is alone."""
        assert f"<code>{code} " in response.text, response.text
        assert response.status_code == status
        assert self.world.count(Registration) == 1
        assert self.world.count(Deployment) == 1

    def assert_used(self) -> None:
        """The first invite serves no more."""
        response = self.open(self.invite)
        assert (response.status_code, "<code>invite_invalid " in response.text) == (403, True)


TIMEOUT = FetchError("ReadTimeout")
