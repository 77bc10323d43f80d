"""A world on each database."""

import pytest

from store.db import Database
from tests.worlds import World, make_world


@pytest.fixture
def world(each_database: Database) -> World:
    """The small world on SQLite and on PostgreSQL."""
    return make_world(each_database)
