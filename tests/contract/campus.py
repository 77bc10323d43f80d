"""The whole tool behind the launches: its pages, its record, and two institutions in it."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

from flask import Flask
from werkzeug.test import TestResponse

from sandbox.people import Person
from sandbox.site import Site
from store import lti_repository, scripts
from store.db import Database
from store.models import Study
from store.settings import Settings
from tests.launching import Page
from tests.lti.forge import DEPLOYMENT, NOON, TOOL, World, make_world, urls_of
from tests.study.interviews import shipped_library
from tests.web.conftest import StandIn
from web import app as web_app
from web import learner
from web.launch import launch_blueprint
from web.services import Services

NORTH = "north"


def whole_app(world: World) -> Flask:
    """All of the tool's pages; who enters is noted in ``world.entered``."""

    def enter(result: Any, token: str) -> Any:
        world.entered.append((result, token))
        return learner.enter(result, token)

    folder = Path(world.database.engine.url.database or "")
    services = Services(
        database=world.database,
        keyring=world.keyring,
        settings=Settings(env="test", public_url=TOOL, var_dir=folder.parent),  # type: ignore[call-arg]
        bot=StandIn(world.database),
        clock=world.clock,
        enter=enter,
    )
    with mock.patch.object(web_app, "launch_blueprint", lambda: launch_blueprint(world.keys)):
        return web_app.create_app(services)


def make_campus(database: Database, **options: Any) -> World:
    """The institution "campus" with a study, and "north", whose LMS is another client."""
    world = make_world(database, make_app=whole_app, **options)
    site = north(world)
    with database.write() as session:
        campus = lti_repository.find_institution(session, "campus")
        other = lti_repository.add_institution(session, NORTH, "The North")
        made = lti_repository.add_registration(
            session,
            other,
            key=NORTH,
            issuer=site.issuer,
            client_id=site.client_id,
            urls=urls_of(site),
        )
        lti_repository.approve_deployment(session, made, DEPLOYMENT, NOON)
        pack = scripts.publish(session, shipped_library(), "core", None)
        for institution in (campus, other):
            assert institution is not None
            study = Study(
                institution_id=institution.id,
                slug="main",
                name="Main",
                pack_id=pack.pack_id,
                pack_version=pack.version,
            )
            session.add(study)
    world.before = world.counts()
    return world


def north(world: World) -> Site:
    """The LMS's course with the tool as the other institution has it."""
    return replace(world.platform.site, client_id="client-north")


def enter(world: World, person: Person, site: Site | None = None, **changes: Any) -> str:
    """A launch of that person; the session's token."""
    world.person = person
    begun = world.begin(NORTH if site is not None else "campus", site=site)
    response = world.launch(world.forge(begun, changes), begun.state)
    assert response.status_code == 200, response.text
    return world.entered[-1][1]


def post(world: World, path: str, token: str, **values: str) -> TestResponse:
    """A form with the session in it, from a browser without cookies."""
    return world.app.test_client().post(path, data={"session": token, **values})


def take_part(world: World, token: str) -> dict[str, str]:
    """Agree and begin; the fields of the chat's form."""
    given = {"take_part": "yes", "research": "yes", "quote": "yes", "role_view": "learner"}
    answer = post(world, "/app/consent", token, answer="yes", **given)
    assert answer.status_code == 200, answer.text
    return Page("http://localhost/", answer.text).form("/app/turn").fields
