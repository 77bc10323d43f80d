"""What an institution has set for its figures: thresholds, and where groups are told apart."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.class_figures import CLARITY
from analysis.splits import SHOWN, Kinds
from store.groups import In, groups_in
from store.models import Institution, Study

MONTH = "month"


@dataclass(frozen=True, slots=True)
class Rules:
    """``k`` for counts, ``k_cross`` for quotes and for professions.

    Role view and profession are told apart either in each course or over all of them, never in
    both: a group of all courses less the same group of the others is the group of one course.
    """

    k: int
    k_cross: int
    groups: In = In.INSTITUTION

    @property
    def _people(self) -> dict[str, int]:
        return {"role": self.k, "profession": self.k_cross}

    @property
    def course(self) -> Kinds:
        """The splits of a course's figures. By month only courses are split."""
        people = self._people if self.groups is In.COURSES else {}
        return Kinds({MONTH: self.k, **people}, {})

    def everywhere(self, figure: str) -> Kinds:
        """The splits of a figure over all courses."""
        if self.groups is In.COURSES:
            return Kinds({SHOWN: self.k}, {})
        if figure == CLARITY:
            return Kinds({SHOWN: self.k}, self._people)
        return Kinds({SHOWN: self.k, **self._people}, {})


def rules_of(session: Session, study_id: int) -> Rules:
    """Those of the study's institution."""
    whose = select(Institution).join(Study, Study.institution_id == Institution.id)
    institution = session.scalars(whose.where(Study.id == study_id)).one()
    return Rules(institution.min_count, institution.min_quote, groups_in(institution))
