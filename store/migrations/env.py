"""What Alembic runs: the connection and its transaction belong to ``store.schema``."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, BigInteger
from sqlalchemy.dialects import sqlite

import store.models  # noqa: F401 - the metadata knows a table once its model is imported
from store.base import Base, UtcDateTime

SQLITE = sqlite.dialect()


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as the plain types that the database has.

    A migration must mean the same for ever, so it does not import what may change: the
    template of a revision defines BIG_ID and JSON.
    """
    if kind != "type":
        return False
    if isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, BigInteger) and not isinstance(item.dialect_impl(SQLITE), BigInteger):
        return "BIG_ID"
    return "JSON" if isinstance(item, JSON) else False


def run() -> None:
    """Run the migrations on the connection that ``store.schema`` hands over."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        compare_type=True,
        # SQLite cannot alter most things in place; creating needs no such help.
        render_as_batch=context.config.attributes.get("alters", True),
        render_item=render_item,
        # One transaction for all revisions, on SQLite too: a migration happens or it does not.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
