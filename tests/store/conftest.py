"""A world on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.db import Database
from tests.store.databases import KINDS, fresh_database
from tests.worlds import World, make_world


@pytest.fixture(params=KINDS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The small world on SQLite and on PostgreSQL."""
    with fresh_database(request.param, tmp_path) as url:
        database = Database.from_url(url)
        yield make_world(database)
        database.engine.dispose()
