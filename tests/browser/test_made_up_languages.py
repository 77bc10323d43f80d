"""Made-up languages find what was not translated, and what does not mirror."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Browse, Stage
from tests.browser.test_every_state import STATES, WORDS, in_language, stage

__all__ = ["stage"]

UNTRANSLATED = """() => {
  const language = document.documentElement.lang;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    const text = node.textContent.trim();
    const own = parent.closest("[lang]").lang === language;
    const data = parent.closest("script, code, a[href^='http']");
    if (own && !data && /\\p{L}{2}/u.test(text) && !/[[\\]]/.test(text)) found.push(text);
  }
  for (const one of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]")) {
    for (const name of ["aria-label", "placeholder", "title", "alt"]) {
      const text = one.getAttribute(name);
      if (text && !text.includes("[")) found.push(`${name}: ${text}`);
    }
  }
  for (const text of Object.values(document.querySelector("#words")?.dataset ?? {})) {
    if (!text.includes("[")) found.push(`data: ${text}`);
  }
  return found;
}"""
WITHOUT_SESSION = {
    *("session_over", "not_found", "receipt", "receipt_unknown", "receipt_known", "receipt_done"),
    *("declined", "not_set_up"),
}
"""Their language is the browser's; their texts are in the catalogues like the others."""
# What the person said, in their own words, is in no language of the page.
SAID = {WORDS, "I want to kill myself"}


@pytest.mark.parametrize("name", sorted(set(STATES) - WITHOUT_SESSION))
def test_nothing_is_left_untranslated(name: str, browse: Browse, stage: Stage) -> None:
    page = browse()
    STATES[name](page, stage)
    in_language(page, stage, "en-XA")
    left = [text for text in page.evaluate(UNTRANSLATED) if text not in SAID]
    assert left == []
    assert page.title().startswith("[")


def mirrored(page: Page, selector: str) -> tuple[float, float]:
    """How far a thing is from the left and from the right edge of the window, in px."""
    box = page.locator(selector).first.bounding_box()
    width = page.evaluate("innerWidth")
    assert box is not None
    return box["x"], width - box["x"] - box["width"]


def test_right_to_left_is_the_mirror_image(browse: Browse, stage: Stage) -> None:
    page = browse(viewport={"width": 900, "height": 800})
    token = stage.someone()
    stage.begin(page, token)
    page.click(".option[data-point='4']")
    page.wait_for_selector(".line.you")
    things = (".line.you", ".brand", ".key-hint", "#lines > li.case", ".write .button")
    before = {thing: mirrored(page, thing) for thing in things}
    stage.enter(page, token, "/app/language", locale="ar-XB")
    assert page.locator("html").get_attribute("dir") == "rtl"
    for thing, (left, right) in before.items():
        now = mirrored(page, thing)
        # Words are a little wider in one language than in the other; the near edge stays near.
        near = min((left, 0), (right, 1))[1]
        assert now[1 - near] == pytest.approx(min(left, right), abs=2), thing
    # What is not in the language of the page keeps its own direction.
    assert page.locator("#lines > li.case span[dir]").first.get_attribute("dir") == "auto"
    for edge in ("border-left-width", "border-right-width"):
        wide = page.eval_on_selector("#lines > li.case", f"e => getComputedStyle(e)['{edge}']")
        assert (wide == "4px") == (edge == "border-right-width")
