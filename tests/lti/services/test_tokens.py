"""Access tokens: how they are asked for and kept, and the limits of a request."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import jwt
import pytest

from lti.fetch import USER_AGENT
from lti.keys import ensure_tool_keys, rotate_tool_keys
from lti.services.http import Answer, ServiceRefused, ServiceUnavailable, send_request
from lti.services.token import AccessTokens
from store.models import AccessToken, Institution, Registration, ToolKey
from tests.lti.services.lms import (
    KEYRING,
    Clock,
    Lms,
    always,
    door,
    registration_of,
)
from tests.worlds import World

SCOPES = ["b", "a"]
URL = "https://testville.example.edu/service"


def tokens(world: World, lms: Lms, clock: Clock | None = None) -> AccessTokens:
    return AccessTokens(world.database, KEYRING, lms, clock or Clock())


def call(world: World, lms: Lms) -> Answer:
    return door(world, lms).call(registration_of(world), SCOPES, "GET", URL, headers={})


def test_the_token_lies_encrypted(small_world: World) -> None:
    body = b'{"access_token": "a-very-secret-token", "expires_in": 3600}'
    found = tokens(small_world, Lms(token=always(Answer(200, {}, body))))
    found.find(registration_of(small_world), SCOPES)
    (row,) = small_world.rows(AccessToken)
    assert b"secret" not in row.sealed
    assert "a-very-secret-token" not in small_world.everything()


def test_the_assertion_is_signed_with_the_active_key(small_world: World) -> None:
    clock, lms = Clock(), Lms()
    registration = registration_of(small_world)
    with small_world.database.write() as session:
        institution = session.get_one(Institution, registration.institution_id)
        ensure_tool_keys(session, KEYRING, institution, clock())
        active = rotate_tool_keys(session, KEYRING, institution, clock())
        row = session.get_one(Registration, registration.id)
        row.token_audience = "https://testville.example.edu"
    tokens(small_world, lms, clock).find(registration_of(small_world), SCOPES)
    form = parse_qs((lms.requests[0].body or b"").decode())
    assert form["grant_type"] == ["client_credentials"]
    assert form["scope"] == ["a b"]
    assertion = form["client_assertion"][0]
    assert jwt.get_unverified_header(assertion)["kid"] == active.kid
    (key,) = [row for row in small_world.rows(ToolKey) if row.status == "active"]
    claims = jwt.decode(
        assertion,
        jwt.PyJWK(key.public_jwk).key,
        algorithms=["RS256"],
        audience="https://testville.example.edu",
        options={"verify_exp": False, "verify_iat": False},
    )
    assert claims["iss"] == claims["sub"] == "client"
    assert claims["exp"] - claims["iat"] <= timedelta(minutes=5).total_seconds()
    assert len(claims["jti"]) >= 20


def test_plain_http_is_for_private_networks_only(small_world: World) -> None:
    lms = Lms()
    registration = registration_of(small_world)
    address = "http://lms.example.edu/service"
    with pytest.raises(ServiceRefused, match="bad_address"):
        door(small_world, lms).call(registration, SCOPES, "GET", address, headers={})
    assert lms.requests == []
    registration.allow_private_network = True
    door(small_world, lms).call(registration, SCOPES, "GET", address, headers={})
    assert all(request.allow_private for request in lms.requests)


class Handler(BaseHTTPRequestHandler):
    """Refuses requests without an agent, redirects from /moved, drips at /endless."""

    def do_GET(self) -> None:
        if self.headers.get("User-Agent") != USER_AGENT:
            self.send_response(403)
            self.end_headers()
            return
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("Location", "/elsewhere")
        self.send_header("Link", '</a>; rel="first"')
        self.send_header("Link", '</b>; rel="next"')
        self.end_headers()
        if self.path == "/large":
            self.wfile.write(b"x" * (1024 * 1024 + 1))

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address():
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def get(url: str, allow_private: bool = True) -> Answer:
    return send_request("GET", url, headers={}, body=None, allow_private=allow_private)


def test_several_headers_of_one_name_arrive_as_one(address: str) -> None:
    answer = get(address)
    assert answer.status == 200
    assert answer.headers["link"] == '</a>; rel="first", </b>; rel="next"'


def test_redirects_are_not_followed(address: str) -> None:
    assert get(f"{address}/moved").status == 302


def test_a_large_answer_is_cut_off(address: str) -> None:
    with pytest.raises(ServiceUnavailable, match="too_large"):
        get(f"{address}/large")


def test_private_addresses_are_for_registrations_that_allow_them(address: str) -> None:
    with pytest.raises(ServiceUnavailable, match="network"):
        get(address, allow_private=False)
