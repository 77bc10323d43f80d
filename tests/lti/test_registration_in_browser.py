"""An administrator registers the tool in a real browser: the frame closes by itself."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import BaseWSGIServer, make_server

from lti.fetch import exchange
from sandbox.app import create_app
from sandbox.platform import Platform
from sandbox.site import Site
from store.models.lti import Registration
from store.settings import Settings
from tests.lti.enrolling import Enrolment
from tests.lti.forge import World
from web.registration import registration_blueprint


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def serve() -> Iterator[Callable[[Flask, int], None]]:
    running: list[tuple[BaseWSGIServer, threading.Thread]] = []

    def start(app: Flask, port: int) -> None:
        server = make_server("127.0.0.1", port, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        running.append((server, thread))

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def address(
    world: World, serve: Callable[[Flask, int], None], monkeypatch: pytest.MonkeyPatch
) -> tuple[str, str]:
    """The sandbox's page for tools, and a registration address to paste there."""
    monkeypatch.delenv("GREYAREA_ENV", raising=False)
    port, tool_port = free_port(), free_port()
    tool = f"http://127.0.0.1:{tool_port}"
    world.settings = Settings(env="test", public_url=tool)
    world.app.register_blueprint(registration_blueprint(exchange))
    site = Site(issuer=f"http://localhost:{port}", tool_url=tool)
    serve(create_app(Platform(site)), port)
    serve(world.app, tool_port)
    invite = Enrolment(world).new_invite(allow_private_network=True)
    return f"{site.issuer}/tools", f"{tool}/lti/register/{invite}"


@pytest.fixture
def page(chromium: Browser, address: tuple[str, str]) -> Iterator[Page]:
    context = chromium.new_context()
    context.set_default_timeout(8000)
    yield context.new_page()
    context.close()


def paste(page: Page, address: tuple[str, str]) -> None:
    page.goto(address[0])
    page.get_by_label("Registration address").fill(address[1])
    page.get_by_role("button", name="Add the tool").click()


def test_the_page_closes_and_the_tool_is_listed(
    page: Page, address: tuple[str, str], world: World
) -> None:
    paste(page, address)
    expect(page.get_by_role("listitem").filter(has_text="Grey Area, client id")).to_be_visible()
    expect(page.locator("iframe")).to_have_count(0)
    assert world.count(Registration) == 2


def test_without_the_script_the_page_says_what_is_left_to_do(
    page: Page, address: tuple[str, str], world: World
) -> None:
    page.route("**/registered.js", lambda route: route.abort())
    paste(page, address)
    frame = page.frame_locator("#registration")
    expect(frame.get_by_role("heading", name="Registered")).to_be_visible()
    expect(frame.get_by_text("has to approve the connection")).to_be_visible()
    expect(frame.get_by_text("You can close this page.")).to_be_visible()


def test_a_refusal_is_seen_in_the_frame(page: Page, address: tuple[str, str], world: World) -> None:
    paste(page, (address[0], address[1] + "x"))
    frame = page.frame_locator("#registration")
    expect(frame.get_by_role("heading", name="Setting it up by hand")).to_be_visible()
    assert world.count(Registration) == 1
