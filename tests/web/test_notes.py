"""Educators' own notes, and a course beside its institution."""

import re

import pytest

from analysis.pooling import EVERY
from analysis.renewing import renew_study
from lti.roles import Role
from store.models import EducatorNote
from tests.analysis.cohort import Course
from tests.analysis.cohort import World as CohortWorld
from tests.web.conftest import Site
from tests.worlds import NOW, make_world
from worker.counting import count_figures

PAGE, NOTES = "/app/class", "/app/class/notes"


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def field(html: str) -> str:
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)
    assert found is not None
    return found[1]


def test_a_note_is_ones_own(site: Site) -> None:
    mine, theirs = site.token("a", Role.EDUCATOR), site.token("b", Role.EDUCATOR)
    answer = site.post(NOTES, mine, note="Ask them about <marking>.\r\nNext week.")
    assert answer.status_code == 200 and "Your note is kept." in answer.text
    assert field(site.post(PAGE, mine).text) == "Ask them about &lt;marking&gt;.\nNext week."
    assert field(site.post(PAGE, theirs).text) == ""
    site.post(NOTES, theirs, note="Another’s")
    assert "marking" in field(site.post(PAGE, mine).text)


def test_a_note_is_changed_and_deleted(site: Site) -> None:
    token = site.token("a", Role.EDUCATOR)
    for body, kept in (("One", ["One"]), ("Two", ["Two"]), ("  ", [])):
        site.post(NOTES, token, note=body)
        assert [row.body for row in site.world.rows(EducatorNote)] == kept


@pytest.mark.parametrize(("note", "said"), [("x" * 5001, "up to 5,000"), ("a\x00b", "null")])
def test_what_cannot_be_kept_stays_in_the_field(site: Site, note: str, said: str) -> None:
    token = site.token("a", Role.EDUCATOR)
    site.post(NOTES, token, note="Before")
    answer = site.post(NOTES, token, note=note)
    assert answer.status_code == 422 and said in answer.text
    assert field(answer.text).startswith(note[:1])
    assert [row.body for row in site.world.rows(EducatorNote)] == ["Before"]


def test_learners_have_no_notes(site: Site) -> None:
    assert site.post(NOTES, site.token(), note="Hello").status_code == 403
    assert site.world.rows(EducatorNote) == []


def test_another_institutions_notes_are_apart(site: Site) -> None:
    beth = Site(site.app, make_world(site.world.database, "beth"), site.bot, site.keyring)
    site.post(NOTES, site.token("a", Role.EDUCATOR), note="Aleph’s")
    assert field(beth.post(PAGE, beth.token("a", Role.EDUCATOR)).text) == ""


def test_a_course_beside_its_institution(site: Site) -> None:
    world = CohortWorld(site.world.database, site.world.deployment.id, site.world.study.id)
    here, there = Course(world), Course(world)
    here.context_id = site.world.context.id
    here.now = there.now = NOW.replace(day=1)
    for n in range(24):
        here.take(1 + n % 5, 4, 4)
    count_figures(site.world.database, NOW)
    token = site.token("a", Role.EDUCATOR)
    text = words(site.post(PAGE, token).text)
    assert "24 people" in text and "Beside all courses" not in text, "there is nobody else"
    for n in range(40):
        there.take(5 - n % 5, 2, 2)
    count_figures(site.world.database, NOW)
    text = words(site.post(PAGE, token).text)
    assert "Beside all courses" not in text, "the sum moves once a day"
    with site.world.database.write() as session:
        renew_study(session, site.world.study.id, NOW + EVERY)
    text = words(site.post(PAGE, token).text)
    assert "Beside all courses of the institution" in text and "64 people" in text
