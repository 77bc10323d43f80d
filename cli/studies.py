"""Finding the study that a command is about."""

from sqlalchemy.orm import Session

from cli.failures import CliError
from store.lti_repository import find_institution, list_institutions
from store.models import Institution, Study
from store.participants import default_study


def institution_of(session: Session, slug: str) -> Institution:
    """The institution of that slug; CliError names those that there are."""
    found = find_institution(session, slug)
    if found is None:
        known = ", ".join(row.slug for row in list_institutions(session))
        raise CliError(f"there is no institution {slug!r}; there is {known or 'none'}")
    return found


def study_of(session: Session, slug: str) -> Study:
    """The default study of the institution of that slug; CliError if there is none."""
    study = default_study(session, institution_of(session, slug).id)
    if study is None:
        raise CliError(
            f"institution {slug} has no study: run greyarea packs publish core and then "
            "greyarea platform add again"
        )
    return study
