"""Whatever JSON the claims are: no crash, and no right that the course roles do not give."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti import claims as names
from tests.lti.forge import World, sign_raw

M = "http://purl.imsglobal.org/vocab/lis/v2/membership"
TEACHING = {"Instructor", f"{M}#Instructor", "TeachingAssistant", f"{M}/Instructor#Grader"}
AUTHORING = {"ContentDeveloper", f"{M}#ContentDeveloper"}
OTHER = {
    "Learner",
    f"{M}#Learner",
    f"{M}/Learner#Instructor",
    f"{M}#Administrator",
    "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor",
    "http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",
}
CLAIMS = [
    "sub", "aud", "azp", "iss", "iat", "exp", "nbf", "nonce", "name",
    names.VERSION, names.MESSAGE_TYPE, names.DEPLOYMENT_ID, names.TARGET_LINK_URI, names.ROLES,
    names.RESOURCE_LINK, names.CONTEXT, names.CUSTOM, names.LAUNCH_PRESENTATION,
    names.AGS_ENDPOINT, names.NRPS_SERVICE,
]  # fmt: skip
FIELDS = st.sampled_from(
    ["id", "title", "label", "locale", "return_url", "scope", "lineitem", "lineitems",
     "context_memberships_url"]
)  # fmt: skip

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(), max_size=20)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS | st.text(), inner),
    max_leaves=8,
)
roles = st.lists(
    st.sampled_from(sorted(TEACHING | AUTHORING | OTHER)) | st.text(max_size=10), max_size=4
)
changes = st.dictionaries(st.sampled_from(CLAIMS), values, max_size=3)


@given(changed=changes, named=roles)
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_random_claims(world: World, changed: dict[str, Any], named: list[str]) -> None:
    world.entered.clear()
    begun = world.begin()
    payload = world.claims(begun.nonce, {names.ROLES: named} | changed)
    token = sign_raw(json.dumps(payload).encode(), {"alg": "RS256", "kid": "key-1"})
    response = world.launch(token, begun.state)
    assert response.status_code in (200, 400, 403, 413), response.text
    assert bool(world.entered) is (response.status_code == 200)
    for result, _ in world.entered:
        claimed = payload[names.ROLES]
        assert not result.role.can_see_aggregates() or TEACHING.intersection(claimed)
        assert not result.role.can_choose_packs() or (TEACHING | AUTHORING).intersection(claimed)


@given(body=st.binary(max_size=60) | values.map(lambda value: json.dumps(value).encode()))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_random_payloads_and_headers(world: World, body: bytes) -> None:
    begun = world.begin()
    for token in (sign_raw(body, {"alg": "RS256", "kid": "key-1"}), body.decode("latin-1")):
        response = world.launch(token, begun.state)
        assert response.status_code in (400, 413)
    assert world.entered == []


@pytest.mark.parametrize("junk", ["%00", "%ff%fe", "x" * 3000, "%F0%9F%98%80"])
def test_junk_parameters(world: World, junk: str) -> None:
    for name in ("iss", "login_hint", "target_link_uri", "lti_deployment_id", "lti_storage_target"):
        assert world.client.get(f"/lti/login/campus?{name}={junk}").status_code == 400
    assert world.client.get(f"/lti/login/campus/go?attempt={junk}").status_code == 400
    for name in ("id_token", "state", "ticket", "secret", "error"):
        body = f"{name}={junk}"
        kind = "application/x-www-form-urlencoded"
        for path in ("/lti/launch", "/lti/launch/confirm"):
            assert world.client.post(path, data=body, content_type=kind).status_code == 400
