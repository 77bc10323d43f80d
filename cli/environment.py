"""The settings and the database that a command works with."""

from sqlalchemy.exc import ArgumentError

from cli.failures import CliError
from store import schema
from store.db import Database
from store.keyring import Keyring, KeyringError
from store.settings import Settings, get_settings


def settings() -> Settings:
    """The settings of this process; a wrong variable ends the command with its name."""
    return get_settings()


def keyring() -> Keyring:
    """The keys of this installation; the file is made on first use outside production.

    Raises:
        CliError: there is no key file in production, or it holds something else.
    """
    found = settings()
    try:
        return Keyring.from_file(found.resolved_master_key_file, create=found.env != "production")
    except KeyringError as error:
        raise CliError(str(error)) from None


def database(*, migrated: bool = True) -> Database:
    """The database of the settings.

    Raises:
        CliError: with ``migrated``, its tables are not those of this version; or the URL is
            not of a kind that is supported.
        SchemaError: it cannot be reached.
    """
    url = settings().resolved_database_url
    try:
        found = Database.from_url(url)
    except (ValueError, ArgumentError) as error:
        raise CliError(f"GREYAREA_DATABASE_URL: {error}") from None
    if migrated and not schema.is_current(found.engine):
        raise CliError("the database is not up to date: run greyarea db upgrade")
    return found
