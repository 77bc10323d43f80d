"""After the launch: whose session it is, how it ends, and what is not its business."""

from collections.abc import Callable

import pytest

from lti.claims import CONTEXT, ROLES
from lti.session import revoke
from sandbox.people import EDUCATOR, LEARNERS
from store.db import Database
from store.models import Attempt, Turn
from tests.contract.campus import enter, make_campus, north, post, take_part
from tests.launching import Page
from tests.lti.forge import World, edit_registration
from web.launch import SESSION_COOKIE

ADA, BEN = LEARNERS[:2]


@pytest.fixture
def campus(database: Database) -> World:
    return make_campus(database)


@pytest.mark.case("S50")
@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("/app/turn", {"option": "3"}),
        ("/app/continue", {}),
        ("/app/reflections/edit", {"answer": "1", "text": "mine now"}),
        ("/app/reflections/edit", {"answer": "1", "value": "3"}),
    ],
)
def test_what_another_institution_has_is_not_there(
    campus: World, path: str, values: dict[str, str]
) -> None:
    # The same person even, as their LMS calls them.
    theirs = take_part(campus, enter(campus, ADA, north(campus)))
    token = enter(campus, ADA)
    take_part(campus, token)
    stolen = {name: theirs[name] for name in ("attempt", "step_id", "message_id")}
    before = campus.counts()
    for sent in (token, enter(campus, EDUCATOR)):
        response = post(campus, path, sent, **stolen, **values)
        assert response.status_code == 404, response.text
    # Beside the launches themselves: the educator's own class was counted for their page.
    assert {name for name, count in campus.counts().items() if count != before[name]} <= {
        *("app_session", "launch_attempt", "lti_user", "teacher_seen"),
        *("counted_attempt", "tally"),
    }
    assert campus.count(Turn) == 0 and campus.count(Attempt) == 2


@pytest.mark.case("S50")
def test_nothing_of_another_institution_is_shown(campus: World) -> None:
    their_token = enter(campus, ADA, north(campus))
    fields = take_part(campus, their_token)
    token = enter(campus, ADA)
    for path in ("/app", "/app/reflections"):
        page = post(campus, path, token)
        assert page.status_code == 200 and fields["attempt"] not in page.text
        # Guards this test: its owner does see it.
        assert path != "/app" or fields["attempt"] in post(campus, path, their_token).text
    lecturer = enter(campus, EDUCATOR)
    assert post(campus, "/app/class", lecturer).status_code == 200
    assert post(campus, "/app/class", token).status_code == 403


@pytest.mark.case("S50")
def test_a_session_ends_with_its_own_registration_only(campus: World) -> None:
    token, theirs = enter(campus, ADA), enter(campus, ADA, north(campus))
    edit_registration(campus, lambda row: setattr(row, "active", False), key="north")
    assert post(campus, "/app", theirs).status_code == 401
    assert post(campus, "/app", token).status_code == 200


def end_it(world: World, token: str) -> None:
    revoke(world.database, token, world.clock())


def leave_it(world: World, token: str) -> None:
    world.clock.pass_time(hours=1)


def use_it_for_a_day(world: World, token: str) -> None:
    for _ in range(15):
        world.clock.pass_time(minutes=30)
        assert post(world, "/app", token).status_code == 200
    world.clock.pass_time(minutes=30)


def become_a_teacher(world: World, token: str) -> None:
    enter(world, ADA, **{ROLES: ["Instructor"], CONTEXT: {"id": "another course"}})
    assert post(world, "/app", token).status_code == 200
    enter(world, ADA, **{ROLES: ["Instructor"]})


def become_a_test_user(world: World, token: str) -> None:
    enter(world, ADA, **{ROLES: ["http://purl.imsglobal.org/vocab/lti/system/person#TestUser"]})


@pytest.mark.case("S51")
@pytest.mark.parametrize(
    "end", [end_it, leave_it, use_it_for_a_day, become_a_teacher, become_a_test_user]
)
def test_a_session_that_is_over(campus: World, end: Callable[[World, str], None]) -> None:
    token = enter(campus, ADA)
    assert post(campus, "/app", token).status_code == 200
    browser = campus.app.test_client()
    browser.set_cookie(SESSION_COOKIE, token)
    assert browser.get("/app", base_url="https://localhost").status_code == 200
    end(campus, token)
    for response in (
        post(campus, "/app", token),
        post(campus, "/app/consent", token, answer="yes"),
        campus.app.test_client().get("/app", headers={"Authorization": f"Bearer {token}"}),
        browser.get("/app", base_url="https://localhost"),
    ):
        assert response.status_code == 401
        assert "open the activity again" in response.text.lower()


@pytest.mark.case("S51")
@pytest.mark.parametrize("token", ["", "x", "A" * 43, "ü", "x" * 10_000])
def test_a_token_that_never_was_one(campus: World, token: str) -> None:
    assert post(campus, "/app", token).status_code == 401


@pytest.mark.case("S52")
def test_an_old_tab_stays_what_it_was(campus: World) -> None:
    first = enter(campus, ADA)
    second = enter(campus, EDUCATOR)
    third = enter(campus, BEN)
    # All in one browser, whose cookie is that of the last launch.
    browser = campus.client
    page = browser.post("/app", data={"session": first})
    form = Page("http://localhost/", page.text).form("/app/consent")
    assert form.fields["session"] == first
    assert browser.post("/app/class", data={"session": first}).status_code == 403
    assert browser.post("/app/class", data={"session": second}).status_code == 200
    mine = take_part(campus, first)["attempt"]
    assert mine not in browser.post("/app", data={"session": third}).text
    assert mine in browser.post("/app", data={"session": first}).text
    assert mine in browser.get("/app", headers={"Authorization": f"Bearer {first}"}).text
