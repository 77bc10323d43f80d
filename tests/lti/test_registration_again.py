"""Registering again, at the same time, and what belongs to somebody else."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from lti.fetch import Answer
from lti.registration import TOOL
from store.lti_invites import claim_invite, find_open_invite, purge_invites
from store.lti_repository import add_institution, find_registration
from store.models.lti import Deployment, PlatformKey, Registration, RegistrationInvite
from tests.lti.enrolling import LMS, Enrolment, add_registration_page, configuration
from tests.lti.forge import NOON, World, new_client

THREADS = 6


@pytest.fixture
def enrolment(each_world: World) -> Enrolment:
    return Enrolment(each_world)


def stored(enrolment: Enrolment) -> Registration:
    with enrolment.world.database.read() as session:
        return session.scalars(select(Registration).where(Registration.issuer == LMS)).one()


@pytest.mark.parametrize("active", [True, False])
def test_same_institution_updates_and_stays_as_active_as_it_was(
    enrolment: Enrolment, active: bool
) -> None:
    enrolment.open()
    first = stored(enrolment)
    with enrolment.world.database.write() as session:
        row = find_registration(session, first.key)
        assert row is not None
        row.active = active
        session.add(PlatformKey(registration_id=row.id, kid="k", jwk={}, fetched_at=NOON))
        query = select(Deployment).where(Deployment.registration_id == row.id)
        session.scalars(query).one().active = active
    enrolment.lms.document = configuration(jwks_uri=f"{LMS}/new-keys")
    enrolment.lms.calls.clear()
    response = enrolment.open(enrolment.new_invite())
    assert "Registration updated" in response.text
    assert ("stays switched on" in response.text) is active
    second = stored(enrolment)
    assert (second.id, second.active, second.jwks_url) == (first.id, active, f"{LMS}/new-keys")
    # The LMS was given a new login address: that is where its logins come now.
    assert second.key != first.key
    assert enrolment.lms.sent["initiate_login_uri"].endswith(f"/lti/login/{second.key}")
    assert enrolment.world.count(PlatformKey) == 0
    with enrolment.world.database.read() as session:
        query = select(Deployment).where(Deployment.registration_id == first.id)
        assert session.scalars(query).one().active is active


def test_another_deployment_of_the_same_registration_waits(enrolment: Enrolment) -> None:
    enrolment.open()
    enrolment.lms.answer = {"client_id": "new-client", TOOL: {"deployment_id": 10}}
    enrolment.open(enrolment.new_invite())
    with enrolment.world.database.read() as session:
        query = select(Deployment).where(Deployment.registration_id == stored(enrolment).id)
        found = [(row.deployment_id, row.active) for row in session.scalars(query)]
    assert sorted(found) == [("10", False), ("9", False)]


def test_another_institutions_registration_is_never_touched(enrolment: Enrolment) -> None:
    enrolment.open()
    before = stored(enrolment)
    with enrolment.world.database.write() as session:
        add_institution(session, "other", "The Other")
    enrolment.lms.document = configuration(jwks_uri=f"{LMS}/hers")
    enrolment.lms.answer = {"client_id": "new-client", TOOL: {"deployment_id": "77"}}
    response = enrolment.open(enrolment.new_invite("other"))
    assert response.status_code == 409
    assert "<code>registration_taken " in response.text
    after = stored(enrolment)
    for name in ("key", "institution_id", "jwks_url", "active"):
        assert getattr(after, name) == getattr(before, name)
    assert enrolment.world.count(Deployment) == 2


def test_two_client_ids_of_one_issuer_stand_side_by_side(enrolment: Enrolment) -> None:
    enrolment.open()
    with enrolment.world.database.write() as session:
        add_institution(session, "other", "The Other")
    enrolment.lms.answer = {"client_id": "second"}
    assert enrolment.open(enrolment.new_invite("other")).status_code == 200
    with enrolment.world.database.read() as session:
        query = select(Registration.institution_id).where(Registration.issuer == LMS)
        assert len(set(session.scalars(query))) == 2


def test_one_invite_in_many_threads_registers_once(enrolment: Enrolment) -> None:
    """All have passed the first look and fetched the configuration before one goes on."""
    together = threading.Barrier(THREADS)
    lms = enrolment.lms
    seen: list[tuple[int, str]] = []

    def wait_for_all(url: str, **options: object) -> Answer:
        answer = lms(url, **options)  # type: ignore[arg-type]
        if options.get("body") is None:
            together.wait(20)
        return answer

    enrolment.app = add_registration_page(enrolment.world, wait_for_all)

    def post() -> None:
        response = enrolment.open()
        seen.append((response.status_code, response.text))

    threads = [threading.Thread(target=post) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(status for status, _ in seen) == [200] + [403] * (THREADS - 1)
    assert sum(call.body is not None for call in lms.calls) == 1
    assert enrolment.world.count(Registration) == 2


def test_two_invites_of_two_institutions_at_once_for_one_client(enrolment: Enrolment) -> None:
    """One wins; the other is told, and nothing of the first is overwritten."""
    with enrolment.world.database.write() as session:
        add_institution(session, "other", "The Other")
    invites = [enrolment.invite, enrolment.new_invite("other")]
    together = threading.Barrier(len(invites))
    seen: list[int] = []

    def post(invite: str) -> None:
        together.wait(20)
        seen.append(enrolment.open(invite).status_code)

    threads = [threading.Thread(target=post, args=(invite,)) for invite in invites]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [200, 409]
    assert enrolment.world.count(Registration) == 2


def test_a_claim_succeeds_once_and_never_late(enrolment: Enrolment) -> None:
    late = enrolment.new_invite()
    with enrolment.world.database.write() as session:
        first = find_open_invite(session, enrolment.invite, NOON)
        second = find_open_invite(session, late, NOON)
        assert first is not None and second is not None
        assert first.token_hash != enrolment.invite
        assert claim_invite(session, first.id, NOON)
        assert not claim_invite(session, first.id, NOON)
        assert not claim_invite(session, second.id, NOON + timedelta(hours=48))


def test_invites_are_purged_when_their_time_is_up(enrolment: Enrolment) -> None:
    with enrolment.world.database.write() as session:
        assert purge_invites(session, NOON + timedelta(hours=47)) == 0
        assert purge_invites(session, NOON + timedelta(hours=48)) == 1
    assert enrolment.world.count(RegistrationInvite) == 0


def test_a_registration_that_waits_opens_nothing(enrolment: Enrolment) -> None:
    enrolment.open()
    world, key = enrolment.world, stored(enrolment).key
    response = world.login(key, new_client(world.app), iss=LMS, client_id="new-client")
    assert response.status_code == 403
    assert "<code>registration_inactive " in response.text
    assert "awaits approval" in response.text
