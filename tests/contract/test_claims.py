"""Tokens that are signed and timed as they should be, with a claim missing or wrong."""

from dataclasses import replace
from typing import Any

import pytest

from lti.claims import (
    AGS_ENDPOINT,
    CONTEXT,
    CUSTOM,
    DEPLOYMENT_ID,
    LAUNCH_PRESENTATION,
    MESSAGE_TYPE,
    NRPS_SERVICE,
    RESOURCE_LINK,
    ROLES,
    TARGET_LINK_URI,
    VERSION,
)
from tests.contract.rows import Row, variant
from tests.lti.forge import CLIENT, ISSUER, MISSING, SITE, TOOL, World, add_second_client

LONG = "x" * 256


@pytest.mark.parametrize(
    "changes",
    [
        variant("N03", {VERSION: "11.3"}),
        variant("N04", {VERSION: MISSING}),
        variant("N04", {VERSION: None}),
        variant("N08", {MESSAGE_TYPE: MISSING}),
        variant("N09", {ROLES: MISSING}),
        variant("N09", {ROLES: MISSING, "roles": ["Instructor"]}),
        variant("N10", {DEPLOYMENT_ID: MISSING}),
        variant("N11", {RESOURCE_LINK: {"title": "no id"}}),
        variant("N12", {"sub": MISSING}),
        variant("S05", {"aud": "client-2"}),
        variant("S05", {"aud": MISSING}),
        variant("S06", {"aud": [CLIENT, "other"]}),
        variant("S06", {"aud": ["other", CLIENT]}),
        variant("S07", {"aud": ["other", CLIENT], "azp": CLIENT}),
        variant("S08", {"azp": "other"}),
        variant("S08", {"azp": None}),
        variant("S08", {"azp": [CLIENT]}),
        variant("S10", {"iss": "https://other.example.edu"}),
        variant("S10", {"iss": MISSING}),
        variant("S11", {"iss": ISSUER + "/"}),
        variant("S11", {"iss": "https://LMS.example.edu"}),
        variant("S11", {"iss": [ISSUER]}),
        variant("S14", {"nonce": MISSING}),
        variant("S14", {"nonce": ""}),
        variant("S15", {"nonce": "never given out"}),
        variant("S27", {"exp": MISSING}),
        variant("S28", {"iat": MISSING}),
        variant("S30", {"exp": "soon"}),
        variant("S30", {"iat": None}),
        variant("S30", {"exp": [1]}),
        variant("S30", {"exp": True}),
        variant("S30", {"exp": 10**400}),
        variant("S30", {"iat": -1}),
        variant("S30b", {"exp": "4102444800"}),
        variant("S31", {TARGET_LINK_URI: MISSING}),
        variant("S32", {TARGET_LINK_URI: "https://evil.example/lti"}),
        variant("S32", {TARGET_LINK_URI: "http://127.0.0.1:8081/"}),
        variant("S32", {TARGET_LINK_URI: "https://127.0.0.1:8080/"}),
        variant("S32", {TARGET_LINK_URI: "http://127.0.0.1:8080@evil.example/"}),
        variant("S32", {TARGET_LINK_URI: TOOL + "\\@evil.example/"}),
        variant("S32", {TARGET_LINK_URI: "//127.0.0.1:8080/"}),
        variant("S32", {TARGET_LINK_URI: "javascript:alert(1)"}),
        variant("S34", {RESOURCE_LINK: MISSING}),
        variant("S34", {RESOURCE_LINK: None}),
        variant("S34", {RESOURCE_LINK: "link-1"}),
        variant("S34", {RESOURCE_LINK: {}}),
        variant("S34", {RESOURCE_LINK: {"id": ""}}),
        variant("S34", {RESOURCE_LINK: {"id": 7}}),
        variant("S34", {RESOURCE_LINK: {"id": "x" * 300}}),
        variant("S34", {RESOURCE_LINK: {"id": "a\0b"}}),
        variant("S34", {RESOURCE_LINK: {"id": "a\ud800"}}),
        variant("S35", {ROLES: "Instructor"}),
        variant("S35", {ROLES: None}),
        variant("S35", {ROLES: [1]}),
        variant("S35", {ROLES: [None]}),
        variant("S35", {ROLES: ["Learner", ["Instructor"]]}),
        variant("S36", {MESSAGE_TYPE: "LtiTeapotRequest"}),
        variant("S36", {MESSAGE_TYPE: ["LtiResourceLinkRequest"]}),
        variant("S37", {VERSION: "1.3"}),
        variant("S37", {VERSION: "1.3.1"}),
    ],
)
def test_refused(world: World, row: Row, changes: dict[str, Any]) -> None:
    response = world.run(changes)
    row.refuses(world, response)
    assert "evil" not in response.text and "Location" not in response.headers


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        variant("N06", "version_unsupported", {VERSION: MISSING, MESSAGE_TYPE: MISSING}),
        variant("N06", "claims_invalid", {ROLES: MISSING, RESOURCE_LINK: MISSING}),
        variant("S35b", "claims_invalid", {"nonce": ["n"]}),
        variant("S35b", "audience_mismatch", {"aud": []}),
        variant("S35b", "audience_mismatch", {"aud": {CLIENT: 1}}),
        variant("S35b", "claims_invalid", {CONTEXT: "course"}),
        variant("S35b", "claims_invalid", {CUSTOM: ["a"]}),
        variant("S35b", "claims_invalid", {AGS_ENDPOINT: "https://lms"}),
        variant("S35b", "claims_invalid", {AGS_ENDPOINT: {"scope": "score"}}),
        variant("S35b", "claims_invalid", {NRPS_SERVICE: {"context_memberships_url": 3}}),
        variant("S35b", "claims_invalid", {LAUNCH_PRESENTATION: []}),
        variant("S40", "claims_invalid", {"sub": LONG}),
        variant("S40", "claims_invalid", {DEPLOYMENT_ID: LONG}),
        variant("S40", "claims_invalid", {CONTEXT: {"id": LONG}}),
        variant("S40", "claims_invalid", {RESOURCE_LINK: {"id": LONG}}),
        variant("S40", "claims_invalid", {"nonce": LONG}),
        variant("S40", "token_too_large", {"padding": "x" * 64 * 1024}),
    ],
)
def test_refused_as(world: World, row: Row, code: str, changes: dict[str, Any]) -> None:
    row.refuses(world, world.run(changes), code)


@pytest.mark.case("S40")
def test_a_form_larger_than_any_launch(world: World, row: Row) -> None:
    response = world.launch("x" * 200_000, world.begin().state)
    row.refuses(world, response, "token_too_large")


@pytest.mark.parametrize(
    "changes",
    [
        variant("S09", {"aud": [CLIENT]}),
        variant("S09", {"aud": [CLIENT], "azp": CLIENT}),
        variant("S35", {ROLES: []}),
        variant("S35", {ROLES: [""]}),
        variant("S38", {"https://example.org/claim": {"a": [1]}, "extra": None}),
        variant("S40", {"sub": "x" * 255, RESOURCE_LINK: {"id": "y" * 255}}),
    ],
)
def test_accepted(world: World, changes: dict[str, Any]) -> None:
    assert world.run(changes).text == "entered as learner"


@pytest.mark.case("S24b")
def test_a_token_made_out_to_another_client(world: World, row: Row) -> None:
    other = add_second_client(world)
    begun, theirs = world.begin(), world.begin("second", site=other)
    row.refuses(world, world.launch(world.forge(begun, {"aud": "client-2"}), begun.state))
    # Their own token, as they got it, with the nonce of ours.
    token = world.forge(theirs, {"nonce": begun.nonce})
    row.refuses(world, world.launch(token, begun.state))


@pytest.mark.case("S24c")
@pytest.mark.parametrize("there", ["login", "token"])
def test_login_and_token_name_different_deployments(world: World, row: Row, there: str) -> None:
    begun = world.begin(**({"lti_deployment_id": "2"} if there == "login" else {}))
    changes = {DEPLOYMENT_ID: "2"} if there == "token" else {}
    row.refuses(world, world.launch(world.forge(begun, changes), begun.state))


@pytest.mark.case("S12")
@pytest.mark.parametrize("told", [True, False], ids=["at login", "in the token only"])
def test_a_deployment_that_nobody_has_approved(world: World, row: Row, told: bool) -> None:
    site = replace(SITE, deployment_id="new")
    for _ in range(2):
        begun = world.begin(site=site, **({} if told else {"lti_deployment_id": MISSING}))
        response = world.launch(world.forge(begun), begun.state)
        row.refuses(world, response, consumed=True)
        assert "awaits approval" in response.text
    assert world.counts()["lti_deployment"] == world.before["lti_deployment"] + 1


@pytest.mark.case("S13")
def test_a_deployment_of_another_registration(world: World, row: Row) -> None:
    add_second_client(world, deployment="theirs")
    row.refuses(world, world.run(site=replace(SITE, deployment_id="theirs")), consumed=True)
