"""An institution's settings of care, in its row."""

from sqlalchemy.orm import Session

from store.models.lti import Institution
from study.care import Care

SETTING = "care"


def care_of(institution: Institution) -> Care:
    """What the institution has set."""
    return Care.from_json(institution.settings.get(SETTING))


def set_care(session: Session, institution_id: int, care: Care) -> Institution:
    """Set it whole."""
    institution = session.get_one(Institution, institution_id, with_for_update=True)
    # A new mapping: a change inside the old one would not be seen and stored.
    institution.settings = {**institution.settings, SETTING: care.to_json()}
    session.flush()
    return institution
