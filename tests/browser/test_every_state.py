"""Every page and state of a learner's side: axe, small screens, large type, targets, languages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from lti.roles import Role
from tests.browser.conftest import Browse, Stage, faults, press, write

Walk = Callable[[Page, Stage], None]
WORDS = "I would want to know what the mark is meant to show, and to whom."
STATES: dict[str, Walk] = {}


def state(walk: Walk) -> Walk:
    """Register a state by the name of the function that leads to it."""
    STATES[walk.__name__] = walk
    return walk


def begun(page: Page, stage: Stage, **fields: str) -> str:
    token = stage.someone()
    stage.begin(page, token, **fields)
    return token


def reflections(page: Page, stage: Stage) -> None:
    token = begun(page, stage)
    press(page, "Somewhat acceptable")
    write(page, WORDS)
    stage.enter(page, token, "/app/reflections")


def ask_for_code(page: Page, stage: Stage) -> str:
    reflections(page, stage)
    page.click("#receipt summary")
    page.click("#receipt button")
    return page.locator(".receipt code").inner_text()


@state
def consent(page: Page, stage: Stage) -> None:
    stage.enter(page, stage.someone())


@state
def consent_opened(page: Page, stage: Stage) -> None:
    consent(page, stage)
    for summary in page.locator("summary").all():
        summary.click()


@state
def consent_refused(page: Page, stage: Stage) -> None:
    stage.enter(page, stage.someone(), "/app/consent", answer="yes", profession="sorcery")


@state
def consent_as_test_learner(page: Page, stage: Stage) -> None:
    stage.enter(page, stage.someone(role=Role.TEST_LEARNER))


@state
def declined(page: Page, stage: Stage) -> None:
    stage.enter(page, stage.someone(), "/app/consent", answer="no")


@state
def chat_scale(page: Page, stage: Stage) -> None:
    begun(page, stage)


@state
def chat_open(page: Page, stage: Stage) -> None:
    begun(page, stage)
    press(page, "Somewhat acceptable")
    page.click("#case summary")


@state
def chat_error(page: Page, stage: Stage) -> None:
    begun(page, stage)
    page.fill("#text", "   ")
    page.click(".write .button")
    page.wait_for_selector("#text_error")


@state
def chat_help(page: Page, stage: Stage) -> None:
    begun(page, stage)
    write(page, "I want to kill myself")
    page.wait_for_selector("#help")


@state
def chat_paused(page: Page, stage: Stage) -> None:
    begun(page, stage)
    page.click(".menu button[value='pause']")
    page.wait_for_selector(".options, .row .button.plain")


@state
def chat_deleting(page: Page, stage: Stage) -> None:
    begun(page, stage)
    page.click(".menu button[value='delete_data']")
    page.wait_for_selector(".option:not([data-point])")


@state
def chat_waiting(page: Page, stage: Stage) -> None:
    begun(page, stage)
    stage.site.bot.away = True
    page.fill("#text", WORDS)
    page.click(".write .button")
    page.wait_for_selector("#waiting")


@state
def chat_stopped(page: Page, stage: Stage) -> None:
    begun(page, stage)
    page.click(".menu button[value='stop']")
    page.wait_for_selector(".ways")


@state
def plain_scale(page: Page, stage: Stage) -> None:
    begun(page, stage, view="plain")


@state
def plain_open(page: Page, stage: Stage) -> None:
    begun(page, stage, view="plain")
    page.check("#o_4")
    page.click("#form .button")
    page.wait_for_selector("#form textarea")


@state
def plain_error(page: Page, stage: Stage) -> None:
    begun(page, stage, view="plain")
    page.click("#form .button")
    page.wait_for_selector("#text_error")


@state
def plain_stopped(page: Page, stage: Stage) -> None:
    begun(page, stage, view="plain")
    page.click(".menu button[value='stop']")
    page.wait_for_selector(".ways")


@state
def reflections_empty(page: Page, stage: Stage) -> None:
    stage.enter(page, stage.someone(), "/app/reflections")


@state
def reflections_opened(page: Page, stage: Stage) -> None:
    reflections(page, stage)
    for summary in page.locator("main summary").all():
        summary.click()


@state
def reflections_code(page: Page, stage: Stage) -> None:
    ask_for_code(page, stage)


@state
def receipt(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.url}/receipt")


@state
def receipt_unknown(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.url}/receipt")
    page.fill("#code", "AAAA-AAAA")
    page.click("form .button")
    page.wait_for_selector("#code_error")


@state
def receipt_known(page: Page, stage: Stage) -> None:
    code = ask_for_code(page, stage)
    page.goto(f"{stage.url}/receipt")
    page.fill("#code", code)
    page.click("form .button")
    page.wait_for_selector("button[value='delete']")


@state
def receipt_done(page: Page, stage: Stage) -> None:
    receipt_known(page, stage)
    page.click("button[value='delete']")
    page.wait_for_selector(".notice")


@state
def not_set_up(page: Page, stage: Stage) -> None:
    stage.enter(page, stage.someone(activity="bare", set_up=False))


@state
def session_over(page: Page, stage: Stage) -> None:
    stage.enter(page, "x" * 43)


@state
def not_found(page: Page, stage: Stage) -> None:
    page.goto(f"{stage.url}/nowhere")


@dataclass(frozen=True)
class Look:
    """How a page is looked at."""

    width: int
    scheme: str
    locale: str
    letters: int = 100

    def __str__(self) -> str:
        return f"{self.width}px-{self.scheme}-{self.locale}-{self.letters}%"


LOOKS = (
    Look(320, "light", "en"),
    Look(768, "dark", "de"),
    # A window of 1280 px at 200 % zoom, and besides with letters of twice the size.
    Look(640, "light", "es", letters=200),
    Look(320, "light", "ar-XB"),
)


@pytest.fixture(params=LOOKS, ids=str)
def look(request: pytest.FixtureRequest) -> Look:
    found: Look = request.param
    return found


@pytest.fixture
def stage(common_stage: Stage) -> Stage:
    """The stage of all states, the bot being back."""
    common_stage.site.bot.away = False
    return common_stage


@pytest.fixture
def seen(browse: Browse, look: Look) -> Iterator[Page]:
    """A page that is looked at in that way; the browser asks for the language by itself."""
    page = browse(
        viewport={"width": look.width, "height": 700},
        color_scheme=look.scheme,
        reduced_motion="reduce",
    )
    yield page


SMALL_TARGETS = """() => [...document.querySelectorAll("button, summary, select, input, label a")]
  .filter((one) => one.checkVisibility() && one.type !== "hidden")
  .map((one) => [one, (one.labels?.[0] && /radio|checkbox/.test(one.type)
    ? one.parentElement : one).getBoundingClientRect()])
  .filter(([one, box]) => box.height < 43.5 || box.width < 24)
  .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)
"""
TOO_WIDE = """() => [document.documentElement.scrollWidth - innerWidth,
  ...[...document.querySelectorAll("main *, header *")]
    .filter((one) => one.checkVisibility() && !one.closest(".visually-hidden")
      && (one.getBoundingClientRect().right > innerWidth + 1
          || one.getBoundingClientRect().left < -1))
    .map((one) => one.outerHTML.slice(0, 90))]
"""


@pytest.mark.parametrize("name", STATES)
def test_every_state(name: str, seen: Page, look: Look, stage: Stage) -> None:
    STATES[name](seen, stage)
    if look.locale != "en" and seen.locator("input[name='session']").count():
        in_language(seen, stage, look.locale)
    if look.letters != 100:
        seen.evaluate("(n) => { document.documentElement.style.fontSize = `${n}%`; }", look.letters)
    assert seen.locator("h1").count() == 1
    assert faults(seen) == []
    assert seen.evaluate(TOO_WIDE) == [0]
    assert seen.evaluate(SMALL_TARGETS) == []


def in_language(page: Page, stage: Stage, locale: str) -> None:
    """The same page in another language: the language is changed, and the page asked for again."""
    token = page.locator("input[name='session']").first.input_value()
    plain = page.locator("#form").count() > 0
    here = "reflections" if "reflections" in page.url else "chat"
    fields = {"view": "plain"} if plain else {}
    stage.enter(page, token, "/app/language", locale=locale, here=here, **fields)
    assert page.locator("html").get_attribute("lang") == locale
