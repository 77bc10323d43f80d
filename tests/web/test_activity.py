"""Setting an activity up: at its first opening, by its link, or kept from its original."""

from typing import Any

import pytest
from sqlalchemy import select

from lti.roles import Role
from store import attempts
from store.models import Attempt, Consent, Participant, ResourceLink
from store.scripts import publish
from study.pack_loading import load_library
from tests.study.interviews import SCENARIOS, shipped_library
from tests.web.conftest import Site, page_of

NEW = {"activity": "by-hand", "set_up": False}
NOT_YET = "This activity is not set up yet"
CHOOSE = "Choose the cases"


def link_of(site: Site, lms_id: str = "by-hand") -> ResourceLink:
    with site.world.database.read() as session:
        return session.scalars(select(ResourceLink).where(ResourceLink.lms_id == lms_id)).one()


def set_up(site: Site, **values: Any) -> Any:
    token = site.token("teacher", Role.EDUCATOR, **NEW)
    form = {"which": "pack:core", "policy": "follow", **values}
    return site.client().post("/app/activity/choose", data={"session": token, **form})


def test_learners_see_that_it_is_not_set_up_and_nothing_is_stored(site: Site) -> None:
    token = site.token(**NEW)
    for answer in (
        site.post("/app", token),
        site.post("/app/consent", token, take_part="yes", role_view="learner", answer="yes"),
    ):
        assert answer.status_code == 409 and NOT_YET in answer.text
        assert "Choose" not in answer.text
    assert site.world.rows(Participant) == [] and site.world.rows(Consent) == []


@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.PREVIEW, Role.TEST_LEARNER])
def test_others_cannot_choose(site: Site, role: Role) -> None:
    token = site.token("other", role, **NEW)
    assert NOT_YET in site.post("/app", token).text
    for path in ("/app/activity", "/app/activity/choose"):
        assert site.post(path, token, which="pack:core").status_code == 403
    assert link_of(site).chosen is None


@pytest.mark.parametrize("role", [Role.EDUCATOR, Role.AUTHOR])
def test_whoever_may_choose_is_asked_first(site: Site, role: Role) -> None:
    token = site.token("teacher", role, **NEW)
    page = site.post("/app", token)
    assert page.status_code == 200 and CHOOSE in page.text
    chosen = site.post(
        "/app/activity/choose", token, which="pack:core", policy="pin", completion="yes"
    )
    assert chosen.status_code == 200
    expected = {"pack": "core", "pack_version": "2", "completion": "on"}
    assert link_of(site).chosen == expected
    learner = site.post("/app", site.token(**NEW))
    assert "Before you begin" in learner.text and "completion is reported" in learner.text


def test_single_cases_and_their_number(site: Site) -> None:
    answer = set_up(site, which="single", case=["S01", "S05", "S02"], number="2")
    assert answer.status_code == 200
    for sub in ("1", "2", "3"):
        site.begin(site.token(sub, **NEW))
    orders = [attempts.state_of(row).order for row in site.world.rows(Attempt)]
    assert all(len(order) == 2 for order in orders)
    assert {ref.id for order in orders for ref in order} <= {"S01", "S02", "S05"}
    assert all(order[0].id != "S05" for order in orders)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"which": ""}, "choose a set of cases"),
        ({"which": "pack:secret"}, "choose a set of cases"),
        ({"which": "single"}, "tick at least one case"),
        ({"case": ["S01"]}, "You ticked single cases"),
        ({"which": "single", "case": ["S99"]}, "do not belong to one pack"),
        ({"which": "single", "case": ["S05", "S06"]}, "Not as the first or only case"),
        ({"number": "0"}, "a number from 1 to 4"),
        ({"number": "12"}, "a number from 1 to 4"),
        ({"number": "9" * 5000}, "a number from 1 to 4"),
        ({"which": "single", "case": ["S01"], "number": "2"}, "Only 1 is possible"),
        ({"policy": "always"}, "Please choose one"),
    ],
)
def test_what_cannot_be_is_said_and_the_form_keeps_its_values(
    site: Site, values: dict[str, Any], said: str
) -> None:
    answer = set_up(site, completion="yes", **values)
    assert answer.status_code == 422 and said in answer.text
    assert (
        'name="completion" value="yes" aria-describedby="about-completion" checked' in answer.text
    )
    assert link_of(site).chosen is None


def test_the_links_own_cases_come_first(site: Site) -> None:
    token = site.token("teacher", Role.EDUCATOR)
    page = site.post("/app/activity", token)
    assert "The cases are set in your course" in page.text
    answer = site.post("/app/activity/choose", token, which="pack:core", number="1")
    assert "The cases are set in your course" in answer.text
    assert link_of(site, "activity").chosen is None


@pytest.mark.parametrize(
    ("custom", "said"),
    [
        ({"pack": "core", "cases": "many"}, "cannot be understood: <code>cases</code>"),
        ({"pack": "cor"}, "no such pack, version or case"),
        ({"pack": "core", "pack_version": "7"}, "no such pack, version or case"),
        ({"pack": "core", "scenarios": "S98,S99"}, "no such pack, version or case"),
    ],
)
def test_a_link_that_names_what_is_not_here(site: Site, custom: dict[str, str], said: str) -> None:
    token = site.token("teacher", Role.EDUCATOR, **NEW)
    with site.world.database.write() as session:
        session.get_one(ResourceLink, link_of(site).id).custom = custom
    assert said in site.post("/app", token).text
    learner = site.post("/app", site.token(**NEW))
    assert learner.status_code == 409 and "custom parameter" not in learner.text


def test_changing_leaves_those_who_have_begun_alone(site: Site) -> None:
    set_up(site, which="single", case=["S01"])
    early = site.begin(site.token("early", **NEW))
    set_up(site, which="single", case=["S02"])
    site.begin(site.token("late", **NEW))
    assert [attempts.state_of(row).order[0].id for row in site.world.rows(Attempt)] == [
        "S01",
        "S02",
    ]
    assert site.say(early, option="3").status_code == 200


def test_each_activity_has_its_own_interview_and_consent_stands(site: Site) -> None:
    site.say(site.begin(site.token(activity="one")), option="3")
    page = site.post("/app", site.token(activity="two"))
    assert "What you agreed to" in page.text and 'name="research"' not in page.text
    begun = site.post(
        "/app/consent",
        site.token(activity="two"),
        take_part="yes",
        role_view="educator",
        answer="yes",
    )
    assert begun.status_code == 200
    first, second = site.world.rows(Attempt)
    assert (first.turns, second.turns) == (1, 0)
    assert (second.keep, second.ordinal) == ("study", 2)
    assert len(site.world.rows(Consent)) == 1
    back = page_of(site.post("/app", site.token(activity="one")))
    assert back.form("/app/turn").fields["attempt"] == first.public_id


def test_a_no_is_asked_again_in_the_next_activity_and_stays_a_no_for_the_first(site: Site) -> None:
    site.begin(site.token(activity="one"), research="no")
    assert 'name="research"' in site.post("/app", site.token(activity="two")).text
    site.begin(site.token(activity="two"))
    assert [row.keep for row in site.world.rows(Attempt)] == ["session", "study"]


def test_a_version_that_is_followed_and_one_that_is_pinned(site: Site) -> None:
    token = {"followed": None, "pinned": "2"}
    for name, version in token.items():
        site.token(activity=name)
        with site.world.database.write() as session:
            custom = {"pack": "core", "pack_version": version or "follow"}
            session.get_one(ResourceLink, link_of(site, name).id).custom = custom
    files = {path.name: path.read_text("utf-8") for path in SCENARIOS.glob("*.yml")}
    core = files["pack-core-v2.yml"]
    files["pack-core-v3.yml"] = core.replace("version: 2\ntitle", "version: 3\ntitle")
    with site.world.database.write() as session:
        publish(session, load_library(files), "core", 3)
    for name in token:
        site.begin(site.token(activity=name))
    events = [row.pack_version_id for row in site.world.rows(Attempt)]
    assert events[0] != events[1]


def copied(site: Site, name: str, custom: dict[str, str], title: str = "") -> None:
    site.token(activity=name, set_up=False)
    with site.world.database.write() as session:
        link = session.get_one(ResourceLink, link_of(site, name).id)
        link.custom, link.title = custom, title


@pytest.mark.parametrize(
    ("history", "kept"),
    [
        ({"resource_link_id_history": "by-hand"}, True),
        ({"resource_link_id_history": "unknown,by-hand"}, True),
        ({"resource_link_id_history": "unknown"}, False),
        ({"context_id_history": "course-1"}, True),
        ({"context_id_history": "course-9"}, False),
        ({}, False),
    ],
)
def test_a_copy_keeps_the_choice_of_its_original(
    site: Site, history: dict[str, str], kept: bool
) -> None:
    from tests.web.test_completion import enter

    set_up(site, which="single", case=["S03"])
    with site.world.database.write() as session:
        session.get_one(ResourceLink, link_of(site).id).title = "Grey cases"
    copied(site, "copy", history, "Grey cases")
    token = site.token(activity="copy", set_up=False)
    enter(site, token)
    again = site.post("/app", site.token(activity="copy", set_up=False))
    assert ("Before you begin" in again.text) is kept
    assert (link_of(site, "copy").chosen is not None) is kept


def test_all_packs_of_the_folder_can_be_offered(site: Site) -> None:
    library = shipped_library()
    with site.world.database.write() as session:
        for pack in library.packs:
            publish(session, library, pack.id, pack.version)
    page = site.post("/app/activity", site.token("teacher", Role.EDUCATOR, **NEW))
    assert all(pack.title in page.text for pack in library.packs)
    for pack in library.packs:
        assert set_up(site, which=f"pack:{pack.id}").status_code == 200


def test_the_class_page_says_what_the_activity_asks_about(site: Site) -> None:
    set_up(site, which="single", case=["S01", "S02"], policy="pin")
    page = site.post("/app/class", site.token("teacher", Role.EDUCATOR, **NEW)).text
    assert "What this activity asks about" in page and "version 2, pinned" in page
    assert "Change the cases" in page and "Completion is not reported" in page
    by_link = site.post("/app/class", site.token("teacher", Role.EDUCATOR)).text
    assert "3 of these 12 cases" in by_link and "Change the cases" not in by_link
