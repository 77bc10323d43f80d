"""Odd but valid launches: they enter, with the least rights that are of use."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lti.claims import (
    AGS_ENDPOINT,
    CONTEXT,
    CUSTOM,
    LAUNCH_PRESENTATION,
    LTI,
    NRPS_SERVICE,
    RESOURCE_LINK,
    ROLES,
)
from lti.session import find_session
from store.models.lti import Context, ResourceLink
from tests.contract.rows import Row, variant
from tests.lti.forge import MEMBERSHIP, MISSING, World, edit_registration

V2 = "http://purl.imsglobal.org/vocab/lis/v2/"
SUB = V2 + "membership/"
TEST_USER = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"


@pytest.mark.case("O01")
@pytest.mark.parametrize("sub", [MISSING, "", None], ids=repr)
def test_an_anonymous_launch(world: World, row: Row, sub: object) -> None:
    response = world.run({"sub": sub})
    row.refuses(world, response)
    assert "Nothing has been stored" in response.text
    assert "sign in to your course" in response.text.lower()
    # The LMS's signature holds: there is a way back.
    assert "Back to your course" in response.text


@pytest.mark.case("O02")
@pytest.mark.parametrize(
    "identity",
    [{}, {"email": "a@b.example"}, {"name": "Ada Lovelace", "given_name": "Ada"}],
    ids=["no-pii", "email-only", "names-only"],
)
def test_names_are_neither_needed_nor_kept(
    world: World, row: Row, identity: dict[str, str]
) -> None:
    row.enters(world.run(identity))
    world.database.engine.dispose()
    path = world.database.engine.url.database
    assert path is not None
    # The log too, where the newest rows are until they are moved.
    stored = b"".join(file.read_bytes() for file in Path(path).parent.glob(Path(path).name + "*"))
    assert len(stored) > 100_000
    assert not [value for value in identity.values() if value.encode() in stored]


@pytest.mark.case("O03")
@pytest.mark.parametrize("context", [MISSING, None], ids=repr)
def test_no_course(world: World, row: Row, context: object) -> None:
    row.enters(world.run({CONTEXT: context}))
    assert world.entered[0][0].context is None and world.count(Context) == 0


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        variant("O04", [], "learner"),
        variant("O04", [""], "learner"),
        variant("O04", ["urn:x:unknown"], "learner"),
        variant("O04", ["Sorcerer"], "learner"),
        variant("O04", ["Sorcerer", "Learner"], "learner"),
        variant("O04", [MEMBERSHIP + "Learner", MEMBERSHIP + "Instructor"], "educator"),
        variant("O04", [MEMBERSHIP + "Learner", V2 + "institution/person#Faculty"], "learner"),
        variant("O04", [MEMBERSHIP + "Learner", V2 + "institution/person#Instructor"], "learner"),
        variant("O04", [MEMBERSHIP + "Learner", V2 + "system/person#Administrator"], "learner"),
        variant("O04", [MEMBERSHIP + "Administrator"], "preview"),
        variant("O04", [V2 + "institution/person#Administrator"], "preview"),
        variant("O04", [MEMBERSHIP + "Manager"], "learner"),
        variant("O04", ["Instruct\0or"], "learner"),
        variant("O04", ["Instructor "], "learner"),
        variant("O04", ["instructor"], "learner"),
        variant("O05", ["Learner"], "learner"),
        variant("O05", ["Instructor"], "educator"),
        variant("O05", ["TeachingAssistant"], "assistant"),
        variant("O06", [SUB + "Instructor#TeachingAssistant"], "assistant"),
        variant("O06", [SUB + "Instructor#Grader"], "assistant"),
        variant("O06", [MEMBERSHIP + "Instructor", SUB + "Instructor#PrimaryInstructor"],
                "educator"),
        variant("O06", [MEMBERSHIP + "Learner", SUB + "Learner#Instructor"], "learner"),
        variant("O06", [SUB + "Learner#Instructor"], "learner"),
        variant("O06", [SUB + "Instructor"], "learner"),
        variant("O07", [V2 + "person#Administrator"], "preview"),
        variant("O07", [V2 + "person#Administrator", "Learner"], "learner"),
        variant("O07", [V2 + "person#Instructor"], "learner"),
        variant("O08", [TEST_USER, "Learner"], "test_learner"),
        variant("O08", [TEST_USER], "test_learner"),
        variant("O08", [TEST_USER, "Instructor"], "test_learner"),
    ],
)  # fmt: skip
def test_roles(world: World, row: Row, roles: list[str], role: str) -> None:
    row.enters(world.run({ROLES: roles}), role)


@pytest.mark.case("O04")
def test_an_institution_may_refuse_unknown_roles(world: World, row: Row) -> None:
    edit_registration(
        world, lambda found: setattr(found.institution, "settings", {"refuse_unknown_roles": True})
    )
    for unknown in ([], [""], ["Sorcerer"]):
        row.refuses(world, world.run({ROLES: unknown}), "role_refused")
    row.enters(world.run(), "learner")


@pytest.mark.case("O06")
def test_an_institution_may_limit_assistants(world: World, row: Row) -> None:
    roles = [MEMBERSHIP + "Instructor", SUB + "Instructor#TeachingAssistant"]
    row.enters(world.run({ROLES: roles}), "educator")
    edit_registration(
        world, lambda found: setattr(found.institution, "settings", {"assistants_limited": True})
    )
    row.enters(world.run({ROLES: roles}), "assistant")


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        variant("O09", "on", "on"),
        variant("O09", 3, "3"),
        variant("O09", 1.5, "1.5"),
        variant("O09", True, "true"),
        variant("O09", "", ""),
        variant("O09", "$5", "$5"),
        variant("O09", 10**30, ""),
        variant("O09", "a\0b\ud800", "ab"),
        variant("O09", "$ResourceLink.id.history", None),
        variant("O09", None, None),
        variant("O09", {"a": 1}, None),
        variant("O09", ["a"], None),
        variant("O09", "x" * 5000, None),
    ],
)
def test_custom_values(each_world: World, row: Row, raw: object, kept: str | None) -> None:
    row.enters(each_world.run({CUSTOM: {"completion": raw, "context_id_history": "7"}}))
    expected = {"completion": kept} if kept is not None else {}
    assert each_world.only(ResourceLink).custom == expected | {"context_id_history": "7"}


@pytest.mark.case("O09")
def test_custom_values_that_are_not_ours_are_not_kept(world: World, row: Row) -> None:
    personal = {"uname": "ada", "email": "a@b.example", "": "x", "n\0": 1, "completion ": "on"}
    row.enters(world.run({CUSTOM: personal}))
    assert world.only(ResourceLink).custom == {}


@pytest.mark.case("O09")
def test_a_custom_number_beyond_all_bounds(world: World, row: Row) -> None:
    begun = world.begin()
    text = json.dumps(world.claims(begun, {CUSTOM: {"completion": "HERE"}}))
    token = world.forge(begun, body=text.replace('"HERE"', "1e400"))
    row.enters(world.launch(token, begun.state))
    assert world.only(ResourceLink).custom == {"completion": ""}


HTTPS = "https://l.example/r?a=1"


@pytest.mark.parametrize(
    ("presentation", "locale", "url"),
    [
        variant("O10", MISSING, None, None),
        variant("O10", {}, None, None),
        variant("O10", {"document_target": "window", "locale": "de"}, "de", None),
        variant("O10", {"locale": "pt_br", "return_url": HTTPS}, "pt-br", HTTPS),
        variant("O10", {"locale": None, "return_url": None}, None, None),
        variant("O10", {"return_url": "http://localhost:8100/r"}, None, "http://localhost:8100/r"),
        variant("O13", {"locale": "tlh"}, "tlh", None),
        variant("O13", {"locale": "klingon language", "return_url": HTTPS}, None, HTTPS),
        variant("O13", {"locale": "x-" + "y" * 40}, None, None),
        # A way back that nobody should take is none.
        variant("O10", {"return_url": "javascript:alert(1)"}, None, None),
        variant("O10", {"return_url": "http://l.example/"}, None, None),
    ],
)
def test_presentation(
    world: World, row: Row, presentation: object, locale: str | None, url: str | None
) -> None:
    row.enters(world.run({LAUNCH_PRESENTATION: presentation}))
    result = world.entered[0][0]
    assert (result.locale, result.return_url) == (locale, url)


@pytest.mark.case("O11")
def test_an_activity_never_seen_before(world: World, row: Row) -> None:
    world.run()
    row.enters(world.run({RESOURCE_LINK: {"id": "new", "title": "Renamed"}}))
    row.enters(world.run({RESOURCE_LINK: {"id": "new", "title": "Renamed again"}}))
    with world.database.read() as session:
        titles = dict(session.execute(select(ResourceLink.lms_id, ResourceLink.title)).all())
    assert titles == {"link-1": "Grey cases", "new": "Renamed again"}


@pytest.mark.case("O12")
def test_two_courses_in_two_tabs(world: World, row: Row) -> None:
    row.enters(world.run())
    row.enters(world.run({CONTEXT: {"id": "course-2"}, RESOURCE_LINK: {"id": "link-2"}}))
    (first, token), (second, other) = world.entered
    assert first.user.id == second.user.id and token != other
    for held, lms_id in ((token, "course-1"), (other, "course-2")):
        found = find_session(world.database, world.keyring, held, world.clock())
        assert found.context is not None and found.context.lms_id == lms_id


@pytest.mark.case("O13")
def test_titles_in_any_script(each_world: World, row: Row) -> None:
    title = "تقييم 🧑🏽‍⚕️ e\u0301" + "x" * 300
    named = {"name": "أحمد \u202e نور 🙂 Zoe\u0308"}
    row.enters(each_world.run({CONTEXT: {"id": "é", "title": title + "\x00\ud83d"}} | named))
    assert each_world.only(Context).title == title[:255]


@pytest.mark.case("O14")
@pytest.mark.parametrize(
    ("ags", "expected"),
    [
        (MISSING, (None, None, [])),
        ({}, (None, None, [])),
        (
            {"scope": [AGS + "score"], "lineitems": "https://l.example/items?t=1", "lineitem": ""},
            (None, "https://l.example/items?t=1", [AGS + "score"]),
        ),
        ({"lineitems": "https://l.example/i"}, (None, "https://l.example/i", [])),
        ({"lineitem": "https://l.example/i"}, ("https://l.example/i", None, [])),
        ({"lineitem": None, "lineitems": None, "scope": []}, (None, None, [])),
        ({"lineitem": "file:///etc/passwd", "scope": []}, (None, None, [])),
    ],
)
@pytest.mark.parametrize("nrps", [MISSING, {}, {"context_memberships_url": "https://l.example/m"}])
def test_services(
    world: World, row: Row, ags: object, expected: tuple[Any, ...], nrps: Any
) -> None:
    row.enters(world.run({AGS_ENDPOINT: ags, NRPS_SERVICE: nrps, LTI + "lis": MISSING}))
    link = world.only(ResourceLink)
    assert (link.lineitem_url, link.lineitems_url, link.ags_scopes) == expected
    told = nrps.get("context_memberships_url") if nrps is not MISSING else None
    assert world.only(Context).nrps_url == told


@pytest.mark.case("O15")
@pytest.mark.parametrize("role", ["Mentor", MEMBERSHIP + "Mentor"])
def test_a_mentor(world: World, row: Row, role: str) -> None:
    changes = {ROLES: [role], LTI + "role_scope_mentor": ["person-9"]}
    row.enters(world.run(changes))
