"""Choosing activities for a course: what goes back to the LMS."""

import html
import re
from dataclasses import replace
from typing import Any

import jwt
import pytest
from werkzeug.test import TestResponse

from lti.deep_link_settings import DeepLinkSettings
from lti.roles import Role
from store.models import Attempt, Participant, ResourceLink
from tests.web.conftest import Site

DL = "https://purl.imsglobal.org/spec/lti-dl/claim/"
BACK = "https://testville.example.edu/return?sesskey=abc"
CHOICE = DeepLinkSettings(return_url=BACK, accept_multiple=True, launch_url="https://t/lti/launch")


def send(site: Site, choice: DeepLinkSettings = CHOICE, **values: Any) -> TestResponse:
    token = site.token("teacher", Role.EDUCATOR, choice=choice)
    form = {"which": "pack:core", "policy": "follow", **values}
    return site.client().post("/app/deep-link", data={"session": token, **form})


def items_of(answer: TestResponse) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    assert f'action="{html.escape(BACK)}"' in answer.text
    found = re.search(r'name="JWT" value="([^"]+)"', answer.text)
    assert found is not None
    payload = jwt.decode(found[1], options={"verify_signature": False})
    items: list[dict[str, Any]] = payload[DL + "content_items"]
    return items


def test_a_pack(site: Site) -> None:
    (item,) = items_of(send(site, number="2", policy="pin", title="  Our   cases "))
    assert item["custom"] == {"pack": "core", "pack_version": "2", "cases": "2"}
    assert (item["type"], item["title"]) == ("ltiResourceLink", "Our cases")
    assert item["url"] == "https://t/lti/launch" and "lineItem" not in item


def test_completion_brings_a_column(site: Site) -> None:
    (item,) = items_of(send(site, completion="yes"))
    assert item["custom"]["completion"] == "on"
    assert item["lineItem"]["scoreMaximum"] == 1
    assert (item["lineItem"]["resourceId"], item["lineItem"]["tag"]) == ("core", "completion")


def test_no_column_where_the_lms_takes_none(site: Site) -> None:
    choice = replace(CHOICE, accept_lineitem=False)
    (item,) = items_of(send(site, choice, completion="yes"))
    assert "lineItem" not in item and item["custom"]["completion"] == "on"


def test_an_activity_for_each_case(site: Site) -> None:
    items = items_of(send(site, which="single", case=["S01", "S02"], separate="yes"))
    assert [item["custom"]["scenarios"] for item in items] == ["S01", "S02"]
    assert len({item["title"] for item in items}) == 2
    assert all("cases" not in item["custom"] for item in items)


def test_one_activity_where_the_lms_takes_one(site: Site) -> None:
    choice = replace(CHOICE, accept_multiple=False)
    (item,) = items_of(send(site, choice, which="single", case=["S01", "S02"], separate="yes"))
    assert item["custom"]["scenarios"] == "S01,S02"


def test_what_cannot_be_is_said_and_the_choice_stays_open(site: Site) -> None:
    token = site.token("teacher", Role.EDUCATOR, choice=CHOICE)

    def post(**values: str) -> TestResponse:
        return site.post("/app/deep-link", token, policy="follow", **values)

    wrong = post(which="single", case="S05", title="<b>Mine</b>")
    assert wrong.status_code == 422 and "Not as the first or only case" in wrong.text
    assert "&lt;b&gt;Mine" in wrong.text and "own for each case" in wrong.text
    assert items_of(post(which="single", case="S01", title="<b>Mine</b>"))


def test_cancelling_sends_an_empty_list_once(site: Site) -> None:
    token = site.token("teacher", Role.EDUCATOR, choice=CHOICE)
    assert items_of(site.post("/app/deep-link", token, cancel="yes", which="pack:core")) == []
    again = site.post("/app/deep-link", token, which="pack:core")
    assert again.status_code in (400, 401, 403, 409) and 'name="JWT"' not in again.text


@pytest.mark.parametrize("path", ["/app", "/app/consent", "/app/activity", "/app/class"])
def test_the_session_of_a_choice_serves_for_nothing_else(site: Site, path: str) -> None:
    token = site.token("teacher", Role.EDUCATOR, choice=CHOICE)
    assert site.post(path, token, take_part="yes").status_code == 403
    assert site.world.rows(Attempt) == [] and site.world.rows(Participant) == []


def test_a_launchs_session_cannot_answer_a_choice(site: Site) -> None:
    answer = site.post("/app/deep-link", site.token("t", Role.EDUCATOR), which="pack:core")
    assert answer.status_code == 403
    assert all(row.chosen is None for row in site.world.rows(ResourceLink))
