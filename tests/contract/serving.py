"""The sandbox LMS behind a real server, which can misbehave, and a tool that speaks to it."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from werkzeug.serving import make_server

from lti.fetch import fetch_document
from lti.keys import public_key_set
from lti.services.door import Door
from sandbox.app import create_app
from sandbox.faults import Faults
from sandbox.people import PEOPLE, Person
from store.db import Database
from store.models.lti import LtiUser, Registration, ResourceLink
from tests.lti.forge import SITE, World, edit_registration, make_world
from tests.lti.key_server import KeyServer


class RealKeys(KeyServer):
    """Gets the LMS's key set over the network, as the tool does by itself."""

    def __call__(self, url: str, *, allow_private: bool) -> bytes:
        self.calls += 1
        return fetch_document(url, allow_private=allow_private)


@dataclass
class Served:
    """The world of a served LMS, and what may go wrong there."""

    world: World
    faults: Faults
    port: int

    def launch(
        self, person: Person, changes: Mapping[str, Any] | None = None
    ) -> tuple[ResourceLink, LtiUser]:
        """A launch of that person; the activity and the person as recorded."""
        self.world.person = person
        assert self.world.run(changes).status_code == 200
        result = self.world.entered[-1][0]
        assert result.resource_link is not None
        return result.resource_link, result.user

    @property
    def registrations(self) -> Sequence[Registration]:
        """Ours, and any that were added later."""
        with self.world.database.read() as session:
            return session.scalars(select(Registration).order_by(Registration.id)).all()

    @property
    def registration(self) -> Registration:
        return self.registrations[0]

    @property
    def door(self) -> Door:
        """What the tool calls the LMS's services through; its clock is the world's."""
        return Door(self.world.database, self.world.keyring, clock=self.world.clock)


@contextmanager
def served_world(database: Database, **platform: Any) -> Iterator[Served]:
    """A world whose LMS answers at a port of its own on this machine."""
    app: Any = None
    server = make_server("127.0.0.1", 0, lambda *call: app(*call), threaded=True)
    site = replace(SITE, issuer=f"http://127.0.0.1:{server.server_port}")

    def tool_keys(_: str) -> Any:
        with database.read() as session:
            return public_key_set(session)

    given = {"people": PEOPLE, "fetch": tool_keys} | platform
    world = make_world(database, site=site, key_server=RealKeys(), **given)
    edit_registration(world, lambda row: setattr(row, "allow_private_network", True))
    faults = Faults()
    app = create_app(world.platform)
    faults.install(app)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield Served(world, faults, server.server_port)
    finally:
        faults.release()
        server.shutdown()
        thread.join()
        server.server_close()
