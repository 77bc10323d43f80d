"""Access tokens: an endpoint that fails, lives that are short, and whose token is whose."""

import json
from http.client import HTTPConnection
from typing import Any
from urllib.parse import parse_qs

import jwt
import pytest

from lti import fetch
from lti.services import http
from lti.services.http import ServiceRefused, ServiceUnavailable, send_request
from lti.services.roster import SCOPE, fetch_learners
from lti.services.scores import SCORE, Outcome, send_completion
from sandbox.claims import ALL_SCOPES
from sandbox.faults import Canned
from sandbox.people import LEARNERS
from store import completion
from store.models import GradeOutbox
from tests.contract.rows import variant
from tests.contract.serving import Served
from tests.lti.forge import CUSTOM_ON, add_second_client, edit_registration
from worker.jobs import jobs_with_grades, run_round

TOKEN = "/token"


def learners(served: Served) -> set[str]:
    """Ask for the roster: a service call like any other."""
    url = served.world.platform.site.memberships_url
    return fetch_learners(served.door, served.registration, url, str)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        variant("V01", Canned(429), "token_429"),
        variant("V01", Canned(500), "token_500"),
        variant("V01", Canned(503, b"<html>"), "token_503"),
        variant("V01", Canned(200, b"<html>Back soon</html>"), "token_unreadable"),
        variant("V01", Canned(200, b'{"access_token": "a\\nb"}'), "token_unreadable"),
        variant("V01", Canned(200, b'{"access_token": 7}'), "token_unreadable"),
        variant("V01", Canned(200, b"[" * 100_000), "token_unreadable"),
        variant("V01", Canned(200, b"x" * (fetch.MAX_BYTES + 1)), "too_large"),
        variant("V01", Canned(silent=True), "too_slow"),
        variant("V01", Canned(dripping=True), "too_slow"),
    ],
)
def test_later_it_may_work(
    served: Served, answer: Canned, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "TIMEOUT", 0.3)
    monkeypatch.setattr(http, "TOTAL_TIMEOUT", 0.6)
    served.faults.once(TOKEN, answer)
    with pytest.raises(ServiceUnavailable) as caught:
        learners(served)
    assert caught.value.code == code
    # Once the endpoint has recovered, so have we.
    served.faults.release()
    assert len(learners(served)) == len(LEARNERS)


@pytest.mark.parametrize("status", [variant("V01", status) for status in (400, 401, 403, 404, 302)])
def test_a_refusal_is_not_asked_for_again(served: Served, status: int) -> None:
    served.faults.always(TOKEN, Canned(status, headers=(("Location", "/elsewhere"),)))
    with pytest.raises(ServiceRefused) as caught:
        learners(served)
    assert caught.value.code == f"token_{status}"
    assert len(served.faults.calls) == 1


@pytest.mark.case("V01")
@pytest.mark.parametrize(
    ("status", "state"), [(429, "waiting"), (503, "waiting"), (400, "failed"), (401, "failed")]
)
def test_only_what_may_pass_is_tried_again(served: Served, status: int, state: str) -> None:
    world = served.world
    link, user = served.launch(LEARNERS[0], CUSTOM_ON)
    with world.database.write() as session:
        assert completion.report(session, link.id, user.id, world.clock())
    jobs = jobs_with_grades(world.keyring)[-1:]
    served.faults.always(TOKEN, Canned(status))
    for minutes in (0, 1, 1):
        world.clock.pass_time(minutes=minutes)
        run_round(world.database, world.clock(), jobs)
    row = world.only(GradeOutbox)
    assert (row.state, row.last_error) == (state, f"token_{status}")
    # Tried at 0 and 1, and the next time at 3 minutes; or once.
    tries = 2 if state == "waiting" else 1
    assert len(served.faults.asked(TOKEN)) == row.attempts == tries


@pytest.mark.case("V01")
def test_a_token_that_is_not_taken_is_asked_for_anew(served_on_each: Served) -> None:
    served = served_on_each
    served.faults.once("/memberships", Canned(401))
    assert len(learners(served)) == len(LEARNERS)
    assert len(served.faults.asked(TOKEN)) == 2
    first, second = served.faults.asked("/memberships")
    assert first.headers["authorization"] != second.headers["authorization"]
    # The new one is kept.
    learners(served)
    assert len(served.faults.asked(TOKEN)) == 2


@pytest.mark.case("V01")
def test_two_tokens_that_are_not_taken_are_enough(served: Served) -> None:
    served.faults.always("/memberships", Canned(401))
    with pytest.raises(ServiceRefused, match="http_401"):
        learners(served)
    assert len(served.faults.asked(TOKEN)) == len(served.faults.asked("/memberships")) == 2


@pytest.mark.parametrize(
    ("told", "good_for"),
    [
        variant("V02", {"expires_in": 3600}, 3540),
        variant("V02", {"expires_in": "600"}, 540),
        variant("V02", {}, 240),
        variant("V02", {"expires_in": None}, 240),
        variant("V02", {"expires_in": True}, 240),
        variant("V02", {"expires_in": -5}, 240),
        variant("V02", {"expires_in": "soon"}, 240),
        variant("V02", {"expires_in": float("inf")}, 240),
        variant("V02", {"expires_in": 90}, 30),
        variant("V02", {"expires_in": 30}, 0),
        variant("V02", {"expires_in": 99999999999}, 86340),
    ],
)
def test_a_life_that_is_short_or_not_told(
    served: Served, told: dict[str, Any], good_for: int
) -> None:
    tokens, registration, clock = served.door.tokens, served.registration, served.world.clock
    body = json.dumps({"access_token": "t", "token_type": "Bearer"} | told).encode()
    served.faults.always(TOKEN, Canned(body=body))
    assert tokens.find(registration, [SCOPE]) == "t"
    if good_for:
        clock.pass_time(seconds=good_for - 1)
        assert tokens.find(registration, [SCOPE]) == "t"
    assert len(served.faults.calls) == 1
    clock.pass_time(seconds=1)
    assert tokens.find(registration, [SCOPE]) == "t"
    assert len(served.faults.calls) == 2


@pytest.mark.case("V03")
def test_two_clients_of_one_issuer_share_no_token(served_on_each: Served) -> None:
    served = served_on_each
    world = served.world
    add_second_client(world)
    edit_registration(world, lambda row: setattr(row, "allow_private_network", True), "second")
    first, second = served.registrations
    assert first.issuer == second.issuer and first.token_url == second.token_url

    def by_client(response: Any) -> None:
        form = parse_qs(served.faults.asked(TOKEN)[-1].body.decode())
        claims = jwt.decode(form["client_assertion"][0], options={"verify_signature": False})
        response.status_code = 200
        response.set_data(json.dumps({"access_token": f"of-{claims['iss']}"}))

    served.faults.change(TOKEN, by_client)
    found = [served.door.tokens.find(row, [SCOPE]) for row in (first, second, first, second)]
    assert found == [f"of-{first.client_id}", "of-client-2"] * 2
    assert len(served.faults.calls) == 2


@pytest.mark.case("V03")
def test_other_scopes_are_another_token(served: Served) -> None:
    tokens, registration = served.door.tokens, served.registration
    found = {tokens.find(registration, scopes) for scopes in ([SCOPE], [SCORE], [SCOPE, SCORE])}
    assert len(found) == 3
    assert tokens.find(registration, [SCORE, SCOPE, SCORE]) in found
    assert len(served.faults.calls) == 3


@pytest.mark.case("V10")
def test_every_call_names_its_agent(served: Served) -> None:
    served.faults.wants_agent = True
    world = served.world
    link, _ = served.launch(LEARNERS[0])
    sent = send_completion(
        served.door,
        served.registration,
        link,
        LEARNERS[0].sub,
        world.clock(),
        completion.PAYLOAD,
    )
    assert sent is Outcome.SENT and len(learners(served)) == len(LEARNERS)
    assert {call.headers["user-agent"] for call in served.faults.calls} == {fetch.USER_AGENT}
    # Key set, two tokens, a score, the roster.
    assert len(served.faults.calls) == 5


@pytest.mark.case("V10")
def test_the_firewall_of_the_test_refuses_others(served: Served) -> None:
    """Guards the test above."""
    served.faults.wants_agent = True
    connection = HTTPConnection("127.0.0.1", served.port)
    connection.request("GET", "/jwks.json")
    assert connection.getresponse().status == 403
    connection.close()
    url = served.world.platform.site.jwks_url
    assert send_request("GET", url, headers={}, body=None, allow_private=True).status == 200
    assert SCOPE in ALL_SCOPES
