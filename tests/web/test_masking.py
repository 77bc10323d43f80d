"""What identifies a person is masked before anything is written, through the real routes."""

import logging
from dataclasses import replace

import pytest
from sqlalchemy import update

from store.models import Attempt, Response, Turn, Utterance, Words
from store.settings import PROJECT_ROOT
from study.masking import masked_notice
from study.redaction import KINDS
from study.rendering import render
from tests.study.interviews import core_script
from tests.web.conftest import Site, page_of
from web.names import model as model_module
from web.redactor import Redactor, RedactorBusy

SECRETS = ("Sarah", "Jenkins", "mohammed", "943 476 5919")
WORDS = (
    "My tutor Sarah Jenkins and dr mohammed said so, NHS 943 476 5919 was in it, and I think "
    "Niamh would agree with Kolb and ChatGPT."
)
MASKED = (
    "My tutor [name] and dr [name] said so, NHS [NHS number] was in it, and I think "
    "Niamh would agree with Kolb and ChatGPT."
)


def test_names_reach_neither_the_record_nor_the_bot_nor_the_log(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page = page_of(site.say(site.begin(site.token()), option="2"))
    page = page_of(site.say(page, text=WORDS))
    everywhere = site.world.everything() + str(site.bot.sent) + caplog.text + page.html
    assert not [secret for secret in SECRETS if secret in everywhere]
    (kept,) = site.world.rows(Words)
    assert kept.body == MASKED
    assert kept.masked == {"NHS number": 1, "name": 2}
    assert site.bot.sent[-1].text == MASKED


def test_the_learner_is_told_what_was_masked_and_asked_to_put_it_generally(site: Site) -> None:
    page = page_of(site.say(site.begin(site.token()), option="2"))
    page = page_of(site.say(page, text=WORDS))
    assert "I have masked a name and an NHS number in that" in page.text
    assert "Please put such things generally" in page.text


def test_masked_words_are_not_quoted_back(site: Site) -> None:
    page = page_of(site.say(site.begin(site.token()), option="2"))
    site.say(page, text="Ask Sarah.")
    said = [utterance.text for utterance in site.world.rows(Utterance)]
    assert any("I have masked a name" in text for text in said)
    assert not any("You wrote" in text for text in said)


def test_a_changed_answer_is_masked_and_says_so(site: Site) -> None:
    token = site.token()
    page = page_of(site.say(site.begin(token), option="2"))
    site.say(page, text="It depends on who was told, I would say, and when that was.")
    values = {
        "attempt": site.world.rows(Attempt)[0].public_id,
        "answer": next(r for r in site.world.rows(Response) if r.kind == "text").public_id,
    }
    answer = site.post("/app/reflections/edit", token, **values, text="Then mrs jones knew.")
    assert "I have masked a name in that" in page_of(answer).text
    assert "Then mrs [name] knew." in site.world.everything()
    assert "jones" not in site.world.everything() + answer.get_data(as_text=True)


@pytest.mark.parametrize("error", [RedactorBusy(), RuntimeError("about Sarah"), MemoryError()])
@pytest.mark.parametrize("path", ["turn", "edit"])
def test_if_it_fails_the_words_stay_in_the_box_and_nowhere_else(
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    path: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    token = site.token()
    page = page_of(site.say(site.begin(token), option="2"))
    page = page_of(site.say(page, text="It depends on who was told, I would say, and when."))
    before = site.world.everything()

    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(Redactor, "mask", broken)
    if path == "turn":
        answer = site.say(page, text=WORDS)
    else:
        values = {
            "attempt": site.world.rows(Attempt)[0].public_id,
            "answer": next(r for r in site.world.rows(Response) if r.kind == "text").public_id,
        }
        answer = site.post("/app/reflections/edit", token, **values, text=WORDS)
    assert answer.status_code == 422
    html = answer.get_data(as_text=True)
    assert WORDS in html and "I could not check that for personal details" in html
    assert site.world.everything() == before
    assert "Sarah" not in caplog.text


def test_without_the_model_words_are_refused_and_buttons_still_work(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = site.app.extensions["greyarea"]
    site.app.extensions["greyarea"] = replace(made, redactor=Redactor(PROJECT_ROOT / "data"))
    monkeypatch.setattr(model_module, "MODEL_SHA256", "0" * 64)
    page = page_of(site.say(site.begin(site.token()), option="2"))
    assert site.say(page, text=WORDS).status_code == 422
    assert site.world.rows(Words) == []
    assert site.client().get("/healthz").status_code == 503
    site.say(page, option="withdraw_consent")
    assert site.world.rows(Attempt)[0].keep == "session"


def test_health_says_ready_once_the_model_is_there(site: Site) -> None:
    site.app.extensions["greyarea"].redactor.load()
    assert site.client().get("/healthz").json == {"status": "ready"}


def test_in_another_language_identifiers_with_a_pattern_are_masked(site: Site) -> None:
    page = page_of(site.say(site.begin(site.token()), option="2"))
    with site.world.database.write() as session:
        session.execute(update(Attempt).values(locale="de"))
    site.say(page, text="Das hat Sarah gesagt, sarah@example.org, und der Grund ist klar.")
    (kept,) = site.world.rows(Words)
    assert kept.body == "Das hat Sarah gesagt, [email], und der Grund ist klar."


def test_the_longest_answer_is_taken_whole(site: Site) -> None:
    page = page_of(site.say(site.begin(site.token()), option="2"))
    text = ("I asked Sarah about it. " * 210)[:5000]
    assert site.say(page, text=text).status_code == 200
    (kept,) = site.world.rows(Words)
    assert "Sarah" not in (kept.body or "") and kept.masked["name"] >= 208
    assert [turn.status for turn in site.world.rows(Turn)] == ["done", "done"]


def test_the_notice_names_two_kinds_at_most() -> None:
    def said(*kinds: str) -> str:
        return render(masked_notice(kinds), core_script()).text

    assert "masked something in" in said()
    assert "masked a postcode in" in said("postcode")
    assert "masked a name and a date of birth in" in said("date of birth", "name")
    assert "masked a name, a telephone number and more in" in said("email", "phone", "name")
    for kind in KINDS:
        assert "masked a" in said(kind)
