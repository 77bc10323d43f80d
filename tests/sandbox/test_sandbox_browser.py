"""The sandbox in a real browser: layout, policy, frames, storage, and life without scripts."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask, redirect, request
from playwright.sync_api import Browser, Page, expect

from sandbox.app import create_app
from sandbox.keys import Keys, SigningKey
from sandbox.platform import Platform
from sandbox.site import Site

CHROMIUM = os.environ.get("CHROMIUM", shutil.which("chromium"))

TOOL_PAGE = """<!doctype html><html lang="en"><title>Tool</title><h1>Tool</h1>
<p id="got">{got}</p><ol id="answers"></ol>
<script>
const platform = new URL({auth!r}).origin;
const ask = (to, message) => new Promise((done) => {{
  const hear = ({{ data, origin }}) => {{
    if (origin === platform && data.message_id === message.message_id) {{
      removeEventListener("message", hear);
      done(data);
    }}
  }};
  addEventListener("message", hear);
  to.postMessage(message, platform);
}});
window.ask = async (message) => {{
  const host = window.opener ?? window.parent;
  const known = await ask(host, {{ subject: "lti.capabilities", message_id: "c" }});
  const {{ frame }} = known.supported_messages.find(({{ subject }}) => subject === "lti.put_data");
  return ask(frame === "_parent" ? host : host.frames[frame], message);
}};
</script>"""


def stub_tool(site: Site) -> Flask:
    """Trusts everything: it is only there to be launched."""
    app = Flask("stub")

    @app.route("/lti/login/sandbox", methods=["GET", "POST"])
    def login() -> object:
        asked = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "client_id": request.values["client_id"],
            "redirect_uri": site.redirect_uri,
            "login_hint": request.values["login_hint"],
            "lti_message_hint": request.values["lti_message_hint"],
            "state": request.values.get("lti_storage_target", "no storage"),
            "nonce": "n",
        }
        return redirect(f"{site.auth_url}?{urlencode(asked)}")

    @app.post("/lti/launch")
    def launch() -> str:
        kind = "id_token" if "id_token" in request.form else "nothing"
        return TOOL_PAGE.format(got=f"{kind}, {request.form['state']}", auth=site.auth_url)

    @app.get("/favicon.ico")
    def icon() -> tuple[str, int]:
        return "", 204

    return app


@pytest.fixture
def site(
    platform_key: SigningKey, free_port: Callable[[], int], serve: Callable[[Flask, int], None]
) -> Site:
    """The addresses of a served sandbox and stub tool, which are different sites."""
    port, tool_port = free_port(), free_port()
    made = Site(f"http://localhost:{port}", f"http://127.0.0.1:{tool_port}")
    serve(create_app(Platform(made, keys=Keys([platform_key]))), port)
    serve(stub_tool(made), tool_port)
    return made


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Open a page whose console has to stay silent until the test ends.

    It needs the site so that pages are closed before their server is: a request for an
    icon that is cut off then would be a complaint.
    """
    contexts, complaints = [], []

    def watch(page: Page) -> None:
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text) if message.type in {"error", "warning"} else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))

    def start(width: int = 1280, **options: object) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        context.set_default_timeout(8000)
        contexts.append(context)
        context.on("page", watch)
        return context.new_page()

    yield start
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", ["/", "/?storage=frame&names=on", "/gradebook", "/roster"])
def test_pages_fit_without_scrolling_sideways(
    visit: Callable, site: Site, tmp_path: Path, width: int, scheme: str, path: str
) -> None:
    page = visit(width, color_scheme=scheme)
    page.goto(site.issuer + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    low = page.evaluate(
        """() => [...document.querySelectorAll("button, select, nav a")]
          .map((element) => element.getBoundingClientRect())
          .filter(({ width, height }) => width < 24 || height < 44).length"""
    )
    assert low == 0
    folder = Path(os.environ.get("SANDBOX_SHOTS", tmp_path))
    name = "".join(letter if letter.isalnum() else "-" for letter in path)
    shot = folder / f"sandbox{name}-{width}-{scheme}.png"
    page.screenshot(path=shot, full_page=True)
    assert shot.stat().st_size > 10_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(visit: Callable, site: Site, scheme: str) -> None:
    page = visit(color_scheme=scheme)
    page.goto(f"{site.issuer}/?names=on")
    ratios = page.evaluate(
        """() => {
          const channel = (value) =>
            value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
          const luminance = (colour) => {
            const [r, g, b] = colour.match(/[\\d.]+/g).map((part) => channel(part / 255));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const ground = (element) => {
            const colour = getComputedStyle(element).backgroundColor;
            return /, 0\\)$/.test(colour) ? ground(element.parentElement) : colour;
          };
          return [...document.querySelectorAll("h1, h2, h3, p, a, button, select, label, span")]
            .map((element) => {
              const pair = [getComputedStyle(element).color, ground(element)].map(luminance);
              return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
            });
        }"""
    )
    assert len(ratios) > 40
    assert min(ratios) >= 4.5


def test_launch_in_the_same_window(visit: Callable, site: Site) -> None:
    page = visit()
    page.goto(site.issuer)
    page.get_by_role("button", name="Same window for Amara Sandbrook").click()
    expect(page.locator("#got")).to_have_text("id_token, no storage")
    assert page.url == site.redirect_uri


def test_launch_in_the_course_page(visit: Callable, site: Site) -> None:
    page = visit(320)
    page.goto(site.issuer)
    page.get_by_role("button", name="In the course page for Priya Baluka").click()
    frame = page.frame_locator("iframe[name=contentframe]")
    expect(frame.locator("#got")).to_have_text("id_token, no storage")
    expect(page.get_by_role("button", name="Open the activity")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_launch_in_a_new_window_which_knows_its_opener(visit: Callable, site: Site) -> None:
    page = visit()
    page.goto(site.issuer)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="New window for Marit Sandmark").click()
    expect(opened.value.locator("#got")).to_have_text("id_token, no storage")
    assert opened.value.evaluate("window.opener !== null")
    assert page.url == f"{site.issuer}/"


def test_everything_works_without_scripts(visit: Callable, site: Site) -> None:
    page = visit(java_script_enabled=False)
    page.goto(site.issuer)
    page.get_by_label("Language of the course").select_option("ar")
    page.get_by_role("button", name="Use these settings").click()
    page.get_by_role("button", name="In the course page for Amara Sandbrook").click()
    page.get_by_role("button", name="Open the activity").click()
    frame = page.frame_locator("iframe[name=contentframe]")
    frame.get_by_role("button", name="Continue").click()
    expect(frame.locator("#got")).to_have_text("id_token, no storage")


@pytest.mark.parametrize("storage", ["parent", "frame"])
@pytest.mark.parametrize("container", ["In the course page", "New window"])
def test_platform_storage(visit: Callable, site: Site, storage: str, container: str) -> None:
    page = visit()
    page.goto(f"{site.issuer}/?storage={storage}")
    button = page.get_by_role("button", name=f"{container} for Amara Sandbrook")
    if container == "New window":
        with page.expect_popup() as opened:
            button.click()
        tool = opened.value.main_frame
    else:
        button.click()
        expect(page.frame_locator("iframe[name=contentframe]").locator("#got")).to_be_visible()
        tool = page.frame("contentframe")
    target = {"parent": "_parent", "frame": "lti_storage_frame"}[storage]
    expect(tool.locator("#got")).to_have_text(f"id_token, {target}")

    def ask(subject: str, **rest: object) -> dict:
        message = {"subject": subject, "message_id": "m", **rest}
        answer = tool.evaluate("(message) => window.ask(message)", message)
        assert answer["subject"] == f"{subject}.response"
        return answer

    assert ask("lti.get_data", key="state")["value"] is None
    assert ask("lti.put_data", key="state", value="s-1")["value"] == "s-1"
    assert ask("lti.get_data", key="state")["value"] == "s-1"
    assert ask("lti.put_data", key="state", value=None)["value"] is None
    assert ask("lti.get_data", key="state")["value"] is None
    assert ask("lti.put_data", key="k", value=1)["error"]["code"] == "bad_request"
    assert ask("lti.get_data")["error"]["code"] == "bad_request"
    assert ask("lti.put_data", key="k", value="x" * 5000)["error"]["code"] == "storage_exhaustion"
    assert ask("lti.strange")["error"]["code"] == "unsupported_subject"
    assert ask("lti.constructor")["error"]["code"] == "unsupported_subject"


def test_storage_does_not_answer_other_origins(visit: Callable, site: Site) -> None:
    page = visit()
    page.goto(f"{site.issuer}/?storage=parent")
    # The page's own origin is not the tool's. Messages of one window arrive in order:
    # an answer to the first would have to come before the one sent on the second.
    heard = page.evaluate(
        """() => new Promise((done) => {
          const heard = [];
          addEventListener("message", ({ data }) => {
            heard.push(data.subject);
            if (data.subject === "between") postMessage({ subject: "end" }, location.origin);
            if (data.subject === "end") done(heard);
          });
          postMessage({ subject: "lti.capabilities", message_id: "a" }, location.origin);
          postMessage({ subject: "between" }, location.origin);
        })"""
    )
    assert heard == ["lti.capabilities", "between", "end"]
