"""Registering a tool with the sandbox: Moodle's conditions, in Moodle's words."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sandbox.claims import SCOPE_NRPS, SCOPE_SCORE
from sandbox.keys import SigningKey
from sandbox.platform import Platform
from sandbox.registration import TOOL
from sandbox.signing import sign

OTHER = "http://127.0.0.1:9003"
MISSING = object()


def request_of(**changes: Any) -> dict[str, Any]:
    sent = {
        "application_type": "web",
        "response_types": ["id_token"],
        "initiate_login_uri": f"{OTHER}/login",
        "redirect_uris": [f"{OTHER}/launch"],
        "client_name": "Other tool",
        "jwks_uri": f"{OTHER}/jwks",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": f"{SCOPE_SCORE} {SCOPE_NRPS}",
        TOOL: {"domain": "127.0.0.1:9003", "target_link_uri": f"{OTHER}/launch"},
    } | changes
    return {name: value for name, value in sent.items() if value is not MISSING}


Register = Callable[..., TestResponse]


@pytest.fixture
def register(client: FlaskClient, platform: Platform) -> Register:
    def send(body: Any = None, token: str | None = None) -> TestResponse:
        bearer = platform.registrations.issue_token() if token is None else token
        return client.post(
            "/register",
            data=json.dumps(request_of() if body is None else body),
            content_type="application/json",
            headers={"Authorization": f"Bearer {bearer}"} if bearer else {},
        )

    return send


def test_configuration_names_addresses_that_answer(client: FlaskClient) -> None:
    found = client.get("/.well-known/openid-configuration").json
    assert found is not None and found["issuer"] == "http://localhost:8090"
    for name in ("token_endpoint", "registration_endpoint"):
        assert client.post(urlsplit(found[name]).path).status_code in {400, 401}
    for name, status in (("jwks_uri", 200), ("authorization_endpoint", 404)):
        assert client.get(urlsplit(found[name]).path).status_code == status


def test_registered(register: Register, platform: Platform) -> None:
    token = platform.registrations.issue_token()
    answer = register(token=token)
    assert answer.status_code == 200
    said = answer.json
    assert said is not None
    promised = jwt.decode(token, options={"verify_signature": False})["sub"]
    assert (said["client_id"], said[TOOL]["deployment_id"]) == (promised, "2")
    # Moodle lists all grade scopes once one was asked for.
    assert "lti-ags/scope/lineitem " in said["scope"] and SCOPE_NRPS in said["scope"]
    assert (again := register(token=token)).status_code == 401
    assert again.text == "token_already_used"
    assert register().json[TOOL]["deployment_id"] == "3"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        *(
            ({name: MISSING}, f"missing required attribute {name}")
            for name in (
                "response_types",
                "initiate_login_uri",
                "redirect_uris",
                "client_name",
                "jwks_uri",
                "token_endpoint_auth_method",
                TOOL,
            )
        ),
        ({TOOL: {"target_link_uri": OTHER}}, "missing_domain"),
        (
            {TOOL: {"domain": "127.0.0.1", "target_link_uri": OTHER}},
            "domain_targetlinkuri_mismatch",
        ),
        ({"response_types": ["code"]}, "invalid_response_types"),
        ({"token_endpoint_auth_method": "none"}, "invalid_token_endpoint_auth_method"),
        ({"application_type": "native"}, "invalid_application_type"),
        ({"redirect_uris": "x"}, "invalid_redirect_uris"),
    ],
)
def test_refused_in_moodles_words_and_the_token_stays_good(
    register: Register, platform: Platform, changes: dict[str, Any], text: str
) -> None:
    token = platform.registrations.issue_token()
    answer = register(request_of(**changes), token)
    assert (answer.status_code, answer.text) == (400, text)
    assert platform.registrations.tools == []
    assert register(token=token).status_code == 200


def test_tokens_that_are_refused(
    register: Register, platform: Platform, tool_key: SigningKey, clock: Any
) -> None:
    assert (register(token="").status_code, register(token="").text) == (
        401,
        "missing_registration_token",
    )
    for token in ("nonsense", sign({"sub": "x", "scope": "reg"}, tool_key)):
        assert register(token=token).status_code == 404
    late = platform.registrations.issue_token()
    clock.now += 3600
    assert register(token=late).status_code == 404
    assert platform.registrations.tools == []


def test_the_page_opens_the_address_in_a_frame(client: FlaskClient) -> None:
    assert "none has been registered" in client.get("/tools").text
    page = client.get("/tools", query_string={"url": f"{OTHER}/register/x?a=b"})
    assert 'src="/tools/start?url=' in page.text
    assert f"frame-src 'self' {OTHER};" in page.headers["Content-Security-Policy"]
    answer = client.get("/tools/start", query_string={"url": f"{OTHER}/register/x?a=b"})
    parts = urlsplit(answer.location)
    query = parse_qs(parts.query)
    assert (f"{parts.scheme}://{parts.netloc}{parts.path}", query["a"]) == (
        f"{OTHER}/register/x",
        ["b"],
    )
    assert query["openid_configuration"] == [
        "http://localhost:8090/.well-known/openid-configuration"
    ]
    assert query["registration_token"][0].count(".") == 2


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/x", "http://[", "http://a;b/", "https:"])
def test_other_addresses_are_not_opened(client: FlaskClient, url: str) -> None:
    page = client.get("/tools", query_string={"url": url})
    assert "<iframe" not in page.text and 'role="alert"' in page.text
    assert client.get("/tools/start", query_string={"url": url}).status_code == 400


def test_a_registered_tool_is_launched_and_served_under_its_own_ids(
    client: FlaskClient, platform: Platform, register: Register, form: Any
) -> None:
    register()
    (tool,) = platform.registrations.tools
    assert "Other tool" in client.get("/tools").text
    page = client.get(f"/launch/learner-1/iframe?tool={tool.client_id}")
    login = form(page.text)
    assert login.action == f"{OTHER}/login"
    assert (login.fields["client_id"], login.fields["lti_deployment_id"]) == (tool.client_id, "2")
    assert OTHER in page.headers["Content-Security-Policy"]
    request = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "client_id": tool.client_id,
        "redirect_uri": f"{OTHER}/launch",
        "login_hint": login.fields["login_hint"],
        "lti_message_hint": login.fields["lti_message_hint"],
        "nonce": "n",
    }
    posted = form(client.get("/auth", query_string=request).text)
    assert posted.action == f"{OTHER}/launch"
    claims = jwt.decode(posted.fields["id_token"], options={"verify_signature": False})
    assert claims["aud"] == tool.client_id
    assert claims["https://purl.imsglobal.org/spec/lti/claim/deployment_id"] == "2"
    lineitem = claims["https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"]["lineitem"]
    assert lineitem.endswith("?type_id=2")
    bearer = platform.tokens.issue([*platform.scopes])
    path = urlsplit(lineitem)._replace(scheme="", netloc="").geturl()
    answer = client.get(path, headers={"Authorization": f"Bearer {bearer}"})
    assert answer.json["id"] == lineitem
    assert client.get("/launch/learner-1/iframe?tool=unknown").status_code == 404


def test_the_fixed_tool_cannot_use_the_others_launch(
    client: FlaskClient, platform: Platform, register: Register, form: Any
) -> None:
    register()
    (tool,) = platform.registrations.tools
    login = form(client.get(f"/launch/learner-1/iframe?tool={tool.client_id}").text)
    request = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "client_id": platform.site.client_id,
        "redirect_uri": platform.site.redirect_uri,
        "login_hint": login.fields["login_hint"],
        "lti_message_hint": login.fields["lti_message_hint"],
        "nonce": "n",
    }
    assert client.get("/auth", query_string=request).status_code == 404
