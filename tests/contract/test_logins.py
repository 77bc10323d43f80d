"""The login, before there is any token, and what is answered in the place of one."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from sandbox.people import EDUCATOR
from store.models.lti import LaunchAttempt
from tests.contract.rows import Row, variant
from tests.lti.forge import ISSUER, MISSING, World, add_second_client


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "changes",
    [
        variant("S41", {"iss": MISSING}),
        variant("S41", {"iss": ""}),
        variant("S41", {"login_hint": MISSING}),
        variant("S41", {"login_hint": ""}),
        variant("S41", {"login_hint": "x" * 17_000}),
        variant("S41", {"lti_message_hint": "x" * 17_000}),
        variant("S41", {"target_link_uri": MISSING}),
        variant("S33", {"target_link_uri": MISSING}),
        variant("S33", {"target_link_uri": ""}),
        variant("S33", {"target_link_uri": "javascript:alert(1)"}),
        variant("S42", {"iss": "https://<script>alert(1)</script>.example"}),
        variant("S42", {"iss": ISSUER + "/"}),
        variant("S42", {"iss": "http://lms.example.edu"}),
        variant("S42", {"client_id": "client-<b>"}),
    ],
)
def test_refused(world: World, row: Row, changes: dict[str, Any], method: str) -> None:
    code = "login_invalid" if row.id == "S33" else None
    response = world.login(method=method, **changes)
    row.refuses(world, response, code)
    assert world.count(LaunchAttempt) == 0
    for value in changes.values():
        assert value in (MISSING, "") or str(value) not in response.text
    assert "<script>alert" not in response.text and "<b>" not in response.text


@pytest.mark.case("S43")
@pytest.mark.parametrize("key", ["campus", "second"])
def test_the_address_tells_clients_apart(world: World, key: str) -> None:
    other = add_second_client(world)
    site = other if key == "second" else world.platform.site
    begun = world.begin(key, site=site, client_id=MISSING)
    assert begun.request["client_id"] == site.client_id
    assert world.launch(world.forge(begun), begun.state).text == "entered as learner"


@pytest.mark.case("S43")
@pytest.mark.parametrize("address", ["/lti/login", "/lti/login/", "/lti/login/nobody"])
def test_without_an_address_of_its_own_there_is_help(world: World, row: Row, address: str) -> None:
    fields = {"iss": ISSUER, "login_hint": "7", "target_link_uri": "http://127.0.0.1:8080/"}
    for response in (
        world.client.post(address, data=fields),
        world.client.get(address, query_string=fields),
    ):
        row.refuses(world, response)
        assert "login address of the tool" in response.text


@pytest.mark.case("S43")
def test_the_address_of_one_client_with_the_id_of_another(world: World, row: Row) -> None:
    add_second_client(world)
    row.refuses(world, world.login("second"))


@pytest.mark.case("S44")
@pytest.mark.parametrize("hint", ["", "a&b=c#d+e %41", "ü→🙂" * 100, "x" * 5000, '"><script>'])
def test_the_hint_comes_back_unaltered(world: World, hint: str) -> None:
    assert world.begin(lti_message_hint=hint).request["lti_message_hint"] == hint


@pytest.mark.case("S44")
def test_the_lms_knows_its_own_hint_again(world: World, row: Row) -> None:
    begun = world.begin()
    assert begun.request["lti_message_hint"].startswith('{"cmid":4,"launchid":"ltilaunch4_')
    assert set(world.answer(begun)) == {"id_token", "state"}


@pytest.mark.case("S44")
def test_no_hint_no_parameter(world: World) -> None:
    url = world.begin(lti_message_hint=MISSING).url
    assert "lti_message_hint" not in parse_qs(urlsplit(url).query, keep_blank_values=True)


@pytest.mark.case("S33")
@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/x", "http://127.0.0.1:8080/another", "http://a.example"]
)
def test_the_tokens_target_counts(world: World, row: Row, target: str) -> None:
    begun = world.begin(target_link_uri=target)
    response = world.launch(world.forge(begun), begun.state)
    row.enters(response)
    assert target not in str(response.headers)


@pytest.mark.case("S45")
def test_the_lms_answers_with_an_error(world: World, row: Row) -> None:
    # The tool passes another person's hint on, and the LMS says no.
    begun = world.begin(login_hint=EDUCATOR.sub)
    answer = world.answer(begun)
    assert answer == {"error": "access_denied", "state": begun.state}
    row.refuses(world, world.client.post("/lti/launch", data=answer))


@pytest.mark.case("S45")
def test_nothing_of_the_error_is_shown(world: World, row: Row) -> None:
    data = {
        "error": "login_required<i>",
        "error_description": "<b>x</b>",
        "error_uri": "https://evil.example/",
        "state": world.begin().state,
    }
    response = world.client.post("/lti/launch", data=data)
    row.refuses(world, response)
    for part in ("<b>", "<i>", "evil"):
        assert part not in response.text


@pytest.mark.case("S46")
def test_the_launch_address_opened_as_a_page(world: World, row: Row) -> None:
    begun = world.begin()
    query = {"id_token": world.forge(begun), "state": begun.state}
    response = world.client.get("/lti/launch", query_string=query)
    row.refuses(world, response)
    assert response.headers["Allow"] == "POST"
