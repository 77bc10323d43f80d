"""Statements and pilots of a small world, and who read what."""

from store import statements
from store.models import Attempt, CueShown, Study
from study.statements import PolicyStatement, Unit
from tests.analysis.cohort import NOW, World


def statement(world: World, name: str, text: str, use: str = "language_polish") -> int:
    """A statement about the first case; its row id."""
    with world.database.write() as session:
        study = session.get_one(Study, world.study_id)
        made = PolicyStatement.of(use, name, "prohibited", {"en": text})
        return statements.add(session, study.institution_id, made, "a" * 32).id


def pilot(world: World, unit: Unit) -> tuple[int, tuple[int, int]]:
    """A pilot of two wordings; its row id and theirs."""
    ids = statement(world, "A", "No."), statement(world, "B", "Never.")
    with world.database.write() as session:
        study = session.get_one(Study, world.study_id)
        rows = [session.get_one(statements.StatementVersion, row) for row in ids]
        made = statements.start_pilot(
            session, study.institution_id, "Two", unit, rows, "a" * 32, NOW
        )
        return made.id, ids


def show(world: World, attempt_id: int, statement_id: int, pilot_id: int | None = None) -> None:
    """That interview showed the statement for the first case."""
    with world.database.write() as session:
        session.add(
            CueShown(
                attempt_id=attempt_id,
                scenario_id="S01",
                scenario_version=2,
                statement_id=statement_id,
                pilot_id=pilot_id,
            )
        )
        session.get_one(Attempt, attempt_id).recount = True
