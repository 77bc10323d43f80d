"""The record: SQLAlchemy models, repositories and migrations. Imports only ``study``."""
