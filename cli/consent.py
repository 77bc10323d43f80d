"""``greyarea consent``: what learners read before they begin, and which translations count."""

from pathlib import Path
from typing import Annotated

import typer

from cli.environment import database
from cli.failures import CliError
from cli.studies import institution_of, study_of
from store import audit
from store.base import utcnow
from store.catalogues import NAMES
from store.consent_texts import ConsentSettings, set_own, words_for
from store.consent_texts import approve as approve_translation
from store.consent_texts import reset as to_shipped
from study.consent import MAX_TEXT, VERSION

group = typer.Typer(no_args_is_help=True, help="The information and consent text of a learner.")
Slug = Annotated[str, typer.Option("--institution", help="Short name of the institution.")]


@group.command()
def show(
    institution: Slug,
    language: Annotated[str, typer.Option(help="Language, such as de.")] = "en",
) -> None:
    """Show the text that somebody with this language reads."""
    with database().read() as session:
        found = institution_of(session, institution)
        words = words_for(found, study_of(session, institution), language)
        own = ConsentSettings.of(found).texts
    whose = "the institution's own text" if own else "Grey Area's text"
    state = "; a draft that is not approved" if words.draft else ""
    typer.echo(f"Version {words.version} in {words.locale}, {whose}{state}.\n")
    typer.echo(words.body)


@group.command("set")
def set_(
    institution: Slug,
    version: Annotated[str, typer.Option(help="What this text is called, such as 2027-1.")],
    text: Annotated[
        list[str], typer.Option(help="language=file, such as en=consent-en.txt; repeatable.")
    ],
) -> None:
    """Set the institution's own texts, all languages at once. Who agreed before is not asked again.

    Layout: what is read first; then "## " headings, each of which can be opened. Lines that
    begin with "- " are a list. {years} becomes the time that answers are kept.
    """
    texts: dict[str, str] = {}
    for given in text:
        language, separator, path = given.partition("=")
        if not separator or language not in NAMES:
            raise CliError(f"{given!r} is not language=file with a language of {', '.join(NAMES)}")
        if language in texts:
            raise CliError(f"{language} is given twice")
        texts[language] = _read(Path(path))
    with database().write() as session:
        found = institution_of(session, institution)
        try:
            subject = set_own(session, study_of(session, institution), version, texts)
        except ValueError as error:
            raise CliError(str(error)) from None
        audit.note(session, found.id, audit.OPERATOR, "consent text changed", subject, utcnow())
    typer.echo(f"Learners of {institution} now read version {version.strip()}.")


@group.command()
def reset(institution: Slug) -> None:
    """Go back to Grey Area's own text."""
    with database().write() as session:
        found = institution_of(session, institution)
        subject = to_shipped(found)
        audit.note(session, found.id, audit.OPERATOR, "consent text changed", subject, utcnow())
    typer.echo(f"Learners of {institution} now read Grey Area's text, version {VERSION}.")


@group.command()
def approve(
    institution: Slug,
    language: Annotated[str, typer.Option(help="Language of the translation, such as de.")],
    revoke: Annotated[bool, typer.Option(help="Make it a draft again.")] = False,
) -> None:
    """Approve a translation of Grey Area's text; until then it is shown as a draft."""
    what = "revoked" if revoke else "approved"
    with database().write() as session:
        found = institution_of(session, institution)
        try:
            subject = approve_translation(found, language, yes=not revoke)
        except ValueError as error:
            raise CliError(str(error)) from None
        action = f"consent translation {what}"
        audit.note(session, found.id, audit.OPERATOR, action, subject, utcnow())
    typer.echo(f"The translation into {NAMES[language]}, version {VERSION}, is {what}.")


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
        if len(content) > 4 * MAX_TEXT:
            raise CliError(f"{path.name}: longer than {MAX_TEXT} characters")
        return content.decode("utf-8")
    except OSError as error:
        raise CliError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CliError(f"{path.name}: not UTF-8 text") from None
