"""Whatever arrives: no crash, and no right that the roles in the course do not give."""

import copy
import json
from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lti import claims as names
from sandbox.people import EDUCATOR, LEARNERS
from tests.contract.test_moodle import ANEW, LAUNCHES, recorded
from tests.lti.forge import CLIENT, ISSUER, TOOL, World

# What each name gives, written down once more, apart from the code: the table of the design.
# A name stands alone or under its full address; sub-roles under the address of their principal.
V2 = "http://purl.imsglobal.org/vocab/lis/v2/"
PRINCIPAL = {
    "Learner": "learner",
    "Instructor": "educator",
    "TeachingAssistant": "assistant",
    "ContentDeveloper": "author",
    "Mentor": "preview",
    "Observer": "preview",
    "Administrator": "preview",
    "Manager": None,
    "Member": None,
    "Officer": None,
}
SUB_ROLES = {
    "Learner#Instructor": "learner",
    "Learner#NonCreditLearner": "learner",
    "Instructor#TeachingAssistant": "assistant",
    "Instructor#Grader": "assistant",
    "Instructor#GuestInstructor": "assistant",
    "Instructor#PrimaryInstructor": "educator",
    "Instructor#Lecturer": "educator",
    "ContentDeveloper#ContentExpert": "author",
    "Mentor#Advisor": "preview",
    "Administrator#Developer": "preview",
    "Member#Member": None,
}
GIVES = {
    **PRINCIPAL,
    **{f"{V2}membership#{name}": role for name, role in PRINCIPAL.items()},
    **{f"{V2}membership/{name}": role for name, role in SUB_ROLES.items()},
}
ADMINISTERS = {
    *(f"{V2}{where}person#Administrator" for where in ("institution/", "system/", "")),
    *(f"{V2}{where}person#SysAdmin" for where in ("system/", "")),
}
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
OUTSIDE = {
    *(f"{V2}{where}person#Instructor" for where in ("institution/", "system/", "")),
    f"{V2}institution/person#Faculty",
    f"{V2}system/person#Creator",
}
NEARLY = {"instructor", "Instructor ", "Instruct\0or", f"{V2}membership/Instructor", "#Instructor"}


def expected_role(roles: list[str]) -> str:
    """The role that the table gives: the highest that is named, and a learner's for want of any."""
    if TEST_USER in roles:
        return "test_learner"
    given = {GIVES.get(name) for name in roles}
    for role in ("educator", "assistant", "author", "learner", "preview"):
        if role in given:
            return role
    return "preview" if ADMINISTERS.intersection(roles) else "learner"


role_names = st.sampled_from(sorted({*GIVES, *ADMINISTERS, *OUTSIDE, *NEARLY, TEST_USER}))
texts = (
    st.text(st.characters(), max_size=20)
    | role_names
    | st.sampled_from(
        ["", "1", "\0", "\ud800", "x" * 256, "$A.b", "javascript:alert(1)", "1.3.0", TOOL, ISSUER]
    )
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**63, -(2**63), 10**400, 1772452800])
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
fields = st.sampled_from(
    ["id", "title", "label", "locale", "return_url", "scope", "lineitem", "lineitems",
     "context_memberships_url", "completion", "errors", "type"]
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(fields | texts, inner, max_size=3),
    max_leaves=8,
)
claim_names = st.sampled_from(
    ["sub", "aud", "azp", "iss", "iat", "exp", "nbf", "nonce", "name", "email",
     names.VERSION, names.MESSAGE_TYPE, names.DEPLOYMENT_ID, names.TARGET_LINK_URI, names.ROLES,
     names.RESOURCE_LINK, names.CONTEXT, names.CUSTOM, names.LAUNCH_PRESENTATION,
     names.AGS_ENDPOINT, names.NRPS_SERVICE]
)  # fmt: skip
many = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# What a refused launch may leave: its attempt, the LMS's keys, an unknown deployment.
TRACES = {"launch_attempt", "platform_key", "lti_deployment"}


def post_it(world: World, begun: Any, payload: dict[str, Any]) -> None:
    """Post these claims, well signed, and compare what comes of it with the table."""
    world.entered.clear()
    before = world.counts()
    response = world.launch(world.forge(begun, body=json.dumps(payload)), begun.state)
    assert response.status_code in (200, 400, 403, 413), response.text
    assert bool(world.entered) is (response.status_code == 200)
    if not world.entered:
        after = world.counts()
        assert {name for name in after if after[name] != before[name]} <= TRACES
        assert "__Host-greyarea=" not in str(response.headers.getlist("Set-Cookie"))
        return
    (result, _), claimed = world.entered[0], payload[names.ROLES]
    assert result.role == expected_role(claimed)
    assert result.administrator is bool(ADMINISTERS.intersection(claimed))


@given(
    changed=st.dictionaries(claim_names, values, max_size=2),
    roles=st.lists(role_names | texts, max_size=4),
    teacher=st.booleans(),
)
@example(changed={}, roles=["Instruct\0or"], teacher=False)
@example(changed={names.ROLES: [f"{V2}membership/Learner#Instructor"]}, roles=[], teacher=True)
@many
def test_random_claims(
    each_world: World, changed: dict[str, Any], roles: list[str], teacher: bool
) -> None:
    world = each_world
    world.person = EDUCATOR if teacher else LEARNERS[0]
    begun = world.begin()
    post_it(world, begun, world.claims(begun, {names.ROLES: roles} | changed))


@given(data=st.data(), name=st.sampled_from(["", *LAUNCHES]))
@many
def test_launches_that_were_good_once(each_world: World, data: st.DataObject, name: str) -> None:
    """The sandbox's and Moodle's, with something replaced, removed, wrapped or put in."""
    world = each_world
    begun = world.begin()
    payload = world.claims(begun)
    if name:
        ours = {claim: payload[claim] for claim in ANEW}
        payload = copy.deepcopy(recorded(name)) | ours
    for _ in range(data.draw(st.integers(0, 3))):
        spoil(data, payload)
    post_it(world, begun, payload)


def spoil(data: st.DataObject, payload: dict[str, Any]) -> None:
    """Change one thing somewhere in the payload."""
    place: Any = payload
    while True:
        keys = sorted(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(list(keys)))
        inside = place[key]
        if not (isinstance(inside, dict | list) and inside and data.draw(st.booleans())):
            break
        place = inside
    how = data.draw(st.sampled_from(["replace", "remove", "wrap", "add"]))
    if how == "replace":
        place[key] = data.draw(values)
    elif how == "remove" and len(place) > 1:
        del place[key]
    elif how == "wrap":
        place[key] = [place[key]]
    elif isinstance(place, dict):
        place[data.draw(fields | texts)] = data.draw(values)
    else:
        place.append(data.draw(values))


@given(body=st.binary(max_size=60) | values.map(lambda value: json.dumps(value).encode()))
@many
def test_random_payloads_and_tokens(world: World, body: bytes) -> None:
    begun = world.begin()
    for token in (world.forge(begun, body=body), body.decode("latin-1")):
        response = world.launch(token, begun.state)
        assert response.status_code in (400, 413), response.text
    assert world.entered == []


parameters = st.sampled_from(
    ["iss", "login_hint", "target_link_uri", "client_id", "lti_deployment_id",
     "lti_message_hint", "lti_storage_target", "new_tab", "error", "id_token", "state",
     "ticket", "secret", "attempt", "repost"]
)  # fmt: skip
sent = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["", "\0", "%00", "a" * 3000, "<script>", "-1", TOOL, ISSUER, CLIENT]
)


@given(
    changes=st.dictionaries(parameters, sent, max_size=4),
    method=st.sampled_from(["GET", "POST"]),
    key=st.sampled_from(["campus"] * 3) | sent,
)
@example(changes={}, method="GET", key="\0")
@example(
    changes={"lti_storage_target": "\0", "lti_deployment_id": "\0"}, method="POST", key="campus"
)
@many
def test_random_logins(each_world: World, changes: dict[str, str], method: str, key: str) -> None:
    world = each_world
    response = world.login(quote(key, safe=""), method=method, **changes)
    # An address with a slash in it is another one.
    assert response.status_code in (303, 308, 400, 404, 405, 413), response.text
    if response.status_code == 303:
        assert key == "campus" and changes.get("iss", ISSUER) == ISSUER
        assert changes.get("client_id", CLIENT) == CLIENT
        assert changes.get("login_hint", "7") and "<script>" not in response.text


@given(fields=st.dictionaries(parameters, sent, max_size=5))
@many
def test_random_forms(each_world: World, fields: dict[str, str]) -> None:
    world = each_world
    for path in ("/lti/launch", "/lti/launch/confirm", "/lti/login", "/lti/login/campus"):
        assert world.client.post(path, data=fields).status_code in (303, 400, 413)
    response = world.client.get("/lti/login/campus/go", query_string=fields)
    assert response.status_code == 400
    assert world.entered == []
