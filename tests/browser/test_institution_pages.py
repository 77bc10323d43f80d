"""The pages of an institution's lead: axe, small screens, and the way through a pilot."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from lti.roles import Role
from store.models import Response
from tests.analysis.cohort import Course, World
from tests.browser.conftest import Browse, Stage, faults, staged
from tests.web.figures_stage import peopled

LOOKS: dict[str, dict[str, Any]] = {
    "telephone, light": {"viewport": {"width": 320, "height": 640}, "color_scheme": "light"},
    "desk, dark": {"viewport": {"width": 1100, "height": 800}, "color_scheme": "dark"},
}


@pytest.fixture(scope="module")
def with_people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("institution")) as made:
        peopled(made.site.world)
        yield made


def looked_at(page: Page) -> None:
    """Everything opened, nothing wider than the screen, nothing that axe finds."""
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    assert faults(page) == []


@pytest.mark.parametrize("look", LOOKS)
def test_the_figures(browse: Browse, with_people: Stage, look: str) -> None:
    page = browse(**LOOKS[look])
    with_people.enter(page, with_people.site.lead(), "/app/figures")
    expect(page.locator("h1")).to_have_text("Figures of Testville")
    expect(page.locator(".map [role=img]")).to_be_visible()
    looked_at(page)


@pytest.mark.parametrize("look", LOOKS)
def test_the_policy_page(browse: Browse, with_people: Stage, look: str) -> None:
    page = browse(**LOOKS[look])
    with_people.enter(page, with_people.site.lead(), "/app/policies")
    expect(page.locator("h1")).to_have_text("Policy and pilots")
    looked_at(page)


@pytest.mark.parametrize("look", LOOKS)
def test_the_lines_that_may_be_released(browse: Browse, stage: Stage, look: str) -> None:
    course = Course(
        World(stage.site.world.database, stage.site.world.deployment.id, stage.site.world.study.id)
    )
    public_id = course.write(course.take(2, 4), "Say plainly what counts as help.")
    with course.world.database.write() as session:
        session.execute(
            update(Response)
            .where(Response.public_id == public_id)
            .values(step="session_clearer", scenario_id=None)
        )
    token = stage.site.token("researcher", Role.EDUCATOR)
    stage.site.grant(token, "researcher")
    page = browse(**LOOKS[look])
    stage.enter(page, token, "/app/lines")
    page.click("button:text-is('Release')")
    expect(page.locator("button:text-is('Take back')")).to_be_visible()
    looked_at(page)


def test_a_statement_and_a_pilot_from_start_to_end(browse: Browse, stage: Stage) -> None:
    page = browse()
    stage.enter(page, stage.site.lead(), "/app/policies")
    for name, text in (("Plain", "You may, if you say so."), ("Long", "It is permissible.")):
        if name != "Plain":
            page.click("summary:text-is('Write a statement')")
        page.select_option("#use", "stats_code")
        page.fill("#name", name)
        page.check("#status-permitted_with_declaration")
        page.fill("#text-en", text)
        page.click("button:text-is('Keep it')")
        expect(page.locator("[role=status]")).to_contain_text(f"Kept: {name}, version 1")
    page.click("button:text-is('Put in force') >> nth=0")
    expect(page.locator("[role=status]")).to_contain_text("It is in force")
    page.click("summary:text-is('Start a pilot')")
    page.fill("#pilot_name", "Which is clearer")
    page.check("#unit-person")
    for box in page.locator("input[name=wording]").all():
        box.check()
    page.click("button:text-is('Start the pilot')")
    expect(page.locator("[role=status]")).to_contain_text("is running")
    assert page.locator("button:text-is('Put in force')").count() == 0
    page.click("summary:text-is('End this pilot')")
    page.click("button:text-is('End it for good')")
    expect(page.locator("[role=status]")).to_contain_text("has ended")
    assert faults(page) == []


def test_what_cannot_be_kept_is_said_and_nothing_is_lost(browse: Browse, stage: Stage) -> None:
    page = browse()
    stage.enter(page, stage.site.lead(), "/app/policies")
    page.fill("#name", "Rule")
    page.check("#status-other")
    page.fill("#text-en", "May you?")
    page.click("button:text-is('Keep it')")
    expect(page.locator("[role=alert]")).to_contain_text("must not ask a question")
    expect(page.locator("#text-en")).to_have_value("May you?")
    assert faults(page) == []


def test_the_report_is_taken_along(browse: Browse, with_people: Stage) -> None:
    page = browse(accept_downloads=True)
    with_people.enter(page, with_people.site.lead(), "/app/figures")
    for label, name in (("report as PDF", "pdf"), ("tables as CSV", "csv")):
        with page.expect_download() as started:
            page.click(f"button:text-is('{label}')")
        assert started.value.suggested_filename == f"grey-area-report.{name}"
