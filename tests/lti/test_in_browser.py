"""A launch in an iframe of another site, in a real browser, with and without cookies there.

The LMS is on localhost and the tool on 127.0.0.1, so that they are different sites.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from typing import Any

import pytest
from flask import Flask, request
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect
from werkzeug.serving import BaseWSGIServer, make_server

from sandbox.options import LaunchOptions
from store.settings import Settings
from tests.lti.forge import Begun, World, edit_registration

CHROMIUM = os.environ.get("CHROMIUM", shutil.which("chromium"))
STORAGE = """
<script>
const kept = {};
addEventListener("message", ({data, source, origin}) => {
  if (data.subject === "lti.put_data") kept[data.key] = data.value;
  source.postMessage({subject: data.subject + ".response", message_id: data.message_id,
    key: data.key, value: kept[data.key]}, origin);
});
</script>
"""


class Campus:
    """The LMS: a course page with the tool in a frame, and its authentication page."""

    def __init__(self, world: World) -> None:
        self.world, self.tool, self.origin = world, "", ""
        self.storage_target, self.answers = "", True
        self.app = Flask("campus")
        self.app.add_url_rule("/course", "course", self.course)
        self.app.add_url_rule("/auth", "auth", self.auth)

    def course(self) -> str:
        site = replace(self.world.platform.site, issuer=self.origin, tool_url=self.tool)
        platform, person = self.world.platform, self.world.person
        fields = platform.login_fields(person, "iframe", LaunchOptions(), site)
        if self.storage_target:
            fields["lti_storage_target"] = self.storage_target
        script = STORAGE if self.answers else ""
        return f"{script}{form(f'{self.tool}/lti/login/campus', fields, 'tool')}" + (
            '<iframe name="tool" width="800" height="500"></iframe>'
        )

    def auth(self) -> str:
        return form(request.args["redirect_uri"], self.world.answer(Begun(request.url)))


def form(action: str, fields: dict[str, str], target: str = "_self") -> str:
    """A page with one form and a button to send it."""
    inputs = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in fields.items()
    )
    start = f'<form method="post" action="{action}" target="{target}">'
    return f"{start}{inputs}<button>Go</button></form>"


def without_frame_cookies(application: Callable[..., Any]) -> Callable[..., Any]:
    """A browser that keeps no cookie in frames: what is set there does not arrive."""

    def wrapped(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            if environ.get("HTTP_SEC_FETCH_DEST") == "iframe":
                headers = [pair for pair in headers if pair[0] != "Set-Cookie"]
            return start(status, headers, *rest)

        return application(environ, started)

    return wrapped


def serve(application: Callable[..., Any]) -> tuple[BaseWSGIServer, threading.Thread]:
    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    return server, thread


@pytest.fixture
def blocked() -> bool:
    """Whether frames keep no cookies at all; a test says otherwise by a parameter."""
    return True


@pytest.fixture
def campus(world: World, blocked: bool) -> Iterator[Campus]:
    campus = Campus(world)
    lms = serve(campus.app)
    tool = serve(without_frame_cookies(world.app) if blocked else world.app)
    campus.origin = f"http://localhost:{lms[0].server_port}"
    campus.tool = f"http://127.0.0.1:{tool[0].server_port}"
    world.settings = Settings(env="test", public_url=campus.tool)

    def change(row: Any) -> None:
        row.issuer, row.auth_url = campus.origin, f"{campus.origin}/auth"

    edit_registration(world, change)
    yield campus
    for server, thread in (lms, tool):
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context()
    yield context
    context.close()


def open_course(context: BrowserContext, campus: Campus) -> tuple[Page, FrameLocator, list[str]]:
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{campus.origin}/course")
    page.get_by_role("button", name="Go").first.click()
    return page, page.frame_locator("iframe"), said


SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])


@SCRIPT
@pytest.mark.parametrize("blocked", [False])
def test_partitioned_cookie(chromium: Browser, campus: Campus, script: bool) -> None:
    context = chromium.new_context(java_script_enabled=script)
    _, frame, _ = open_course(context, campus)
    frame.get_by_role("button", name="Go").click()
    expect(frame.get_by_text("entered as learner")).to_be_visible()
    context.close()


def test_platform_storage_without_script_offers_a_new_tab(
    chromium: Browser, campus: Campus
) -> None:
    campus.storage_target = "_parent"
    context = chromium.new_context(java_script_enabled=False)
    page, frame, _ = open_course(context, campus)
    with page.expect_popup() as popup:
        frame.get_by_role("button", name="Open in a new tab").click()
    popup.value.get_by_role("button", name="Go").click()
    expect(popup.value.get_by_text("entered as learner")).to_be_visible()
    context.close()


def test_platform_storage(context: BrowserContext, campus: Campus) -> None:
    campus.storage_target = "_parent"
    _, frame, said = open_course(context, campus)
    frame.get_by_role("button", name="Go").click()
    expect(frame.get_by_text("entered as learner")).to_be_visible()
    assert not [text for text in said if "Content Security Policy" in text]


def test_storage_that_does_not_answer(context: BrowserContext, campus: Campus) -> None:
    campus.storage_target, campus.answers = "_parent", False
    _, frame, _ = open_course(context, campus)
    expect(frame.get_by_role("status")).to_be_visible()
    expect(frame.get_by_role("button", name="Open in a new tab")).to_be_visible()


@SCRIPT
def test_new_tab(chromium: Browser, campus: Campus, script: bool) -> None:
    context = chromium.new_context(java_script_enabled=script)
    page, frame, _ = open_course(context, campus)
    with page.expect_popup() as popup:
        frame.get_by_role("button", name="Open in a new tab").click()
    popup.value.get_by_role("button", name="Go").click()
    expect(popup.value.get_by_text("entered as learner")).to_be_visible()
    context.close()
