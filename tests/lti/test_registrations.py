"""What the command line manages: institutions, registrations, deployments, keys."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from lti.embedding import frame_ancestors
from lti.keys import ensure_tool_keys, private_key, rotate_tool_keys
from store.db import Database
from store.keyring import Keyring, KeyringError
from store.lti_repository import (
    PlatformUrls,
    RepositoryError,
    add_institution,
    add_registration,
    approve_deployment,
    find_institution,
    list_deployments,
    list_institutions,
    list_registrations,
    record_deployment,
)
from store.lti_urls import add_query, origin, split_web_url
from store.models.lti import Institution, Registration
from tests.lti.forge import CLIENT, ISSUER, NOON, URLS, World, make_world


def register(database: Database, **changes: Any) -> Registration:
    values: dict[str, Any] = {"issuer": ISSUER, "client_id": "new", "urls": URLS} | changes
    with database.write() as session:
        institution = find_institution(session, "campus")
        assert institution is not None
        return add_registration(session, institution, **values)


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "Upper"},
        {"key": "-a"},
        {"key": ""},
        {"key": "campus"},
        {"client_id": CLIENT},
        {"client_id": ""},
        {"issuer": "x" * 256},
        {"issuer": "a\nb"},
        {"urls": PlatformUrls("http://lms.example/a", URLS.token, URLS.jwks)},
        {"urls": PlatformUrls(URLS.auth, "ftp://lms.example/a", URLS.jwks)},
        {"urls": PlatformUrls(URLS.auth, URLS.token, "jwks")},
        {"embed_origins": ["https://a.example; script-src *"]},
        {"embed_origins": ["*"]},
    ],
)
def test_registration_refused(world: World, changes: dict[str, Any]) -> None:
    with pytest.raises(RepositoryError):
        register(world.database, **changes)
    assert world.count(Registration) == 1


def test_registration(world: World) -> None:
    made = register(world.database, embed_origins=["https://LMS.example.edu:443/path"])
    assert len(made.key) == 32 and not made.allow_unbound_launch and made.active
    assert frame_ancestors(made) == ["https://lms.example.edu"]
    local = PlatformUrls(*[f"http://localhost:8090/{part}" for part in ("a", "t", "j")])
    register(world.database, key="sandbox", client_id="s", urls=local)
    inside = PlatformUrls(*[f"http://moodle.internal/{part}" for part in ("a", "t", "j")])
    register(world.database, client_id="i", urls=inside, allow_private_network=True)
    with world.database.read() as session:
        assert len(list_registrations(session)) == 4


@pytest.mark.parametrize(("slug", "name"), [("", "x"), ("a b", "x"), ("campus", "x"), ("b", " ")])
def test_institution_refused(world: World, slug: str, name: str) -> None:
    with pytest.raises(RepositoryError), world.database.write() as session:
        add_institution(session, slug, name)


@pytest.mark.parametrize("values", [{"min_count": 4}, {"min_quote": 9}])
def test_thresholds_cannot_be_lowered(each_world: World, values: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), each_world.database.write() as session:
        session.add(Institution(slug="low", name="Low", **values))


def test_deployments(world: World) -> None:
    with world.database.write() as session:
        other = add_institution(session, "other", "Other")
        (registration,) = list_registrations(session)
        first = record_deployment(session, registration, "7", NOON)
        assert (first.active, first.institution_id) == (False, registration.institution_id)
        approve_deployment(session, registration, "7", NOON, institution=other)
        record_deployment(session, registration, "8", NOON)
        with pytest.raises(RepositoryError):
            approve_deployment(session, registration, "", NOON)
    with world.database.read() as session:
        rows = list_deployments(session)
        listed = [(row.deployment_id, row.active, row.institution.slug) for row in rows]
        assert listed == [("8", False, "campus"), ("1", True, "campus"), ("7", True, "other")]
        assert [i.slug for i in list_institutions(session)] == ["campus", "other"]


def test_tool_keys_and_key_set(world: World) -> None:
    keyring = Keyring(b"m" * 32)
    with world.database.write() as session:
        institution = find_institution(session, "campus")
        assert institution is not None
        active = ensure_tool_keys(session, keyring, institution, NOON)
        assert ensure_tool_keys(session, keyring, institution, NOON) is active
        second = rotate_tool_keys(session, keyring, institution, NOON)
        assert (active.status, second.status) == ("retired", "active")
        assert private_key(keyring, second).startswith("-----BEGIN PRIVATE KEY-----")
        with pytest.raises(KeyringError):
            private_key(Keyring(b"x" * 32), second)
        kids = {active.kid, second.kid}
    response = world.client.get("/lti/jwks.json")
    published = response.json["keys"]
    assert len(published) == 3 and kids < {key["kid"] for key in published}
    assert all(set(key) == {"kty", "n", "e", "kid", "alg", "use"} for key in published)
    assert response.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://A.example/x?y", "https://a.example"),
        ("https://a.example:443", "https://a.example"),
        ("http://a.example:8080/", "http://a.example:8080"),
        ("http://[::1]:80/", "http://[::1]"),
        ("https://a.example\\@b.example/", None),
        ("https://user@a.example/", None),
        ("https:///x", None),
        ("javascript:alert(1)", None),
        ("https://a.example:99999/", None),
        ("https://a.example:0/", None),
        ("https://a.example /", None),
        ("https://ä.example/", None),
        ("//a.example", None),
        ("", None),
    ],
)
def test_origin(url: str, expected: str | None) -> None:
    assert origin(url) == expected


def test_urls() -> None:
    assert split_web_url("https://a.example/" + "x" * 2048) is None
    assert add_query("https://a/b?c=%20d#e", {"f": "g h"}) == "https://a/b?c=%20d&f=g+h#e"


def test_two_applications_in_one_process(world: World, postgres: Database) -> None:
    """Nothing of one is held on a class where the other would find it (W14)."""
    other = make_world(postgres)
    begun = world.begin()
    assert "<code>state_unknown " in other.launch(world.forge(begun), begun.state).text
    assert (world.run().status_code, other.run().status_code) == (200, 200)
