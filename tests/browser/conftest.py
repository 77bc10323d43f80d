"""Watched browser pages, and the tool's pages on a small stage with a bot that can be away."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from store.db import Database
from store.keyring import Keyring
from store.settings import Settings
from tests.web.conftest import Site, StandIn
from tests.worlds import NOW, make_world
from web import learner
from web.app import create_app
from web.services import Services

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OWN_HOSTS = {"127.0.0.1", "localhost"}
LISTEN = """
addEventListener("securitypolicyviolation",
  (event) => window.policyViolated(`${event.violatedDirective}: ${event.blockedURI}`));
"""
Browse = Callable[..., Page]


@pytest.fixture
def browse(chromium: Browser) -> Iterator[Browse]:
    """Opens pages whose context has these options; at the end nothing may have been complained of.

    A violated policy, an error of a script, a request to another host and a fetched font each
    fail the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def asked(url: str, kind: str) -> None:
        host = urlsplit(url).hostname
        if url.startswith("http") and host not in OWN_HOSTS:
            complaints.append(f"request to {host}")
        if kind == "font":
            complaints.append(f"font {url}")

    def open_page(**options: Any) -> Page:
        context = chromium.new_context(**{"viewport": {"width": 390, "height": 800}, **options})
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.expose_binding("policyViolated", lambda _, what: complaints.append(what))
        context.add_init_script(LISTEN)
        context.on("request", lambda r: asked(r.url, r.resource_type))
        context.on("weberror", lambda e: complaints.append(str(e.error)))
        context.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    # The browser reports a 4xx page, or a lost line, as an error of the network.
    assert [text for text in complaints if "Failed to load resource" not in text] == []


@dataclass
class Stage:
    """The tool's own pages on a real server, entered without an LMS."""

    site: Site
    url: str
    people: int = 0

    def someone(self, **activity: Any) -> str:
        """A session of somebody who has not been here before."""
        self.people += 1
        return self.site.token(f"someone-{self.people}", **activity)

    def enter(self, page: Page, token: str, path: str = "/app", **fields: str) -> None:
        """Post a session from a page of this server, as the launch does, and wait for the page."""
        page.goto(f"{self.url}/healthz")
        with page.expect_navigation():
            page.evaluate(
                """([action, fields]) => {
                  const form = document.createElement("form");
                  Object.assign(form, {method: "post", action});
                  for (const [name, value] of Object.entries(fields)) {
                    const field = document.createElement("input");
                    Object.assign(field, {type: "hidden", name, value});
                    form.append(field);
                  }
                  document.body.append(form);
                  form.submit();
                }""",
                [path, {"session": token, **fields}],
            )

    def begin(self, page: Page, token: str, **fields: str) -> None:
        """Agree and begin without looking at the form."""
        given = {"take_part": "yes", "research": "yes", "role_view": "learner", "answer": "yes"}
        self.enter(page, token, "/app/consent", **given, **fields)


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """A fresh institution behind a real server, and a bot that a test can send away."""
    database = Database.from_url(f"sqlite:///{folder / 'stage.db'}")
    world, bot, keyring = make_world(database), StandIn(database), Keyring(b"k" * 32)
    settings = Settings(env="test", var_dir=folder)  # type: ignore[call-arg]
    app = create_app(Services(database, keyring, settings, bot, lambda: NOW, learner.enter))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Stage(Site(app, world, bot, keyring), f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    database.engine.dispose()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage of one test's own."""
    with staged(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def common_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A stage for tests that only look: each of them brings people of its own."""
    with staged(tmp_path_factory.mktemp("stage")) as made:
        yield made


def faults(page: Page) -> list[str]:
    """What axe finds on the page as it stands: rule and place."""
    # From the top: further down the bar lies over whatever happens to be beneath it.
    page.evaluate("scrollTo(0, 0)")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": LEVELS}})
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def said(page: Page) -> int:
    """How many lines the conversation has."""
    return page.locator("#lines > li").count()


def press(page: Page, label: str) -> None:
    """Press a button by its label and wait for the reply."""
    before = said(page)
    page.click(f"button:text-is('{label}')")
    expect(page.locator("#lines > li").nth(before)).to_be_attached()


def write(page: Page, text: str) -> None:
    """Send words and wait for the reply."""
    before = said(page)
    page.fill("#text", text)
    page.click(".write .button")
    expect(page.locator("#lines > li").nth(before)).to_be_attached()
