"""The class page says of about how many: asked for once a day, and quiet where it cannot."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from lti.roles import Role
from lti.services.http import Answer
from store import rosters
from store.models import Context, RosterSnapshot
from tests.lti.services.lms import Lms, add_user, always, lost, member, page
from tests.web.conftest import Site
from tests.worlds import NOW
from worker.purge import purge_services

URL = "https://testville.example.edu/memberships"
FAILED = "could not be read just now"


def prepare(site: Site, lms: Lms, learners: int = 6, url: str | None = URL) -> str:
    """Some learners have taken part; an educator's token."""
    for number in range(learners):
        site.begin(site.token(str(number)))
    with site.world.database.write() as session:
        session.get_one(Context, site.world.context.id).nrps_url = url
    connect(site, lms)
    return site.token("teacher", Role.EDUCATOR)


def connect(site: Site, lms: Lms, hours: float = 0) -> None:
    made = site.app.extensions["greyarea"]
    moment = NOW + timedelta(hours=hours)
    site.app.extensions["greyarea"] = replace(made, call_lms=lms, clock=lambda: moment)


def course(subs: Iterable[object]) -> Lms:
    return Lms(service=always(page([member(str(sub)) for sub in subs])))


def shown(site: Site, token: str) -> str:
    answer = site.post("/app/class", token)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_about_so_many_asked_once(site: Site) -> None:
    lms = course(range(22))
    token = prepare(site, lms)
    for _ in range(3):
        assert "of about 25 in the course" in shown(site, token)
    assert [request.url for request in lms.calls] == [f"{URL}?rlid=activity"]
    everything = site.world.everything()
    assert "Ann Name" not in everything
    (row,) = site.world.rows(RosterSnapshot)
    assert (row.learners, len(row.hashes), row.fetched_at) == (22, 22, NOW)
    assert all(len(entry) == 64 for entry in row.hashes)


def test_after_a_day_it_is_asked_again_and_purged(site: Site) -> None:
    lms = course(range(8))
    token = prepare(site, lms)
    shown(site, token)
    connect(site, lms, hours=0.9)
    shown(site, token)
    assert len(lms.calls) == 1
    with site.world.database.read() as session:
        row = rosters.fresh(
            session,
            site.world.context.id,
            site.world.rows(RosterSnapshot)[0].resource_link_id,
            NOW + timedelta(hours=24),
        )
    assert row is None
    assert purge_services(site.world.database, NOW + timedelta(hours=23)) == 1  # the token
    assert purge_services(site.world.database, NOW + timedelta(hours=24)) == 1
    assert site.world.rows(RosterSnapshot) == []


def test_who_launched_as_a_teacher_is_taken_out(site: Site) -> None:
    token = prepare(site, course(range(11)))
    assert "of about 15" in shown(site, token)
    # Moodle's roster calls a teacher without editing rights a learner; the launch does not.
    user = add_user(site.world, "10")
    with site.world.database.write() as session:
        for _ in range(2):
            rosters.note_teacher(session, site.world.context.id, user.id)
    assert "of about 10" in shown(site, token)


@pytest.mark.parametrize("learners, told", [(4, 22), (6, 4), (6, 0)])
def test_nothing_is_told_below_the_threshold(site: Site, learners: int, told: int) -> None:
    text = shown(site, prepare(site, course(range(told)), learners))
    assert "of about" not in text
    assert FAILED not in text


def test_a_list_shorter_than_those_who_took_part_is_not_shown(site: Site) -> None:
    assert "of about" not in shown(site, prepare(site, course(range(5))))


def test_not_offered_nothing_is_asked_or_said(site: Site) -> None:
    lms = course(range(22))
    text = shown(site, prepare(site, lms, url=None))
    assert "of about" not in text
    assert FAILED not in text
    assert lms.requests == []


@pytest.mark.parametrize("answer", [Answer(403), Answer(500), Answer(200, {}, b"<html>")])
def test_a_failure_leaves_a_plain_note_and_the_lms_alone(site: Site, answer: Answer) -> None:
    lms = Lms(service=always(answer))
    token = prepare(site, lms)
    for _ in range(2):
        text = shown(site, token)
        assert FAILED in text
        assert "Took part</dt><dd>6" in text
    assert len(lms.calls) == 1
    lms.service = course(range(22)).service
    connect(site, lms, hours=0.25)
    assert "of about 25" in shown(site, token)


def test_a_network_that_is_down_is_a_failure_too(site: Site) -> None:
    def down(_: object) -> Answer:
        raise lost()

    assert FAILED in shown(site, prepare(site, Lms(token=down)))
