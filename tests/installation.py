"""A whole installation with real processes, for tests and measurements."""

import os
from pathlib import Path

from cli.demo import prepare, seed_if_new
from cli.ports import free_ports
from cli.processes import Processes
from cli.stack import Ports, Stack
from store.base import utcnow
from store.db import Database
from store.settings import get_settings
from tests.launching import Visitor


class Installation:
    """Web, bot, actions, worker and sandbox; use as a context manager.

    ``learners`` is the size of the synthetic cohort.
    """

    def __init__(self, folder: Path, database_url: str = "", learners: int = 24) -> None:
        self.learners = learners
        web, bot, actions, sandbox = free_ports(4)
        self.stack = Stack.fresh(folder, Ports(web, bot, actions, sandbox), database_url)
        self.processes = Processes(self.stack.children(), self.stack.log_folder)
        url = database_url or f"sqlite:///{folder / 'greyarea.db'}"
        self.database = Database.from_url(url)

    def __enter__(self) -> "Installation":
        before = dict(os.environ)
        os.environ.update(self.stack.environment())
        get_settings.cache_clear()
        try:
            prepare(self.database, self.stack, utcnow(), cohort=False)
            seed_if_new(self.database, utcnow(), self.learners)
        finally:
            os.environ.clear()
            os.environ.update(before)
            get_settings.cache_clear()
        try:
            self.processes.start_all()
        except BaseException:
            self.processes.stop_all()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.processes.stop_all()
        self.database.engine.dispose()

    @property
    def course(self) -> str:
        """Where a person begins: the sandbox LMS on localhost."""
        return self.stack.course

    @property
    def tool(self) -> str:
        """The tool on 127.0.0.1, which is another site than localhost."""
        return self.stack.tool

    def visitor(self, person: str) -> Visitor:
        """Somebody who has launched, agreed and stands at the first question."""
        visitor = Visitor(self.course)
        visitor.launch(person)
        visitor.consent()
        return visitor
