"""Migrations: forwards, backwards, equal to the models, on both databases."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, inspect, text
from sqlalchemy.exc import IntegrityError

from store import schema
from store.base import Base
from store.db import make_engine
from store.models import Institution
from tests.store.databases import KINDS, fresh_database

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with fresh_database(request.param, tmp_path) as url:
        made = make_engine(url)
        yield made
        made.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_up_down_and_up_again(engine: Engine) -> None:
    schema.upgrade(engine)
    assert tables(engine) == set(Base.metadata.tables)
    with engine.connect() as connection:
        assert schema.differences(connection) == []
    schema.downgrade(engine, "base")
    assert tables(engine) == set()
    schema.upgrade(engine)
    assert schema.check(engine) == []


def test_names_of_constraints_follow_the_convention(engine: Engine) -> None:
    schema.upgrade(engine)
    found, prepared = inspect(engine), engine.dialect.identifier_preparer
    for name, table in Base.metadata.tables.items():
        # A name that is too long for the database is cut in the same way everywhere.
        expected = {prepared.format_constraint(item) for item in table.constraints}
        expected |= {prepared.format_index(item) for item in table.indexes}
        actual = {
            str(item["name"])
            for items in (
                [found.get_pk_constraint(name)],
                found.get_foreign_keys(name),
                found.get_unique_constraints(name),
                found.get_check_constraints(name),
                found.get_indexes(name),
            )
            for item in items
        }
        assert actual == expected, name


def test_column_types_are_those_of_the_models(engine: Engine) -> None:
    schema.upgrade(engine)
    found = inspect(engine)
    for name, table in Base.metadata.tables.items():
        for column in found.get_columns(name):
            model = table.columns[column["name"]]
            wanted = model.type.compile(engine.dialect).split("(")[0]
            assert column["type"].compile(engine.dialect).split("(")[0] == wanted, model
            assert column["nullable"] == model.nullable, model


def test_check_sees_a_missing_column_and_an_old_revision(engine: Engine) -> None:
    assert schema.is_current(engine) is False
    assert "greyarea db upgrade" in schema.check(engine)[0]
    schema.upgrade(engine)
    assert schema.is_current(engine) is True
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE institution DROP COLUMN settings"))
    assert any("settings" in line for line in schema.check(engine))


def test_failed_migration_leaves_nothing_behind(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(connection: object, stop: object = None) -> list[str]:
        raise schema.SchemaError("refused")

    # The last thing that happens inside the transaction, on either database.
    if engine.dialect.name == "sqlite":
        monkeypatch.setattr(schema, "_broken_rows", fail)
        with pytest.raises(schema.SchemaError):
            schema.upgrade(engine)
    else:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE words (id integer)"))
        with pytest.raises(Exception, match="already exists"):
            schema.upgrade(engine)
        with engine.begin() as connection:
            connection.execute(text("DROP TABLE words"))
    assert tables(engine) == set()


def test_check_sees_a_row_without_its_parent(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'test.db'}")
    schema.upgrade(engine)
    with closing(sqlite3.connect(tmp_path / "test.db")) as raw:
        raw.execute(
            "INSERT INTO event (attempt_id, seq, kind, data, at, created_at) "
            "VALUES (99, 1, 'x', '{}', '2026-01-01', '2026-01-01')"
        )
        raw.commit()
    assert schema.check(engine) == ["event row 1 refers to a missing attempt"]
    engine.dispose()


def test_foreign_keys_are_on_again_after_migrating(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'test.db'}")
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


def test_several_processes_may_upgrade_at_once(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    code = (
        "import sys; from store import schema; from store.db import make_engine; "
        "schema.upgrade(make_engine(sys.argv[1]))"
    )
    started = [subprocess.Popen([sys.executable, "-W", "error", "-c", code, url]) for _ in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    assert schema.check(engine) == []


def test_backup_is_a_whole_database(engine: Engine, tmp_path: Path) -> None:
    schema.upgrade(engine)
    with engine.connect() as connection:
        # An open transaction of another process does not hold up or spoil the copy.
        connection.execute(insert(Institution).values(_institution("seen")))
        connection.commit()
        connection.execute(insert(Institution).values(_institution("unseen")))
        copy = schema.backup(engine, tmp_path / "backups", NOW)
    assert copy.name.startswith("greyarea-20260301T093000.000000Z")
    assert copy.stat().st_mode & 0o077 == 0
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]
    if engine.dialect.name == "postgresql":
        assert copy.read_bytes().startswith(b"PGDMP")
        return
    restored = make_engine(f"sqlite:///{copy}")
    assert schema.check(restored) == []
    with restored.connect() as connection:
        assert connection.execute(text("SELECT slug FROM institution")).scalars().all() == ["seen"]
    restored.dispose()


def test_backup_says_what_is_missing(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    missing = "pg_dump" if engine.dialect.name == "postgresql" else "no database at"
    with pytest.raises(schema.SchemaError, match=missing):
        schema.backup(engine, tmp_path / "backups", NOW)
    assert list((tmp_path / "backups").iterdir()) == []


def _institution(slug: str) -> dict[str, object]:
    return {"slug": slug, "name": slug.title(), "settings": {}, "created_at": NOW}


def test_institutions_of_before_get_a_key_each_and_keep_their_rules(engine: Engine) -> None:
    schema.upgrade(engine, "0003")
    columns = "public_id, slug, name, min_count, min_quote, settings, created_at"
    values = ":slug, :slug, 'Of before', 7, 12, '{}', CURRENT_TIMESTAMP"
    old = text(f"INSERT INTO institution ({columns}) VALUES ({values})")
    with engine.begin() as connection:
        for slug in ("a", "b"):
            connection.execute(old, {"slug": slug})
    schema.upgrade(engine)
    with engine.begin() as connection:
        keys = connection.execute(text("SELECT manual_key FROM institution")).scalars().all()
        assert len(set(keys)) == 2 and {len(key) for key in keys} == {32}
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("UPDATE institution SET min_count = 4"))
    schema.downgrade(engine, "0003")
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("UPDATE institution SET min_quote = 9"))
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT min_count FROM institution")).scalars().all()
        assert kept == [7, 7]
