"""Sessions: how long they live, what ends them, how a request carries them."""

from datetime import timedelta

import pytest
from flask import Flask, request
from werkzeug.datastructures import Headers

from lti.errors import SessionInvalid
from lti.session import find_session
from store.lti_attempts import purge_expired
from store.models.lti import AppSession, LaunchAttempt, OneTimeTicket
from tests.lti.forge import NOON, World, edit_registration
from web.launch import SESSION_COOKIE, request_token


@pytest.fixture
def token(world: World) -> str:
    world.run()
    return world.entered[0][1]


def is_live(world: World, token: str) -> bool:
    try:
        find_session(world.database, world.keyring, token, world.clock())
    except SessionInvalid as error:
        assert error.status == 401
        return False
    return True


def test_only_the_hash_is_stored(world: World, token: str) -> None:
    assert len(token) == 43
    row = world.only(AppSession)
    assert len(row.token_hash) == 64 and token not in row.token_hash


def test_idle_hour_slides(world: World, token: str) -> None:
    for _ in range(3):
        world.clock.pass_time(minutes=59)
        assert is_live(world, token)
    world.clock.pass_time(minutes=60)
    assert not is_live(world, token)


def test_eight_hours_at_most(world: World, token: str) -> None:
    for _ in range(15):
        world.clock.pass_time(minutes=30)
        assert is_live(world, token)
    world.clock.pass_time(minutes=30)
    assert world.clock() - NOON == timedelta(hours=8)
    assert not is_live(world, token)


def test_the_same_role_again_does_not(world: World, token: str) -> None:
    world.run()
    assert is_live(world, token)


def test_switched_off_registration_ends_it(world: World, token: str) -> None:
    edit_registration(world, lambda row: setattr(row, "active", False))
    assert not is_live(world, token)


@pytest.mark.parametrize("wrong", ["", "x", "ü", "\ud800", "x" * 10_000])
def test_unknown_tokens(world: World, wrong: str) -> None:
    assert not is_live(world, wrong)


def test_launch_sets_the_cookie_and_takes_the_binding_away(world: World) -> None:
    begun = world.begin()
    cookies = world.launch(world.forge(begun), begun.state).headers.getlist("Set-Cookie")
    session = next(value for value in cookies if value.startswith(SESSION_COOKIE))
    for part in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"):
        assert part in session.split("; ")
    binding = next(value for value in cookies if value.startswith("__Host-lti-b-"))
    assert "Max-Age=0" in binding


@pytest.mark.parametrize(
    ("method", "bearer", "field", "cookie", "expected"),
    [
        ("GET", None, None, "c", "c"),
        ("POST", None, None, "c", None),
        ("POST", None, "f", "c", "f"),
        ("POST", "b", "f", "c", "b"),
        ("GET", "b", None, "c", "b"),
        ("GET", None, None, None, None),
    ],
)
def test_request_token(
    method: str, bearer: str | None, field: str | None, cookie: str | None, expected: str | None
) -> None:
    headers = Headers()
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    if cookie:
        headers["Cookie"] = f"{SESSION_COOKIE}={cookie}"
    data = {"session": field} if field else None
    with Flask("web").test_request_context("/", method=method, headers=headers, data=data):
        assert request_token(request) == expected


def test_purge(world: World, token: str) -> None:
    world.begin()
    with world.database.write() as session:
        assert purge_expired(session, world.clock()) == 0
        session.add(OneTimeTicket(token_hash="t", purpose="launch", expires_at=world.clock()))
    world.clock.pass_time(minutes=10)
    with world.database.write() as session:
        assert purge_expired(session, world.clock()) == 3
    assert (world.count(LaunchAttempt), world.count(OneTimeTicket)) == (0, 0)
    assert is_live(world, token)
    world.clock.pass_time(hours=1)
    with world.database.write() as session:
        assert purge_expired(session, world.clock()) == 1
