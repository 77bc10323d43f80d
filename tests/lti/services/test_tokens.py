"""V01–V03 and V10: access tokens, their cache, and what a failing endpoint means."""

import json
import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import jwt
import pytest
from sqlalchemy import func, select

from lti.fetch import USER_AGENT
from lti.keys import ensure_tool_keys, rotate_tool_keys
from lti.services import http
from lti.services.http import Answer, ServiceRefused, ServiceUnavailable, send_request
from lti.services.token import AccessTokens
from store import lti_repository
from store.models import AccessToken, Institution, Registration, ToolKey
from tests.lti.services.lms import (
    KEYRING,
    TOKEN,
    Clock,
    Lms,
    always,
    door,
    in_turn,
    lost,
    registration_of,
)
from tests.worlds import World

SCOPES = ["b", "a"]
URL = "https://testville.example.edu/service"


def tokens(world: World, lms: Lms, clock: Clock | None = None) -> AccessTokens:
    return AccessTokens(world.database, KEYRING, lms, clock or Clock())


def call(world: World, lms: Lms) -> Answer:
    return door(world, lms).call(registration_of(world), SCOPES, "GET", URL, headers={})


@pytest.mark.parametrize(
    "answer, code",
    [
        (Answer(429), "token_429"),
        (Answer(500), "token_500"),
        (Answer(503), "token_503"),
        (lost(), "network"),
        (Answer(200, {}, b"<html>Back soon</html>"), "token_unreadable"),
        (Answer(200, {}, b'{"access_token": "a\\nb"}'), "token_unreadable"),
        (Answer(200, {}, b"[" * 100_000), "token_unreadable"),
    ],
    ids=["V01-429", "V01-500", "V01-503", "V01-slow", "V01-html", "V01-header", "V01-deep"],
)
def test_may_work_later(small_world: World, answer: Answer | Exception, code: str) -> None:
    with pytest.raises(ServiceUnavailable) as caught:
        call(small_world, Lms(token=in_turn(answer)))
    assert caught.value.code == code


@pytest.mark.parametrize("status", [400, 401, 403, 404, 302], ids="V01-{}".format)
def test_asking_again_will_not_help(small_world: World, status: int) -> None:
    lms = Lms(token=always(Answer(status)))
    with pytest.raises(ServiceRefused) as caught:
        call(small_world, lms)
    assert caught.value.code == f"token_{status}"
    assert len(lms.requests) == 1


def test_v01_a_token_that_is_not_taken_is_asked_for_anew_once(world_on_each: World) -> None:
    second = Answer(200, {}, b'{"access_token": "t-2", "expires_in": 3600}')
    lms = Lms(token=in_turn(TOKEN, second), service=in_turn(Answer(401), Answer(200)))
    assert call(world_on_each, lms).status == 200
    used = [request.headers["Authorization"] for request in lms.calls]
    assert used == ["Bearer t-1", "Bearer t-2"]
    # The new one is kept.
    lms.service = always(Answer(200))
    assert call(world_on_each, lms).status == 200
    assert lms.asked_for_tokens == 2


def test_v01_two_refused_tokens_are_enough(small_world: World) -> None:
    lms = Lms(service=always(Answer(401)))
    with pytest.raises(ServiceRefused, match="http_401"):
        call(small_world, lms)
    assert lms.asked_for_tokens == len(lms.calls) == 2
    with small_world.database.read() as session:
        assert session.scalar(select(func.count()).select_from(AccessToken)) == 0


@pytest.mark.parametrize(
    "told, good_for",
    [
        ('"expires_in": 3600', 3540),
        ('"expires_in": "600"', 540),
        ('"x": 0', 240),
        ('"expires_in": null', 240),
        ('"expires_in": true', 240),
        ('"expires_in": -5', 240),
        ('"expires_in": "soon"', 240),
        ('"expires_in": 1e999', 240),
        ('"expires_in": 30', 0),
        ('"expires_in": 99999999999', 86340),
    ],
    ids="V02-{}".format,
)
def test_a_token_is_used_up_to_a_minute_before_its_end(
    small_world: World, told: str, good_for: int
) -> None:
    clock = Clock()
    body = '{"access_token": "t", ' + told + "}"
    lms = Lms(token=always(Answer(200, {}, body.encode())))
    found = tokens(small_world, lms, clock)
    registration = registration_of(small_world)
    assert found.find(registration, SCOPES) == "t"
    if good_for:
        clock.pass_time(seconds=good_for - 1)
        assert found.find(registration, SCOPES) == "t"
    assert lms.asked_for_tokens == 1
    clock.pass_time(seconds=1)
    assert found.find(registration, SCOPES) == "t"
    assert lms.asked_for_tokens == 2


def test_v03_two_clients_of_one_issuer_share_no_token(world_on_each: World) -> None:
    world = world_on_each
    first = registration_of(world)
    with world.database.write() as session:
        other = lti_repository.add_institution(session, "other", "Other")
        second = lti_repository.add_registration(
            session,
            other,
            issuer=first.issuer,
            client_id="client-2",
            urls=lti_repository.PlatformUrls(first.auth_url, first.token_url, first.jwks_url),
        )

    def by_client(request: object) -> Answer:
        form = parse_qs((lms.requests[-1].body or b"").decode())
        claims = jwt.decode(form["client_assertion"][0], options={"verify_signature": False})
        return Answer(200, {}, json.dumps({"access_token": f"of-{claims['iss']}"}).encode())

    lms = Lms(token=by_client)
    found = tokens(world, lms)
    assert [found.find(row, SCOPES) for row in (first, second, first, second)] == [
        "of-client",
        "of-client-2",
    ] * 2
    assert lms.asked_for_tokens == 2


def test_scopes_in_any_order_share_a_token(small_world: World) -> None:
    lms = Lms()
    found, registration = tokens(small_world, lms), registration_of(small_world)
    found.find(registration, ["a", "b"])
    found.find(registration, ["b", "a", "b"])
    assert lms.asked_for_tokens == 1
    found.find(registration, ["a"])
    assert lms.asked_for_tokens == 2


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


def test_v10_an_agent_is_always_named(address: str) -> None:
    answer = get(address)
    assert answer.status == 200
    # Several Link headers arrive as one.
    assert answer.headers["link"] == '</a>; rel="first", </b>; rel="next"'


def test_redirects_are_not_followed(address: str) -> None:
    assert get(f"{address}/moved").status == 302


def test_a_large_answer_is_cut_off(address: str) -> None:
    with pytest.raises(ServiceUnavailable, match="too_large"):
        get(f"{address}/large")


def test_private_addresses_are_for_registrations_that_allow_them(address: str) -> None:
    with pytest.raises(ServiceUnavailable, match="network"):
        get(address, allow_private=False)


def test_v01_a_server_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TIMEOUT", 0.2)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        pytest.raises(ServiceUnavailable, match="too_slow"),
    ):
        get(f"http://127.0.0.1:{silent.getsockname()[1]}")
