"""Coding in a browser: two coders at once, by mouse and by keyboard, and without scripts."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from store.models import Code, Coder, Coding, Response, Words
from tests.browser.conftest import Browse, Stage, faults
from tests.web.research_stage import course_of, researcher

TEXT = "It depends 😀 on who was told.\nAnd on how much of it é was theirs."
LOOKS: dict[str, dict[str, Any]] = {
    "telephone, light": {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
    "desk, dark": {"viewport": {"width": 1100, "height": 800}, "color_scheme": "dark"},
}


@pytest.fixture
def answer(stage: Stage) -> str:
    course = course_of(stage.site)
    return course.write(course.take(2, 4, clarity=3), TEXT, {"grey": "open"})


def opened(browse: Browse, stage: Stage, sub: str, **look: Any) -> Page:
    """The interview, as that coder sees it."""
    page = browse(**look)
    stage.enter(page, researcher(stage.site, sub), "/app/coding")
    page.click("table button")
    expect(page.locator("h1")).to_contain_text("Interview of")
    return page


def coded(stage: Stage) -> list[tuple[str, str, str]]:
    """(coder, code, passage), in the order in which they were made."""
    with stage.site.world.database.read() as session:
        query = (
            select(Coder.label, Code.name, Words.body, Coding.start, Coding.end)
            .join(Coder, Coder.id == Coding.coder_id)
            .join(Code, Code.id == Coding.code_id)
            .join(Response, Response.id == Coding.response_id)
            .join(Words, Words.id == Response.words_id)
            .where(Coding.removed_at.is_(None))
            .order_by(Coding.id)
        )
        return [(row[0], row[1], row[2][row[3] : row[4]]) for row in session.execute(query)]


def select_with_mouse(page: Page, first: str, last: str) -> None:
    """Drag from before the first words to behind the last ones."""
    places = page.evaluate(
        """([first, last]) => {
            const node = document.querySelector(".words").firstChild;
            const text = node.textContent;
            const box = (at) => {
                const range = document.createRange();
                range.setStart(node, at); range.setEnd(node, at + 1);
                return range.getBoundingClientRect();
            };
            document.querySelector(".words").scrollIntoView({block: "center"});
            const from = box(text.indexOf(first));
            const to = box(text.indexOf(last) + last.length - 1);
            return [from.left + 1, from.top + from.height / 2,
                    to.right - 1, to.top + to.height / 2];
        }""",
        [first, last],
    )
    page.mouse.move(places[0], places[1])
    page.mouse.down()
    page.mouse.move(places[2], places[3], steps=8)
    page.mouse.up()


def test_two_coders_at_once_by_mouse_and_by_keyboard(
    browse: Browse, stage: Stage, answer: str
) -> None:
    one = opened(browse, stage, "one", viewport={"width": 1100, "height": 800})
    other = opened(browse, stage, "other", viewport={"width": 1100, "height": 800})
    # The first selects with the mouse, across an emoji, and takes a code that is there.
    select_with_mouse(one, "depends", "who")
    expect(one.locator("input[name=passage]")).to_have_value("depends 😀 on who")
    one.select_option("select[name=code]", label="A grey area")
    # The second has opened the same page, and selects with the keyboard alone.
    other.locator(".by-keyboard summary").focus()
    other.keyboard.press("Enter")
    other.keyboard.press("Tab")
    other.keyboard.press("Control+Home")
    for _ in range(3):
        other.keyboard.press("ArrowRight")
    for _ in range(7):
        other.keyboard.press("Shift+ArrowRight")
    expect(other.locator("input[name=passage]")).to_have_value("depends")
    other.locator("input[name=new]").focus()
    other.keyboard.type("In vivo: depends")
    one.click("button:text-is('Code it')")
    expect(one.locator("[role=status]")).to_contain_text("Coded with “A grey area”.")
    other.keyboard.press("Enter")
    expect(other.locator("[role=status]")).to_contain_text("Coded with “In vivo: depends”.")
    assert coded(stage) == [
        ("Coder 1", "A grey area", "depends 😀 on who"),
        ("Coder 2", "In vivo: depends", "depends"),
    ]
    expect(one.locator(".words mark")).to_have_text("depends 😀 on who")
    expect(other.locator(".words mark")).to_have_text("depends")
    # What was selected across lines, over a passage that has a code.
    expect(one.locator(".codes")).to_contain_text("A grey area")
    one.click("button:has-text('Take off')")
    expect(one.locator("[role=status]")).to_have_text("The code is off.")
    assert [found[0] for found in coded(stage)] == ["Coder 2"]
    # The second takes what a machine suggests; the first turns it down.
    other.click("button:has-text('Take it')")
    expect(other.locator(".codes")).to_contain_text("from a suggestion")
    one.click("button:has-text('Turn it down')")
    expect(one.locator(".suggestion")).to_have_count(0)
    assert coded(stage)[-1] == ("Coder 2", "A grey area", TEXT)


def test_a_selection_that_is_typed_over_is_forgotten(
    browse: Browse, stage: Stage, answer: str
) -> None:
    page = opened(browse, stage, "one", viewport={"width": 1100, "height": 800})
    select_with_mouse(page, "depends", "who")
    page.fill("input[name=passage]", "how much")
    page.click("button:text-is('Code it')")
    expect(page.locator("[role=status]")).to_be_visible()
    assert [found[2] for found in coded(stage)] == ["how much"]


def test_without_scripts_a_passage_is_typed(browse: Browse, stage: Stage, answer: str) -> None:
    page = browse(java_script_enabled=False)
    token = researcher(stage.site, "one")
    stage.enter(page, token, "/app/coding")
    page.click("table button")
    page.fill("input[name=passage]", "who was told.\nAnd".replace("\n", " "))
    page.click("button:text-is('Code it')")
    expect(page.locator("[role=alert]")).to_contain_text("these words are not in the answer")
    page.fill("input[name=passage]", "who was told.")
    page.click("button:text-is('Code it')")
    assert [found[2] for found in coded(stage)] == ["who was told."]


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_of_coders(browse: Browse, stage: Stage, answer: str, look: str) -> None:
    page = opened(browse, stage, "one", **LOOKS[look])
    page.click("button:text-is('Code it')")
    expect(page.locator(".codes")).to_be_visible()
    for _ in range(2):
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert faults(page) == []
        page.click("button:text-is('The codebook')")
        expect(page.locator("h1")).to_have_text("The codebook")
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert faults(page) == []
        page.click("button:text-is('All interviews')")
        expect(page.locator("h1")).to_have_text("Coding")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert faults(page) == []
        page.click("table button")
    page.click("button:text-is('The codebook')")
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    page.click("button:text-is('Read and split its passages')")
    expect(page.locator("h2#split")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert faults(page) == []
    stage.enter(page, researcher(stage.site, "one"), "/app/research")
    expect(page.locator("h1")).to_have_text("Export")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert faults(page) == []
