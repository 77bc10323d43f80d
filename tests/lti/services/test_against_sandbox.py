"""Over real HTTP, with the LMS's refusals as the sandbox words them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from lti.keys import public_key_set
from lti.services.door import Door
from lti.services.http import ServiceRefused
from lti.services.line_items import LINEITEM, LINEITEM_READ
from lti.services.marks import deliver_mark
from lti.services.roster import fetch_learners
from lti.services.scores import RESULT, SCORE, Outcome, send_completion
from sandbox.app import create_app
from sandbox.claims import GRADE_SYNC_ONLY
from sandbox.people import ASSISTANT, LEARNERS, PEOPLE
from sandbox.platform import Platform
from sandbox.site import Site
from store.base import utcnow
from store.completion import PAYLOAD
from store.db import Database
from store.models import Registration, ResourceLink
from tests.lti.services.lms import KEYRING, add_link
from tests.sandbox.conftest import free_port as free_port
from tests.sandbox.conftest import serve as serve
from tests.store.databases import fresh_database
from tests.worlds import World, make_world


@dataclass
class Connected:
    """A running sandbox and the tool's door to it."""

    platform: Platform
    world: World
    door: Door
    registration: Registration
    link: ResourceLink

    def send(self, sub: str, moment: datetime) -> Outcome:
        return send_completion(self.door, self.registration, self.link, sub, moment, PAYLOAD)

    def learners(self, link_id: str | None = None, query: str = "") -> set[str]:
        url = self.platform.site.memberships_url + query
        return fetch_learners(self.door, self.registration, url, str, link_id=link_id)


@pytest.fixture
def connected(
    tmp_path: Path,
    free_port: Callable[[], int],
    serve: Callable[[Flask, int], None],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Connected]:
    monkeypatch.delenv("GREYAREA_ENV", raising=False)
    port = free_port()
    site = Site(f"http://127.0.0.1:{port}")
    with fresh_database("sqlite", tmp_path) as url:
        database = Database.from_url(url)
        world = make_world(database)

        def tool_keys(_: str) -> object:
            with database.read() as session:
                return public_key_set(session)

        platform = Platform(site, people=(*PEOPLE, ASSISTANT), fetch=tool_keys)
        serve(create_app(platform), port)
        with database.write() as session:
            row = session.get_one(Registration, world.registration.id)
            row.issuer, row.client_id, row.token_url = site.issuer, site.client_id, site.token_url
            row.allow_private_network = True
        link = add_link(world, lineitem=site.lineitem_url(1), scopes=(SCORE, RESULT))
        yield Connected(platform, world, Door(database, KEYRING), row, link)
        database.engine.dispose()


def test_a_column_that_is_gone(connected: Connected) -> None:
    connected.link.lineitem_url = connected.platform.site.lineitem_url(99)
    with pytest.raises(ServiceRefused, match="http_404"):
        connected.send(LEARNERS[0].sub, utcnow())


def test_a_scope_that_is_not_permitted(connected: Connected) -> None:
    connected.platform.tokens._permitted = (SCORE,)
    with pytest.raises(ServiceRefused, match="token_400"):
        connected.learners()


def test_another_deployment_of_the_address(connected: Connected) -> None:
    other = replace(connected.platform.site, deployment_id="2")
    connected.link.lineitem_url = other.lineitem_url(1)
    with pytest.raises(ServiceRefused, match="http_403"):
        connected.send(LEARNERS[0].sub, utcnow())


def deliver(connected: Connected, sub: str) -> Outcome:
    """A mark of an activity whose launches name no column, as "" in Moodle's claim does."""
    site = connected.platform.site
    with connected.world.database.write() as session:
        link = session.get_one(ResourceLink, connected.link.id)
        link.lms_id, link.lineitem_url = site.resource_link_id, None
        link.lineitems_url = site.lineitems_url
        link.ags_scopes = [SCORE, RESULT, LINEITEM, LINEITEM_READ]
    return deliver_mark(
        connected.door,
        connected.world.database,
        connected.registration,
        link,
        sub,
        utcnow(),
        PAYLOAD,
        utcnow(),
    )


def test_a_column_is_made_and_found_again(connected: Connected) -> None:
    gradebook = connected.platform.gradebook
    gradebook.add("Quiz", 10, tag="quiz", resource_link_id="3")
    assert deliver(connected, LEARNERS[0].sub) is Outcome.SENT
    made = gradebook.columns()[-1]
    assert (made.maximum, made.tag, made.resource_id) == (1, "completion", "activity-3")
    assert made.resource_link_id == connected.platform.site.resource_link_id
    assert gradebook.grades(made.id)[LEARNERS[0].sub].value == 1
    # The address is lost, as by a restored backup: the column is found by what it is.
    with connected.world.database.write() as session:
        session.get_one(ResourceLink, connected.link.id).found_lineitem_url = None
    assert deliver(connected, LEARNERS[1].sub) is Outcome.SENT
    assert gradebook.columns()[-1] == made
    assert set(gradebook.grades(made.id)) == {person.sub for person in LEARNERS[:2]}


def test_a_column_that_a_teacher_has_deleted_is_made_anew(connected: Connected) -> None:
    gradebook = connected.platform.gradebook
    deliver(connected, LEARNERS[0].sub)
    first = gradebook.columns()[-1]
    gradebook.remove(first.id)
    assert deliver(connected, LEARNERS[1].sub) is Outcome.SENT
    second = gradebook.columns()[-1]
    assert second.id != first.id
    assert set(gradebook.grades(second.id)) == {LEARNERS[1].sub}


def test_a_site_that_lets_no_column_be_made(connected: Connected) -> None:
    connected.platform.tokens._permitted = GRADE_SYNC_ONLY
    columns = connected.platform.gradebook.columns()
    with pytest.raises(ServiceRefused) as caught:
        deliver(connected, LEARNERS[0].sub)
    assert caught.value.code == "no_line_item"
    assert connected.platform.gradebook.columns() == columns
