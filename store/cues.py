"""The statements that an interview shows in the place of its cases' examples.

They are drawn and fixed when an interview begins: a rule that changes, or a pilot that ends,
changes nothing for whoever is in the middle of it.
"""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.models import (
    Attempt,
    CueShown,
    PackVersion,
    Pilot,
    PilotPlace,
    StatementVersion,
    Study,
)
from store.scripts import script_of
from store.statements import in_force, running_pilot
from study.script import Script
from study.state import ScenarioRef
from study.statements import Cue, Unit, wording_of


def draw(session: Session, attempt: Attempt, script: Script, order: tuple[ScenarioRef, ...]) -> int:
    """Fix the statements of an interview that begins; how many of its cases have one."""
    study = session.get_one(Study, attempt.study_id)
    count = 0
    for ref in order:
        use = script.scenario(ref).key
        pilot = running_pilot(session, study.institution_id, use)
        statement_id = _drawn(session, pilot, attempt) if pilot is not None else None
        if statement_id is None:
            pilot = None
            found = in_force(session, study.institution_id, use)
            statement_id = found.id if found is not None else None
        if statement_id is None:
            continue
        count += 1
        session.add(
            CueShown(
                attempt_id=attempt.id,
                scenario_id=ref.id,
                scenario_version=ref.version,
                statement_id=statement_id,
                pilot_id=pilot.id if pilot is not None else None,
            )
        )
    session.flush()
    return count


def script_for(session: Session, attempt: Attempt) -> Script:
    """The script of an interview, with the statements that were fixed for it."""
    script = script_of(session.get_one(PackVersion, attempt.pack_version_id))
    query = (
        select(CueShown, StatementVersion)
        .join(StatementVersion, StatementVersion.id == CueShown.statement_id)
        .where(CueShown.attempt_id == attempt.id)
    )
    cues = {
        ScenarioRef(shown.scenario_id, shown.scenario_version): Cue(
            texts=dict(row.texts), link=row.link, trial=shown.pilot_id is not None
        )
        for shown, row in session.execute(query)
    }
    return replace(script, cues=cues) if cues else script


def _drawn(session: Session, pilot: Pilot, attempt: Attempt) -> int | None:
    """The wording of the attempt's course or person; None outside a course, by course."""
    by_course = pilot.unit == Unit.COURSE
    unit_id = attempt.context_id if by_course else attempt.participant_id
    if unit_id is None:
        return None
    query = select(PilotPlace).where(PilotPlace.pilot_id == pilot.id, PilotPlace.unit_id == unit_id)
    place = session.scalars(query).first()
    if place is None:
        # One after the other: two who begin at once must not have the same number.
        locked = session.get_one(
            Pilot, pilot.id, with_for_update={"key_share": True}, populate_existing=True
        )
        place = session.scalars(query).first()
        if place is None:
            number = locked.drawn
            wording = wording_of(locked.seed, number, len(locked.wordings))
            locked.drawn = number + 1
            place = PilotPlace(pilot_id=pilot.id, unit_id=unit_id, number=number, wording=wording)
            session.add(place)
            session.flush()
    return int(pilot.wordings[place.wording])
