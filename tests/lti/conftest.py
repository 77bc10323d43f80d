"""A world per test on SQLite, and databases of both kinds where a test asks for them."""

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

import store.models  # noqa: F401 - all tables are known before they are made
from store.base import Base
from store.db import Database
from tests.lti.forge import World, make_world

POSTGRES = os.environ.get(
    "GREYAREA_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables and no row: copying it is faster than making it."""
    path = tmp_path_factory.mktemp("lti") / "empty.db"
    database = Database.from_url(f"sqlite:///{path}")
    Base.metadata.create_all(database.engine)
    database.engine.dispose()
    return path


@pytest.fixture
def database(empty_file: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "lti.db"
    shutil.copy(empty_file, path)
    database = Database.from_url(f"sqlite:///{path}")
    yield database
    database.engine.dispose()


@pytest.fixture
def world(database: Database) -> World:
    return make_world(database)


@pytest.fixture
def postgres() -> Iterator[Database]:
    """A PostgreSQL database of our own, dropped at the end."""
    url = make_url(POSTGRES)
    name = f"greyarea_lti_{secrets.token_hex(4)}"
    server = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    database = Database.from_url(url.set(database=name).render_as_string(hide_password=False))
    Base.metadata.create_all(database.engine)
    yield database
    database.engine.dispose()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def each_world(request: pytest.FixtureRequest) -> World:
    """The same test on both databases."""
    name = "database" if request.param == "sqlite" else "postgres"
    return make_world(request.getfixturevalue(name))
