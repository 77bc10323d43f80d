"""What learners read of the completion mark, and when it is written."""

import pytest
from sqlalchemy import update

from lti.roles import Role
from lti.session import find_session
from store.models import Attempt, GradeOutbox
from tests.lti.services.lms import add_link
from tests.web.conftest import Site, page_of
from web import learner
from web.mark_codes import AWAY, NO_ACCESS, meaning_of

REPORTED = "In this course completion is reported"


def marks(site: Site) -> int:
    return len(site.world.rows(GradeOutbox))


def switch(site: Site, setting: str | None) -> None:
    add_link(site.world, completion=setting)


def test_off_by_default(site: Site) -> None:
    token = site.token()
    assert REPORTED not in site.post("/app", token).text
    answer = site.post("/app/consent", token, answer="no")
    assert "nothing has been stored" in answer.text
    site.say(site.begin(token), option="stop")
    assert marks(site) == 0
    assert [row.lti_user_id for row in site.world.rows(Attempt)] == [None]


def test_declining_is_told_before_and_reported(site: Site) -> None:
    switch(site, "on")
    token = site.token()
    assert REPORTED in site.post("/app", token).text
    for _ in range(2):
        answer = site.post("/app/consent", token, answer="no")
        assert "gradebook is told that you have completed" in answer.text
    assert marks(site) == 1
    assert site.world.rows(Attempt) == []


def test_stopping_is_reported_once(site: Site) -> None:
    switch(site, "on")
    token = site.token()
    page = site.begin(token)
    assert marks(site) == 0
    site.say(page, option="stop")
    assert marks(site) == 1


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEARNER])
def test_learners_only(site: Site, role: Role) -> None:
    switch(site, "on")
    token = site.token(role=role)
    assert REPORTED not in site.post("/app", token).text
    site.post("/app/consent", token, answer="no")
    site.say(site.begin(token), option="stop")
    assert marks(site) == 0


def enter(site: Site, token: str) -> None:
    """The first page of a launch."""
    with site.app.test_request_context("/lti/launch", method="POST"):
        learner.enter(find_session(site.world.database, site.keyring, token, site.now), token)


def test_switched_on_later_it_follows_up(site: Site) -> None:
    early, late = site.token("1"), site.token("2")
    site.say(site.begin(early), option="stop")
    page = site.begin(late)
    switch(site, "on")
    assert marks(site) == 0
    for _ in range(2):
        enter(site, site.token("1"))
        enter(site, site.token("2"))
    assert marks(site) == 1
    site.say(page, option="stop")
    assert marks(site) == 2
    enter(site, site.token("2"))
    assert marks(site) == 2
    assert {row.lti_user_id for row in site.world.rows(Attempt)} == {None}


def test_an_interview_held_as_a_teacher_is_not_followed_up(site: Site) -> None:
    site.say(site.begin(site.token()), option="stop")
    with site.world.database.write() as session:
        session.execute(update(Attempt).values(lms_role="educator"))
    switch(site, "on")
    enter(site, site.token())
    assert marks(site) == 0


def test_an_educator_sees_refused_marks_and_has_them_sent_again(site: Site) -> None:
    switch(site, "on")
    site.post("/app/consent", site.token(), answer="no")
    educator = site.token("teacher", Role.EDUCATOR)
    assert "did not arrive" not in site.post("/app/class", educator).text
    with site.world.database.write() as session:
        session.execute(update(GradeOutbox).values(state="failed", last_error="http_403"))
    page = page_of(site.post("/app/class", educator))
    assert "1 with the code http_403: Grey Area is not allowed" in page.text
    assert site.post("/app/class/marks", site.token()).status_code == 403
    assert site.world.rows(GradeOutbox)[0].state == "failed"
    form = page.form("/app/class/marks")
    answer = site.client().post("/app/class/marks", data=form.fields)
    assert "did not arrive" not in answer.text
    assert site.world.rows(GradeOutbox)[0].state == "waiting"


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("no_line_item", "the activity has no column in the gradebook, and none could be made"),
        ("http_400", "not a learner of this course, or not any more"),
        ("http_429", AWAY),
        ("http_503", AWAY),
        ("token_500", AWAY),
        ("too_slow", AWAY),
        ("network", AWAY),
        ("token_400", NO_ACCESS),
        ("page_loop", ""),
        ("", ""),
    ],
)
def test_a_code_is_put_in_words(code: str, meaning: str) -> None:
    assert meaning_of(code) == meaning
