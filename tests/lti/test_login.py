"""The login: its parameters, its two steps, and life without third-party cookies."""

from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from sqlalchemy import select

from sandbox.people import LEARNERS
from store.models.lti import AppSession, LaunchAttempt, OneTimeTicket
from tests.lti.forge import (
    CLIENT,
    ISSUER,
    SITE,
    TOOL,
    Begun,
    World,
    edit_registration,
    new_client,
)
from tests.lti.pages import Storage, proceed


def test_parameters_are_those_of_the_specification(world: World) -> None:
    begun = world.begin(lti_message_hint='{"cmid":4}')
    address, _, query = begun.url.partition("?")
    assert address == f"{ISSUER}/auth"
    assert parse_qs(query, keep_blank_values=True) == {
        "scope": ["openid"],
        "response_type": ["id_token"],
        "response_mode": ["form_post"],
        "prompt": ["none"],
        "client_id": [CLIENT],
        "redirect_uri": [f"{TOOL}/lti/launch"],
        "state": [begun.state],
        "nonce": [begun.nonce],
        "login_hint": [LEARNERS[0].sub],
        "lti_message_hint": ['{"cmid":4}'],
    }


def test_authentication_address_with_a_query(world: World) -> None:
    edit_registration(world, lambda row: setattr(row, "auth_url", f"{ISSUER}/auth?tenant=5"))
    url = world.begin().url
    assert url.startswith(f"{ISSUER}/auth?tenant=5&scope=openid&") and url.count("?") == 1


def test_login_by_get(world: World) -> None:
    response = world.client.get(
        "/lti/login/campus",
        query_string={"iss": ISSUER, "login_hint": "7", "target_link_uri": f"{TOOL}/"},
    )
    assert response.status_code == 303


@pytest.mark.parametrize("deployment", ["x" * 256, "a\0"])
def test_deployment_ids_that_cannot_be(world: World, deployment: str) -> None:
    world.assert_refused(world.login(lti_deployment_id=deployment), "login_invalid")
    assert world.count(LaunchAttempt) == 0


def test_switched_off_registration(world: World) -> None:
    edit_registration(world, lambda row: setattr(row, "active", False))
    world.assert_refused(world.login(), "registration_inactive", 403)


def test_cookie_and_headers(world: World) -> None:
    response = world.login()
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-lti-b-")
    for part in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/", "Max-Age=600"):
        assert part in cookie.split("; ")
    assert "Domain" not in cookie
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    policy = response.headers["Content-Security-Policy"]
    assert f"frame-ancestors {ISSUER}" in policy and "unsafe" not in policy


def test_secrets_are_stored_as_hashes(world: World) -> None:
    begun = world.begin()
    attempt = world.only(LaunchAttempt)
    held = f"{attempt.state_hash} {attempt.nonce_hash} {attempt.sealed!r} {attempt.binding_hash}"
    assert begun.state not in held and begun.nonce not in held
    world.launch(world.forge(begun), begun.state)
    assert world.only(LaunchAttempt).sealed is None


def test_without_cookie_and_storage_a_new_tab_is_offered(world: World) -> None:
    response, page = proceed(world, lti_message_hint="")
    assert response.status_code == 200 and page.inline == 0 and page.storage == {}
    assert page.form["target"] == "_blank" and page.form["action"] == "/lti/login/campus"
    assert page.fields == {
        "iss": ISSUER,
        "login_hint": LEARNERS[0].sub,
        "target_link_uri": f"{TOOL}/lti/launch",
        "client_id": CLIENT,
        "lti_deployment_id": "1",
        "lti_message_hint": "",
        "new_tab": "1",
    }
    assert ISSUER in response.headers["Content-Security-Policy"].split("form-action")[1]
    again = world.client.post("/lti/login/campus", data=page.fields)
    assert world.client.get(again.headers["Location"]).status_code == 302


def test_new_tab_without_cookies_ends_in_an_explanation(world: World) -> None:
    response, _ = proceed(world, new_tab="1")
    world.assert_refused(response, "cookies_blocked")


def test_registration_may_allow_unbound_launches(world: World) -> None:
    edit_registration(world, lambda row: setattr(row, "allow_unbound_launch", True))
    begun = world.begin()
    stranger = new_client(world.app)
    assert world.launch(world.forge(begun), begun.state, stranger).status_code == 200


def test_attempt_is_bound_to_its_registration_and_time(world: World) -> None:
    location = world.login().headers["Location"]
    wrong = world.client.get(location.replace("campus", "other"))
    world.assert_refused(wrong, "login_expired")
    world.assert_refused(world.client.get("/lti/login/campus/go?attempt=%00"), "login_expired")
    world.assert_refused(world.client.get("/lti/login/campus/go"), "login_expired")
    world.clock.pass_time(minutes=10)
    world.assert_refused(world.client.get(location), "login_expired")


def test_attempt_is_over_after_the_launch(world: World) -> None:
    location = world.login().headers["Location"]
    begun = Begun(world.client.get(location).headers["Location"])
    assert world.launch(world.forge(begun), begun.state).status_code == 200
    assert "<code>login_expired " in world.client.get(location).text


def test_storage_path(world: World) -> None:
    run = Storage(world)
    assert run.put["data-target"] == "_parent" and run.put["data-origin"] == ISSUER
    assert (run.response.status_code, world.entered, run.page.inline) == (200, [], 0)
    assert run.page.storage["data-key"] == run.put["data-key"]
    assert run.put["data-value"] not in run.response.text
    assert world.count(AppSession) == 0
    response = run.confirm(str(run.put["data-value"]))
    assert response.text == "entered as learner"
    assert world.only(OneTimeTicket).sealed is None
    assert "<code>ticket_invalid " in run.confirm(str(run.put["data-value"])).text
    assert world.count(AppSession) == 1
    assert "<code>state_used " in world.launch(run.token, run.begun.state).text


def test_storage_with_a_wrong_secret_spends_the_ticket(world: World) -> None:
    run = Storage(world)
    world.assert_refused(run.confirm("guess"), "browser_unbound", 403, consumed=True)
    right = run.confirm(str(run.put["data-value"]))
    world.assert_refused(right, "ticket_invalid", consumed=True)


def test_ticket_lives_a_minute(world: World) -> None:
    run = Storage(world)
    world.clock.pass_time(seconds=60)
    response = run.confirm(str(run.put["data-value"]))
    world.assert_refused(response, "ticket_invalid", consumed=True)


def test_unknown_ticket(world: World) -> None:
    response = world.client.post("/lti/launch/confirm", data={"ticket": "x", "secret": "y"})
    world.assert_refused(response, "ticket_invalid")


def test_ticket_does_not_pass_the_deployment_check(world: World) -> None:
    run = Storage(world, site=replace(SITE, deployment_id="new"))
    response = run.confirm(str(run.put["data-value"]))
    world.assert_refused(response, "deployment_pending", 403, consumed=True)


def test_frames(world: World) -> None:
    edit_registration(
        world, lambda row: setattr(row, "embed_origins", ["https://a.example", "http://b:8090"])
    )
    response, _ = proceed(world)
    policy = response.headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors http://b:8090 https://a.example")


def test_attempts_do_not_share_a_cookie(world: World) -> None:
    world.begin()
    world.begin()
    with world.database.read() as session:
        ids = session.scalars(select(LaunchAttempt.public_id)).all()
    names = {f"__Host-lti-b-{public_id[:12]}" for public_id in ids}
    assert len(names) == 2
    assert all(world.client.get_cookie(name, "localhost") for name in names)
