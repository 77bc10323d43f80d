"""An LMS that does nothing but launch: its key set, and people who go through a launch.

Requests are made with ``http.client``, so that the load costs little beside what it measures.
"""

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

HOST = "127.0.0.1"
CLIENT = "bench"
DEPLOYMENT = "1"
KID = "bench-key"
LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
COOKIE_CHECK = "lti1p3_new_window"
"""Parameter with which PyLTI1p3's page for checking cookies opens the login again."""


class LaunchFailed(Exception):
    """A step was answered otherwise than expected; the message has the status."""


@dataclass(frozen=True, slots=True)
class Tool:
    """What is launched. ``shows`` stands on the page after the launch."""

    port: int
    login_path: str
    shows: str
    checks_cookies: bool = False


@dataclass
class Lms:
    """Serves its key set on a port of its own while it is open."""

    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def __enter__(self) -> "Lms":
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        public = {"kty": "RSA", "n": jwk["n"], "e": jwk["e"], "kid": KID, "alg": "RS256"}
        document = json.dumps({"keys": [public]}).encode()

        class KeySet(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(document)))
                self.end_headers()
                self.wfile.write(document)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer((HOST, 0), KeySet)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def issuer(self) -> str:
        """Its origin."""
        return f"http://{HOST}:{self._server.server_port}"

    def id_token(self, tool: Tool, sub: str, nonce: str) -> str:
        """A learner's launch as an LMS with both services sends it."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": sub,
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            f"{LTI}deployment_id": DEPLOYMENT,
            f"{LTI}message_type": "LtiResourceLinkRequest",
            f"{LTI}version": "1.3.0",
            f"{LTI}target_link_uri": f"http://{HOST}:{tool.port}/lti/launch",
            f"{LTI}roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
            f"{LTI}context": {"id": "course-1", "label": "HPE 1", "title": "Assessment"},
            f"{LTI}resource_link": {"id": "link-1", "title": "Grey cases"},
            f"{LTI}custom": {"pack": "core", "pack_version": "follow", "completion": "on"},
            f"{LTI}launch_presentation": {
                "locale": "en",
                "document_target": "iframe",
                "return_url": f"{self.issuer}/return?course=1",
            },
            f"{LTI}tool_platform": {"product_family_code": "bench", "guid": "bench"},
            "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint": {
                "scope": [f"{AGS}score", f"{AGS}result.readonly", f"{AGS}lineitem"],
                "lineitems": f"{self.issuer}/lineitems",
                "lineitem": f"{self.issuer}/lineitems/1",
            },
            "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice": {
                "context_memberships_url": f"{self.issuer}/memberships",
                "service_versions": ["2.0"],
            },
        }
        return jwt.encode(claims, self.key, "RS256", headers={"kid": KID})


def launch(lms: Lms, tool: Tool, sub: str) -> float:
    """Go through login and launch as a browser would; seconds that the tool took in all.

    Raises:
        LaunchFailed: a step was refused, or the page is another one.
        OSError, http.client.HTTPException: no answer.
    """
    visit = _Visit(tool)
    login = {
        "iss": lms.issuer,
        "login_hint": sub,
        "target_link_uri": f"http://{HOST}:{tool.port}/lti/launch",
        "client_id": CLIENT,
        "lti_message_hint": "bench",
    }
    try:
        visit.send("POST", tool.login_path, login)
        if tool.checks_cookies:
            visit.expect(200)
            visit.send("GET", f"{tool.login_path}?{urlencode({**login, COOKIE_CHECK: '1'})}")
        for _ in range(3):
            visit.expect(302, 303)
            if visit.location.startswith(lms.issuer):
                break
            visit.send("GET", visit.location)
        asked = parse_qs(urlsplit(visit.location).query)
        token = lms.id_token(tool, sub, asked["nonce"][0])
        visit.send("POST", "/lti/launch", {"id_token": token, "state": asked["state"][0]})
        visit.expect(200)
        if tool.shows not in visit.body:
            raise LaunchFailed("another page")
    finally:
        visit.close()
    return visit.seconds


class _Visit:
    """One browser on its way: a connection, cookies, and the last answer."""

    def __init__(self, tool: Tool) -> None:
        self._connection = http.client.HTTPConnection(HOST, tool.port, timeout=30)
        self._cookies: dict[str, str] = {}
        self.seconds = 0.0
        self.status, self.location, self.body = 0, "", ""

    def send(self, method: str, path: str, form: dict[str, str] | None = None) -> None:
        headers = dict(FORM) if form else {}
        if self._cookies:
            headers["Cookie"] = "; ".join(
                f"{name}={value}" for name, value in self._cookies.items()
            )
        began = time.perf_counter()
        self._connection.request(method, path, urlencode(form) if form else None, headers)
        answer = self._connection.getresponse()
        self.body = answer.read().decode()
        self.seconds += time.perf_counter() - began
        self.status = answer.status
        self.location = answer.headers.get("Location", "")
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value

    def expect(self, *statuses: int) -> None:
        if self.status not in statuses:
            raise LaunchFailed(f"status {self.status}")

    def close(self) -> None:
        self._connection.close()
