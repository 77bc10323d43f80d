"""``python -m worker``: serve until SIGTERM or SIGINT."""

import logging
import signal
import sys

from sqlalchemy.exc import ArgumentError

from store import schema
from store.db import Database
from store.keyring import Keyring, KeyringError
from store.settings import get_settings
from worker import READY
from worker.jobs import jobs_with_grades
from worker.loop import Stop, run_until


def main() -> int:
    """Run the jobs until told to stop; 2 when the worker cannot start."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    stop = Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop.ask)
    try:
        settings = get_settings()
        database = Database.from_url(settings.resolved_database_url)
        if not schema.is_current(database.engine):
            raise schema.SchemaError("the database is not up to date: run greyarea db upgrade")
        keyring = Keyring.from_file(
            settings.resolved_master_key_file, create=settings.env != "production"
        )
    except (schema.SchemaError, KeyringError, ArgumentError, ValueError) as error:
        print(f"worker: {error}", file=sys.stderr)
        return 2
    print(READY, flush=True)
    run_until(stop, database, jobs=jobs_with_grades(keyring))
    database.engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
