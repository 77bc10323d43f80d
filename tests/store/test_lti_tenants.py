"""What an institution may change of its connections, and what only the operator may."""

from typing import Any

import pytest
from sqlalchemy import select

from store import lti_repository, lti_tenants
from store.lti_enrolment import Enrolment, TakenError, enrol
from store.lti_repository import PlatformUrls, RepositoryError
from store.lti_sessions import upsert_user
from store.lti_tenants import NotThereError, OperatorOnlyError
from store.models import Deployment, Institution, Registration
from tests.worlds import NOW, World, make_world

URLS = PlatformUrls(*[f"https://new.example.edu/{part}" for part in ("a", "t", "j")])
TYPED: dict[str, Any] = {"issuer": "https://new.example.edu", "client_id": "n", "urls": URLS}


@pytest.fixture
def other(world: World) -> World:
    """A second institution on the same installation."""
    return make_world(world.database, "otherville")


def change(world: World, model: type[Any], row: int, **values: Any) -> None:
    with world.database.write() as session:
        found = session.get_one(model, row)
        for name, value in values.items():
            setattr(found, name, value)


def listed(world: World) -> list[str]:
    with world.database.read() as session:
        rows = lti_tenants.deployments_of(session, world.institution.id)
        return [row.deployment_id for row in rows]


def record(world: World, deployment_id: str) -> int:
    """A launch from an unknown deployment of the world's registration."""
    with world.database.write() as session:
        registration = session.get_one(Registration, world.registration.id)
        return lti_repository.record_deployment(session, registration, deployment_id, NOW).id


def approve(world: World, deployment_id: str, institution: Institution | None = None) -> None:
    with world.database.write() as session:
        registration = session.get_one(Registration, world.registration.id)
        owner = session.get_one(Institution, institution.id) if institution else None
        lti_repository.approve_deployment(
            session, registration, deployment_id, NOW, institution=owner
        )


def switch(world: World, *, on: bool, key: str = "", row: int = 0) -> None:
    with world.database.write() as session:
        if key:
            lti_tenants.switch_registration(session, world.institution.id, key, on=on)
        else:
            lti_tenants.switch_deployment(session, world.institution.id, row, on=on)


def test_an_institution_switches_its_own(world: World) -> None:
    key, row = world.registration.key, record(world, "2")
    for on in (False, True):
        switch(world, key=key, on=on)
        switch(world, row=row, on=on)
        with world.database.read() as session:
            assert session.get_one(Registration, world.registration.id).active is on
            assert session.get_one(Deployment, row).active is on


@pytest.mark.parametrize("on", [True, False])
def test_anothers_is_not_there(world: World, other: World, on: bool) -> None:
    for found in (other.registration.key, "unknown", "a\0b", "x" * 3000):
        with pytest.raises(NotThereError):
            switch(world, key=found, on=on)
    for row in (other.deployment.id, 10**8, -1):
        with pytest.raises(NotThereError):
            switch(world, row=row, on=on)
    with world.database.read() as session:
        assert session.get_one(Registration, other.registration.id).active
        assert session.get_one(Deployment, other.deployment.id).active


def test_what_the_operator_switched_off_stays_off(world: World) -> None:
    change(world, Registration, world.registration.id, active=False, needs_operator=True)
    change(world, Deployment, world.deployment.id, active=False, needs_operator=True)
    with pytest.raises(OperatorOnlyError):
        switch(world, key=world.registration.key, on=True)
    with pytest.raises(OperatorOnlyError):
        switch(world, row=world.deployment.id, on=True)
    approve(world, "1")
    assert world.rows(Deployment)[0].active


def test_several_clients_and_deployments_of_one_issuer(world: World, other: World) -> None:
    """One issuer, three client ids, two institutions, and one client id with two deployments."""
    with world.database.write() as session:
        for owner, client in ((world, "second"), (other, "third")):
            made = lti_repository.add_registration(
                session,
                session.get_one(Institution, owner.institution.id),
                issuer=world.registration.issuer,
                client_id=client,
                urls=URLS,
            )
            # The same deployment id again: it is another client's.
            lti_repository.approve_deployment(session, made, "1", NOW)
    record(world, "2")
    assert listed(world) == ["1", "1", "2"]
    assert listed(other) == ["1", "1"]
    with world.database.read() as session:
        mine = lti_tenants.registrations_of(session, world.institution.id)
        assert [row.client_id for row in mine] == ["client", "second"]


class TestShared:
    """One client id for the LMSs of several institutions."""

    @pytest.fixture(autouse=True)
    def shared(self, world: World) -> None:
        change(world, Registration, world.registration.id, shared=True)

    def test_the_operator_says_whose_a_deployment_is(self, world: World, other: World) -> None:
        record(world, "2")
        with pytest.raises(RepositoryError, match="say which institution"):
            approve(world, "2")
        approve(world, "2", other.institution)
        assert listed(other) == ["1", "2"]
        assert listed(world) == ["1"]

    def test_the_registrations_institution_does_not_see_what_waits(self, world: World) -> None:
        row = record(world, "2")
        assert listed(world) == ["1"]
        with pytest.raises(NotThereError):
            switch(world, row=row, on=True)

    def test_nobody_but_the_operator_switches_it(self, world: World, other: World) -> None:
        for on in (True, False):
            with pytest.raises(OperatorOnlyError):
                switch(world, key=world.registration.key, on=on)
            with pytest.raises(NotThereError):
                switch(other, key=world.registration.key, on=on)
        with pytest.raises(OperatorOnlyError), world.database.write() as session:
            lti_tenants.withdraw_registration(session, world.institution.id, world.registration.key)

    def test_whoever_has_a_deployment_may_switch_it_off_and_not_on(
        self, world: World, other: World
    ) -> None:
        row = record(world, "2")
        approve(world, "2", other.institution)
        with pytest.raises(NotThereError):
            switch(world, row=row, on=False)
        switch(other, row=row, on=False)
        assert listed(other) == ["1", "2"]
        with pytest.raises(OperatorOnlyError):
            switch(other, row=row, on=True)
        approve(world, "2", other.institution)

    def test_it_cannot_be_registered_anew(self, world: World) -> None:
        again = Enrolment(
            "k" * 32, world.registration.issuer, "client", "9", URLS, None, "", (), False
        )
        with pytest.raises(TakenError), world.database.write() as session:
            enrol(session, world.institution.id, again, NOW)


def test_a_deployment_with_people_stays_where_it_is(world: World, other: World) -> None:
    with world.database.write() as session:
        upsert_user(session, world.deployment.id, "h" * 64, lambda: b"sealed")
    with pytest.raises(RepositoryError, match="in use by institution testville"):
        approve(world, "1", other.institution)
    approve(world, "1", world.institution)
    assert listed(world) == ["1"]


def add(world: World, **changes: Any) -> Registration:
    with world.database.write() as session:
        return lti_tenants.add_by_hand(
            session, world.institution.id, **{**TYPED, "now": NOW, **changes}
        )


def test_by_hand_it_waits_under_the_key_that_was_told(world: World) -> None:
    with world.database.read() as session:
        told = session.get_one(Institution, world.institution.id).manual_key
        assert lti_repository.find_institution_of_key(session, told) is not None
    made = add(world, deployment_id="7", token_audience="https://a.example.edu/x")
    assert (made.key, made.active, made.needs_operator) == (told, False, True)
    assert not made.allow_private_network and not made.allow_unbound_launch and not made.shared
    with world.database.read() as session:
        institution = session.get_one(Institution, world.institution.id)
        assert institution.manual_key != told
        for key in (told, institution.manual_key):
            found = lti_repository.find_institution_of_key(session, key)
            assert found is not None and found.id == institution.id
        assert lti_repository.find_institution_of_key(session, "nobody") is None
        assert lti_repository.find_institution_of_key(session, "a\0b") is None
        query = select(Deployment).where(Deployment.registration_id == made.id)
        assert session.scalars(query).one().active is False


def test_by_hand_nothing_is_overwritten_or_told(world: World, other: World) -> None:
    taken = {"issuer": other.registration.issuer, "client_id": "client"}
    with pytest.raises(RepositoryError) as caught:
        add(world, **taken)
    assert other.registration.key not in str(caught.value)
    assert "registered already" in str(caught.value)
    (kept,) = [row for row in world.rows(Registration) if row.id == other.registration.id]
    assert (kept.institution_id, kept.jwks_url) == (
        other.institution.id,
        other.registration.jwks_url,
    )
    with pytest.raises(RepositoryError):
        add(world, issuer=world.registration.issuer, client_id="client")
    assert len(world.rows(Registration)) == 2


MALFORMED: list[dict[str, Any]] = [
    {"issuer": ""},
    {"issuer": "a\0b"},
    {"client_id": "x" * 256},
    {"urls": PlatformUrls("http://new.example.edu/a", URLS.token, URLS.jwks)},
    {"urls": PlatformUrls(URLS.auth, "http://localhost/t", URLS.jwks)},
    {"urls": PlatformUrls(URLS.auth, URLS.token, "https://u@new.example.edu/")},
    {"urls": PlatformUrls(URLS.auth, URLS.token, "")},
    {"deployment_id": "a\0b"},
    {"deployment_id": "x" * 256},
    {"token_audience": "javascript:alert(1)"},
    {"embed_origin": "*"},
    {"embed_origin": "http://new.example.edu"},
]


def test_by_hand_refused(world: World) -> None:
    for changes in MALFORMED:
        with pytest.raises(RepositoryError):
            add(world, **changes)
        assert len(world.rows(Registration)) == len(world.rows(Deployment)) == 1, changes


def test_by_hand_not_without_end(world: World) -> None:
    for number in range(lti_tenants.MAX_WAITING):
        add(world, client_id=str(number))
    with pytest.raises(RepositoryError, match="too many"):
        add(world, client_id="more")


def test_taking_back(world: World, other: World) -> None:
    made = add(world, deployment_id="7")

    def withdraw(owner: World, key: str) -> None:
        with world.database.write() as session:
            lti_tenants.withdraw_registration(session, owner.institution.id, key)

    with pytest.raises(NotThereError):
        withdraw(other, made.key)
    withdraw(world, made.key)
    assert {row.id for row in world.rows(Registration)} == {
        world.registration.id,
        other.registration.id,
    }
    with pytest.raises(RepositoryError, match="in use"):
        withdraw(world, world.registration.key)
    with world.database.write() as session:
        upsert_user(session, world.deployment.id, "h" * 64, lambda: b"sealed")
        session.get_one(Registration, world.registration.id).active = False
    with pytest.raises(RepositoryError, match="was used"):
        withdraw(world, world.registration.key)


def test_a_key_kept_for_one_institution_serves_no_other(world: World, other: World) -> None:
    key = other.institution.manual_key
    with (
        pytest.raises(RepositoryError, match="kept for institution"),
        world.database.write() as session,
    ):
        mine = session.get_one(Institution, world.institution.id)
        lti_repository.add_registration(session, mine, key=key, **TYPED)


def test_role_rules_leave_other_settings(world: World) -> None:
    change(world, Institution, world.institution.id, settings={"else": 1})
    for chosen in ({"assistants_limited"}, {"refuse_unknown_roles", "invented"}, set[str]()):
        with world.database.write() as session:
            lti_tenants.set_role_rules(session, world.institution.id, chosen)
        (stored,) = world.rows(Institution)
        assert stored.settings == {
            "else": 1,
            "assistants_limited": "assistants_limited" in chosen,
            "refuse_unknown_roles": "refuse_unknown_roles" in chosen,
        }


def test_thresholds_only_rise(world: World) -> None:
    def raise_to(*numbers: int) -> None:
        with world.database.write() as session:
            lti_tenants.raise_thresholds(session, world.institution.id, *numbers)

    raise_to(8, 12)
    for lower in ((7, 12), (8, 11), (4, 9), (-1, 12), (101, 12), (8, 10**9)):
        with pytest.raises(RepositoryError):
            raise_to(*lower)
    (stored,) = world.rows(Institution)
    assert (stored.min_count, stored.min_quote) == (8, 12)
