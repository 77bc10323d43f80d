"""Refused tokens, states and requests: certification (N) and security (S) cases.

Ids are those of the list of negative cases in the LTI research notes.
"""

import hashlib
import hmac
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from lti.claims import (
    DEPLOYMENT_ID,
    LAUNCH_PRESENTATION,
    ROLES,
)
from store.lti_repository import add_registration, approve_deployment, find_institution
from store.models.lti import AppSession, Deployment
from tests.lti.forge import (
    CLIENT,
    DEPLOYMENT,
    ISSUER,
    MISSING,
    URLS,
    World,
    edit_registration,
    encode,
    new_client,
    public_jwk,
    rsa_key,
    sign_raw,
)

HEADERS: list[tuple[str, dict[str, Any], str]] = [
    ("N01", {"kid": MISSING}, "token_header"),
    ("N02", {"kid": "key-9"}, "key_unknown"),
    ("S02", {"alg": "none"}, "token_header"),
    ("S49b-crit", {"crit": ["exp"]}, "token_header"),
    ("S49b-rs512", {"alg": "RS512"}, "token_header"),
    ("S49b-kid", {"kid": 7}, "token_header"),
    ("S49b-kid-long", {"kid": "k" * 300}, "token_header"),
    ("S49b-kid-nul", {"kid": "k\0"}, "token_header"),
    ("S49b-b64", {"b64": False}, "token_header"),
]


@pytest.mark.parametrize(("header", "code"), [c[1:] for c in HEADERS], ids=[c[0] for c in HEADERS])
def test_headers_refused(world: World, header: dict[str, Any], code: str) -> None:
    world.assert_refused(world.run(header=header), code)


def test_n02_asks_for_the_keys_once(world: World) -> None:
    world.run(header={"kid": "key-9"})
    assert world.keys.calls == 1


def test_n05_no_lti_message(world: World) -> None:
    begun = world.begin()
    claims = {k: v for k, v in world.claims(begun.nonce).items() if not k.startswith("http")}
    token = sign_raw(json.dumps(claims).encode(), {"alg": "RS256", "kid": "key-1"})
    world.assert_refused(world.launch(token, begun.state), "version_unsupported")


def test_s01_signed_by_another_key(world: World) -> None:
    world.assert_refused(world.run(key="intruder"), "signature_invalid")


def test_s03_hs256_with_the_public_key(world: World) -> None:
    begun = world.begin()
    pem = (
        rsa_key("key-1")
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    header = encode(json.dumps({"alg": "HS256", "kid": "key-1"}).encode())
    signed = f"{header}.{encode(json.dumps(world.claims(begun.nonce)).encode())}"
    mac = hmac.new(pem, signed.encode(), hashlib.sha256).digest()
    response = world.launch(f"{signed}.{encode(mac)}", begun.state)
    world.assert_refused(response, "token_header")


@pytest.mark.parametrize("token", ["nonsense", "a.b.c.d.e", "a.b", "..", "é.b.c", "e30.e30.=="])
def test_s04_no_jwt(world: World, token: str) -> None:
    begun = world.begin()
    world.assert_refused(world.launch(token, begun.state), "token_malformed")


def test_s09_audience_in_a_list_is_valid(world: World) -> None:
    assert world.run({"aud": [CLIENT], "azp": CLIENT}).status_code == 200


def test_s12_unknown_deployment_is_recorded_once(world: World) -> None:
    for _ in range(2):
        response = world.run({DEPLOYMENT_ID: "new"})
        world.assert_refused(response, "deployment_pending", 403, consumed=True)
    with world.database.read() as session:
        rows = {row.deployment_id: row.active for row in session.query(Deployment)}
    assert rows == {DEPLOYMENT: True, "new": False}


def test_s13_deployment_of_another_registration(world: World) -> None:
    with world.database.write() as session:
        institution = find_institution(session, "campus")
        assert institution is not None
        other = add_registration(
            session, institution, key="second", issuer=ISSUER, client_id="client-2", urls=URLS
        )
        approve_deployment(session, other, "theirs", world.clock())
    response = world.run({DEPLOYMENT_ID: "theirs"})
    world.assert_refused(response, "deployment_pending", 403, consumed=True)


def test_s16_replay(world: World) -> None:
    begun = world.begin()
    token = world.forge(begun)
    assert world.launch(token, begun.state).status_code == 200
    again = world.launch(token, begun.state)
    assert (again.status_code, "<code>state_used " in again.text) == (400, True)
    assert world.count(AppSession) == 1


def test_s17_same_state_other_token(world: World) -> None:
    begun = world.begin()
    assert world.launch(world.forge(begun), begun.state).status_code == 200
    again = world.launch(world.forge(begun, {"sub": "another"}), begun.state)
    assert "<code>state_used " in again.text
    assert world.count(AppSession) == 1


def test_s18_state_of_one_tab_nonce_of_another(world: World) -> None:
    first, second = world.begin(), world.begin()
    world.assert_refused(world.launch(world.forge(second), first.state), "nonce_mismatch")


@pytest.mark.parametrize(
    ("state", "code"),
    [("", "token_missing"), ("state-other", "state_unknown"), ("x" * 5000, "state_unknown")],
)
def test_s19_state_missing_or_altered(world: World, state: str, code: str) -> None:
    world.assert_refused(world.launch(world.forge(world.begin()), state), code)


def test_s19_state_expired(world: World) -> None:
    begun = world.begin()
    world.clock.pass_time(minutes=10)
    world.assert_refused(world.launch(world.forge(begun), begun.state), "state_expired")


def test_s20_other_browser(world: World) -> None:
    begun = world.begin()
    stranger = new_client(world.app)
    response = world.launch(world.forge(begun), begun.state, stranger)
    world.assert_refused(response, "browser_unbound", 403)


@pytest.mark.parametrize(
    ("case", "changes", "accepted"),
    [
        ("S22-leeway", {"exp": -1, "iat": -61}, True),
        ("S22-edge", {"exp": -59, "iat": -119}, True),
        ("S22-beyond", {"exp": -60, "iat": -120}, False),
        ("S23", {"iat": 30, "exp": 90}, True),
        ("S23-edge", {"iat": 60, "exp": 120}, True),
        ("S24", {"iat": 600, "exp": 660}, False),
        ("S25", {"iat": -700, "exp": 60}, False),
        ("S25-inside", {"iat": -600, "exp": 60}, True),
        ("S26", {"exp": 10 * 365 * 86400}, False),
        ("S26-inside", {"exp": 86400}, True),
        ("S26-before-iat", {"iat": 10, "exp": 5}, False),
        ("S29", {"nbf": 600}, False),
        ("S29-leeway", {"nbf": 30}, True),
        ("S30b-float", {"exp": 60.5}, True),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_times(world: World, case: str, changes: dict[str, float], accepted: bool) -> None:
    moment = int(world.clock.now.timestamp())
    response = world.run({name: moment + seconds for name, seconds in changes.items()})
    if accepted:
        assert response.status_code == 200, response.text
    else:
        world.assert_refused(response, "token_time")


def test_s24b_state_of_one_client_token_of_another(world: World) -> None:
    with world.database.write() as session:
        institution = find_institution(session, "campus")
        assert institution is not None
        other = add_registration(
            session, institution, key="second", issuer=ISSUER, client_id="client-2", urls=URLS
        )
        approve_deployment(session, other, DEPLOYMENT, world.clock())
    begun = world.begin()
    token = world.forge(begun, {"aud": "client-2"})
    world.assert_refused(world.launch(token, begun.state), "audience_mismatch")


def test_s24c_another_deployment_than_at_login(world: World) -> None:
    begun = world.begin(lti_deployment_id="2")
    world.assert_refused(world.launch(world.forge(begun), begun.state), "deployment_mismatch")


def test_s33_the_tokens_target_counts(world: World) -> None:
    begun = world.begin(target_link_uri="https://elsewhere.example/x")
    assert world.launch(world.forge(begun), begun.state).status_code == 200


def test_s38_unknown_claims_are_ignored(world: World) -> None:
    assert world.run({"https://example.org/claim": {"a": [1]}, "extra": None}).status_code == 200


BODIES = [b'["list"]', b'"text"', b"not json", b"\xff\xfe", b'{"a": NaN}', b"[" * 20000]


@pytest.mark.parametrize("body", BODIES, ids=["list", "text", "words", "bytes", "nan", "deep"])
def test_s39_payload_no_object(world: World, body: bytes) -> None:
    begun = world.begin()
    token = sign_raw(body, {"alg": "RS256", "kid": "key-1"})
    world.assert_refused(world.launch(token, begun.state), "token_malformed")


def test_s39_a_key_twice(world: World) -> None:
    begun = world.begin()
    text = json.dumps(world.claims(begun.nonce))
    body = ('{"sub": "first", ' + text[1:]).encode()
    token = sign_raw(body, {"alg": "RS256", "kid": "key-1"})
    world.assert_refused(world.launch(token, begun.state), "token_malformed")


def test_s40_form_larger_than_any_launch(world: World) -> None:
    begun = world.begin()
    response = world.launch("x" * 200_000, begun.state)
    world.assert_refused(response, "token_too_large", 413)


def test_s45_error_in_place_of_a_token(world: World) -> None:
    begun = world.begin()
    response = world.client.post(
        "/lti/launch",
        data={"error": "login_required", "error_description": "<b>x</b>", "state": begun.state},
    )
    world.assert_refused(response, "platform_refused")
    assert "<b>" not in response.text


def test_s46_get_to_the_launch(world: World) -> None:
    response = world.client.get("/lti/launch")
    world.assert_refused(response, "wrong_method", 405)
    assert response.headers["Allow"] == "POST"


def test_s49_keys_named_by_the_token_are_ignored(world: World) -> None:
    header = {"jku": "https://evil.example/keys", "jwk": public_jwk("intruder"), "x5u": "x"}
    assert world.run(header=header).status_code == 200
    world.entered.clear()
    refused = world.run(header=header, key="intruder")
    assert "<code>signature_invalid " in refused.text


def test_switched_off_registration(world: World) -> None:
    begun = world.begin()
    edit_registration(world, lambda row: setattr(row, "active", False))
    response = world.launch(world.forge(begun), begun.state)
    world.assert_refused(response, "registration_inactive", 403)


def test_way_back_only_for_a_verified_token(world: World) -> None:
    url = "https://lms.example.edu/back?course=2&sesskey=abc"
    changes = {ROLES: MISSING, LAUNCH_PRESENTATION: {"return_url": url}}
    assert "course=2&amp;sesskey=abc&amp;lti_errormsg=" in world.run(changes).text
    assert "sesskey" not in world.run(changes, key="intruder").text
    for bad in ("javascript:alert(1)", "http://lms.example.edu/back", "//evil.example"):
        page = world.run({ROLES: MISSING, LAUNCH_PRESENTATION: {"return_url": bad}}).text
        assert "Back to your course" not in page
    local = {ROLES: MISSING, LAUNCH_PRESENTATION: {"return_url": "http://localhost:8090/c"}}
    assert "http://localhost:8090/c?lti_errormsg=" in world.run(local).text


def test_logs_name_nobody(world: World, caplog: pytest.LogCaptureFixture) -> None:
    begun = world.begin()
    token = world.forge(begun, {"sub": "secret-person", ROLES: MISSING})
    page = world.launch(token, begun.state).text
    text = caplog.text
    assert "code=claims_invalid" in text and "roles: missing" in text
    correlation = page.split("<code>claims_invalid ")[1].split("<")[0]
    assert correlation in text
    for secret in ("secret-person", token, begun.state, begun.nonce):
        assert secret not in text


def test_the_forger_can_be_trusted(world: World) -> None:
    """Guards all of the above: the unchanged launch enters."""
    assert world.run().text == "entered as learner"
