"""Tenants: with any session of one institution, nothing of another can be seen or changed.

Every route of the app is here, taken from its own map: one that is new fails the first test
until it is named below. Aleph is the other institution; its ids are posted to every route
with every kind of session of Beth. Some of Beth's people come by a registration of Aleph's
that the two share.
"""

import itertools
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from lti.deep_link_settings import DeepLinkSettings
from lti.messages import REVIEW
from lti.roles import Role
from store.models import (
    Registration,
)
from tests.web.conftest import Site
from tests.web.tenants_stage import CANARIES, Tenants, staged

PUBLIC = {
    "static": "scripts and styles",
    "healthz": "says that the process is alive",
    "lti.login": "a login that an LMS begins",
    "lti.login_without_key": "says that the address of a login is not whole",
    "lti.proceed": "its second step",
    "lti.launch": "a launch: the token says who",
    "lti.launch_opened": "says that this is no page",
    "lti.confirm": "a launch that waited for the browser",
    "registration.register": "an LMS registers itself: the invite says for whom",
    "published.key_set": "public keys",
    "published.shared_key_set": "public keys",
    "receipt.show": "a receipt code says whose, and shows nothing",
    "published.canvas": "what an LMS has to know of the tool",
}
"""Routes that ask for no session, and why."""

WITH_IDS = {
    "learner.turn",
    "learner.carry_on",
    "reflections.edit",
    "reflections.delete",
    "reflections.delete_all",
    "reflections.withdraw",
    "institution.end_invite",
    "institution.registration",
    "institution.deployment",
    "lines.release",
    "policies.in_force",
    "policies.start_pilot",
    "policies.end_pilot",
    "coding.read",
    "coding.code",
    "coding.uncode",
    "coding.suggestion",
    "coding.memo",
    "codebook.change",
    "codebook.passages",
    "codebook.split",
}
"""Routes that take an id: another institution's is refused or not there."""

OWN = {
    "learner.home",
    "learner.give_consent",
    "learner.another",
    "learner.speak",
    "reflections.show",
    "reflections.receipt",
    "reflections.download",
    "educator.show",
    "educator.resend_marks",
    "educator.discuss",
    "educator.keep_note",
    "educator.summary",
    "institution.show",
    "institution.invite",
    "institution.by_hand",
    "institution.rules",
    "institution.care",
    "institution.consent",
    "institution.thresholds",
    "figures.show",
    "lines.show",
    "research.show",
    "research.export",
    "coding.show",
    "codebook.show",
    "codebook.make",
    "figures.download",
    "policies.show",
    "policies.statement",
    "policies.margin",
    "policies.tell_groups",
    "activity.show",
    "activity.choose",
    "deep_linking.choose",
}
"""Routes that take no id: they show and change what is the institution's own."""


@pytest.fixture
def tenants(site: Site) -> Tenants:
    return staged(site)


def routes(site: Site) -> Iterator[tuple[Rule, str]]:
    """Every rule with each of its methods, those with a session only."""
    for rule in site.app.url_map.iter_rules():
        if rule.endpoint not in PUBLIC:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def ask(
    tenants: Tenants, rule: Rule, method: str, token: str | None, **fields: str
) -> TestResponse:
    """One request with Aleph's ids in the address, the query and the form."""
    named = {name: tenants.ids.get(name, tenants.ids["attempt"]) for name in rule.arguments}
    path = tenants.aleph.app.url_map.bind("localhost").build(rule.endpoint, named, method=method)
    posted = {**tenants.ids, **fields}
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    client = tenants.aleph.client()
    if method == "GET":
        return client.get(path, query_string=posted, headers=headers)
    return client.open(path, method=method, data=posted, headers=headers)


ACTIONS: tuple[dict[str, str], ...] = (
    {"do": "on", "option": "stop"},
    {"do": "off", "text": "Other words, put in another's mouth."},
    {"do": "on", "value": "5", "which": "pack:core", "number": "1", "completion": "yes"},
)
"""What the requests ask to be done; a route takes what it knows."""

BOTH = ("researcher", "institution_lead")
CHOICE = DeepLinkSettings("https://beth.example.edu/return", True, "http://127.0.0.1:8080/launch")
VISITORS: dict[str, dict[str, Any]] = {
    **{role.value: {"role": role} for role in Role},
    "researcher": {"role": Role.EDUCATOR, "rights": BOTH[:1]},
    "lead": {"role": Role.PREVIEW, "rights": BOTH[1:]},
    "lead and researcher": {"role": Role.EDUCATOR, "rights": BOTH},
    "choosing activities": {"role": Role.EDUCATOR, "rights": BOTH, "choice": CHOICE},
    "reviewing": {"role": Role.EDUCATOR, "rights": BOTH, "kind": REVIEW},
}
"""Every role; every right, which adds to a role; and every kind of session."""
PLACES = ("own registration", "shared registration")


def visit(tenants: Tenants, name: str, place: str) -> str:
    """A session of one of Beth's visitors, by one of the two ways in; they have taken part."""
    made = dict(VISITORS[name])
    rights = made.pop("rights", ())
    made["place"] = tenants.shared_place if place == "shared registration" else None
    token = tenants.beth.token("visitor", **made)
    for right in rights:
        tenants.beth.grant(token, right)
    tenants.beth.begin(tenants.beth.token("visitor", made["role"], place=made["place"]))
    return token


def test_every_route_is_named_here(site: Site) -> None:
    found = {rule.endpoint for rule in site.app.url_map.iter_rules()}
    assert found == {*PUBLIC, *WITH_IDS, *OWN}
    assert len(found) == len(PUBLIC) + len(WITH_IDS) + len(OWN)


def test_without_a_session_nothing_is_answered(tenants: Tenants) -> None:
    before = tenants.snapshot()
    for rule, method in routes(tenants.aleph):
        for token in (None, "x" * 43):
            answer = ask(tenants, rule, method, token, **ACTIONS[0])
            assert answer.status_code == 401, (rule, method)
    assert tenants.snapshot() == before


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("visitor", VISITORS)
def test_nothing_of_another_institution(tenants: Tenants, visitor: str, place: str) -> None:
    before = tenants.snapshot()
    token = visit(tenants, visitor, place)
    for (rule, method), fields in itertools.product(routes(tenants.aleph), ACTIONS):
        answer = ask(tenants, rule, method, token, **fields)
        what = f"{method} {rule} {fields['do']}: {answer.status_code}"
        if rule.endpoint in WITH_IDS:
            assert answer.status_code in (403, 404), what
        else:
            assert answer.status_code in (200, 403, 422), what
        text = answer.get_data(as_text=True)
        found = [canary for canary in CANARIES if canary in text]
        assert not found, f"{what}: {found}"
    # Beth's own rows have been added to: all that was there before is there as it was.
    assert before - tenants.snapshot() == set()


def test_anothers_client_is_not_taken_over(tenants: Tenants) -> None:
    before = tenants.snapshot()
    token = visit(tenants, "lead", "own registration")
    for client in ("aleph-client", "aleph-client-2"):
        answer = tenants.beth.post(
            "/app/institution/by-hand",
            token,
            issuer="https://aleph.example.edu",
            client_id=client,
            auth_url="https://evil.example.com/a",
            token_url="https://evil.example.com/t",
            jwks_url="https://evil.example.com/j",
        )
        assert answer.status_code == 422
        assert "registered already; nothing was changed" in answer.text
        assert "Institution Aleph" not in answer.text and tenants.ids["key"] not in answer.text
    waiting = {"key": tenants.ids["key"], "do": "withdraw"}
    assert tenants.beth.post("/app/institution/registration", token, **waiting).status_code == 404
    assert before - tenants.snapshot() == set()


def test_the_same_requests_serve_those_whose_it_is(tenants: Tenants) -> None:
    """Else the ids above might be refused for being wrong."""
    endpoints = {rule.endpoint: (rule, method) for rule, method in routes(tenants.aleph)}
    # tests/web/test_lines.py releases a line, which takes an answer to another question than here;
    # tests/web/test_coding.py codes, which takes other acts.
    elsewhere = {"lines.release", *(name for name in WITH_IDS if name.startswith("cod"))}
    for endpoint in sorted(WITH_IDS - elsewhere, key=lambda name: name == "reflections.delete_all"):
        rule, method = endpoints[endpoint]
        lead = endpoint.startswith(("institution.", "policies."))
        token = tenants.lead if lead else tenants.learner
        fields = {"message_id": str(uuid.uuid4()), "do": "on", "text": "Said anew, by its owner."}
        if endpoint == "learner.turn":
            fields["option"] = "pause"
        answer = ask(tenants, rule, method, token, **fields)
        if endpoint == "policies.start_pilot":  # One wording was found, and is not enough.
            assert answer.status_code == 422 and "was not started" in answer.text
        else:
            assert answer.status_code == 200, endpoint
    seen = tenants.aleph.post("/app/institution", tenants.lead).text
    for canary in ("Institution Aleph", "aleph-client", "aleph-place", "aleph-change"):
        assert canary in seen, canary
    # What waits under the shared registration may be anybody's: nobody but the operator sees it.
    assert "aleph-waiting" not in seen


def test_the_words_are_there_for_their_owner(tenants: Tenants) -> None:
    assert "quagga" in tenants.aleph.post("/app/reflections", tenants.learner).text
    teacher = tenants.aleph.token("teacher", Role.EDUCATOR)
    assert "Aleph course" in tenants.aleph.post("/app/class", teacher).text


def test_a_lead_by_a_shared_registration_sees_their_place_only(tenants: Tenants) -> None:
    token = visit(tenants, "lead", "shared registration")
    text = tenants.beth.post("/app/institution", token).text
    assert "beth-place" in text and "https://cloud.example.com" in text
    with tenants.beth.world.database.read() as session:
        shared = session.get_one(Registration, tenants.shared_place.registration_id)
    assert shared.key not in text
    # They may not switch the registration that others depend on.
    for do in ("on", "off", "withdraw"):
        answer = tenants.beth.post("/app/institution/registration", token, key=shared.key, do=do)
        assert answer.status_code in (403, 404)
