"""Verbatim lines: offered, released, read and gone, as their authors' rights have it."""

import re

import pytest
from sqlalchemy import update

from lti.roles import Role
from store import consents
from store.models import (
    AuditEvent,
    Consent,
    ConsentText,
    Participant,
    Response,
    Words,
)
from study.consent import Choices
from tests.analysis.cohort import Course
from tests.analysis.cohort import World as CohortWorld
from tests.web.conftest import Site
from tests.worlds import NOW
from worker.counting import count_figures

PAGE, RELEASE, CLASS, FIGURES = "/app/lines", "/app/lines/release", "/app/class", "/app/figures"
QUOTED = Choices(take_part=True, research=True, quote=True)
UNQUOTED = Choices(take_part=True, research=True, quote=False)


@pytest.fixture
def course(site: Site) -> Course:
    world = CohortWorld(site.world.database, site.world.deployment.id, site.world.study.id)
    made = Course(world)
    made.context_id = site.world.context.id
    made.now = NOW.replace(day=1)
    return made


def answer(
    course: Course, text: str, choices: Choices = QUOTED, step: str = "session_clearer"
) -> str:
    """Somebody who finished and answered the closing question; the answer's public id."""
    row = course.take(1 + course.written % 5, 4, 4, choices=choices)
    public_id = course.write(row, text)
    with course.world.database.write() as session:
        values = (
            {"step": step, "scenario_id": None} if step == "session_clearer" else {"step": step}
        )
        session.execute(update(Response).where(Response.public_id == public_id).values(**values))
    return public_id


def many(course: Course, people: int, text: str = "Say what counts as help {}.") -> list[str]:
    return [answer(course, text.format(n)) for n in range(people)]


def researcher(site: Site) -> str:
    token = site.token("researcher", Role.EDUCATOR)
    site.grant(token, "researcher")
    return token


def lines(html: str) -> list[str]:
    return re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", html)


def test_a_line_is_offered_released_and_read(site: Site, course: Course) -> None:
    ids = many(course, 10)
    token = researcher(site)
    assert sorted(lines(site.post(PAGE, token).text)) == sorted(
        f"Say what counts as help {n}." for n in range(10)
    )
    assert lines(site.post(FIGURES, token).text) == []
    page = site.post(RELEASE, token, line=ids[3], do="on")
    assert page.status_code == 200 and "released</span>" in page.text
    assert lines(site.post(FIGURES, token).text) == ["Say what counts as help 3."]
    site.post(RELEASE, token, line=ids[3], do="off")
    assert lines(site.post(FIGURES, token).text) == []
    site.post(RELEASE, token, line=ids[3], do="on")
    assert lines(site.post(FIGURES, token).text) == ["Say what counts as help 3."]


def test_every_opening_and_every_release_is_written_down(site: Site, course: Course) -> None:
    ids = many(course, 1)
    token = researcher(site)
    site.post(PAGE, token)
    site.post(RELEASE, token, line=ids[0], do="on")
    site.post(RELEASE, token, line=ids[0], do="off")
    events = [(row.action, row.subject) for row in site.world.rows(AuditEvent)]
    assert events[0] == ("answers opened", "session_clearer, page 1, 1 answers")
    assert ("line released", ids[0]) in events and ("line taken back", ids[0]) in events
    assert not any("Say what" in subject for _, subject in events)


def test_below_ten_people_nothing_is_read(site: Site, course: Course) -> None:
    ids = many(course, 9)
    token = researcher(site)
    site.post(RELEASE, token, line=ids[0], do="on")
    assert lines(site.post(FIGURES, token).text) == []
    answer(course, "And one more.", UNQUOTED)
    assert lines(site.post(FIGURES, token).text) == ["Say what counts as help 0."]


def test_only_what_may_be_quoted_is_offered(site: Site, course: Course) -> None:
    many(course, 10)
    answer(course, "Not to be quoted.", UNQUOTED)
    restricted = answer(course, "I told them that I cheated.")
    with site.world.database.write() as session:
        row = session.query(Response).filter_by(public_id=restricted).one()
        session.get_one(Words, row.words_id).restricted = True
    unquoted = answer(course, "In a case.", step="open")
    token = researcher(site)
    text = site.post(PAGE, token).text
    assert "Not to be quoted" not in text and "cheated" not in text and "In a case" not in text
    for line in (restricted, unquoted, "f" * 32, "", "x" * 400):
        assert site.post(RELEASE, token, line=line, do="on").status_code == 404
    assert site.post(RELEASE, token, line=many(course, 1)[0], do="burn").status_code == 422


@pytest.mark.parametrize("way", ["withdraws", "takes the quoting back", "deletes", "changes"])
def test_a_line_is_gone_at_once(site: Site, course: Course, way: str) -> None:
    ids = many(course, 12)
    token = researcher(site)
    site.post(RELEASE, token, line=ids[3], do="on")
    assert len(lines(site.post(FIGURES, token).text)) == 1
    with site.world.database.write() as session:
        row = session.query(Response).filter_by(public_id=ids[3]).one()
        person = session.get_one(Participant, row.participant_id)
        last = session.query(Consent).filter_by(participant_id=person.id).one()
        if way == "withdraws":
            consents.withdraw(session, person.id, NOW)
        elif way == "takes the quoting back":
            text = session.get_one(ConsentText, last.consent_text_id)
            consents.give(session, person.id, text, UNQUOTED, NOW)
        elif way == "deletes":
            session.get_one(Words, row.words_id).body = None
            row.erased_at = NOW
        else:
            row.superseded = True
    assert lines(site.post(FIGURES, token).text) == []
    assert "help 3." not in site.post(FIGURES, token).text


def test_no_class_page_shows_a_line(site: Site, course: Course) -> None:
    """Learners are told that the teachers of their course never see their words."""
    token = researcher(site)
    site.post(RELEASE, token, line=many(course, 12)[0], do="on")
    assert lines(site.post(FIGURES, token).text) == ["Say what counts as help 0."]
    page = site.post(CLASS, site.token("teacher", Role.EDUCATOR)).text
    assert lines(page) == [] and "Say what counts" not in page


def test_what_a_rule_leaves_open_is_read_at_its_case(site: Site, course: Course) -> None:
    ids = [answer(course, f"It leaves the method open {n}.", step="policy_text") for n in range(14)]
    count_figures(site.world.database, NOW)
    token = researcher(site)
    page = site.post(PAGE, token, question="policy_text")
    assert "What a rule settles" in page.text and len(lines(page.text)) == 14
    site.post(RELEASE, token, line=ids[0], do="on", question="policy_text")
    assert "It leaves the method open 0." in lines(site.post(FIGURES, token).text)


def test_pages_of_fifty(site: Site, course: Course) -> None:
    many(course, 53)
    token = researcher(site)
    first, second = site.post(PAGE, token), site.post(PAGE, token, page="1")
    assert (len(lines(first.text)), len(lines(second.text))) == (50, 3)
    assert "Next page" in first.text and "Earlier page" in second.text
    for odd in ("-1", "x", "9" * 9, "²"):
        assert site.post(PAGE, token, page=odd, question="open").status_code == 200


def test_leads_and_educators_do_not_release(site: Site) -> None:
    for token in (site.lead(), site.token("t", Role.EDUCATOR), site.token()):
        assert site.post(PAGE, token).status_code == 403
        assert site.post(RELEASE, token, line="x", do="on").status_code == 403
        assert f'action="{PAGE}"' not in site.post("/app", token).text
