"""A synthetic cohort that really goes through the inbox and the interview engine.

Every participant and every row of theirs is marked synthetic. The same seed makes the
same people, who say the same things; those that are there already are left alone. An
interview is one transaction: what safety asks of a learner's every message, it does not
ask here.
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.cohort_person import Person
from cli.failures import CliError
from store import consent_texts, consents, inbox, scripts
from store.attempts import Setting, begin, state_of
from store.db import Database
from store.lti_sessions import upsert_context, upsert_resource_link
from store.models import Deployment, PackVersion, Participant, Study
from store.turns import apply_turn
from study.consent import Choices
from study.redaction import redact

LOCALE = "en"
MAX_TURNS = 120
"""No interview takes so many; a bound, should the engine ever not end one."""
SPREAD_DAYS = 14


@dataclass(frozen=True, slots=True)
class Place:
    """The course and activity in which the cohort takes part."""

    context_id: int | None
    resource_link_id: int | None


def place_of(session: Session, study: Study, course: str, activity: str, title: str = "") -> Place:
    """The course and activity of the institution's first approved deployment.

    They are added as a first launch would. Without a deployment the cohort has no course
    and shows in exports only.
    """
    query = (
        select(Deployment)
        .where(Deployment.institution_id == study.institution_id, Deployment.active.is_(True))
        .order_by(Deployment.id)
    )
    deployment = session.scalars(query.limit(1)).first()
    if deployment is None:
        return Place(None, None)
    context = upsert_context(session, deployment.id, course)
    if title and not context.title:
        context.title = title
    link = upsert_resource_link(session, deployment.id, activity)
    if link.context_id is None:
        link.context_id = context.id
    return Place(context.id, link.id)


def seed_cohort(
    database: Database,
    study_id: int,
    place: Place,
    learners: int,
    seed: int,
    now: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> Counter[str]:
    """Send ``learners`` people through the study's interview; how many ended in which way.

    Those of this seed that are there already count as "already there". ``progress`` is
    called with 1 after each. No moment of the record lies after ``now``.

    Raises:
        CliError: the study's pack is not published.
    """
    ends: Counter[str] = Counter()
    for index in range(learners):
        with database.write() as session:
            study = session.get_one(Study, study_id)
            code = pseudonym_of(study.id, seed, index)
            known = select(Participant.id).where(
                Participant.study_id == study.id, Participant.pseudonym == code
            )
            if session.scalars(known).first() is not None:
                ends["already there"] += 1
            else:
                pack = scripts.find(session, study.pack_id, study.pack_version)
                if pack is None:
                    raise CliError(
                        f"pack {study.pack_id} version {study.pack_version} is not published"
                    )
                participant = Participant(study_id=study.id, pseudonym=code, synthetic=True)
                session.add(participant)
                session.flush()
                rng = Random(f"{seed}:{index}")
                ends[_interview(session, study, pack, participant, place, rng, now)] += 1
        progress(1)
    return ends


def pseudonym_of(study_id: int, seed: int, index: int) -> str:
    """The code of a synthetic learner: 32 hexadecimal digits."""
    return hashlib.sha256(f"synthetic/{study_id}/{seed}/{index}".encode()).hexdigest()[:32]


def _interview(
    session: Session,
    study: Study,
    pack: PackVersion,
    participant: Participant,
    place: Place,
    rng: Random,
    now: datetime,
) -> str:
    """One interview from consent to its end; the attempt's status."""
    person = Person.born(rng)
    text = consent_texts.text_of(session, study)
    clock = now - timedelta(days=1, seconds=rng.randrange(SPREAD_DAYS * 86_400))
    choices = Choices(take_part=True, research=person.research, quote=person.quote)
    consent = consents.give(session, participant.id, text, choices, clock)
    setting = Setting(
        person.role_view, person.profession, LOCALE, place.context_id, place.resource_link_id
    )
    seed = rng.randrange(2**31)
    attempt = begin(session, participant, study, pack, consent, setting, clock, seed)
    for number in range(MAX_TURNS):
        doing = person.next(state_of(attempt))
        if doing is None:
            break
        clock = min(now, clock + timedelta(seconds=doing.seconds))
        masked = redact(doing.text) if doing.text is not None else None
        message = inbox.Message(
            client_msg_id=f"synthetic-{number:04d}",
            step_id=state_of(attempt).step_id,
            text=masked.text if masked is not None else None,
            option=doing.option,
            masked=dict(masked.counts) if masked is not None else {},
        )
        turn = inbox.receive_in(session, attempt.id, message, clock)
        apply_turn(session, turn.public_id, doing.act, doing.heard, clock)
    return attempt.status
