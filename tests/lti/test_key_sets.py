"""Each institution's keys at addresses of its own, and the description that Canvas reads."""

import json
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest

from lti.keys import PURPOSE, ensure_tool_keys, private_key
from lti.registration import SCOPES
from lti.services.token import AccessTokens
from store.lti_repository import add_institution, add_registration, approve_deployment
from store.models.lti import Institution, Registration, ToolKey
from tests.lti.forge import NOON, TOOL, URLS, World
from tests.lti.services.lms import Lms


@pytest.fixture
def other(world: World) -> Registration:
    """Another institution's registration with the same LMS, both with keys."""
    with world.database.write() as session:
        mine = session.get_one(Institution, 1)
        theirs = add_institution(session, "other", "Other")
        for institution in (mine, theirs):
            ensure_tool_keys(session, world.keyring, institution, NOON)
        return add_registration(
            session,
            theirs,
            key="other",
            issuer="https://lms.example.edu",
            client_id="client-2",
            urls=URLS,
        )


def key_set(world: World, address: str) -> jwt.PyJWKSet:
    response = world.client.get(urlsplit(address).path)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert response.json is not None
    return jwt.PyJWKSet.from_dict(response.json)


def assertion(world: World, registration: Registration) -> str:
    """What the tool signs to get an access token for that registration."""
    lms = Lms()
    AccessTokens(world.database, world.keyring, lms, world.clock).find(registration, ["a"])
    return parse_qs((lms.requests[0].body or b"").decode())["client_assertion"][0]


def accepts(keys: jwt.PyJWKSet, token: str) -> bool:
    """Whether an LMS that knows these keys takes the signature."""
    kid = jwt.get_unverified_header(token)["kid"]
    found = [key for key in keys.keys if key.key_id == kid]
    if not found:
        return False
    options = {"verify_aud": False, "verify_exp": False, "verify_iat": False}
    jwt.decode(token, found[0].key, algorithms=["RS256"], options=options)
    return True


def test_no_institutions_key_verifies_as_anothers(world: World, other: Registration) -> None:
    mine, theirs = assertion(world, world.only_of("campus")), assertion(world, other)
    sets = {key: key_set(world, f"{TOOL}/lti/jwks/{key}.json") for key in ("campus", "other")}
    assert accepts(sets["campus"], mine) and accepts(sets["other"], theirs)
    assert not accepts(sets["campus"], theirs) and not accepts(sets["other"], mine)
    assert [len(keys.keys) for keys in sets.values()] == [2, 2]
    # LMSs that were told the one address for all go on working.
    everybodys = key_set(world, f"{TOOL}/lti/jwks.json")
    assert accepts(everybodys, mine) and accepts(everybodys, theirs)


def test_a_shared_registration_signs_with_its_own_institutions_key(
    world: World, other: Registration
) -> None:
    """Also for a deployment that is another institution's: the LMS knows one key set for it."""
    with world.database.write() as session:
        shared = session.get_one(Registration, world.only_of("campus").id)
        shared.shared = True
        theirs = session.get_one(Institution, other.institution_id)
        deployment = approve_deployment(session, shared, "9", NOON, institution=theirs)
        assert deployment.institution_id != shared.institution_id
    token = assertion(world, shared)
    assert accepts(key_set(world, f"{TOOL}/lti/jwks/campus.json"), token)
    assert not accepts(key_set(world, f"{TOOL}/lti/jwks/other.json"), token)


@pytest.mark.parametrize("key", ["nobody", "a%00b", "x" * 3000, "..%2f..", "CAMPUS"])
def test_unknown_keys(world: World, key: str) -> None:
    for path in (f"/lti/jwks/{key}.json", f"/lti/config/{key}/canvas.json"):
        assert world.client.get(path).status_code == 404
    assert world.client.get(f"/lti/login/{key}").status_code in (400, 404)


def test_private_halves_lie_encrypted(world: World, other: Registration) -> None:
    with world.database.read() as session:
        for row in session.query(ToolKey):
            assert b"PRIVATE" not in row.private_sealed and set(row.public_jwk).isdisjoint("dpq")
            assert "PRIVATE KEY" in private_key(world.keyring, row)
            assert world.keyring.decrypt(PURPOSE, row.private_sealed) not in row.private_sealed


def test_canvas_reads_what_its_format_asks_for(world: World) -> None:
    """developerdocs.instructure.com: required members, types, and allowed values."""
    with world.database.read() as session:
        kept = session.get_one(Institution, 1).manual_key
    for key in ("campus", kept):
        response = world.client.get(f"/lti/config/{key}/canvas.json")
        assert response.status_code == 200
        # Canvas takes no other type from an address.
        assert response.headers["Content-Type"] == "application/json"
        made = response.json
        assert made is not None
        assert all(made[name] for name in ("title", "description"))
        assert made["oidc_initiation_url"] == f"{TOOL}/lti/login/{key}"
        assert made["target_link_uri"] == f"{TOOL}/lti/launch"
        assert made["public_jwk_url"] == f"{TOOL}/lti/jwks/{key}.json"
        assert made["scopes"] == list(SCOPES)
        (extension,) = made["extensions"]
        assert extension["platform"] == "canvas.instructure.com"
        placements = extension["settings"]["placements"]
        assert {one["placement"] for one in placements} == {
            "link_selection",
            "assignment_selection",
        }
        # One that both placements take.
        assert {one["message_type"] for one in placements} == {"LtiDeepLinkingRequest"}
        # No name, no e-mail: Canvas's word for it, and no variable that would carry one.
        assert extension["privacy_level"] == "anonymous"
        text = json.dumps(made).lower()
        assert not any(word in text for word in ("email", "e-mail", "$person", "$user", "fullname"))
        # Of which course and link these are copies.
        assert made["custom_fields"] == {
            "context_id_history": "$Context.id.history",
            "resource_link_id_history": "$ResourceLink.id.history",
        }
