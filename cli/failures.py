"""What a user of the command line is told when something cannot be done."""


class CliError(Exception):
    """Something the user asked for cannot be done; the message says what and what to do."""


def explain(error: Exception) -> str | None:
    """A plain message for an error that a user can cause or mend; None for any other."""
    # Imported here: most commands end well, and importing all of it takes a second.
    from pydantic import ValidationError
    from sqlalchemy.exc import DatabaseError

    from store.keyring import KeyringError
    from store.lti_repository import RepositoryError
    from store.schema import SchemaError
    from store.scripts import PublishError
    from study.yaml_source import DataFileErrors

    known = (CliError, KeyringError, RepositoryError, SchemaError, PublishError, DataFileErrors)
    if isinstance(error, known):
        return str(error)
    if isinstance(error, ValidationError):
        return "\n".join(
            f"GREYAREA_{'_'.join(str(part) for part in fault['loc']).upper()}: {fault['msg']}"
            for fault in error.errors(include_url=False, include_context=False)
        )
    if isinstance(error, DatabaseError):
        # Without the statement and its parameters: they may hold what a learner wrote.
        return f"the database refused: {str(error.orig).splitlines()[0]}"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return None
