"""Keyboards, bad lines, two tabs, reloads: nothing is lost and nothing counts twice."""

import gzip
from collections.abc import Iterable

import pytest
from playwright.sync_api import Page, Request, Route, expect

from store.models import Response, Turn
from tests.browser.conftest import Browse, Stage, press, said, write
from tests.browser.test_every_state import STATES, WORDS

MORE = "And the date on it would matter to me as well, since rules change."


def answers(stage: Stage) -> list[str]:
    """Kinds of all answers in the record, in order."""
    return [row.kind for row in stage.site.world.rows(Response)]


def tab_to(page: Page, selector: str, most: int = 40) -> None:
    """Press Tab until the focus is there; at every stop it can be seen and nothing lies over it."""
    passed = []
    for _ in range(most):
        page.keyboard.press("Tab")
        place = page.evaluate(
            """(selector) => {
              const one = document.activeElement, style = getComputedStyle(one);
              const box = one.getBoundingClientRect();
              const seen = document.elementFromPoint(
                box.left + box.width / 2, box.top + box.height / 2);
              return [one.matches(selector), one === document.body || style.outlineStyle,
                one === document.body || one.contains(seen) || seen?.contains(one)];
            }""",
            selector,
        )
        assert place[1] not in ("none", ""), page.evaluate("document.activeElement.outerHTML")
        assert place[2], "hidden: " + page.evaluate("document.activeElement.outerHTML")
        if place[0]:
            return
        passed.append(page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))
    pytest.fail(f"{selector} is not reached by Tab, but {passed}")


def test_the_whole_way_by_keyboard(browse: Browse, stage: Stage) -> None:
    page = browse()
    stage.enter(page, stage.site.token())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    expect(page.locator(".skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    tab_to(page, ".layer summary")
    page.keyboard.press("Enter")
    expect(page.locator(".layer[open]")).to_have_count(1)
    for box in ("#take_part", "#research"):
        tab_to(page, box)
        page.keyboard.press("Space")
        expect(page.locator(box)).to_be_checked()
    tab_to(page, "button[value='yes']")
    page.keyboard.press("Enter")
    page.wait_for_selector("#lines")
    tab_to(page, ".option[data-point='4']", 60)
    page.keyboard.press("Enter")
    expect(page.locator(".line.you")).to_have_count(1)
    # After a button the focus is at the next question, so that Tab leads into the box.
    expect(page.locator("#composer")).to_be_focused()
    tab_to(page, "#text", 2)
    page.keyboard.type(WORDS)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".line.you")).to_have_count(2)
    expect(page.locator("#text")).to_be_focused()
    # One key leads to the controls from anywhere.
    page.keyboard.press("Escape")
    expect(page.locator(".menu button").first).to_be_focused()
    assert page.locator(".menu button").first.get_attribute("value") == "skip"
    tab_to(page, ".menu button[value='stop']", 3)
    page.keyboard.press("Enter")
    page.wait_for_selector(".ways")
    assert answers(stage)[:2] == ["stance", "text"]


def test_nothing_takes_the_focus_when_a_page_opens(browse: Browse, stage: Stage) -> None:
    page = browse()
    for name in ("chat_scale", "plain_scale", "consent"):
        STATES[name](page, stage)
        assert page.evaluate("document.activeElement === document.body"), name
        assert page.locator("[autofocus]").count() == 0


def test_the_log_is_announced_and_the_form_is_not_in_it(browse: Browse, stage: Stage) -> None:
    page = browse()
    STATES["chat_open"](page, stage)
    log = page.locator("[role=log]")
    assert log.get_attribute("aria-live") == "polite"
    assert log.get_attribute("aria-relevant") == "additions"
    assert log.locator("form, button, textarea").count() == 0
    assert log.get_attribute("aria-label") == "Conversation"
    # Who says what is there for those who do not see the sides.
    spoken = log.inner_text()
    assert "You:" in spoken and "Assistant:" in spoken


def test_offline_in_mid_turn_and_back(browse: Browse, stage: Stage) -> None:
    page = browse()
    STATES["chat_open"](page, stage)
    page.fill("#text", WORDS)
    page.context.set_offline(True)
    page.click(".write .button")
    expect(page.locator("#status")).to_contain_text("No connection. Your words are still here")
    assert page.input_value("#text") == WORDS
    page.context.set_offline(False)
    expect(page.locator(".line.you")).to_have_count(2)
    expect(page.locator("#status")).to_have_text("Saved.")
    assert page.input_value("#text") == ""
    assert answers(stage) == ["stance", "text"]


def test_a_line_that_stays_away_says_so_and_keeps_the_words(browse: Browse, stage: Stage) -> None:
    page = browse()
    STATES["chat_open"](page, stage)
    page.clock.install()
    page.fill("#text", WORDS)
    page.context.set_offline(True)
    page.click(".write .button")
    for _ in range(4):
        expect(page.locator("#status")).not_to_have_text("")
        page.clock.run_for(10_000)
    expect(page.locator("#status")).to_contain_text("press Send when you are back online")
    assert page.input_value("#text") == WORDS and answers(stage) == ["stance"]
    page.context.set_offline(False)
    page.click(".write .button")
    expect(page.locator(".line.you")).to_have_count(2)
    assert answers(stage) == ["stance", "text"]


def test_an_answer_that_is_lost_on_its_way_back_counts_once(browse: Browse, stage: Stage) -> None:
    page = browse()
    STATES["chat_open"](page, stage)
    tried: list[str] = []

    def lose_the_first(route: Route, request: Request) -> None:
        tried.append(request.post_data or "")
        if len(tried) == 1:
            route.fetch()  # the server has it
            route.abort()
        else:
            route.continue_()

    page.route("**/app/turn", lose_the_first)
    page.fill("#text", WORDS)
    page.click(".write .button")
    expect(page.locator(".line.you")).to_have_count(2)
    assert len(tried) == 2 and tried[0] == tried[1]
    assert answers(stage) == ["stance", "text"]
    assert len(stage.site.world.rows(Turn)) == 2


@pytest.mark.parametrize("status", [500, 502, 413])
def test_an_error_page_keeps_the_words(browse: Browse, stage: Stage, status: int) -> None:
    page = browse()
    STATES["chat_open"](page, stage)
    page.route("**/app/turn", lambda route: route.fulfill(status=status, body="<h1>Broken</h1>"))
    page.fill("#text", WORDS)
    page.click(".write .button")
    expect(page.locator("#status")).to_contain_text("Your words are still in the box")
    assert page.input_value("#text") == WORDS
    page.unroute("**/app/turn")
    page.click(".write .button")
    expect(page.locator(".line.you")).to_have_count(2)
    assert answers(stage) == ["stance", "text"]


def test_a_session_that_has_ended_keeps_the_draft(browse: Browse, stage: Stage) -> None:
    page = browse()
    STATES["chat_open"](page, stage)
    token = page.locator("input[name='session']").first.input_value()
    page.fill("#text", WORDS)
    page.evaluate("for (const f of document.querySelectorAll('[name=session]')) f.value = 'x'")
    page.click(".write .button")
    expect(page.locator("#status")).to_contain_text("open for too long")
    stage.enter(page, token)  # the activity is opened again in the same tab
    expect(page.locator("#text")).to_have_value(WORDS)


def test_a_draft_outlives_a_reload_and_goes_when_it_is_saved(browse: Browse, stage: Stage) -> None:
    page = browse()
    STATES["chat_open"](page, stage)
    page.locator("#text").press_sequentially("Half a th")
    page.reload()
    expect(page.locator("#text")).to_have_value("Half a th")
    write(page, WORDS)
    assert page.evaluate("Object.keys(sessionStorage).filter((k) => k.includes('draft'))") == []
    page.reload()
    expect(page.locator("#text")).to_have_value("")
    assert said(page) > 3 and answers(stage) == ["stance", "text"]


def test_the_plain_form_keeps_a_draft_until_that_answer_is_saved(
    browse: Browse, stage: Stage
) -> None:
    page = browse()
    STATES["plain_open"](page, stage)
    token = page.locator("input[name='session']").first.input_value()
    page.fill("#text", WORDS)
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.click("#form .button", no_wait_after=True)
    page.context.set_offline(False)
    stage.enter(page, token, view="plain")
    expect(page.locator("#text")).to_have_value(WORDS)
    page.keyboard.press("Escape")
    expect(page.locator(".menu button").first).to_be_focused()
    page.focus("#text")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator("#text")).to_have_value("")
    stage.enter(page, token, view="plain")
    expect(page.locator("#text")).to_have_value("")
    assert answers(stage) == ["stance", "text"]


def test_a_button_leaves_the_words_in_the_box(browse: Browse, stage: Stage) -> None:
    page = browse()
    STATES["chat_open"](page, stage)
    page.fill("#text", "Half a th")
    press(page, "Who sees this?")
    expect(page.locator("#text")).to_have_value("Half a th")


@pytest.mark.parametrize("state", ["chat_scale", "plain_scale"])
def test_a_double_click_counts_once(browse: Browse, stage: Stage, state: str) -> None:
    page = browse()
    STATES[state](page, stage)
    if state == "chat_scale":
        page.dblclick(".option[data-point='4']")
        expect(page.locator(".line.you")).to_have_count(1)
    else:
        page.check("#o_4")
        page.dblclick("#form .button", no_wait_after=True)
        page.wait_for_selector("#form textarea[rows='5']")
    write_box = page.locator("#text")
    expect(write_box).to_be_visible()
    assert answers(stage) == ["stance"]


def test_two_tabs(browse: Browse, stage: Stage) -> None:
    first = browse()
    STATES["chat_open"](first, stage)
    token = first.locator("input[name='session']").first.input_value()
    second = first.context.new_page()
    stage.enter(second, token)
    write(first, WORDS)
    write(second, MORE)
    expect(second.locator("#lines")).to_contain_text("That page was behind")
    # What was said in the second is kept and shown, and is no answer to a question never seen.
    assert answers(stage).count("text") == 1
    assert MORE in stage.site.world.everything() and MORE in second.inner_text("#lines")
    write(first, MORE)
    expect(first.locator("#lines")).to_contain_text("That page was behind")


def test_the_back_button_leads_back_into_the_conversation(browse: Browse, stage: Stage) -> None:
    page = browse()
    STATES["chat_open"](page, stage)
    write(page, WORDS)
    page.click("nav button:text-is('My reflections')")
    page.wait_for_selector("h1:text-is('My reflections')")
    page.go_back()
    page.wait_for_selector("#lines")
    expect(page.locator("#lines")).to_contain_text(WORDS)
    write(page, MORE)
    assert answers(stage) == ["stance", "text", "text"]


def test_the_bot_comes_back_by_itself(browse: Browse, stage: Stage) -> None:
    page = browse()
    page.clock.install()
    STATES["chat_waiting"](page, stage)
    expect(page.locator("#waiting")).to_contain_text("Your answer is saved.")
    stage.site.bot.away = False
    page.clock.run_for(3_000)
    expect(page.locator("#waiting")).to_have_count(0)
    expect(page.locator("#turn")).to_be_visible()


@pytest.mark.parametrize(("motion", "moves"), [("no-preference", True), ("reduce", False)])
def test_motion_is_reduced_for_those_who_ask(
    browse: Browse, stage: Stage, motion: str, moves: bool
) -> None:
    page = browse(reduced_motion=motion)
    STATES["chat_open"](page, stage)
    name = page.eval_on_selector(".line.fresh", "e => getComputedStyle(e).animationName")
    assert (name != "none") == moves


def test_forced_colours_and_print(browse: Browse, stage: Stage) -> None:
    page = browse(forced_colors="active")
    STATES["chat_open"](page, stage)
    border = page.eval_on_selector(".line.you", "e => getComputedStyle(e).borderTopStyle")
    assert border == "solid"
    page.emulate_media(media="print", forced_colors="none")
    for hidden in (".composer", ".top", ".bar"):
        assert not page.locator(hidden).is_visible()
    expect(page.locator("#lines")).to_be_visible()


def test_what_a_phone_has_to_fetch(browse: Browse, stage: Stage) -> None:
    page = browse()
    fetched: dict[str, bytes] = {}
    page.on("response", lambda r: fetched.update({r.url.split("/")[-1]: r.body()}))
    STATES["chat_scale"](page, stage)
    page.wait_for_load_state("networkidle")
    html = fetched.pop("consent")
    fetched.pop("healthz", None)
    fetched.pop("icon.svg", None)
    assert set(fetched) == {"greyarea.css", "chat.js", "forms.js", "keys.js", "storage.js"}
    assert packed([html]) < 30_000
    assert packed(fetched.values()) < 25_000


def packed(bodies: Iterable[bytes]) -> int:
    """Bytes after gzip, each by itself."""
    return sum(len(gzip.compress(body)) for body in bodies)
