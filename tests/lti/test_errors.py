"""Refusals: a code, plain words, a trace in the log, and a way back that can be trusted."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from lti.claims import (
    CONTEXT,
    DEPLOYMENT_ID,
    LAUNCH_PRESENTATION,
    MESSAGE_TYPE,
    ROLES,
    TARGET_LINK_URI,
    VERSION,
)
from lti.errors import LtiError
from tests.lti.forge import MISSING, World, edit_registration, new_client
from tests.lti.kinds import all_kinds
from tests.lti.pages import Page, Storage

BACK = "https://lms.example.edu/back?course=2&sesskey=abc"
JARGON = re.compile(
    r"jwt|jwks|nonce|\bclaims?\b|\biss\b|\baud\b|\bkid\b|payload|header|token|oidc|openid|json|"
    r"null|exception|traceback|http \d|\bstate\b|parameter",
    re.IGNORECASE,
)


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.__name__)
def test_each_kind_is_told_in_plain_words(kind: type[LtiError]) -> None:
    assert re.fullmatch("[a-z0-9]+(_[a-z0-9]+)*", kind.code) and len(kind.code) <= 32
    assert kind.status in (400, 401, 403, 405, 409, 413, 502, 503)
    message = kind.message
    assert message[0].isupper() and message.endswith(".") and 20 <= len(message) <= 400
    assert "  " not in message and message == message.strip()
    assert JARGON.search(message) is None
    assert kind.__doc__


def test_no_two_kinds_share_a_code() -> None:
    codes = [kind.code for kind in all_kinds()]
    assert len(codes) == len(set(codes)) > 30


def find_way_back(page: str) -> str | None:
    """The address behind "Back to your course"."""
    found = re.search(r'<a href="([^"]*)" target="_top">Back to your course</a>', page)
    return found[1].replace("&amp;", "&") if found else None


RETURN = {LAUNCH_PRESENTATION: {"return_url": BACK}}


@pytest.mark.parametrize(
    ("code", "changes", "options"),
    [
        ("token_malformed", {}, {"body": '["no object"]'}),
        ("token_header", {}, {"headers": {"alg": "none"}}),
        ("key_unknown", {}, {"headers": {"kid": "key-9"}}),
        ("signature_invalid", {}, {"key": "intruder"}),
        ("issuer_mismatch", {"iss": "https://other.example.edu"}, {}),
        ("audience_mismatch", {"aud": "another"}, {}),
        ("token_time", {"exp": 1}, {}),
        ("claims_invalid", {"nonce": MISSING}, {}),
        ("nonce_mismatch", {"nonce": "another"}, {}),
    ],
)
def test_no_way_back_by_what_is_not_verified(
    world: World, code: str, changes: dict[str, Any], options: dict[str, Any]
) -> None:
    response = world.run(RETURN | changes, **options)
    world.assert_refused(response, code)
    assert find_way_back(response.text) is None and "sesskey" not in response.text


@pytest.mark.parametrize("state", ["another", "used", "old"])
def test_no_way_back_by_a_state_that_is_not_good(world: World, state: str) -> None:
    begun = world.begin()
    token = world.forge(begun, RETURN)
    if state == "used":
        assert world.launch(token, begun.state).status_code == 200
    if state == "old":
        world.clock.pass_time(minutes=10)
    response = world.launch(token, "another" if state == "another" else begun.state)
    assert response.status_code == 400 and "<code>state_" in response.text
    assert find_way_back(response.text) is None


def refuse_unknown_roles(world: World) -> None:
    edit_registration(
        world, lambda row: setattr(row.institution, "settings", {"refuse_unknown_roles": True})
    )


@pytest.mark.parametrize(
    ("code", "status", "changes", "prepare"),
    [
        ("version_unsupported", 400, {VERSION: "1.1"}, None),
        ("message_unsupported", 400, {MESSAGE_TYPE: "LtiTeapotRequest"}, None),
        ("anonymous_launch", 403, {"sub": MISSING}, None),
        ("claims_invalid", 400, {ROLES: MISSING}, None),
        ("claims_invalid", 400, {CONTEXT: []}, None),
        ("deployment_mismatch", 400, {DEPLOYMENT_ID: "2"}, None),
        ("target_foreign", 400, {TARGET_LINK_URI: "https://other.example/"}, None),
        ("role_refused", 403, {ROLES: ["Sorcerer"]}, refuse_unknown_roles),
    ],
)
def test_the_way_back_tells_what_happened(
    world: World,
    caplog: pytest.LogCaptureFixture,
    code: str,
    status: int,
    changes: dict[str, Any],
    prepare: Callable[[World], None] | None,
) -> None:
    if prepare is not None:
        prepare(world)
    response = world.run(RETURN | changes)
    world.assert_refused(response, code, status)
    address = find_way_back(response.text)
    assert address is not None
    # What the LMS had in the address is still there, as it was.
    assert address.startswith(BACK + "&")
    told = parse_qs(urlsplit(address).query)
    (kind,) = [kind for kind in all_kinds() if kind.code == code]
    assert told["lti_errormsg"] == [f"{kind.message} ({code})"]
    correlation = response.text.split(f"<code>{code} ")[1].split("<")[0]
    assert len(correlation) == 12 and told["lti_errorlog"] == [f"{code} {correlation}"]
    assert f"code={code} status={status} correlation={correlation} registration=campus" in (
        caplog.text
    )


def test_a_way_back_from_another_browser_and_from_a_wrong_secret(world: World) -> None:
    begun = world.begin()
    response = world.launch(world.forge(begun, RETURN), begun.state, new_client(world.app))
    world.assert_refused(response, "browser_unbound", 403)
    assert str(find_way_back(response.text)).startswith(BACK)
    response = Storage(world, RETURN).confirm("guess")
    world.assert_refused(response, "browser_unbound", 403, consumed=True)
    assert str(find_way_back(response.text)).startswith(BACK)


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "http://lms.example.edu/back", "//evil.example", "", 7, None, ["x"]],
)
def test_a_way_back_that_nobody_should_take(world: World, address: object) -> None:
    page = world.run({ROLES: MISSING, LAUNCH_PRESENTATION: {"return_url": address}}).text
    assert "claims_invalid" in page and find_way_back(page) is None


def test_a_way_back_on_this_machine_and_with_markup(world: World) -> None:
    for address in ("http://localhost:8090/c", 'https://lms.example.edu/"><script>x</script>'):
        page = world.run({ROLES: MISSING, LAUNCH_PRESENTATION: {"return_url": address}}).text
        assert str(find_way_back(page)).startswith("http://localhost") is ("8090" in address)
        assert "<script>x" not in page


def test_the_page_can_be_read_and_holds_no_script(world: World) -> None:
    response = world.run({ROLES: MISSING})
    assert response.content_type == "text/html; charset=utf-8"
    assert Page(response.text).inline == 0
    assert response.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_logs_name_nobody(world: World, caplog: pytest.LogCaptureFixture) -> None:
    begun = world.begin()
    changes = {"sub": "secret-person", "name": "Ada Lovelace", ROLES: MISSING}
    token = world.forge(begun, RETURN | changes)
    page = world.launch(token, begun.state).text
    text = caplog.text
    assert "code=claims_invalid" in text and "roles: missing" in text
    assert page.split("<code>claims_invalid ")[1].split("<")[0] in text
    for secret in ("secret-person", "Lovelace", "sesskey", token, begun.state, begun.nonce):
        assert secret not in text
