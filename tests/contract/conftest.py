"""The world of each test, and the row of the list that it is about."""

from collections.abc import Iterator

import pytest

from store.db import Database
from tests.contract.rows import Row, read_rows
from tests.contract.serving import Served, served_world
from tests.lti.conftest import database as database
from tests.lti.conftest import each_world as each_world
from tests.lti.conftest import empty_file as empty_file
from tests.lti.conftest import postgres as postgres
from tests.lti.conftest import world as world

ROWS = read_rows()


@pytest.fixture
def row(request: pytest.FixtureRequest) -> Row:
    """The row that the test is marked with."""
    (marker,) = request.node.iter_markers("case")
    (id,) = marker.args
    return ROWS[id]


@pytest.fixture
def served(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The world's LMS behind a real server."""
    monkeypatch.delenv("GREYAREA_ENV", raising=False)
    with served_world(database) as made:
        yield made


@pytest.fixture(params=["database", "postgres"])
def served_on_each(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    """The same, with the tool on both databases."""
    monkeypatch.delenv("GREYAREA_ENV", raising=False)
    with served_world(request.getfixturevalue(request.param)) as made:
        yield made
