"""``python -m worker``: serve until SIGTERM or SIGINT."""

import logging
import signal
import sys

from sqlalchemy.exc import ArgumentError

from store import schema
from store.db import Database
from store.settings import get_settings
from worker import READY
from worker.loop import Stop, run_until


def main() -> int:
    """Run the jobs until told to stop; 2 when the worker cannot start."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    stop = Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop.ask)
    try:
        database = Database.from_url(get_settings().resolved_database_url)
        if not schema.is_current(database.engine):
            raise schema.SchemaError("the database is not up to date: run greyarea db upgrade")
    except (schema.SchemaError, ArgumentError, ValueError) as error:
        print(f"worker: {error}", file=sys.stderr)
        return 2
    print(READY, flush=True)
    run_until(stop, database)
    database.engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
