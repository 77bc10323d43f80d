"""Select content in the course page, in a real browser: from the choice to a learner's launch.

Third-party cookies are blocked, and the choice is made in the course page's frame.
"""

import pytest
from playwright.sync_api import Browser, expect

from tests.installation import Installation


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_select_content(chromium: Browser, installation: Installation, script: bool) -> None:
    title = f"One short case ({'with' if script else 'without'} scripts)"
    context = chromium.new_context(
        java_script_enabled=script, viewport={"width": 1000, "height": 900}
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)

    page.goto(installation.course)
    page.get_by_role("button", name="Add an activity: select content").click()
    frame = page.frame_locator("#contentframe")
    if not script:
        page.get_by_role("button", name="Open the activity").click()
        frame.get_by_role("button", name="Continue").click()
    expect(frame.get_by_role("heading", name="Choose the cases")).to_be_visible()
    frame.get_by_label("Single cases: you tick which").check()
    frame.get_by_label("The last polish").check()
    frame.get_by_label("Report to the gradebook").check()
    frame.get_by_label("Name of the activity").fill(title)
    frame.get_by_role("button", name="Add to the course").click()
    if not script:
        frame.get_by_role("button", name="Return to the course").click()
    expect(frame.get_by_role("heading", name="An activity was added")).to_be_visible()

    page.goto(installation.course)
    activity = page.get_by_role("region", name=title)
    expect(activity).to_be_visible()
    activity.get_by_role("button", name="Same window").first.click()
    if not script:
        page.get_by_role("button", name="Open the activity").click()
        page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Before you begin")).to_be_visible()
    expect(page.get_by_text("A short case about AI in assessment")).to_be_visible()
    expect(page.get_by_text("In this course completion is reported")).to_be_visible()
    page.goto(f"{installation.course}/gradebook")
    expect(page.get_by_role("columnheader", name=title)).to_be_visible()
    assert [text for text in complaints if "Content Security Policy" in text] == []
    context.close()
