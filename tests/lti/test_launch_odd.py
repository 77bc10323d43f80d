"""Odd but valid launches (O): they enter, with the least privilege that is of use."""

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
    TARGET_LINK_URI,
)
from lti.session import SUB_PURPOSE, find_session
from store.models.lti import AppSession, Context, LtiUser, ResourceLink
from tests.lti.forge import (
    MEMBERSHIP,
    MISSING,
    TOOL,
    World,
    edit_registration,
    new_client,
    sign_raw,
)

V2 = "http://purl.imsglobal.org/vocab/lis/v2/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"


@pytest.mark.parametrize(
    "identity",
    [{}, {"email": "a@b.example"}, {"name": "Ada Lovelace", "given_name": "Ada"}],
    ids=["no-pii", "email-only", "names-only"],
)
def test_o02_names_and_addresses_are_neither_needed_nor_kept(
    world: World, identity: dict[str, str]
) -> None:
    assert world.run(identity).status_code == 200
    world.database.engine.dispose()
    database = world.database.engine.url.database
    assert database is not None
    stored = Path(database).read_bytes()
    assert not [value for value in identity.values() if value.encode() in stored]


def test_sub_is_stored_only_encrypted(world: World) -> None:
    world.run({"sub": "canary-sub-42"})
    user = world.only(LtiUser)
    assert world.keyring.decrypt(SUB_PURPOSE, user.sub_sealed) == b"canary-sub-42"
    world.database.engine.dispose()
    database = world.database.engine.url.database
    assert database is not None and b"canary-sub-42" not in Path(database).read_bytes()


@pytest.mark.parametrize("context", [MISSING, None])
def test_o03_no_context(world: World, context: object) -> None:
    assert world.run({CONTEXT: context}).status_code == 200
    assert world.entered[0][0].context is None and world.count(Context) == 0


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        ([], "learner"),
        ([""], "learner"),
        (["urn:x:unknown"], "learner"),
        (["Sorcerer"], "learner"),
        ([MEMBERSHIP + "Learner", MEMBERSHIP + "Instructor"], "educator"),
        ([MEMBERSHIP + "Learner", V2 + "institution/person#Faculty"], "learner"),
        ([MEMBERSHIP + "Learner", V2 + "system/person#Administrator"], "learner"),
        (["Learner"], "learner"),
        (["Instructor"], "educator"),
        (["TeachingAssistant"], "assistant"),
        (["http://purl.imsglobal.org/vocab/lti/system/person#TestUser", "Learner"], "test_learner"),
    ],
)
def test_o04_o05_o08_roles(world: World, roles: list[str], role: str) -> None:
    assert world.run({ROLES: roles}).text == f"entered as {role}"


def test_o04_institution_may_refuse_unknown_roles(world: World) -> None:
    edit_registration(
        world, lambda row: setattr(row.institution, "settings", {"refuse_unknown_roles": True})
    )
    world.assert_refused(world.run({ROLES: ["Sorcerer"]}), "role_refused", 403)
    assert world.run().status_code == 200


def test_o06_institution_may_limit_assistants(world: World) -> None:
    roles = [MEMBERSHIP + "Instructor", V2 + "membership/Instructor#TeachingAssistant"]
    assert world.run({ROLES: roles}).text == "entered as educator"
    edit_registration(
        world, lambda row: setattr(row.institution, "settings", {"assistants_limited": True})
    )
    assert world.run({ROLES: roles}).text == "entered as assistant"


def test_o09_custom_values(world: World) -> None:
    custom = {
        "pack": "core",
        "pinned": 3,
        "follow": True,
        "empty": "",
        "unresolved": "$ResourceLink.id.history",
        "price": "$5",
        "null": None,
        "nested": {"a": 1},
        "huge": 10**30,
        "control": "a\0b\ud800",
        "long": "x" * 5000,
    }
    assert world.run({CUSTOM: custom}).status_code == 200
    assert world.only(ResourceLink).custom == {
        "pack": "core",
        "pinned": "3",
        "follow": "true",
        "empty": "",
        "price": "$5",
        "huge": "",
        "control": "ab",
    }


def test_o09_a_number_beyond_all_bounds(world: World) -> None:
    begun = world.begin()
    text = json.dumps(world.claims(begun.nonce, {CUSTOM: {"n": "PLACE"}}))
    body = text.replace('"PLACE"', "1e400").encode()
    token = sign_raw(body, {"alg": "RS256", "kid": "key-1"})
    assert world.launch(token, begun.state).status_code == 200
    assert world.only(ResourceLink).custom == {"n": ""}


@pytest.mark.parametrize(
    ("presentation", "locale", "url"),
    [
        (MISSING, None, None),
        ({"document_target": "window"}, None, None),
        (
            {"locale": "pt_br", "return_url": "https://l.example/r?a=1"},
            "pt-br",
            "https://l.example/r?a=1",
        ),
        ({"locale": "klingon language", "return_url": "javascript:alert(1)"}, None, None),
        ({"locale": "x-" + "y" * 40, "return_url": "http://l.example/"}, None, None),
        (
            {"locale": "de", "return_url": "http://localhost:8100/r"},
            "de",
            "http://localhost:8100/r",
        ),
    ],
)
def test_o10_o13_presentation(
    world: World, presentation: object, locale: str | None, url: str | None
) -> None:
    assert world.run({LAUNCH_PRESENTATION: presentation}).status_code == 200
    result = world.entered[0][0]
    assert (result.locale, result.return_url) == (locale, url)


def test_o11_a_link_never_seen_before(world: World) -> None:
    world.run()
    world.run({RESOURCE_LINK: {"id": "new", "title": "Renamed"}})
    world.run({RESOURCE_LINK: {"id": "new", "title": "Renamed again"}})
    with world.database.read() as session:
        titles = dict(session.execute(select(ResourceLink.lms_id, ResourceLink.title)).all())
    assert titles == {"link-1": "Grey cases", "new": "Renamed again"}


def test_o12_two_courses_in_two_tabs(world: World) -> None:
    world.run()
    world.run({CONTEXT: {"id": "course-2"}, RESOURCE_LINK: {"id": "link-2"}})
    (first, token), (second, other) = world.entered
    assert first.user.id == second.user.id and token != other
    for held, lms_id in ((token, "course-1"), (other, "course-2")):
        found = find_session(world.database, world.keyring, held, world.clock())
        assert found.context is not None and found.context.lms_id == lms_id


def test_s52_another_user_in_the_same_browser(world: World) -> None:
    world.run()
    world.run({"sub": "another", ROLES: ["Instructor"]})
    (first, token), (second, _) = world.entered
    assert first.user.id != second.user.id
    kept = find_session(world.database, world.keyring, token, world.clock())
    assert (kept.user.id, kept.role) == (first.user.id, "learner")


def test_o13_titles_in_any_script(world: World) -> None:
    title = "تقييم 🧑🏽‍⚕️ e\u0301" + "x" * 300
    assert world.run({CONTEXT: {"id": "é", "title": title + "\x00\ud83d"}}).status_code == 200
    assert world.only(Context).title == title[:255]


@pytest.mark.parametrize(
    ("ags", "expected"),
    [
        (MISSING, (None, None, [])),
        (
            {"scope": [AGS + "score"], "lineitems": "https://l.example/items?t=1", "lineitem": ""},
            (None, "https://l.example/items?t=1", [AGS + "score"]),
        ),
        ({"lineitem": "https://l.example/i"}, ("https://l.example/i", None, [])),
        ({"lineitem": "file:///etc/passwd", "scope": []}, (None, None, [])),
    ],
)
def test_o14_services(world: World, ags: object, expected: tuple[Any, ...]) -> None:
    nrps = {"context_memberships_url": "https://l.example/m", "service_versions": ["2.0"]}
    assert world.run({AGS_ENDPOINT: ags, NRPS_SERVICE: nrps, LTI + "lis": {}}).status_code == 200
    link = world.only(ResourceLink)
    assert (link.lineitem_url, link.lineitems_url, link.ags_scopes) == expected
    assert world.only(Context).nrps_url == "https://l.example/m"


def test_o15_mentor(world: World) -> None:
    changes = {ROLES: [MEMBERSHIP + "Mentor"], LTI + "role_scope_mentor": ["person-9"]}
    assert world.run(changes).text == "entered as preview"


MOODLE = {
    "student": [MEMBERSHIP + "Learner"],
    "administrator": [
        V2 + "institution/person#Administrator",
        MEMBERSHIP + "Instructor",
        V2 + "system/person#Administrator",
    ],
}


@pytest.mark.parametrize(("who", "role"), [("student", "learner"), ("administrator", "educator")])
def test_moodle_as_it_is(world: World, who: str, role: str) -> None:
    """The claims of Moodle 4.5 in their odder parts."""
    changes = {
        "sub": "2",
        TARGET_LINK_URI: f"{TOOL}/",
        ROLES: MOODLE[who],
        CONTEXT: {"id": "2", "label": "HPE101", "title": "HPE 101", "type": ["CourseSection"]},
        RESOURCE_LINK: {"title": "Launch A", "description": "", "id": "3"},
        CUSTOM: {"weird key!": "v", "weird_key_": "v", "bad": "$Nope.nope", "rl": None, "g": ""},
        LTI + "lis": {"person_sourcedid": "", "course_section_sourcedid": "X"},
        LTI + "ext": {"user_username": "admin", "lms": "moodle-2"},
        LAUNCH_PRESENTATION: {
            "locale": "en",
            "document_target": "iframe",
            "return_url": "http://localhost:8100/mod/lti/return.php?course=2&sesskey=h7",
        },
    }
    assert world.run(json.loads(json.dumps(changes))).text == f"entered as {role}"
    assert world.entered[0][0].administrator is (who == "administrator")


def test_two_browsers_of_one_person_share_the_person(world: World) -> None:
    world.run()
    other = new_client(world.app)
    begun = world.begin(client=other)
    assert world.launch(world.forge(begun), begun.state, other).status_code == 200
    assert (world.count(LtiUser), world.count(AppSession)) == (1, 2)
