"""One whole installation for all tests that need the real processes, and a real browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from store.db import Database
from tests.installation import Installation
from tests.store.databases import KINDS, fresh_database

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
BLOCK_THIRD_PARTY_COOKIES = "--test-third-party-cookie-phaseout"


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Web, bot, actions, worker and sandbox on free ports, with a seeded cohort."""
    folder: Path = tmp_path_factory.mktemp("installation")
    with Installation(folder) as made:
        yield made


@pytest.fixture(params=KINDS)
def each_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty SQLite database, then one on PostgreSQL."""
    with fresh_database(request.param, tmp_path) as url:
        database = Database.from_url(url)
        yield database
        database.engine.dispose()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A real Chromium that blocks third-party cookies."""
    if CHROMIUM is None:
        pytest.fail("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", BLOCK_THIRD_PARTY_COOKIES],
        )
        yield browser
        browser.close()
