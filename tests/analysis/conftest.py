"""Worlds that a whole module shares: each test takes a course of its own in them."""

from collections.abc import Iterator

import pytest

from store.db import Database
from tests.analysis.cohort import World, make_world
from tests.store.databases import KINDS, fresh_database


@pytest.fixture(scope="module", params=KINDS)
def shared_world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The small world on SQLite and on PostgreSQL."""
    with fresh_database(request.param, tmp_path_factory.mktemp("world")) as url:
        database = Database.from_url(url)
        yield make_world(database)
        database.engine.dispose()
