"""Invites, approval and keys on the command line."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from lti.keys import NEXT_PUBLISHED, RETIRED_KEPT, public_key_set
from store.base import utcnow
from store.db import Database
from store.lti_enrolment import Enrolment, enrol
from store.lti_invites import find_open_invite
from store.lti_repository import PlatformUrls, find_institution, find_registration
from store.models import AuditEvent, RegistrationInvite, Study, ToolKey
from tests.cli.conftest import PLATFORM, Command
from worker.purge import purge_registration

NORTH = ("--institution", "north")
LMS = "https://moodle.north.example.edu"


@pytest.fixture
def record(ready: Command, var_dir: Path) -> Iterator[Database]:
    found = Database.from_url(f"sqlite:///{var_dir / 'greyarea.db'}")
    yield found
    found.engine.dispose()


def token_of(out: str) -> str:
    match = re.fullmatch(r"http://127\.0\.0\.1:8080/lti/register/([\w-]{43})\n", out)
    assert match is not None, out
    return match[1]


def register(record: Database, deployment: str | None = "9", client: str = "dynamic") -> str:
    """A registration as an LMS leaves it; its key."""
    urls = PlatformUrls(f"{LMS}/auth", f"{LMS}/token", f"{LMS}/jwks")
    made = Enrolment("k" * 32, LMS, client, deployment, urls, None, "moodle", (LMS,), False)
    with record.write() as session:
        north = find_institution(session, "north")
        assert north is not None
        enrol(session, north.id, made, utcnow())
    return made.key


def test_invite_prints_one_address_and_keeps_only_its_hash(
    ready: Command, record: Database, var_dir: Path
) -> None:
    done = ready("invite", *NORTH, "--allow-private-network", "--issuer-host", "lms.example.org")
    token = token_of(done.out)
    with record.read() as session:
        invite = find_open_invite(session, token, utcnow())
        assert invite is not None
        assert invite.allow_private_network and invite.issuer_host == "lms.example.org"
        life = invite.expires_at - utcnow()
    assert timedelta(hours=47, minutes=59) < life <= timedelta(hours=48)
    record.engine.dispose()
    for file in var_dir.glob("greyarea.db*"):
        assert token.encode() not in file.read_bytes()
    listed = ready("platform", "list").out
    assert "Open invite for North University, until " in listed and token not in listed


def test_invite_for_a_new_institution_needs_its_name(ready: Command, record: Database) -> None:
    done = ready("invite", "--institution", "south")
    assert (done.code, done.err) == (
        1,
        "Error: there is no institution 'south': give its --name to add it\n",
    )
    done = ready("invite", "--institution", "south", "--name", "South College")
    token_of(done.out)
    assert "Study default added" in done.err
    with record.read() as session:
        south = find_institution(session, "south")
        assert south is not None
        for model in (Study, ToolKey, RegistrationInvite):
            query = select(model).where(model.institution_id == south.id)
            assert session.scalars(query).all(), model


def test_list_shows_what_waits_and_approve_switches_both_on(
    ready: Command, record: Database
) -> None:
    key = register(record)
    listed = ready("platform", "list").out
    assert f"{key}: North University, {LMS}, client dynamic: WAITS for approval" in listed
    assert "  deployment 9: WAITS for approval" in listed
    done = ready("platform", "approve", "--key", key)
    assert done.out == (f"Registration {key} is approved.\nDeployment 9 of {key} is approved.\n")
    assert "WAITS" not in ready("platform", "list").out


def test_approve_does_not_guess_among_deployments(ready: Command, record: Database) -> None:
    key = register(record)
    register(record, "10")
    done = ready("platform", "approve", "--key", key)
    assert (done.code, done.err) == (1, "Error: several deployments wait, choose one: 9, 10\n")
    assert "client dynamic: WAITS" in ready("platform", "list").out
    assert ready("platform", "approve", "--key", key, "--deployment", "10").code == 0
    listed = ready("platform", "list").out
    assert "  deployment 10: approved" in listed and "  deployment 9: WAITS" in listed


def test_approve_without_a_deployment_says_what_comes(ready: Command, record: Database) -> None:
    key = register(record, None)
    done = ready("platform", "approve", "--key", key)
    assert done.out.startswith(f"Registration {key} is approved.\nNo deployment waits")


def test_a_shared_registration_needs_the_institution_of_each_deployment(
    ready: Command, record: Database
) -> None:
    key = register(record)
    ready("invite", "--institution", "south", "--name", "South College")
    assert ready("platform", "share", "--key", key).out == f"Registration {key} is shared.\n"
    done = ready("platform", "approve", "--key", key)
    assert done.code == 1
    assert "is shared: say which institution the deployment belongs to" in done.err
    assert "client dynamic, shared: WAITS" in ready("platform", "list").out
    approve = ("platform", "approve", "--key", key, "--deployment", "9", "--institution")
    assert "no institution 'east'" in ready(*approve, "east").err
    done = ready(*approve, "south", "--embed-origin", "https://south.example.edu/x")
    assert f"Deployment 9 of {key} is approved for south.\n" in done.out
    assert "Study default was there already" in done.err
    assert "  deployment 9: approved for South College, seen" in ready("platform", "list").out
    with record.read() as session:
        found = find_registration(session, key)
        assert found is not None and found.embed_origins == [LMS, "https://south.example.edu"]
    assert ready("platform", "share", "--key", key, "--undo").code == 0
    assert ", shared" not in ready("platform", "list").out


def test_an_institution_for_no_deployment_is_refused(ready: Command, record: Database) -> None:
    key = register(record, None)
    done = ready("platform", "approve", "--key", key, *NORTH)
    assert done.code == 1 and "--deployment" in done.err


def test_switched_off_until_the_operator_approves_again(ready: Command, record: Database) -> None:
    for arguments in ((), ("--deployment", "1")):
        done = ready("platform", "deactivate", "--key", "north", *arguments)
        assert done.out.endswith(" is switched off.\n")
        assert "WAITS for the operator's approval" in ready("platform", "list").out
        ready("platform", "approve", "--key", "north")
        assert "WAITS" not in ready("platform", "list").out
    done = ready("platform", "deactivate", "--key", "north", "--deployment", "99")
    assert done.err == "Error: registration north has no deployment '99'\n"


def test_what_was_never_used_is_removed(ready: Command, record: Database) -> None:
    key = register(record)
    assert ready("platform", "remove", "--key", key).out == f"Registration {key} is removed.\n"
    assert key not in ready("platform", "list").out
    done = ready("platform", "remove", "--key", "north")
    assert done.code == 1 and "can only be switched off" in done.err
    assert "north: North University" in ready("platform", "list").out


def test_the_operators_changes_are_written_down(ready: Command, record: Database) -> None:
    key = register(record)
    ready("invite", *NORTH)
    ready("platform", "approve", "--key", key)
    ready("platform", "deactivate", "--key", key)
    ready("platform", "remove", "--key", key)
    ready("keys", "rotate", *NORTH, "--compromised")
    person = ("--code", "a" * 32, "--right", "researcher")
    ready("grant", *NORTH, *person)
    ready("grant", "revoke", *NORTH, *person)
    with record.read() as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert {row.actor for row in rows} == {"operator"}
    assert [row.action for row in rows] == [
        "connection added",
        "invite made",
        "connection approved",
        "place approved",
        "connection switched off",
        "connection removed",
        "keys rotated",
        "right given",
        "right taken",
    ]


def test_the_addresses_to_enter_hold_the_key(ready: Command) -> None:
    done = ready(*PLATFORM, "--token-audience", "https://other.example.edu/audience")
    assert done.err == "Error: registration north is there already with another token audience\n"
    done = ready(*PLATFORM)
    for told in (done.out, ready("platform", "list").out):
        assert "  public key set      http://127.0.0.1:8080/lti/jwks/north.json\n" in told
        assert "http://127.0.0.1:8080/lti/config/north/canvas.json\n" in told


def age_keys(record: Database, age: timedelta) -> None:
    with record.write() as session:
        for key in session.scalars(select(ToolKey)):
            key.created_at -= age


def statuses(ready: Command) -> list[str]:
    listed = ready("keys", "list", *NORTH).out
    return [line.split()[1] for line in listed.splitlines()]


def test_keys_rotate_once_the_next_key_has_been_published(ready: Command, record: Database) -> None:
    assert statuses(ready) == ["active", "next"]
    done = ready("keys", "rotate", *NORTH)
    assert done.code == 1
    assert "has not been published for 24 hours yet" in done.err
    assert statuses(ready) == ["active", "next"]
    age_keys(record, NEXT_PUBLISHED)
    done = ready("keys", "rotate", *NORTH)
    assert re.fullmatch(r"north now signs with [0-9a-f]{32}\.\n", done.out)
    assert statuses(ready) == ["retired", "active", "next"]
    until = (utcnow() + RETIRED_KEPT).date().isoformat()
    assert f"published until {until}" in ready("keys", "list", *NORTH).out
    assert "no institution 'south'" in ready("keys", "rotate", "--institution", "south").err


def test_a_compromised_key_leaves_the_key_set_at_once(ready: Command, record: Database) -> None:
    with record.read() as session:
        before = public_key_set(session)["keys"][0]["kid"]
    assert ready("keys", "rotate", *NORTH, "--compromised").code == 0
    assert statuses(ready) == ["active", "next"]
    with record.read() as session:
        assert before not in {key["kid"] for key in public_key_set(session)["keys"]}


def test_the_worker_removes_retired_keys_after_14_days_and_old_invites(
    ready: Command, record: Database
) -> None:
    ready("invite", *NORTH)
    age_keys(record, NEXT_PUBLISHED)
    ready("keys", "rotate", *NORTH)
    now = utcnow()
    assert purge_registration(record, now) == 0
    assert purge_registration(record, now + timedelta(days=13)) == 1  # the invite
    assert statuses(ready) == ["retired", "active", "next"]
    assert purge_registration(record, now + timedelta(days=14, minutes=1)) == 1
    assert statuses(ready) == ["active", "next"]
