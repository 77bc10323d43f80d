"""People in a small world's course, by rows of their own: enough for an institution's figures."""

from datetime import timedelta

from store import statements
from store.models import Attempt, CueShown, Pilot
from study.statements import PolicyStatement, Unit
from tests.analysis.cohort import Course
from tests.analysis.cohort import World as CohortWorld
from tests.worlds import NOW, World
from worker.counting import count_figures

PLAIN = "You may have a tool check your language if you say so."
HANDBOOK = "Linguistic refinement is permissible subject to disclosure under section 4.2."


def peopled(world: World, learners: int = 130) -> int:
    """Learners and educators with stances on the first case, a pilot about it; its row id."""
    pilot_id, wordings = _pilot(world)
    course = Course(
        CohortWorld(world.database, world.deployment.id, world.study.id), NOW - timedelta(days=1)
    )
    for n in range(learners):
        clarity = (1, 2, 1, 3, 2, 4)[n // 2 % 6] if n % 2 else (5, 4, 5, 3, 4, 2)[n // 2 % 6]
        attempt = course.take(1 + n % 5, 1 + (n + 2) % 5, 1 + n % 5, clarity=clarity)
        _show(world, attempt, wordings[n % 2], pilot_id)
    for n in range(40):
        course.take(1 + n % 5, 4, 4, role="educator", clarity=2 + n % 3)
    count_figures(world.database, NOW)
    return pilot_id


def _pilot(world: World) -> tuple[int, list[int]]:
    with world.database.write() as session:
        rows = [
            statements.add(
                session,
                world.institution.id,
                PolicyStatement.of(
                    "language_polish", name, "permitted_with_declaration", {"en": text}
                ),
                "a" * 32,
            )
            for name, text in (("Plain", PLAIN), ("=Handbook", HANDBOOK))
        ]
        pilot: Pilot = statements.start_pilot(
            session,
            world.institution.id,
            "Plain words or handbook",
            Unit.PERSON,
            rows,
            "a" * 32,
            NOW - timedelta(days=9),
        )
        return pilot.id, [row.id for row in rows]


def _show(world: World, attempt_id: int, statement_id: int, pilot_id: int) -> None:
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
