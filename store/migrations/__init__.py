"""Alembic's scripts: one reversible revision a file, the same for SQLite and PostgreSQL."""
