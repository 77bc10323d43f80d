"""The schema of the record: bring it up to date, check it, copy it.

Alembic is used as a library, on a connection and in a transaction of ours, so that
several processes may start at once and a failed migration leaves nothing behind.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

import store.models  # noqa: F401 - the metadata knows a table once its model is imported
from store.base import Base

MIGRATIONS = Path(__file__).parent / "migrations"
# Held on PostgreSQL while migrating; any number will do as long as all use the same.
ADVISORY_LOCK = 7_203_114_001


class SchemaError(Exception):
    """The schema cannot be changed, read or copied; the message says what to do."""


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations up to ``revision``, all in one transaction.

    Raises:
        SchemaError: the database was left with rows that break a foreign key.
    """
    with _migrating(engine) as config:
        command.upgrade(config, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Take migrations back down to ``revision``; "base" removes every table."""
    with _migrating(engine) as config:
        command.downgrade(config, revision)


def current(connection: Connection) -> tuple[str, ...]:
    """The revisions that the database is at; none for an empty one."""
    return MigrationContext.configure(connection).get_current_heads()


def heads() -> tuple[str, ...]:
    """The newest revisions that this version of the program knows."""
    return tuple(ScriptDirectory.from_config(make_config()).get_heads())


def is_current(engine: Engine) -> bool:
    """Whether the database is at the newest revision.

    Raises:
        SchemaError: it cannot be reached.
    """
    with _connected(engine) as connection:
        return set(current(connection)) == set(heads())


def differences(connection: Connection) -> list[str]:
    """What models and database do not agree on, one line each; none when they are equal."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [_describe(item) for item in compare_metadata(context, Base.metadata)]


def check(engine: Engine) -> list[str]:
    """Every fault of the database, one line each; an empty list means it is sound.

    Looks at the revision, at models against tables, and at the integrity of rows.

    Raises:
        SchemaError: it cannot be reached.
    """
    with _connected(engine) as connection:
        at, newest = current(connection), heads()
        if set(at) != set(newest):
            found = ", ".join(at) or "no revision (an empty database)"
            return [
                f"the database is at {found}, the program at {', '.join(newest)}: "
                "run greyarea db upgrade"
            ]
        return [*differences(connection), *_broken_rows(connection)]


def backup(engine: Engine, folder: Path, now: datetime) -> Path:
    """Copy the database into a new file in ``folder`` while it is in use; return the file.

    The file appears under its name only when it is whole. It holds the record but not
    the master key, which is kept apart from it.

    Raises:
        SchemaError: it cannot be read, or ``pg_dump`` is missing or fails.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stamp = now.strftime("%Y%m%dT%H%M%S.%fZ")
    sqlite = engine.dialect.name == "sqlite"
    target = folder / f"greyarea-{stamp}.{'db' if sqlite else 'dump'}"
    draft = folder / f".{target.name}.part"
    try:
        # Made first, so that at no moment can anybody else read it.
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        if sqlite:
            _copy_sqlite(engine, draft)
        else:
            _dump_postgresql(engine, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def make_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration; no ini file is needed."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.connect() as connection:
            yield connection
    except OperationalError as error:
        place = engine.url.render_as_string(hide_password=True)
        raise SchemaError(f"cannot use the database {place}: {error.orig}") from error


@contextmanager
def _migrating(engine: Engine) -> Iterator[Config]:
    """One transaction around the migrations, closed to others who want to migrate."""
    with _connected(engine.execution_options(write=True)) as connection:
        if connection.dialect.name == "sqlite":
            yield from _migrating_sqlite(connection)
        else:
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": ADVISORY_LOCK})
                yield make_config(connection)


def _migrating_sqlite(connection: Connection) -> Iterator[Config]:
    # SQLite alters a table by making it anew; with foreign keys on, dropping the old one
    # would delete the rows that refer to it. The switch only works outside a transaction.
    raw = connection.connection.dbapi_connection
    if not isinstance(raw, sqlite3.Connection):
        raise SchemaError("the SQLite driver is not the one of the standard library")
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            yield make_config(connection)
            broken = _broken_rows(connection)
            if broken:
                raise SchemaError("nothing was changed: " + "; ".join(broken))
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def _broken_rows(connection: Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        faults = [f"integrity: {line}" for line in found if line != "ok"]
        rows = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        return faults + [f"{row[0]} row {row[1]} refers to a missing {row[2]}" for row in rows]
    unchecked = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint "
        "WHERE NOT convalidated AND connamespace = current_schema()::regnamespace"
    ).all()
    return [f"{table}: constraint {name} has not been validated" for table, name in unchecked]


def _describe(item: object) -> str:
    """One difference; Alembic gives tuples, or lists of tuples for a changed column."""
    if isinstance(item, list):
        return "; ".join(_describe(part) for part in item)
    if isinstance(item, tuple):
        return "models and tables differ: " + " ".join(
            str(part) for part in item if part is not None
        )
    return str(item)


def _copy_sqlite(engine: Engine, draft: Path) -> None:
    source = engine.url.database
    if not source or not Path(source).exists():
        raise SchemaError(f"there is no database at {source or 'memory'}")
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(draft)) as there:
        here.backup(there)
        # The copy stands alone: without this it would want its own write-ahead log.
        there.execute("PRAGMA journal_mode=DELETE")
        if there.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise SchemaError("the copy is not sound: check the disk")


def _dump_postgresql(engine: Engine, draft: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise SchemaError(
            "pg_dump is not on the path: install the PostgreSQL client "
            "(on Debian and Ubuntu the package postgresql-client), of the server's version or newer"
        )
    url = engine.url.set(drivername="postgresql", password=None)
    environment = dict(os.environ)
    if engine.url.password is not None:  # in the environment: arguments can be read by others
        environment["PGPASSWORD"] = str(engine.url.password)
    done = subprocess.run(
        [program, "--format=custom", "--no-owner", f"--file={draft}", str(url)],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SchemaError(f"pg_dump failed: {done.stderr.strip()}")
