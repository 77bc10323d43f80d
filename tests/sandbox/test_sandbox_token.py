"""The token endpoint, and what a bearer token opens."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sandbox.app import create_app
from sandbox.claims import (
    GRADE_SYNC_ONLY,
    SCOPE_LINEITEM,
    SCOPE_LINEITEM_READ,
    SCOPE_NRPS,
    SCOPE_RESULT,
    SCOPE_SCORE,
)
from sandbox.keys import Keys, SigningKey
from sandbox.platform import Platform
from sandbox.signing import sign
from sandbox.tokens import ASSERTION_TYPE

MEMBERS = "/services/CourseSection/2/bindings/1/memberships"
ITEMS = "/services/2/lineitems?type_id=1"
ITEM = "/services/2/lineitems/1/lineitem?type_id=1"
SCORES = "/services/2/lineitems/1/lineitem/scores?type_id=1"
RESULTS = "/services/2/lineitems/1/lineitem/results?type_id=1"
LINEITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"

Call = Callable[..., TestResponse]


@pytest.fixture
def ask_token(client: FlaskClient, platform: Platform, tool_key: SigningKey) -> Call:
    """POST a token request; claims of the assertion and form fields can be replaced."""

    def ask(
        *, key: SigningKey = tool_key, without: str = "", claims: Any = None, **form: str
    ) -> TestResponse:
        now = int(platform.clock())
        assertion = {
            "iss": "greyarea-sandbox",
            "sub": "greyarea-sandbox",
            "aud": "http://localhost:8090/token",
            "iat": now,
            "exp": now + 60,
            "jti": "j-1",
            **(claims or {}),
        }
        assertion.pop(without, None)
        fields = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": sign(assertion, key),
            "scope": SCOPE_SCORE,
            **form,
        }
        return client.post("/token", data=fields)

    return ask


def test_a_good_assertion_gets_a_token_that_works(client: FlaskClient, ask_token: Call) -> None:
    answer = ask_token(scope=SCOPE_NRPS)
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["token_type"] == "Bearer"
    assert answer.json["expires_in"] == 3600
    bearer = {"Authorization": f"Bearer {answer.json['access_token']}"}
    assert client.get(MEMBERS, headers=bearer).status_code == 200
    assert client.get(ITEMS, headers=bearer).status_code == 401


def test_scopes_that_are_not_permitted_are_dropped(ask_token: Call) -> None:
    answer = ask_token(scope=f"{SCOPE_SCORE} https://elsewhere.invalid/scope {SCOPE_RESULT}")
    assert answer.json is not None
    assert answer.json["scope"] == f"{SCOPE_SCORE} {SCOPE_RESULT}"


def test_without_a_permitted_scope_there_is_no_token(ask_token: Call) -> None:
    answer = ask_token(scope="openid")
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_scope")


def test_a_site_without_column_rights_gives_no_lineitem_scope(
    platform_key: SigningKey, tool_key: SigningKey
) -> None:
    platform = Platform(
        keys=Keys([platform_key]),
        scopes=GRADE_SYNC_ONLY,
        fetch=lambda _: {"keys": [tool_key.public_jwk()]},
    )
    now = int(platform.clock())
    claims = {"iss": platform.site.client_id, "sub": platform.site.client_id, "jti": "a"}
    claims |= {"aud": platform.site.token_url, "iat": now, "exp": now + 60}
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": sign(claims, tool_key),
        "scope": SCOPE_LINEITEM,
    }
    answer = create_app(platform).test_client().post("/token", data=form)
    assert answer.json["error"] == "invalid_scope"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"client_assertion_type": "jwt"}, "unsupported_grant_type"),
        ({"scope": ""}, "invalid_request"),
        ({"client_assertion": ""}, "invalid_request"),
        ({"client_assertion": "a.b.c"}, "invalid_client"),
    ],
)
def test_malformed_token_requests(ask_token: Call, form: dict[str, str], error: str) -> None:
    answer = ask_token(**form)
    assert (answer.status_code, answer.json["error"]) == (400, error)


@pytest.mark.parametrize("missing", ["iss", "sub", "aud", "iat", "exp", "jti"])
def test_assertions_need_all_claims(ask_token: Call, missing: str) -> None:
    assert ask_token(without=missing).json["error"] == "invalid_client"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "another"},
        {"sub": "another"},
        {"aud": "http://elsewhere.invalid/token"},
        {"exp": 1_795_435_200 - 61},
        {"iat": 1_795_435_200 + 61},
        {"nbf": 1_795_435_200 + 61},
        {"exp": 1_795_435_200 + 7200},
        {"exp": "soon"},
        {"jti": ["a"]},
    ],
)
def test_assertions_with_wrong_claims(ask_token: Call, claims: dict[str, Any]) -> None:
    assert ask_token(claims=claims).json["error"] == "invalid_client"


def test_the_issuer_is_an_audience_too(ask_token: Call) -> None:
    assert ask_token(claims={"aud": "http://localhost:8090"}).status_code == 200


def test_an_assertion_serves_once(ask_token: Call) -> None:
    assert ask_token().status_code == 200
    assert ask_token().json["error"] == "invalid_client"
    assert ask_token(claims={"jti": "j-2"}).status_code == 200


def test_another_key_is_refused(ask_token: Call, tool_key: SigningKey) -> None:
    stranger = SigningKey.generate()
    assert ask_token(key=stranger).json["error"] == "invalid_client"
    impostor = SigningKey(tool_key.kid, stranger.private)
    assert ask_token(key=impostor).json["error"] == "invalid_client"


def test_a_tool_without_keys_gets_no_token(platform_key: SigningKey, tool_key: SigningKey) -> None:
    def fetch(url: str) -> object:
        raise OSError("refused")

    client = create_app(Platform(keys=Keys([platform_key]), fetch=fetch)).test_client()
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": sign({}, tool_key),
        "scope": SCOPE_SCORE,
    }
    assert client.post("/token", data=form).json["error"] == "invalid_client"


def test_a_token_expires(client: FlaskClient, platform: Platform, clock: Any) -> None:
    bearer = {"Authorization": f"Bearer {platform.tokens.issue([SCOPE_NRPS])}"}
    clock.now += 3599
    assert client.get(MEMBERS, headers=bearer).status_code == 200
    clock.now += 1
    assert client.get(MEMBERS, headers=bearer).status_code == 401


@pytest.mark.parametrize("value", ["", "Bearer", "Bearer x", "Basic x"])
@pytest.mark.parametrize("path", [MEMBERS, ITEMS, ITEM, RESULTS])
def test_services_need_a_bearer_token(client: FlaskClient, path: str, value: str) -> None:
    answer = client.get(path, headers={"Authorization": value})
    assert answer.status_code == 401
    assert "Bearer" in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("POST", ITEMS, SCOPE_LINEITEM_READ),
        ("PUT", ITEM, SCOPE_LINEITEM_READ),
        ("DELETE", ITEM, SCOPE_LINEITEM_READ),
        ("POST", SCORES, SCOPE_LINEITEM),
        ("GET", RESULTS, SCOPE_SCORE),
        ("GET", MEMBERS, SCOPE_RESULT),
    ],
)
def test_each_call_needs_its_scope(
    client: FlaskClient, platform: Platform, method: str, path: str, scope: str
) -> None:
    bearer = {"Authorization": f"Bearer {platform.tokens.issue([scope])}"}
    assert client.open(path, method=method, headers=bearer).status_code == 401
