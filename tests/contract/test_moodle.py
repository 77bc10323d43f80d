"""Launches that a real Moodle 4.5.6 sent, made out to this tool and dated anew."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from lti.claims import AGS_ENDPOINT, CUSTOM, LAUNCH_PRESENTATION, LTI, NRPS_SERVICE, RESOURCE_LINK
from lti.roles import Role
from lti.services.scores import RESULT, SCORE
from lti.session import SUB_PURPOSE
from sandbox.site import Site
from store import activities
from store.base import Base
from store.db import Database
from store.lti_sessions import upsert_resource_link
from store.models.lti import Context, Deployment, ResourceLink
from study.activity import Choice
from tests.contract.campus import make_campus, post, take_part
from tests.lti.forge import TOOL, World

RECORDED = Path(__file__).with_name("moodle")
ANEW = {
    *("nonce", "iat", "exp", "iss", "aud"),
    LTI + "deployment_id",
    LTI + "target_link_uri",
}
"""Claims that belong to one launch, or to the tool's registration; the rest is verbatim."""

PERSONAL = ("name", "given_name", "family_name", "email")
SITE = Site(issuer="http://localhost:8100", tool_url=TOOL, client_id="mQdeltszOBgnNq2")


@dataclass(frozen=True)
class Wanted:
    """What a recorded launch is to us."""

    role: Role
    administrator: bool = False
    link: tuple[str, str] = ("3", "Launch A")
    lineitem: str = "2/lineitems/4/lineitem?type_id=1"
    lineitems: str = "2/lineitems?type_id=1"
    memberships: str = "CourseSection/2/bindings/1/memberships"
    creates_items: bool = True


LAUNCHES = {
    "student1-embed": Wanted(Role.LEARNER),
    "student1-window": Wanted(Role.LEARNER),
    "student1-private-gs1": Wanted(
        Role.LEARNER,
        link=("10", "GS1 act"),
        lineitem="2/lineitems/11/lineitem?type_id=3",
        lineitems="2/lineitems?type_id=3",
        memberships="CourseSection/2/bindings/3/memberships",
        creates_items=False,
    ),
    "teacher1-embed": Wanted(Role.EDUCATOR),
    "teacher1-as-student": Wanted(Role.LEARNER),
    "admin-embed": Wanted(Role.EDUCATOR, administrator=True),
}
SERVICES = "http://localhost:8100/mod/lti/services.php/"


def recorded(name: str) -> dict[str, Any]:
    """The claims as Moodle sent them."""
    found = json.loads((RECORDED / f"{name}.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def replay(world: World, recording: str, **changed: str) -> Any:
    """The recorded launch, made out to this tool's registration and signed by the sandbox."""
    begun = world.begin()
    ours = world.claims(begun)
    again = {claim: value for claim, value in recorded(recording).items() if claim not in ANEW}
    again |= {claim: ours[claim] for claim in ANEW} | changed
    return world.launch(world.forge(begun, body=json.dumps(again)), begun.state)


@pytest.fixture
def campus(database: Database) -> World:
    """The tool, with both recorded activities set up here: their links carry no choice."""
    world = make_campus(database, site=SITE)
    with database.write() as session:
        deployment = session.scalars(select(Deployment).order_by(Deployment.id)).first()
        assert deployment is not None and deployment.deployment_id == SITE.deployment_id
        for lms_id in ("3", "10"):
            link = upsert_resource_link(session, deployment.id, lms_id)
            activities.choose(session, link.id, Choice("core"))
    return world


@pytest.mark.parametrize(
    ("name", "status", "told"),
    [("student1-embed", 409, "not set up yet"), ("teacher1-embed", 200, "Set the activity up")],
)
def test_an_activity_that_is_not_set_up(
    database: Database, name: str, status: int, told: str
) -> None:
    response = replay(make_campus(database, site=SITE), name)
    assert (response.status_code, told in response.text) == (status, True)


def test_every_recording_is_replayed() -> None:
    assert {path.stem for path in RECORDED.glob("*.json")} - {"teacher1-deeplinking"} == {*LAUNCHES}


@pytest.mark.parametrize("name", LAUNCHES)
def test_a_recorded_launch(campus: World, name: str) -> None:
    claims, wanted = recorded(name), LAUNCHES[name]
    response = replay(campus, name)
    assert response.status_code == 200, response.text
    result = campus.entered[0][0]
    assert (result.role, result.administrator) == (wanted.role, wanted.administrator)
    assert campus.keyring.decrypt(SUB_PURPOSE, result.user.sub_sealed) == claims["sub"].encode()
    assert result.locale == "en"
    assert result.return_url == claims[LAUNCH_PRESENTATION]["return_url"]
    assert result.context is not None and result.resource_link is not None
    assert (result.context.lms_id, result.context.title) == ("2", "HPE 101 Test Course")
    assert result.context.nrps_url == SERVICES + wanted.memberships
    link = result.resource_link
    assert (link.lms_id, link.title) == wanted.link
    assert (link.lineitem_url, link.lineitems_url) == (
        SERVICES + wanted.lineitem,
        SERVICES + wanted.lineitems,
    )
    assert link.ags_scopes == claims[AGS_ENDPOINT]["scope"]
    assert {SCORE, RESULT} <= set(link.ags_scopes)
    creating = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
    assert (creating in link.ags_scopes) is wanted.creates_items
    # None of its custom parameters is ours: they tell who the person is.
    assert claims[CUSTOM]["uname"] and link.custom == {}
    # The first page of that role.
    first = "Before you begin" if wanted.role is Role.LEARNER else "<title>The class"
    assert first in response.text
    assert "frame-ancestors http://localhost:8100" in response.headers["Content-Security-Policy"]


def everything(world: World) -> str:
    """Every value of every table, bytes as text."""
    with world.database.read() as session:
        values = [
            value.decode("latin-1") if isinstance(value, bytes) else str(value)
            for table in Base.metadata.sorted_tables
            for row in session.execute(table.select())
            for value in row
        ]
    return "\n".join(values)


@pytest.mark.parametrize("name", LAUNCHES)
def test_nothing_that_tells_who_it_is_is_kept(campus: World, name: str) -> None:
    claims = recorded(name)
    # One recorded person is called Sam, as is somebody in a case: names here are nobody else's.
    named = {claim: f"Zephyrine-{claim}" for claim in PERSONAL if claims.get(claim)}
    claims |= named
    before = everything(campus)
    assert replay(campus, name, **named).status_code == 200
    token = campus.entered[0][1]
    if LAUNCHES[name].role is Role.LEARNER:
        take_part(campus, token)
    assert post(campus, "/app/reflections", token).status_code == 200
    kept = everything(campus)
    assert "HPE 101 Test Course" in kept  # guards the lines below
    personal = [claims[claim] for claim in PERSONAL if claim in claims]
    # With names off Moodle still sends the user name and the record number.
    personal += [claims[CUSTOM]["uname"], claims[LTI + "lis"]["person_sourcedid"]]
    # And the way back holds Moodle's session key.
    personal.append(claims[LAUNCH_PRESENTATION]["return_url"].split("sesskey=")[1])
    for value in filter(None, personal):
        whole_word = re.compile(rf"(?<!\w){re.escape(value)}(?!\w)")
        assert len(whole_word.findall(kept)) == len(whole_word.findall(before)), value


def test_one_person_however_the_activity_is_opened(campus: World) -> None:
    for name in ("student1-embed", "student1-window", "student1-private-gs1"):
        assert replay(campus, name).status_code == 200
    first, second, third = (result for result, _ in campus.entered)
    assert first.user.id == second.user.id == third.user.id
    with campus.database.read() as session:
        assert set(session.scalars(select(ResourceLink.lms_id))) == {"3", "10"}
        assert set(session.scalars(select(Context.lms_id))) == {"2"}


def test_a_teacher_who_switches_to_student_has_no_teachers_session_left(campus: World) -> None:
    assert replay(campus, "teacher1-embed").status_code == 200
    (_, teaching) = campus.entered[0]
    assert post(campus, "/app/class", teaching).status_code == 200
    assert replay(campus, "teacher1-as-student").status_code == 200
    assert post(campus, "/app/class", teaching).status_code == 401
    assert campus.entered[0][0].user.id == campus.entered[1][0].user.id


def test_a_line_item_that_is_empty_is_none(campus: World) -> None:
    # An ungraded activity to which the tool has added a column.
    begun = campus.begin()
    claims = recorded("student1-embed")[AGS_ENDPOINT] | {"lineitem": ""}
    link = {RESOURCE_LINK: {"id": "3", "title": "Launch A", "description": ""}}
    token = campus.forge(begun, {AGS_ENDPOINT: claims, NRPS_SERVICE: {}} | link)
    assert campus.launch(token, begun.state).status_code == 200
    found = campus.entered[-1][0].resource_link
    assert found is not None
    assert (found.lineitem_url, found.lineitems_url) == (None, SERVICES + "2/lineitems?type_id=1")
