"""Dynamic registration: what is sent, what is stored, and everything that is refused."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from lti.fetch import Answer
from lti.messages import SUBMISSION_REVIEW_REQUEST as REVIEW
from lti.registration import SCOPES, TOOL
from store.lti_invites import INVITE_LIFETIME
from store.models.lti import Deployment, Registration
from tests.lti.enrolling import (
    CONFIGURATION,
    LMS,
    PLATFORM,
    TIMEOUT,
    TOKEN,
    Enrolment,
    configuration,
)
from tests.lti.forge import MISSING, World
from tests.lti.forge import TOOL as HERE


@pytest.fixture
def enrolment(world: World) -> Enrolment:
    return Enrolment(world)


def stored(enrolment: Enrolment) -> Registration:
    with enrolment.world.database.read() as session:
        return session.scalars(select(Registration).where(Registration.issuer == LMS)).one()


@pytest.mark.parametrize("status", [200, 201])
def test_registered_and_inactive(enrolment: Enrolment, status: int) -> None:
    enrolment.lms.status = status
    response = enrolment.open()
    assert response.status_code == 200
    assert "You can close this page." in response.text
    assert "has to approve the connection" in response.text
    made = stored(enrolment)
    assert made.key in response.text
    assert (made.client_id, made.active, made.product_family) == ("new-client", False, "moodle")
    assert (made.auth_url, made.token_url, made.jwks_url) == (
        f"{LMS}/mod/lti/auth.php",
        f"{LMS}/mod/lti/token.php",
        f"{LMS}/mod/lti/certs.php",
    )
    assert made.token_audience is None and not made.allow_private_network
    with enrolment.world.database.read() as session:
        query = select(Deployment).where(Deployment.registration_id == made.id)
        deployment = session.scalars(query).one()
    assert (deployment.deployment_id, deployment.active) == ("9", False)


def test_what_the_lms_is_asked(enrolment: Enrolment) -> None:
    enrolment.open()
    first, second = enrolment.lms.calls
    assert (first.url, first.bearer, first.body) == (CONFIGURATION, TOKEN, None)
    assert (second.url, second.bearer) == (f"{LMS}/mod/lti/openid-registration.php", TOKEN)
    assert {call.max_bytes for call in enrolment.lms.calls} == {256 * 1024}
    assert not first.allow_private and not second.allow_private
    sent = enrolment.lms.sent
    assert sent["initiate_login_uri"] == f"{HERE}/lti/login/{stored(enrolment).key}"
    assert sent["redirect_uris"] == [f"{HERE}/lti/launch"]
    assert sent["jwks_uri"] == f"{HERE}/lti/jwks/{stored(enrolment).key}.json"
    assert sent["response_types"] == ["id_token"]
    assert sent["application_type"] == "web"
    assert sent["token_endpoint_auth_method"] == "private_key_jwt"
    assert sent["scope"].split() == list(SCOPES)
    tool = sent[TOOL]
    assert tool["domain"] == "127.0.0.1:8080"
    # No name and no e-mail: neither as a claim, nor by a variable, nor by an OpenID scope.
    assert tool["claims"] == ["iss", "sub"]
    everything = json.dumps(sent).lower().replace('"client_name"', "")
    for word in ('name"', "email", "e-mail", "$user", "$person", "profile", "openid"):
        assert word not in everything, word
    assert [message["type"] for message in tool["messages"]] == [
        "LtiResourceLinkRequest",
        "LtiDeepLinkingRequest",
    ]
    assert {message["target_link_uri"] for message in tool["messages"]} == {f"{HERE}/lti/launch"}
    assert tool["custom_parameters"]["context_id_history"] == "$Context.id.history"


def test_only_offered_scopes_are_asked_for(enrolment: Enrolment) -> None:
    enrolment.lms.document = configuration(scopes_supported=[SCOPES[0], "openid", 7])
    enrolment.open()
    assert enrolment.lms.sent["scope"] == SCOPES[0]


@pytest.mark.parametrize(
    ("listed", "asked"),
    [([{"type": REVIEW}], True), ([{"type": ["x"]}, 7], False), (7, False)],
    ids=["listed", "odd", "no list"],
)
def test_reviews_are_asked_for_where_the_lms_lists_them(
    enrolment: Enrolment, listed: Any, asked: bool
) -> None:
    enrolment.lms.document = configuration(**{PLATFORM: {"messages_supported": listed}})
    assert enrolment.open().status_code == 200
    types = [message["type"] for message in enrolment.lms.sent[TOOL]["messages"]]
    assert (REVIEW in types) is asked


def test_without_token_and_deployment(enrolment: Enrolment) -> None:
    enrolment.lms.answer = {"client_id": 17}
    enrolment.lms.document = configuration(authorization_server="https://auth.example.edu/aud")
    assert enrolment.open(token=None).status_code == 200
    assert [call.bearer for call in enrolment.lms.calls] == [None, None]
    made = stored(enrolment)
    assert (made.client_id, made.token_audience) == ("17", "https://auth.example.edu/aud")
    assert enrolment.world.count(Deployment) == 1


def test_end_page_tells_the_lms_and_nobody_else(enrolment: Enrolment) -> None:
    response = enrolment.open()
    assert f'data-origins="{LMS}"' in response.text
    assert '<script src="/static/registered.js" type="module"></script>' in response.text
    policy = response.headers["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors {LMS}") and "unsafe" not in policy
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    script = new_text(enrolment, "/static/registered.js")
    assert '"org.imsglobal.lti.close", "lti.close"' in script
    assert "postMessage({ subject }, origin)" in script and '"*"' not in script


def new_text(enrolment: Enrolment, path: str) -> str:
    with enrolment.app.test_client().get(path) as response:
        return response.text


BAD_CONFIGURATIONS: list[tuple[Any, str, int]] = [
    (TIMEOUT, "configuration_unavailable", 502),
    (Answer(302, b""), "configuration_unavailable", 502),
    (Answer(201, b"{}"), "configuration_unavailable", 502),
    (b"<html>", "configuration_invalid", 400),
    (b"\xff\xfe", "configuration_invalid", 400),
    (b"[" * 100_000, "configuration_invalid", 400),
    ([configuration()], "configuration_invalid", 400),
    (configuration(registration_endpoint=MISSING), "configuration_invalid", 400),
    (configuration(jwks_uri=["x"]), "configuration_invalid", 400),
    (configuration(issuer=f"{LMS}/{'x' * 255}"), "configuration_invalid", 400),
    (configuration(issuer="https://other.example.edu"), "issuer_foreign", 400),
    (configuration(issuer=f"{LMS}:8443"), "issuer_foreign", 400),
    (configuration(issuer=f"{LMS}.evil.example"), "issuer_foreign", 400),
    (configuration(issuer="http://moodle.example.edu"), "address_insecure", 400),
    (configuration(issuer="moodle.example.edu"), "address_insecure", 400),
    (configuration(id_token_signing_alg_values_supported=["ES256"]), "rs256_missing", 400),
    (configuration(id_token_signing_alg_values_supported=MISSING), "rs256_missing", 400),
    (configuration(id_token_signing_alg_values_supported="RS256"), "rs256_missing", 400),
    (
        configuration(token_endpoint_auth_signing_alg_values_supported=["HS256"]),
        "rs256_missing",
        400,
    ),
    *(
        (configuration(**{name: "http://moodle.example.edu/x"}), "address_insecure", 400)
        for name in (
            "authorization_endpoint",
            "token_endpoint",
            "jwks_uri",
            "registration_endpoint",
        )
    ),
    (configuration(token_endpoint="http://127.0.0.1/x"), "address_insecure", 400),
]


@pytest.mark.parametrize(("document", "code", "status"), BAD_CONFIGURATIONS)
def test_configuration_refused(enrolment: Enrolment, document: Any, code: str, status: int) -> None:
    enrolment.lms.document = document
    enrolment.assert_refused(enrolment.open(), code, status)
    assert len(enrolment.lms.calls) == 1
    # Nothing was registered: the same invite serves once the LMS is mended.
    enrolment.lms.document = configuration()
    assert enrolment.open().status_code == 200


BAD_REQUESTS = [
    ({"url": None}, "registration_request"),
    ({"url": ""}, "registration_request"),
    ({"token": "a\r\nX: y"}, "registration_request"),
    ({"token": "ü"}, "registration_request"),
    ({"token": "x" * 8193}, "registration_request"),
    ({"url": "http://moodle.example.edu/c"}, "address_insecure"),
    ({"url": "http://localhost/c"}, "address_insecure"),
    ({"url": "file:///etc/passwd"}, "address_insecure"),
    ({"url": "https://a@moodle.example.edu/c"}, "address_insecure"),
    ({"url": "https://moodle.example.edu:99999/c"}, "address_insecure"),
    ({"url": "c"}, "address_insecure"),
]


@pytest.mark.parametrize(("changes", "code"), BAD_REQUESTS)
def test_request_refused_before_anything_is_fetched(
    enrolment: Enrolment, changes: dict[str, Any], code: str
) -> None:
    enrolment.assert_refused(enrolment.open(**changes), code)
    assert enrolment.lms.calls == []


def test_a_head_request_registers_nothing(enrolment: Enrolment) -> None:
    path = f"/lti/register/{enrolment.invite}?openid_configuration={CONFIGURATION}"
    assert enrolment.app.test_client().head(path).status_code == 405
    assert enrolment.lms.calls == []


BAD_ANSWERS: list[tuple[Any, int, str, int]] = [
    (TIMEOUT, 200, "registration_unanswered", 502),
    (b"token_already_used", 401, "registration_refused", 502),
    (b"", 302, "registration_refused", 502),
    (b"x", 500, "registration_refused", 502),
    (b"done", 200, "registration_answer", 502),
    ({}, 200, "registration_answer", 502),
    ({"client_id": ""}, 200, "registration_answer", 502),
    ({"client_id": True}, 200, "registration_answer", 502),
    ({"client_id": "x" * 256}, 200, "registration_answer", 502),
    ({"client_id": "a\nb"}, 200, "registration_answer", 502),
    ({"client_id": "\ud800"}, 200, "registration_answer", 502),
]


@pytest.mark.parametrize(("answer", "status", "code", "shown"), BAD_ANSWERS)
def test_answer_refused(
    enrolment: Enrolment, answer: Any, status: int, code: str, shown: int
) -> None:
    enrolment.lms.answer, enrolment.lms.status = answer, status
    enrolment.assert_refused(enrolment.open(), code, shown)


def test_reason_of_the_lms_is_shown_but_never_its_pages_or_our_token(
    enrolment: Enrolment,
) -> None:
    enrolment.lms.status = 400
    for said, shown in (
        (b"missing required attribute jwks_uri", True),
        (b"<script>alert(1)</script>", False),
        (f"bad token {TOKEN}".encode(), False),
        (b"x" * 201, False),
    ):
        enrolment.lms.answer = said
        assert ("It answered:" in enrolment.open().text) is shown, said


def test_invite_of_another_issuers_host(enrolment: Enrolment) -> None:
    enrolment.lms.document = configuration(issuer="https://issuer.example.org")
    enrolment.assert_refused(enrolment.open(), "issuer_foreign")
    other = enrolment.new_invite(issuer_host="elsewhere.example.org")
    enrolment.assert_refused(enrolment.open(other), "issuer_foreign")
    allowed = enrolment.new_invite(issuer_host="Issuer.example.org")
    response = enrolment.open(allowed)
    assert response.status_code == 200
    assert f'data-origins="https://issuer.example.org {LMS}"' in response.text


def test_private_network_only_where_the_invite_says_so(enrolment: Enrolment) -> None:
    local = "http://moodle.internal"
    text = json.dumps(configuration()).replace(LMS, local)
    enrolment.lms.document = text.encode()
    enrolment.assert_refused(enrolment.open(url=f"{local}/c"), "address_insecure")
    invite = enrolment.new_invite(allow_private_network=True)
    assert enrolment.open(invite, url=f"{local}/c").status_code == 200
    assert [call.allow_private for call in enrolment.lms.calls] == [True, True]
    with enrolment.world.database.read() as session:
        query = select(Registration).where(Registration.issuer == local)
        assert session.scalars(query).one().allow_private_network


def test_unknown_used_and_expired_invites_get_one_page(enrolment: Enrolment) -> None:
    used, late = enrolment.invite, enrolment.new_invite()
    enrolment.open(used)
    asked = len(enrolment.lms.calls)
    enrolment.world.clock.pass_time(seconds=INVITE_LIFETIME.total_seconds())
    pages = set()
    for invite in (used, late, "unknown", "x" * 3000, "%ff"):
        response = enrolment.open(invite)
        assert response.status_code == 403
        text = response.text
        assert "Setting it up by hand" in text and f"{HERE}/lti/jwks/KEY.json" in text
        pages.add(text[: text.index("<code>invite_invalid ")])
    assert len(pages) == 1
    assert len(enrolment.lms.calls) == asked
    assert enrolment.world.count(Registration) == 2


def test_invite_is_open_to_its_last_second(enrolment: Enrolment) -> None:
    lifetime = INVITE_LIFETIME - timedelta(seconds=1)
    enrolment.world.clock.pass_time(seconds=lifetime.total_seconds())
    assert enrolment.open().status_code == 200


def test_invite_serves_again_if_the_lms_did_not_take_the_registration(
    enrolment: Enrolment,
) -> None:
    enrolment.lms.status = 401
    enrolment.open()
    enrolment.lms.status = 200
    assert enrolment.open().status_code == 200
    enrolment.assert_used()
