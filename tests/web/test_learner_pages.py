"""Consent, the chat and its errors, page by page."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lti.roles import Role
from lti.session import find_session
from store.models import Attempt, Consent, Grant, Participant, Response, Turn, Words
from store.settings import Settings
from tests.web.conftest import Site, page_of
from web import learner
from web.redactor import Redactor

WORDS = "I would ask first, because nobody has said what the rule is."


def test_nothing_is_stored_before_consent(site: Site) -> None:
    token = site.token()
    page = page_of(site.post("/app", token))
    assert "Before you begin" in page.text
    declined = site.post("/app/consent", token, answer="no")
    assert "nothing has been stored" in declined.get_data(as_text=True)
    assert site.world.rows(Participant) == []


def test_the_form_says_what_is_missing_and_keeps_the_choices(site: Site) -> None:
    answer = site.post("/app/consent", site.token(), research="yes", answer="yes", role_view="x")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="take_part_error"' in html and "Please choose one" in html
    assert 'name="research" value="yes" checked' in html
    assert site.world.rows(Participant) == []


@pytest.mark.parametrize(
    ("role", "given", "keep", "quote"),
    [
        (Role.LEARNER, {"research": "yes", "quote": "yes"}, "study", True),
        (Role.LEARNER, {"research": "", "quote": "yes"}, "session", False),
        (Role.EDUCATOR, {"research": "yes", "quote": ""}, "study", False),
        (Role.TEST_LEARNER, {"research": "yes", "quote": "yes"}, "session", False),
        (Role.PREVIEW, {"research": "yes", "quote": "yes"}, "session", False),
    ],
)
def test_consent_decides_how_long_words_are_kept(
    site: Site, role: Role, given: dict[str, str], keep: str, quote: bool
) -> None:
    site.begin(site.token(role=role), **given)
    attempt, consent = site.world.rows(Attempt)[0], site.world.rows(Consent)[0]
    assert (attempt.keep, consent.quote, attempt.lms_role) == (keep, quote, role.value)


def test_a_turn_shows_the_next_question_and_a_reload_the_same(site: Site) -> None:
    token = site.token()
    page = site.begin(token)
    page = page_of(site.say(page, option="2"))
    assert "Your reasons are the useful part" in page.text
    again = page_of(site.post("/app", token))
    assert again.form("/app/turn").fields["step_id"] == page.form("/app/turn").fields["step_id"]


def test_a_button_pressed_over_written_words_keeps_the_words_in_the_box(site: Site) -> None:
    page = site.begin(site.token())
    page = page_of(site.say(page, option="ask_data_visibility", text=WORDS))
    assert page.form("/app/turn").fields["text"].strip() == WORDS


def test_the_bot_away_saves_the_answer_and_says_so(site: Site) -> None:
    token = site.token()
    page = site.begin(token)
    page = page_of(site.say(page, option="2"))
    site.bot.away = True
    answer = site.say(page, text=WORDS)
    assert "Your answer is saved" in answer.get_data(as_text=True)
    assert site.world.rows(Words)[0].body == WORDS
    site.bot.away = False
    back = page_of(site.post("/app/continue", token, attempt=site.world.rows(Attempt)[0].public_id))
    assert "Your answer is saved" not in back.text and WORDS in back.text
    assert [t.status for t in site.world.rows(Turn)] == ["done", "done"]


def test_identifiers_are_masked_before_anything_is_written_or_sent(site: Site) -> None:
    page = site.begin(site.token())
    page = page_of(site.say(page, option="2"))
    site.say(page, text="Mail me at jo.smith@example.org, NHS 943 476 5919, because I care a lot.")
    stored = site.world.everything() + str(site.bot.sent)
    assert "jo.smith" not in stored and "943 476 5919" not in stored
    assert "[email]" in stored and "[NHS number]" in stored
    assert "I have masked an NHS number and an e-mail address in that" in stored


def test_if_masking_fails_nothing_is_written_and_the_words_stay(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = site.begin(site.token())
    page = page_of(site.say(page, option="2"))

    def broken(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(Redactor, "mask", broken)
    answer = site.say(page, text=WORDS)
    assert answer.status_code == 422 and WORDS in answer.get_data(as_text=True)
    assert site.world.rows(Words) == [] and len(site.world.rows(Turn)) == 1


def test_another_persons_attempt_is_not_there(site: Site) -> None:
    mine = site.begin(site.token("7"))
    form = mine.form("/app/turn").fields
    other = site.token("8")
    site.begin(other)
    for path in ("/app/turn", "/app/continue"):
        answer = site.client().post(path, data={**form, "session": other, "option": "2"})
        assert answer.status_code == 404
    assert site.world.rows(Turn) == []


@pytest.mark.parametrize("path", ["/app", "/app/turn", "/app/reflections", "/app/class"])
def test_without_a_session_every_page_says_how_to_come_back(site: Site, path: str) -> None:
    for answer in (
        site.client().post(path, data={}),
        site.client().post(path, data={"session": "x" * 43}),
        site.client().post(path, headers={"Authorization": "Bearer nonsense"}),
    ):
        assert answer.status_code == 401
        assert "open the activity again" in answer.get_data(as_text=True).lower()


def test_a_learner_does_not_see_the_class(site: Site) -> None:
    assert site.post("/app/class", site.token()).status_code == 403
    assert site.post("/app/class", site.token("9", Role.EDUCATOR)).status_code == 200


def test_every_page_has_its_headers(site: Site) -> None:
    token = site.token()
    for answer in (
        site.post("/app", token),
        site.client().get("/nowhere"),
        site.post("/app/turn", ""),
    ):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
    framed = site.post("/app", token).headers["Content-Security-Policy"]
    assert "frame-ancestors https://testville.example.edu" in framed


def test_the_session_stands_in_no_address(site: Site) -> None:
    token = site.token()
    html = site.post("/app", token).get_data(as_text=True)
    assert html.count(token) == html.count(f'name="session" value="{token}"')


@settings(
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.text(max_size=300))
def test_any_text_is_stored_once_or_refused_with_a_reason(site: Site, text: str) -> None:
    """No input breaks the page; what is taken is stored and shown, escaped."""
    page = site.begin(site.token())
    page = (
        page_of(site.say(page, option="2"))
        if not site.world.rows(Turn)
        else page_of(site.post("/app", site.token()))
    )
    before = len(site.world.rows(Turn))
    answer = site.say(page, text=text)
    after = len(site.world.rows(Turn))
    assert (answer.status_code, after - before) in ((200, 1), (422, 0))


def test_the_second_set_begins_only_when_the_first_is_over(site: Site) -> None:
    token = site.token()
    page = site.begin(token)
    site.post("/app/again", token)
    assert len(site.world.rows(Attempt)) == 1
    site.say(page, option="stop")
    site.post("/app/again", token)
    assert [a.ordinal for a in site.world.rows(Attempt)] == [1, 2]


def test_after_deleting_everything_one_may_begin_again(site: Site) -> None:
    token = site.token()
    page = page_of(site.say(site.begin(token), option="delete_data"))
    page = page_of(site.say(page, option="delete_all"))
    assert "Another set of cases" in page.html
    assert "Case 1 of 3" in page_of(site.post("/app/again", token)).text


def test_a_forged_option_is_answered_and_applies_to_nothing(site: Site) -> None:
    page = site.begin(site.token())
    for option in ("delete_all", "entry:1", "was_answer", "withdraw", "6", "0", "/stop"):
        answer = site.say(page, option=option, message_id=f"forged-{option:>8}")
        assert answer.status_code == 200
    with site.world.database.read() as session:
        assert session.scalars(select(Response)).all() == []
    assert site.world.rows(Attempt)[0].status == "open"


@pytest.mark.parametrize(
    ("key", "administrator", "env", "rights"),
    [
        ("sandbox", True, "test", {"researcher", "institution_lead"}),
        ("sandbox", False, "test", set()),
        ("sandbox", True, "production", set()),
        ("other", True, "test", set()),
    ],
)
def test_only_the_sandboxs_administrator_gets_rights_by_launching(
    site: Site, key: str, administrator: bool, env: str, rights: set[str]
) -> None:
    token = site.token("1", Role.EDUCATOR)
    launch = find_session(site.world.database, site.keyring, token, site.now)
    launch.registration.key = key
    services = site.app.extensions["greyarea"]
    settings = Settings(env=env, var_dir=services.settings.var_dir)
    site.app.extensions["greyarea"] = replace(services, settings=settings)
    with site.app.test_request_context():
        learner.enter(replace(launch, administrator=administrator), token)
    assert {grant.right for grant in site.world.rows(Grant)} == rights


def test_posting_the_consent_form_again_begins_nothing_new(site: Site) -> None:
    token = site.token()
    page = site.begin(token)
    site.say(page, option="stop")
    site.begin(token)
    assert len(site.world.rows(Attempt)) == 1
    assert len(site.world.rows(Consent)) == 1


def test_distress_is_answered_also_when_the_bot_is_away(site: Site) -> None:
    page = page_of(site.say(site.begin(site.token()), option="2"))
    site.bot.away = True
    page = page_of(site.say(page, text=WORDS))
    assert "Your answer is saved" in page.text
    answer = site.say(page, text="I want to kill myself", message_id="second-message")
    html = answer.get_data(as_text=True)
    assert "your local emergency number" in html and "I have stopped the questions" in html


def test_a_reload_of_the_consent_form_takes_no_withdrawal_back(site: Site) -> None:
    token = site.token()
    page = site.begin(token)
    site.say(page, option="withdraw_consent")
    site.begin(token)
    assert not site.world.rows(Consent)[-1].research
    assert site.world.rows(Attempt)[0].keep == "session"


def test_without_research_there_is_nothing_to_withdraw_and_nothing_to_undo(site: Site) -> None:
    page = site.begin(site.token(), research="", quote="")
    page = page_of(site.say(page, option="withdraw_consent"))
    assert "already outside the research" in page.text
    page_of(site.say(page, option="undo"))
    assert [c.research for c in site.world.rows(Consent)] == [False]
