"""The main path in a real browser: from the course page to the class page.

The sandbox is on localhost and the tool on 127.0.0.1: different sites. Third-party
cookies are blocked, and a test shows that they are.
"""

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.conftest import Browse
from tests.installation import Installation

ANSWER = (
    "I would want to know what the mark is meant to show, because help with the wording is not "
    "the same as help with the thinking."
)


@pytest.fixture
def page(browse: Browse) -> Page:
    """A page that fails the test when the browser reports a violated policy or an error."""
    return browse(viewport={"width": 1000, "height": 800})


def launch(page: Page, installation: Installation, person: str, container: str) -> Frame:
    """Launch from the course page; the frame in which the tool is."""
    page.goto(f"{installation.course}/launch/{person}/{container}")
    if container != "iframe":
        page.wait_for_url(f"{installation.tool}/**")
        return page.main_frame
    expect(page.frame_locator("#contentframe").locator("h1").first).to_be_attached()
    frame = next(f for f in page.frames if f.name == "contentframe")
    frame.wait_for_url(f"{installation.tool}/**")
    return frame


def agree(frame: Frame) -> None:
    frame.check("#take_part")
    frame.check("#research")
    frame.check("#quote")
    frame.select_option("#profession", "nursing")
    frame.click("button:text-is('Start')")
    frame.wait_for_selector("#lines")


def finish(frame: Frame) -> int:
    """Answer to the end, by clicking where there are buttons and typing elsewhere."""
    turns = 0
    while frame.locator('#composer[data-ended="no"]').count():
        turns += 1
        assert turns < 60, "the interview does not end"
        before = frame.locator("#lines > li").count()
        if frame.locator(".options .option").count():
            frame.locator(".options .option").nth(turns % 5).click()
        else:
            frame.fill("#text", f"{ANSWER} ({turns})")
            frame.click(".write .button")
        expect(frame.locator("#lines > li").nth(before)).to_be_attached()
    return turns


def counts(frame: Frame) -> tuple[int, int]:
    """How many people the class page says took part, and how many finished."""
    took_part = frame.locator("dt:text-is('Took part') + dd").inner_text()
    finished = frame.locator("dt:text-is('Finished') + dd").inner_text()
    return int(took_part), int(finished)


def test_third_party_cookies_are_blocked_here(page: Page, installation: Installation) -> None:
    frame = launch(page, installation, "learner-9", "iframe")
    frame.evaluate("document.cookie = 'probe=1; Secure; SameSite=None'")
    assert "probe" not in frame.evaluate("document.cookie")


def test_a_learner_in_an_iframe_then_the_educator(page: Page, installation: Installation) -> None:
    educator = launch(page, installation, "educator", "same")
    took_part, finished = counts(educator)
    assert took_part >= finished >= 5

    frame = launch(page, installation, "learner-1", "iframe")
    agree(frame)
    turns = finish(frame)
    assert turns >= 3 * 8
    assert "Thank you" in frame.inner_text("#lines")

    frame.click("button:text-is('My reflections') >> nth=0")
    frame.wait_for_selector("h1:text-is('My reflections')")
    assert frame.locator("article.card").count() == 4
    assert frame.inner_text("main").count(ANSWER) >= 12

    educator = launch(page, installation, "educator", "same")
    assert counts(educator) == (took_part + 1, finished + 1)
    assert educator.locator("article.case").count() >= 1
    assert ANSWER not in educator.inner_text("main")


def test_stop_undo_change_and_delete_by_hand(page: Page, installation: Installation) -> None:
    frame = launch(page, installation, "learner-10", "window")
    agree(frame)
    frame.click(".option:text-is('Somewhat acceptable')")
    frame.wait_for_selector("text=Your reasons are the useful part")
    frame.fill("#text", "the heliotrope canary, because I say so here at some length")
    frame.click(".write .button")
    expect(frame.locator("#text")).to_have_value("")
    frame.fill("#text", "delete what I just said")
    frame.click(".write .button")
    frame.wait_for_selector(".option:text-is('My last answer')")
    frame.click(".option:text-is('My last answer')")
    frame.wait_for_selector("text=Your last answer is deleted.")
    frame.click("button:text-is('Stop')")
    frame.wait_for_selector("text=We stop here.")
    frame.click("button:text-is('Undo')")
    frame.wait_for_selector("text=Welcome back.")
    page.reload()
    expect(page.locator("main")).not_to_contain_text("heliotrope canary")


def test_without_javascript_every_step_works(browse: Browse, installation: Installation) -> None:
    page = browse(java_script_enabled=False)
    page.goto(f"{installation.course}/launch/learner-11/same")
    for _ in range(2):
        page.locator("form button").first.click()
    page.check("#take_part")
    page.check("#research")
    page.click("button:text-is('Start')")
    page.click(".option:text-is('Somewhat acceptable')")
    page.fill("#text", ANSWER)
    page.click(".write .button")
    assert ANSWER in page.inner_text("#lines")
    page.fill("#text", "   ")
    page.click(".write .button")
    assert "Please write something" in page.inner_text("main")
    page.fill("#text", "x" * 10_000)
    page.click(".write .button")
    assert "more than 5,000 characters" in page.inner_text("main")
    assert len(page.input_value("#text")) == 10_000
    page.click("button:text-is('Show this as a plain form')")
    assert page.locator("#form").count() == 1 and page.locator("#lines").count() == 0
    page.click(".languages summary")
    page.click(".languages button[value='es']")
    assert page.locator("html").get_attribute("lang") == "es"
    page.fill("#text", "La fecha también me importa.")
    page.click("#form .button")
    page.click("nav button:text-is('Mis reflexiones')")
    assert ANSWER in page.inner_text("main")
    with page.expect_download() as download:
        page.click("button[value='pdf']")
    assert download.value.suggested_filename == "my-reflections.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_reload_back_and_another_language_in_a_frame_without_cookies(
    page: Page, installation: Installation
) -> None:
    frame = launch(page, installation, "learner-14", "iframe")
    agree(frame)
    frame.click(".option[data-point='4']")
    expect(frame.locator(".line.you")).to_have_count(1)
    frame.fill("#text", ANSWER)
    frame.evaluate("location.reload()")
    expect(frame.locator(".line.you")).to_have_count(1)
    expect(frame.locator("#text")).to_have_value(ANSWER)
    frame.click("nav button:text-is('My reflections')")
    frame.wait_for_selector("h1:text-is('My reflections')")
    frame.evaluate("history.back()")
    frame.wait_for_selector("#lines")
    frame.click(".languages summary")
    frame.click(".languages button[value='de']")
    expect(frame.locator("html")).to_have_attribute("lang", "de")
    expect(frame.locator("#text")).to_have_value(ANSWER)
    frame.click(".write .button")
    expect(frame.locator(".line.you")).to_have_count(2)
    with page.expect_download() as download:
        frame.click("nav button:text-is('Meine Reflexionen')")
        frame.click("button[value='docx']")
    assert download.value.suggested_filename == "my-reflections.docx"


@pytest.mark.parametrize(
    ("locale", "language", "start"),
    [("es", "es", "Empezar"), ("de", "de", "Anfangen"), ("ar", "en", "Start")],
)
def test_the_language_comes_with_the_launch(
    page: Page, installation: Installation, locale: str, language: str, start: str
) -> None:
    """Of a language that there is no catalogue for, English is what is left."""
    page.goto(f"{installation.course}/launch/learner-15/same?locale={locale}")
    page.wait_for_selector("#take_part")
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("button[value='yes']").inner_text() == start
    assert page.locator("html").get_attribute("dir") == "ltr"


def test_nothing_scrolls_sideways_on_a_small_phone(
    browse: Browse, installation: Installation
) -> None:
    page = browse(viewport={"width": 320, "height": 640})
    for person, selector in (("learner-12", "#take_part"), ("educator", "h1")):
        page.goto(f"{installation.course}/launch/{person}/same")
        page.wait_for_selector(selector)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
