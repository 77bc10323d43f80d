"""Receipt codes: they work without a course, take away, and show nothing."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import receipts
from store.models import Attempt, Consent, Participant
from tests.web.conftest import Site, page_of

WORDS = "The heliotrope canary, because nobody has said what the rule is."
UNKNOWN = "That code is not known"


def started(site: Site, sub: str = "7") -> str:
    token = site.token(sub)
    page = page_of(site.say(site.begin(token), option="2"))
    site.say(page, text=WORDS)
    return token


def code_of(site: Site, token: str) -> str:
    page = site.post("/app/reflections/receipt", token).get_data(as_text=True)
    found = re.search(r"<code dir=\"ltr\">((?:[0-9A-Z]{4}-){4}[0-9A-Z]{4})</code>", page)
    assert found is not None and "shown only now" in page
    return found[1]


def test_a_code_is_shown_once_and_stored_as_a_hash(site: Site) -> None:
    token = started(site)
    code = code_of(site, token)
    assert code not in site.post("/app/reflections", token).get_data(as_text=True)
    stored = site.world.everything()
    assert code not in stored and code.replace("-", "") not in stored


@pytest.mark.parametrize(
    "typed", [lambda c: c, str.lower, lambda c: f"  {c.replace('-', ' ')}\t", lambda c: c[:24]]
)
def test_with_the_code_everything_goes(site: Site, typed: object) -> None:
    token = started(site)
    code = typed(code_of(site, token))  # type: ignore[operator]
    site.now += timedelta(days=400)  # the course, and every session of it, is long over
    browser = site.client()
    page = browser.post("/receipt", data={"code": code})
    assert page.status_code == 200 and "heliotrope" not in page.text
    assert "What would you like to do?" in page.text
    assert "heliotrope" in site.world.everything()
    done = browser.post("/receipt", data={"code": code, "act": "delete"})
    assert "everything you said is deleted" in done.text
    assert "heliotrope" not in site.world.everything()
    again = browser.post("/receipt", data={"code": code, "act": "delete"})
    assert again.status_code == 200


def test_with_the_code_research_is_left_and_the_words_stay_for_a_day(site: Site) -> None:
    token = started(site)
    code = code_of(site, token)
    done = site.client().post("/receipt", data={"code": code, "act": "withdraw"})
    assert "not part of the research any more" in done.text
    assert site.world.rows(Consent)[-1].withdrawal
    assert {row.keep for row in site.world.rows(Attempt)} == {"session"}
    assert "heliotrope" in site.post("/app/reflections", token).text


def test_it_concerns_one_person_only(site: Site) -> None:
    mine, other = started(site, "mine"), started(site, "other")
    site.client().post("/receipt", data={"code": code_of(site, mine), "act": "delete"})
    assert "heliotrope" in site.post("/app/reflections", other).text
    assert "heliotrope" not in site.post("/app/reflections", mine).text


def test_a_new_code_ends_the_earlier_one(site: Site) -> None:
    token = started(site)
    first, second = code_of(site, token), code_of(site, token)
    assert first != second
    ended = site.client().post("/receipt", data={"code": first})
    assert ended.status_code == 422 and UNKNOWN in ended.text
    assert site.client().post("/receipt", data={"code": second}).status_code == 200


@pytest.mark.parametrize("code", ["", " ", "A" * 20, "x" * 100_000, "é" * 20, "%", "0000"])
def test_another_code_is_not_known(site: Site, code: str) -> None:
    started(site)
    for act in ({}, {"act": "delete"}, {"act": "withdraw"}):
        answer = site.client().post("/receipt", data={"code": code, **act})
        assert answer.status_code == 422 and UNKNOWN in answer.text
    assert "heliotrope" in site.world.everything()


def test_another_act_does_nothing(site: Site) -> None:
    code = code_of(site, started(site))
    answer = site.client().post("/receipt", data={"code": code, "act": "read"})
    assert answer.status_code == 422 and "heliotrope" not in answer.text
    assert "heliotrope" in site.world.everything()


def test_who_has_not_taken_part_has_no_code(site: Site) -> None:
    page = site.post("/app/reflections/receipt", site.token("nobody")).text
    assert "shown only now" not in page and "You have not said anything yet." in page
    assert site.world.rows(Participant) == []


@given(st.text(max_size=300))
def test_no_text_breaks_the_search(typed: str) -> None:
    class Nobody:
        def scalars(self, _query: object) -> "Nobody":
            return self

        def first(self) -> None:
            return None

    assert receipts.find(Nobody(), typed) is None  # type: ignore[arg-type]
