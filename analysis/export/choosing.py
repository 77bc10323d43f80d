"""Which part of a study's record an export is about."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from analysis.export.columns import course_code
from store.models import Attempt, AuditEvent, Consent, Participant, Response, Study

SCENARIO = re.compile(r"[A-Z][A-Z0-9_]{0,19}")
EXPORTED = "exported"
"""How the record of changes names an export."""


type Progress = Callable[[int], None]
"""Is told how many rows, or interviews, have been written."""


def nothing(done: int) -> None:
    """Progress that nobody looks at."""


class ChoiceError(ValueError):
    """What was asked for cannot be; the message says why."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to export: everything, unless something is set.

    ``course`` is a course code as in the export, ``scenario`` a case's id; ``since`` and
    ``until`` are days (UTC), both included, of when an interview began. ``quotable`` leaves out
    people who did not agree to being quoted; ``restricted`` takes in words that disclose
    something or tell of distress.
    """

    course: str = ""
    scenario: str = ""
    since: date | None = None
    until: date | None = None
    quotable: bool = False
    restricted: bool = False
    without: frozenset[int] = frozenset()
    """Courses that are left out: a researcher never reads those that they teach."""

    def in_words(self) -> str:
        """Such as "scenario S01, since 2026-03-01"; "everything" for all."""
        parts = [
            f"course {self.course}" if self.course else "",
            f"scenario {self.scenario}" if self.scenario else "",
            f"since {self.since}" if self.since else "",
            f"until {self.until}" if self.until else "",
            "people who may be quoted" if self.quotable else "",
            "with restricted words" if self.restricted else "",
            f"without {len(self.without)} courses that they teach" if self.without else "",
        ]
        return ", ".join(part for part in parts if part) or "everything"


EVERYTHING = Chosen()


def checked(chosen: Chosen) -> Chosen:
    """The same; raises ChoiceError for what no record can have."""
    if chosen.since and chosen.until and chosen.since > chosen.until:
        raise ChoiceError(f"{chosen.since} is after {chosen.until}")
    if chosen.scenario and not SCENARIO.fullmatch(chosen.scenario):
        raise ChoiceError("a scenario is named by its id, such as S01")
    if chosen.course and not re.fullmatch(r"[0-9a-f]{12}", chosen.course):
        raise ChoiceError("a course is named by its code in the export: 12 digits and letters a-f")
    return chosen


def newest_consents(study: Study) -> Any:
    """A subquery: each person's newest choices, as consent_id by participant_id."""
    return (
        select(Consent.participant_id, func.max(Consent.id).label("consent_id"))
        .join(Participant, Participant.id == Consent.participant_id)
        .where(Participant.study_id == study.id)
        .group_by(Consent.participant_id)
        .subquery()
    )


def interviews(session: Session, study: Study, chosen: Chosen) -> Sequence[ColumnElement[bool]]:
    """The conditions on interviews and on consents, for a query that joins both.

    Raises:
        ChoiceError: there is no such course in the study. Or as :func:`checked`.
    """
    checked(chosen)
    found: list[ColumnElement[bool]] = [
        Attempt.study_id == study.id,
        Attempt.keep == "study",
        Consent.research.is_(True),
    ]
    if chosen.quotable:
        found.append(Consent.quote.is_(True))
    if chosen.since:
        found.append(Attempt.started_at >= _midnight(chosen.since))
    if chosen.until:
        found.append(Attempt.started_at < _midnight(chosen.until) + timedelta(days=1))
    if chosen.without:
        elsewhere = Attempt.context_id.not_in(chosen.without)
        found.append(or_(Attempt.context_id.is_(None), elsewhere))
    if chosen.course:
        found.append(Attempt.context_id == _course(session, study, chosen.course))
    return found


def answers(chosen: Chosen) -> Sequence[ColumnElement[bool]]:
    """The further conditions on responses."""
    return [Response.scenario_id == chosen.scenario] if chosen.scenario else []


def last_export(session: Session, study: Study) -> datetime | None:
    """When anything of the study was last exported."""
    query = select(func.max(AuditEvent.created_at)).where(
        AuditEvent.institution_id == study.institution_id,
        AuditEvent.action == EXPORTED,
        AuditEvent.subject.startswith(f"{study.slug}: ", autoescape=True),
    )
    return session.scalar(query)


def withdrawn_since(session: Session, study: Study, since: datetime | None) -> int:
    """How many people have left the research since, and not come back."""
    newest = newest_consents(study)
    query = (
        select(func.count())
        .select_from(Consent)
        .join(newest, newest.c.consent_id == Consent.id)
        .where(Consent.research.is_(False), Consent.withdrawal)
    )
    if since is not None:
        query = query.where(Consent.given_at > since)
    return session.scalar(query) or 0


def of_people(study: Study, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A query over interviews, joined with their people and these people's newest choices."""
    newest = newest_consents(study)
    return (
        query.join(Participant, Participant.id == Attempt.participant_id)
        .join(newest, newest.c.participant_id == Participant.id)
        .join(Consent, and_(Consent.id == newest.c.consent_id))
        .where(Participant.study_id == study.id)
    )


def _course(session: Session, study: Study, code: str) -> int:
    ids = select(Attempt.context_id).where(
        Attempt.study_id == study.id, Attempt.context_id.is_not(None)
    )
    for found in session.scalars(ids.distinct()):
        if found is not None and course_code(study.public_id, found) == code:
            return found
    raise ChoiceError(f"there is no course {code} in this study")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
