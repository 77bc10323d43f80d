"""The small world on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.db import Database
from tests.store.databases import KINDS, fresh_database
from tests.worlds import World, make_world


@pytest.fixture
def small_world(tmp_path: Path) -> Iterator[World]:
    with fresh_database("sqlite", tmp_path) as url:
        database = Database.from_url(url)
        yield make_world(database)
        database.engine.dispose()


@pytest.fixture(params=KINDS)
def world_on_each(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with fresh_database(request.param, tmp_path) as url:
        database = Database.from_url(url)
        yield make_world(database)
        database.engine.dispose()
