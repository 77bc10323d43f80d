"""Choosing activities, against another's reading of Deep Linking: the package lti1p3platform."""

import base64
import json
import re
from typing import Any

import pytest
from jwt.exceptions import InvalidSignatureError
from lti1p3platform.message_launch import LTIAdvantageMessageLaunchAbstract
from werkzeug.test import TestResponse

from sandbox.people import EDUCATOR
from store.db import Database
from tests.contract.campus import make_campus
from tests.contract.independent import Asked, Platform, connect, preflight
from tests.lti.forge import ISSUER, World

BACK = f"{ISSUER}/api/lti/content?tab=2"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
DATA = "module 3 & after"


class Choice(LTIAdvantageMessageLaunchAbstract):
    """Their request to choose activities."""

    def prepare_launch(self, preflight_response: dict[str, Any]) -> None:
        self.set_user_data("teacher-1", [MEMBERSHIP + "Instructor"], "Kim Lee", "k@example.edu")
        self.set_launch_context_claim("c-9", ["CourseSection"], "Course nine", "C9")
        self.set_dl(BACK, "Module 3", "Choose", extra_data=DATA)

    def render_launch_form(self, launch_data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return launch_data


@pytest.fixture
def campus(database: Database) -> World:
    world = make_campus(database)
    world.person = EDUCATOR
    return world


@pytest.fixture
def platform(campus: World) -> Platform:
    return connect(campus)


def begin(campus: World, platform: Platform) -> str:
    """Their request, opened here; the session's token."""
    browser, asked = preflight(campus, platform, "teacher-1")
    sent = Choice(Asked({"get_data": asked}), platform).lti_launch()
    page = browser.post("/lti/launch", data={k: sent[k] for k in ("id_token", "state")})
    assert page.status_code == 200 and "Choose the cases" in page.text, page.text
    return campus.entered[-1][1]


def answer(campus: World, token: str, **form: Any) -> str:
    page: TestResponse = campus.app.test_client().post(
        "/app/deep-link", data={"session": token, "policy": "follow", **form}
    )
    assert page.status_code == 200, page.text
    assert f'action="{BACK}"' in page.text
    found = re.search(r'name="JWT" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    ("form", "customs", "columns"),
    [
        ({"which": "pack:core"}, [{"pack": "core", "pack_version": "follow"}], 0),
        (
            {"which": "pack:core", "number": "2", "completion": "yes"},
            [{"pack": "core", "pack_version": "follow", "cases": "2", "completion": "on"}],
            1,
        ),
        (
            {"which": "single", "case": ["S01", "S02"], "separate": "yes", "completion": "yes"},
            [
                {"pack": "core", "pack_version": "follow", "scenarios": name, "completion": "on"}
                for name in ("S01", "S02")
            ],
            2,
        ),
        ({"which": "single", "case": [], "cancel": "yes"}, [], 0),
    ],
    ids=["one", "one with a column", "two with columns", "none"],
)
def test_their_check_takes_our_choice(
    campus: World,
    platform: Platform,
    form: dict[str, Any],
    customs: list[dict[str, str]],
    columns: int,
) -> None:
    jwt = answer(campus, begin(campus, platform), **form)
    items = platform.validate_deeplinking_resp({"JWT": jwt})
    assert [item["type"] for item in items] == ["ltiResourceLink"] * len(customs)
    assert [item["custom"] for item in items] == customs
    assert sum("lineItem" in item for item in items) == columns
    body = jwt.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    assert claims[DL + "data"] == DATA


def test_their_check_takes_our_keys_only(campus: World, platform: Platform) -> None:
    """Guards the test above."""
    jwt = answer(campus, begin(campus, platform), which="pack:core")
    head, body, signature = jwt.split(".")
    spoiled = ("B" if signature[0] == "A" else "A") + signature[1:]
    with pytest.raises(InvalidSignatureError):
        platform.validate_deeplinking_resp({"JWT": f"{head}.{body}.{spoiled}"})
