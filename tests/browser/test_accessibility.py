"""axe finds nothing on any page, in light and in dark."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Browse, faults, press
from tests.installation import Installation


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browse: Browse) -> Page:
    """A page of a phone's width in one colour scheme."""
    return browse(color_scheme=request.param, reduced_motion="reduce")


def test_every_page_of_a_learner(page: Page, installation: Installation) -> None:
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    person = "learner-19" if dark else "learner-20"
    page.goto(f"{installation.course}/launch/{person}/same")
    page.wait_for_selector("#take_part")
    assert faults(page) == []
    page.click("button:text-is('Start')")
    page.wait_for_selector("#take_part_error")
    assert faults(page) == []
    page.check("#take_part")
    page.check("#research")
    page.click("button:text-is('Start')")
    page.wait_for_selector("#lines")
    assert faults(page) == []
    press(page, "Somewhat acceptable")
    page.click("#case summary")
    assert faults(page) == []
    page.fill("#text", "   ")
    page.click(".write .button")
    page.wait_for_selector("#text_error")
    assert faults(page) == []
    page.fill("#text", "I am completely overwhelmed and can't cope any more")
    page.click(".write .button")
    page.wait_for_selector("#help")
    assert faults(page) == []
    press(page, "Carry on")
    press(page, "Delete something")
    assert faults(page) == []
    press(page, "My last answer")
    press(page, "Stop")
    assert faults(page) == []
    page.click("nav button:text-is('My reflections')")
    page.wait_for_selector("h1:text-is('My reflections')")
    for summary in page.locator("summary").all():
        summary.click()
    assert faults(page) == []


def test_the_institution_page(page: Page, installation: Installation) -> None:
    page.goto(f"{installation.course}/launch/administrator/same")
    page.click("nav button:text-is('Institution')")
    page.wait_for_selector("h1:text-is('Sandbox University')")
    page.click("button:text-is('Make an invite')")
    page.wait_for_selector("#invite_address")
    page.click("button:text-is('Make an invite')")
    page.wait_for_selector("h3:text-is('Open invites')")
    for summary in page.locator("summary").all():
        summary.click()
    assert faults(page) == []
    page.click("button:text-is('Add the connection')")
    page.wait_for_selector("[role=alert]")
    assert faults(page) == []
    # Usable on a phone: nothing is wider than the screen.
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_class_page_and_an_error(page: Page, installation: Installation) -> None:
    page.goto(f"{installation.course}/launch/educator/same")
    page.wait_for_selector("h1:text-is('The class')")
    assert faults(page) == []
    page.goto(f"{installation.tool}/nowhere")
    assert faults(page) == []
