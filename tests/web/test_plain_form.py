"""The plain form: the same interview and record, a question a page, also without the bot."""

from typing import Any

from sqlalchemy import select

from store.models import Attempt, ResourceLink, Response, Turn
from tests.launching import Page
from tests.web.conftest import Site, page_of

ANSWERS = ("2", "Because the mark is for the thinking.", "The date on it matters to me.", "4")


def chosen(site: Site, sub: str = "7") -> tuple[str, Page]:
    """Begun with the form chosen at the consent."""
    token = site.token(sub)
    return token, site.begin(token, view="plain")


def fields(page: Page) -> dict[str, str]:
    return next(form for form in page.forms if form.id == "form").fields


def save(site: Site, page: Page, **values: str) -> Page:
    return page_of(site.client().post("/app/turn", data={**fields(page), **values}))


def give(site: Site, page: Page, answer: str) -> Page:
    return save(site, page, **{"option" if answer.isdigit() else "text": answer})


def record(site: Site) -> list[tuple[Any, ...]]:
    """The newest interview without ids, times and the wording that its draw has chosen."""
    attempt = max(row.id for row in site.world.rows(Attempt))
    rows = [row for row in site.world.rows(Response) if row.attempt_id == attempt]
    return [(row.step, row.kind, row.value, row.flags, row.options) for row in rows]


def test_it_is_chosen_at_the_consent_and_stays(site: Site) -> None:
    _, page = chosen(site)
    assert 'id="form"' in page.html and 'role="log"' not in page.html
    assert "Save and go on" in page.text and 'type="radio"' in page.html
    page = give(site, page, "2")
    assert 'id="form"' in page.html and "<textarea" in page.html
    reflections = site.client().post("/app/reflections", data=page.form("/app/reflections").fields)
    back = page_of(reflections).form("/app")
    assert back.fields["view"] == "plain"


def test_there_and_back_in_the_middle_keeps_the_place(site: Site) -> None:
    token = site.token()
    chat = page_of(site.say(site.begin(token), option="2"))
    plain = page_of(site.post("/app", token, view="plain"))
    assert fields(plain)["step_id"] == chat.form("/app/turn").fields["step_id"]
    plain = give(site, plain, "In my own words.")
    again = page_of(site.post("/app", token))
    assert 'role="log"' in again.html and "In my own words." in again.text


def test_the_record_is_that_of_the_conversation(site: Site) -> None:
    tokens = site.token("7"), site.token("8")
    with site.world.database.write() as session:
        for link in session.scalars(select(ResourceLink)):
            link.custom = {"pack": "core", "scenarios": "S01"}
    page = site.begin(tokens[0], view="plain")
    for answer in ANSWERS:
        page = give(site, page, answer)
    by_form = record(site)
    chat = site.begin(tokens[1])
    for answer in ANSWERS:
        option = {"option": answer} if answer.isdigit() else {"text": answer}
        chat = page_of(site.say(chat, **option))
    assert [row[0] for row in by_form] == ["stance", "open", "theme_probe", "twist"]
    assert record(site) == by_form


def test_without_the_bot_the_form_goes_on_and_the_conversation_waits(site: Site) -> None:
    _, page = chosen(site)
    site.bot.away = True
    page = give(site, page, "2")
    page = give(site, page, "Because the mark is for the thinking.")
    assert "cannot be reached" not in page.text
    assert {turn.status for turn in site.world.rows(Turn)} == {"done"}
    assert [row.kind for row in site.world.rows(Response)] == ["stance", "text"]
    # The reading that could not be had is none, and made up by nobody.
    assert all(row.themes == {} for row in site.world.rows(Response))
    token = site.token("8")
    chat = page_of(site.say(site.begin(token), text="It depends on the rule, I would say."))
    assert "cannot be reached" in chat.text and "Go on as a plain form" in chat.text


def test_what_waited_is_taken_along_into_the_form(site: Site) -> None:
    token = site.token()
    page = page_of(site.say(site.begin(token), option="2"))
    site.bot.away = True
    waiting = page_of(site.say(page, text="Because the mark is for the thinking."))
    form = waiting.form("/app/continue")
    plain = page_of(site.client().post("/app/continue", data={**form.fields, "view": "plain"}))
    assert 'id="form"' in plain.html
    assert [row.kind for row in site.world.rows(Response)] == ["stance", "text"]


def test_nothing_chosen_and_nothing_written_is_said_at_the_field(site: Site) -> None:
    _, page = chosen(site)
    page = save(site, page, text="  ")
    assert 'id="text_error"' in page.html and 'aria-describedby="text_error"' in page.html
    assert site.world.rows(Response) == []


def test_a_long_answer_stays_in_the_box(site: Site) -> None:
    _, page = chosen(site)
    page = save(site, give(site, page, "2"), text="x" * 5001)
    assert fields(page)["text"] == "x" * 5001 and len(site.world.rows(Response)) == 1


def test_saved_twice_counts_once(site: Site) -> None:
    _, page = chosen(site)
    first = {**fields(page), "option": "2"}
    for _ in range(2):
        site.client().post("/app/turn", data=first)
    assert len(site.world.rows(Response)) == 1


def test_stop_and_distress_work_there(site: Site) -> None:
    _, page = chosen(site)
    page = save(site, page, text="I want to kill myself")
    assert "If you need someone now" in page.text
    _, other = chosen(site, "8")
    menu = next(form for form in other.forms if ("option", "stop") in form.buttons)
    ended = page_of(site.client().post("/app/turn", data={**menu.fields, "option": "stop"}))
    assert "The questions are over." in ended.text and "Another set of cases" in ended.text
