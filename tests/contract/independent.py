"""The platform of the package lti1p3platform, as the LMS of a test's world."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract
from lti1p3platform.oidc_login import OIDCLoginAbstract
from lti1p3platform.registration import Registration
from lti1p3platform.request import Request
from werkzeug.test import Client

from lti.keys import public_key_set, rotate_tool_keys
from sandbox.keys import SigningKey
from store.lti_repository import find_institution
from tests.lti.forge import CLIENT, DEPLOYMENT, ISSUER, TOOL, World
from tests.lti.key_server import signing_key

HINT = {"link": "l-4 & co"}


class Platform(LTI1P3PlatformConfAbstract):
    """Their side of the registration."""

    def init_platform_config(self, **facts: Any) -> None:
        key: SigningKey = facts["key"]
        self.facts = (
            Registration()
            .set_iss(ISSUER)
            .set_client_id(CLIENT)
            .set_deployment_id(DEPLOYMENT)
            .set_launch_url(f"{TOOL}/lti/launch")
            .set_deeplink_launch_url(f"{TOOL}/lti/launch")
            .set_oidc_login_url(f"{TOOL}/lti/login/campus")
            .set_platform_public_key(key.public_pem.decode())
            .set_platform_private_key(key.private_pem)
        )

    def get_registration_by_params(self, **_: Any) -> Registration:
        return self.facts


class Asked(Request):
    """A request in the form that the package wants."""

    def build_metadata(self, request: Any) -> Any:
        return {"form_data": {}, "get_data": {}, "headers": {}, "json": None} | dict(request)


class Login(OIDCLoginAbstract):
    """Where a person is sent to begin."""

    def set_lti_message_hint(self, **hint: Any) -> None:
        self._lti_message_hint = json.dumps(hint)

    def get_redirect(self, url: str) -> str:
        return url


def connect(world: World) -> Platform:
    """Their platform in place of the sandbox, each with the other's keys, in real time."""
    platform = Platform(key=signing_key("theirs"))
    world.clock.now = datetime.now(UTC)
    platform.get_registration()
    world.keys.answer = json.dumps(platform.get_jwks()).encode()
    with world.database.write() as session:
        institution = find_institution(session, "campus")
        assert institution is not None
        rotate_tool_keys(session, world.keyring, institution, world.clock())
        platform.facts.set_tool_key_set(public_key_set(session))
    return platform


def preflight(world: World, platform: Platform, person: str) -> tuple[Client, dict[str, str]]:
    """From their login address through ours: the browser, and what we ask of them."""
    begin = Login(Asked({}), platform)
    begin.set_lti_message_hint(**HINT)
    address = urlsplit(begin.initiate_login(person))
    browser = world.client
    first = browser.get(address.path, query_string=dict(parse_qsl(address.query)))
    second = browser.get(first.headers["Location"])
    return browser, dict(parse_qsl(urlsplit(second.headers["Location"]).query))
