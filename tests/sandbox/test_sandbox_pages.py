"""The pages that people see, the headers on them, and when the sandbox refuses to run."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from sandbox import __main__ as command
from sandbox.app import create_app
from sandbox.errors import ProductionRefusedError, SettingError
from sandbox.gradebook import Gradebook
from sandbox.keys import Keys, SigningKey
from sandbox.people import LEARNERS
from sandbox.platform import Platform
from sandbox.scores import Score

ROOT = Path(__file__).resolve().parents[2]
PAGES = ["/", "/gradebook", "/roster", "/tools", "/return", "/launch/educator/iframe", "/storage"]


def graded(gradebook: Gradebook, comment: str = "") -> None:
    done = Score(LEARNERS[0].sub, 1, "FullyGraded", "Completed", 1, 1, comment)
    gradebook.record(1, LEARNERS[0].sub, done)


def test_the_course_page_shows_four_people_with_three_ways_each(client: FlaskClient) -> None:
    text = client.get("/").text
    assert "This is a sandbox." in text
    assert "Assessment and feedback in health professions education" in text
    assert "Grey areas of AI in assessment" in text
    for name in ("Amara Sandbrook", "Tomás Arenal", "Priya Baluka", "Marit Sandmark"):
        assert text.count(f"for {name}</span>") == 3
    targets = re.findall(r'formaction="([^"]+)" formtarget="([^"]+)"', text)
    assert targets[:3] == [
        ("/launch/learner-1/same", "_self"),
        ("/launch/learner-1/iframe", "_self"),
        ("/launch/learner-1/window", "_blank"),
    ]
    assert "storage.js" not in text


def test_settings_are_carried_into_the_launches_and_shown_again(client: FlaskClient) -> None:
    text = client.get("/?storage=frame&names=on&locale=es&role=learner").text
    for name, value in (
        ("storage", "frame"),
        ("names", "on"),
        ("locale", "es"),
        ("role", "learner"),
    ):
        assert text.count(f'<input type="hidden" name="{name}" value="{value}">') == 5
        assert f'<option value="{value}" selected>' in text
    assert 'name="lti_storage_frame"' in text
    assert "Changed settings are in use" in text


def test_settings_that_are_not_offered_fall_back(client: FlaskClient) -> None:
    assert client.get("/?storage=x&locale=%22%3E").text == client.get("/").text


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_a_strict_policy(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    # Nothing inline, nothing from elsewhere.
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", answer.text)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)


def test_only_launch_pages_may_send_forms_to_the_tool(client: FlaskClient) -> None:
    tool = "http://127.0.0.1:8080"
    assert tool not in client.get("/").headers["Content-Security-Policy"]
    assert tool in client.get("/launch/educator/same").headers["Content-Security-Policy"]


def test_the_number_address_leads_to_the_issuers_name(client: FlaskClient) -> None:
    answer = client.get("/?names=on", base_url="http://127.0.0.1:8090")
    assert answer.status_code == 302
    assert answer.location == "http://localhost:8090/?names=on"


def test_an_empty_gradebook_says_so(client: FlaskClient) -> None:
    assert "No scores yet." in client.get("/gradebook").text


def test_a_gradebook_without_columns_says_so(platform_key: SigningKey) -> None:
    client = create_app(Platform(keys=Keys([platform_key]), graded=False)).test_client()
    assert "no grade column yet" in client.get("/gradebook").text


def test_the_gradebook_shows_columns_and_scores_escaped(
    client: FlaskClient, platform: Platform
) -> None:
    platform.gradebook.add("<i>Reflection</i>", 10, tag="completion")
    graded(platform.gradebook, comment="<script>")
    text = client.get("/gradebook").text
    assert "One score." in text
    assert "&lt;i&gt;Reflection" in text
    assert "out of 10 · tag completion · made by the tool" in text
    assert "&lt;script&gt;" in text
    assert text.count("no score") == 39


def test_the_roster_shows_both_roles_and_launches_everybody(client: FlaskClient) -> None:
    text = client.get("/roster?locale=de").text
    assert text.count("Launch in a new window") == 22
    assert "/launch/learner-20/window?storage=off&amp;names=off&amp;locale=de" in text
    assert "Not enrolled, not told" in text
    assert client.get("/launch/learner-20/window").status_code == 200


def test_an_empty_roster_says_so(platform_key: SigningKey) -> None:
    client = create_app(Platform(people=(), keys=Keys([platform_key]))).test_client()
    assert "Nobody is enrolled." in client.get("/roster").text
    assert client.get("/").status_code == 200


def test_the_way_back_shows_the_tools_messages_escaped(client: FlaskClient) -> None:
    text = client.get("/return?lti_errormsg=<b>no</b>&lti_msg=bye").text
    assert "reports a problem: &lt;b&gt;no" in text
    assert "says: bye" in text
    assert "You have left the activity." in client.get("/return").text


def test_an_error_has_a_page(client: FlaskClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "Back to the course" in answer.text


@pytest.mark.parametrize("value", ["production", " Production "])
def test_the_app_refuses_production(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("GREYAREA_ENV", value)
    with pytest.raises(ProductionRefusedError, match="GREYAREA_ENV"):
        create_app()


def run(**environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sandbox"],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_command_refuses_production(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    ended = run(GREYAREA_ENV="production", SANDBOX_STATE=str(state))
    assert ended.returncode == 2
    assert "GREYAREA_ENV=production" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert not state.exists()


def test_the_command_names_a_wrong_setting() -> None:
    ended = run(SANDBOX_PORT="http")
    assert ended.returncode == 2
    assert "SANDBOX_PORT" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "environ",
    [
        {"SANDBOX_PORT": "0"},
        {"SANDBOX_PORT": "65536"},
        {"SANDBOX_PORT": "９0"},
        {"SANDBOX_TOOL_URL": "ftp://tool"},
        {"SANDBOX_TOOL_URL": "127.0.0.1:8080"},
        {"SANDBOX_TOOL_URL": "http://"},
    ],
)
def test_wrong_settings(environ: dict[str, str]) -> None:
    with pytest.raises(SettingError):
        command.build_platform(environ)


def test_settings(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    environ = {
        "SANDBOX_PORT": "8091",
        "SANDBOX_TOOL_URL": "https://tool.example/",
        "SANDBOX_STATE": str(state),
    }
    first, second = command.build_platform(environ), command.build_platform(environ)
    assert first.site.issuer == "http://localhost:8091"
    assert first.site.login_url == "https://tool.example/lti/login/sandbox"
    assert first.keys.jwks() == second.keys.jwks()
    assert command.build_platform({}).site.issuer == "http://localhost:8090"


def test_the_command_serves_and_stops_cleanly(free_port: Callable[[], int]) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox"],
        cwd=ROOT,
        env={**os.environ, "SANDBOX_PORT": str(port)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        # Printed once the socket listens.
        assert process.stdout.readline().startswith(f"Sandbox course: http://localhost:{port}")
    finally:
        process.terminate()
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert errors == ""
