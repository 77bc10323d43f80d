"""Over real HTTP: the way in with the sandbox, and servers that must not be spoken to."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import select
from werkzeug.serving import make_server

from lti.fetch import exchange, fetch_document
from sandbox.app import create_app
from sandbox.platform import Platform
from sandbox.site import Site
from store.lti_repository import approve_deployment, find_registration
from store.models.lti import Deployment, Registration
from tests.lti.enrolling import Enrolment
from tests.lti.forge import TOOL, World, new_client
from tests.lti.pages import Page
from web.launch import launch_blueprint
from web.registration import registration_blueprint


@dataclass
class Running:
    """A sandbox that answers on a port of its own."""

    platform: Platform
    url: str


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.delenv("GREYAREA_ENV", raising=False)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    platform = Platform(Site(issuer=f"http://localhost:{port}", tool_url=TOOL))
    server = make_server("127.0.0.1", port, create_app(platform), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Running(platform, platform.site.issuer)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def enrolment(world: World) -> Enrolment:
    made = Enrolment(world)
    made.app = world.app
    world.app.register_blueprint(registration_blueprint(exchange))
    return made


def start(sandbox: Running, invite: str) -> str:
    """Where the sandbox sends the administrator's frame; the path and query of it."""
    address = f"{TOOL}/lti/register/{invite}"
    answer = requests.get(
        f"{sandbox.url}/tools/start", params={"url": address}, timeout=10, allow_redirects=False
    )
    assert answer.status_code == 302
    parts = urlsplit(answer.headers["Location"])
    assert f"{parts.scheme}://{parts.netloc}" == TOOL
    return f"{parts.path}?{parts.query}"


def test_from_the_invite_to_the_first_launch(
    world: World, enrolment: Enrolment, sandbox: Running
) -> None:
    invite = enrolment.new_invite(allow_private_network=True)
    response = new_client(world.app).get(start(sandbox, invite))
    assert response.status_code == 200, response.text
    with world.database.read() as session:
        made = session.scalars(select(Registration).where(Registration.issuer == sandbox.url)).one()
        query = select(Deployment).where(Deployment.registration_id == made.id)
        deployment = session.scalars(query).one()
    (tool,) = sandbox.platform.registrations.tools
    assert (made.client_id, deployment.deployment_id) == (tool.client_id, tool.deployment_id)
    assert not made.active and not deployment.active
    with world.database.write() as session:
        row = find_registration(session, made.key)
        assert row is not None
        row.active = True
        approve_deployment(session, row, tool.deployment_id, world.clock())

    # The launch, as a browser that follows the forms: its signature is checked for real.
    moment = sandbox.platform.clock()
    world.clock.now = datetime.fromtimestamp(moment, UTC)
    world.keys.answer = fetch_document(made.jwks_url, allow_private=True)
    page = requests.get(
        f"{sandbox.url}/launch/learner-1/iframe", params={"tool": tool.client_id}, timeout=10
    )
    browser = new_client(world.app)
    assert f'action="{TOOL}/lti/login/{made.key}"' in page.text
    first = browser.post(f"/lti/login/{made.key}", data=fields(page.text))
    second = browser.get(first.headers["Location"])
    answer = requests.get(second.headers["Location"], timeout=10)
    assert f'action="{TOOL}/lti/launch"' in answer.text
    launched = browser.post("/lti/launch", data=fields(answer.text))
    assert (launched.status_code, launched.text) == (200, "entered as learner")


def fields(html: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in Page(html).fields.items()}


def test_the_sandbox_is_not_reached_without_leave(enrolment: Enrolment, sandbox: Running) -> None:
    path = start(sandbox, enrolment.invite)
    enrolment.assert_refused(new_client(enrolment.app).get(path), "address_insecure")
    assert sandbox.platform.registrations.tools == []


class Misbehaving(BaseHTTPRequestHandler):
    seen: list[str]

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        type(self).seen.append(self.path)
        self.send_response(302 if self.path == "/moved" else 200)
        if self.path == "/moved":
            self.send_header("Location", "/large")
        self.end_headers()
        if self.path == "/large":
            self.wfile.write(b"x" * (256 * 1024 + 1))


@pytest.fixture
def bad_server() -> Iterator[str]:
    Misbehaving.seen = []
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Misbehaving)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()
    thread.join()


@pytest.mark.parametrize(
    ("path", "detail"), [("/large", "detail=too large"), ("/moved", "detail=status 302")]
)
def test_large_answers_and_redirects_are_not_followed(
    enrolment: Enrolment,
    bad_server: str,
    path: str,
    detail: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    invite = enrolment.new_invite(allow_private_network=True)
    response = enrolment.open(invite, url=bad_server + path)
    enrolment.assert_refused(response, "configuration_unavailable", 502)
    assert detail in caplog.text
    assert Misbehaving.seen == [path]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_a_private_address_is_connected_to_but_told_nothing(
    enrolment: Enrolment, bad_server: str, host: str
) -> None:
    """https as the guard demands: the address is refused before the first byte of TLS."""
    url = bad_server.replace("http://127.0.0.1", f"https://{host}")
    response = enrolment.open(url=f"{url}/configuration")
    enrolment.assert_refused(response, "configuration_unavailable", 502)
    assert Misbehaving.seen == []


def test_post_carries_the_token_and_is_not_redirected() -> None:
    got: list[tuple[str, str, str, bytes]] = []

    class Echo(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kind, bearer = self.headers["Content-Type"], self.headers["Authorization"]
            got.append((self.path, kind, bearer, body))
            self.send_response(307)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
    thread.start()
    url = f"http://127.0.0.1:{httpd.server_port}/register"
    answer = exchange(url, allow_private=True, body=b"{}", bearer="t")
    httpd.shutdown()
    httpd.server_close()
    thread.join()
    assert answer.status == 307
    assert got == [("/register", "application/json", "Bearer t", b"{}")]


def test_the_launch_page_uses_the_guarded_fetch_by_default() -> None:
    assert launch_blueprint.__defaults__ == (fetch_document,)
    assert registration_blueprint.__defaults__ == (exchange,)
