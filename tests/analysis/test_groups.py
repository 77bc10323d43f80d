"""Groups of people on the class page and in the institution's figures, and never in both."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from analysis.class_view import ClassView, UnknownKindError
from analysis.institution_view import InstitutionView, institution_view
from analysis.splits import Kinds, Made, renewed
from store import groups
from store.db import Database
from store.models import Attempt, Institution, Release, Study
from study.state import ScenarioRef
from study.statements import Unit
from study.steps import Step
from tests.analysis.cohort import NOW, Course, World, make_world, shown
from tests.analysis.pilots import pilot, show, statement
from worker.counting import count_figures

CASE = ScenarioRef("S01", 2)


@pytest.fixture
def world(each_database: Database) -> World:
    return make_world(each_database)


def choose(world: World, where: groups.In) -> None:
    with world.database.write() as session:
        study = session.get_one(Study, world.study_id)
        groups.choose(session, study.institution_id, where)


def mixed(world: World, learners: int = 24, educators: int = 16) -> Course:
    """A course in which some chose the educators' view; who chose which stands in the answers."""
    made = Course(world)
    for n in range(learners + educators):
        view = "learner" if n < learners else "educator"
        low, high = (1, 4) if view == "learner" else (2, 5)
        made.take(low if n % 2 else high, 4 if n % 3 else 1, clarity=1 + 3 * (n % 2), view=view)
    return made


def by(view: ClassView, step: Step = Step.STANCE) -> dict[str, dict[str, int | None]]:
    found = view.by_group.get(CASE, {}).get(step, {})
    return {group: shown(figure.cells) for group, figure in found.items()}


def institution(world: World, at: Course) -> InstitutionView:
    count_figures(world.database, at.now)
    with world.database.write() as session:
        return institution_view(session, session.get_one(Study, world.study_id), at.now)


def test_a_class_is_looked_at_by_month(world: World) -> None:
    made = Course(world)
    for month in range(3):
        for n in range(14 + month):
            made.take(1 if n % 2 else 5, 4 if n % 3 else 1, clarity=1 + 3 * (n % 2))
        made.now += timedelta(days=31)
    view = made.look(by="month")
    assert view.kinds == ("month",), "role and profession are told over all courses"
    found = by(view)
    assert list(found) == sorted(found) and len(found) == 3
    assert all(group[:3] == "202" and group[4] == "-" for group in found)
    assert [sum(n or 0 for n in cells.values()) for cells in found.values()] == [14, 15, 16]
    assert by(view, Step.CLARITY) and by(view, Step.TWIST)
    assert by(made.look()) == {}, "only what was asked for"


def test_by_role_in_each_course_and_then_not_over_all(world: World) -> None:
    choose(world, groups.In.COURSES)
    made = mixed(world)
    view = made.look(by="role")
    assert view.kinds == ("month", "role", "profession")
    assert by(view)["learner"] == {
        "unacceptable": 12, "3": 0, "depends": 0, "acceptable": 12, "cant_say": 0
    }  # fmt: skip
    assert sum(n or 0 for n in by(view)["educator"].values()) == 16
    assert by(made.look(by="profession")) == {}, "all are of one"
    everywhere = institution(world, made)
    assert everywhere.cases[0].learners.shown and not everywhere.cases[0].by_group


def test_over_all_courses_and_then_not_in_each(world: World) -> None:
    made = mixed(world)
    everywhere = institution(world, made)
    assert set(everywhere.cases[0].by_group) == {"role"}
    with pytest.raises(UnknownKindError):
        made.look(by="role")
    with pytest.raises(UnknownKindError):
        made.look(by="shoe size")
    with pytest.raises(groups.GroupsError, match="groups have been shown"):
        choose(world, groups.In.COURSES)
    with world.database.read() as session:
        settings = session.scalars(select(Institution.settings)).all()
        assert not any(groups.SETTING in found for found in settings)
    choose(world, groups.In.INSTITUTION)


def test_the_choice_can_be_changed_until_groups_were_shown(world: World) -> None:
    made = Course(world)
    for n in range(12):
        made.take(1 if n % 2 else 5, 4)
    assert made.look(by="month").participation.took_part.value == 12
    choose(world, groups.In.COURSES)
    choose(world, groups.In.INSTITUTION)
    choose(world, groups.In.COURSES)
    assert made.look(by="role").kinds == ("month", "role", "profession")


def test_whoever_leaves_is_in_no_table_that_waits(world: World) -> None:
    choose(world, groups.In.COURSES)
    made = mixed(world)
    assert by(made.look(by="role"))
    with world.database.read() as session:
        one = session.scalars(select(Attempt.id).order_by(Attempt.id).limit(1)).one()
    made.leave(one)
    # Others come, all of one view: the figure grows, and the split cannot.
    for n in range(12):
        made.take(1 if n % 2 else 4, 4 if n % 3 else 1, view="learner", clarity=1)
    view = made.look(by="role")
    assert view.scenarios[0].before.people.value == 51
    found = by(view)
    learners = sum(n or 0 for n in found["learner"].values()) if found else 0
    assert learners in (0, 35), "the table of before is gone"
    with world.database.read() as session:
        row = session.scalars(
            select(Release).where(Release.context_id.is_not(None), Release.figure == "stance")
        ).one()
        assert row.left_at == made.now


def test_a_table_that_cannot_be_renewed_goes_with_whoever_left() -> None:
    kinds = Kinds({"role": 5}, {})
    counts = {
        "": {"1": 14, "5": 14},
        "role:learner": {"1": 8, "5": 8},
        "role:educator": {"1": 6, "5": 6},
    }
    made = Made("grouped", frozenset(), left=False, now=NOW)
    first = renewed({}, counts, kinds, made)
    assert first["role"]["table"]["learner"]["people"] == 16
    # One educator left and six learners came.
    later = {
        "": {"1": 16, "5": 17},
        "role:learner": {"1": 11, "5": 11},
        "role:educator": {"1": 5, "5": 6},
    }
    assert renewed(first, later, kinds, made) == first, "nobody is known to have left"
    gone = renewed(first, later, kinds, Made("grouped", frozenset(), left=True, now=NOW))
    assert gone["role"]["table"] == {} and gone["role"]["blocks"] == first["role"]["blocks"]
    raised = renewed(first, later, Kinds({"role": 8}, {}), made)
    assert raised["role"]["table"] == {}, "it was made for a lower threshold"


def piloted(world: World, made: Course, people: int = 120) -> None:
    """Two wordings, each read by learners and by some in the educators' view."""
    pilot_id, wordings = pilot(world, Unit.PERSON)
    for n in range(people):
        wording, view = n % 2, "educator" if n % 10 < 4 else "learner"
        clarity = 1 + (n // 2 + 2 * wording + (n // 10) % 3) % 5
        attempt = made.take(1 + n % 5, 4, clarity=clarity, view=view)
        show(world, attempt, wordings[wording], pilot_id)


def test_a_wordings_clarity_by_role(world: World) -> None:
    made = Course(world)
    piloted(world, made)
    view = institution(world, made)
    (found_pilot,) = view.pilots
    for read in found_pilot.wordings:
        assert read.clarity.people.value == 60
        found = read.by_group["role"]
        assert {group: figure.people.value for group, figure in found.items()} == {
            "educator": 24,
            "learner": 36,
        }
        for point, cell in read.clarity.cells.items():
            parts = [figure.cells[point].value for figure in found.values()]
            if cell.value is None:
                assert all(part is None for part in parts)
            elif None not in parts:
                assert sum(part or 0 for part in parts) == cell.value
    assert "role" in view.cases[0].by_group


def test_a_statement_that_everybody_read_is_the_figure_itself(world: World) -> None:
    made, rule = mixed(world), statement(world, "Rule", "No.")
    with world.database.read() as session:
        attempts = session.scalars(select(Attempt.id)).all()
    for attempt in attempts:
        show(world, attempt, rule)
    view = institution(world, made)
    (found,) = view.statements
    assert shown(found.read.clarity.cells) == shown(view.cases[0].learners.clarity.cells)
    assert found.read.clarity.people.value == 40
    assert {group: f.people.value for group, f in found.read.by_group["role"].items()} == {
        "educator": 16,
        "learner": 24,
    }
