"""The synthetic cohort: through the engine, varied, marked, the same for the same seed."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cli.cohort import Place, place_of, seed_cohort
from store.db import Database
from store.models import (
    Attempt,
    MachineReading,
    PackVersion,
    Participant,
    Response,
    Study,
    Turn,
    Words,
)
from store.scripts import script_of
from store.settings import get_settings
from study.engine import replay
from study.moves import Move
from study.state import State
from tests.cli.conftest import Command
from tests.worlds import NOW, World, make_world

LEARNERS = 24


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_seeded(tmp_path_factory.mktemp("cohort"), seed=7)


def make_seeded(folder: Path, seed: int) -> World:
    world = make_world(Database.from_url(f"sqlite:///{folder / f'{seed}.db'}"))
    with world.database.write() as session:
        study = session.get_one(Study, world.study.id)
        place = place_of(session, study, "course-1", "activity-1")
    seed_cohort(world.database, world.study.id, place, LEARNERS, seed, NOW)
    return world


def said(world: World) -> list[tuple[Any, ...]]:
    """All that is theirs, without what is drawn anew for every row."""
    return [
        (row.step, row.kind, row.value, row.flags, row.scenario_id, row.submitted_at)
        for row in world.rows(Response)
    ] + [(row.body,) for row in world.rows(Words)]


def test_everybody_and_every_row_is_marked(seeded: World) -> None:
    assert len(seeded.rows(Participant)) == LEARNERS
    for model in (Participant, Attempt, Response):
        assert all(row.synthetic for row in seeded.rows(model)), model
    heard = [row for row in seeded.rows(MachineReading) if row.source == "rasa"]
    assert {row.model_version for row in heard} == {"synthetic"}


def test_they_take_part_in_the_course(seeded: World) -> None:
    assert {row.context_id for row in seeded.rows(Attempt)} == {seeded.context.id}


def test_it_really_went_through_the_engine(seeded: World) -> None:
    """Replaying each log of moves gives the state that is stored."""
    script = script_of(seeded.rows(PackVersion)[0])
    turns = seeded.rows(Turn)
    assert all(turn.status == "done" for turn in turns)
    for attempt in seeded.rows(Attempt):
        moves = [Move.from_json(t.move) for t in turns if t.attempt_id == attempt.id and t.move]
        after = replay(State.from_json(attempt.start_state), moves, script)
        assert json.loads(json.dumps(after.to_json())) == attempt.state


def test_it_is_varied(seeded: World) -> None:
    attempts, responses = seeded.rows(Attempt), seeded.rows(Response)
    ends = Counter(row.status for row in attempts)
    assert ends["completed"] > LEARNERS / 2
    assert ends["open"] >= 1
    assert {row.role_view for row in attempts} == {"learner", "educator"}
    assert len({row.profession for row in attempts}) > 5
    assert len({row.scenario_id for row in responses}) == 13  # twelve cases, and the session
    kinds = Counter(row.kind for row in responses)
    assert kinds["skip"] > 0 and kinds["text"] > 50 and kinds["stance"] > 50
    assert {row.value for row in responses if row.kind == "stance"} == {None, 1, 2, 3, 4, 5}
    assert any(row.revision_no > 1 for row in responses)
    lengths = [len((row.body or "").split()) for row in seeded.rows(Words)]
    assert min(lengths) < 4 and max(lengths) > 30
    assert {"pause", "resume"} <= {row.option for row in seeded.rows(Turn)}


def test_no_moment_lies_ahead(seeded: World) -> None:
    assert max(row.last_turn_at for row in seeded.rows(Attempt)) <= NOW


def test_the_same_seed_says_the_same_and_another_does_not(seeded: World, tmp_path: Path) -> None:
    again, other = make_seeded(tmp_path, seed=7), make_seeded(tmp_path, seed=8)
    assert said(again) == said(seeded)
    assert said(other) != said(seeded)
    for world in (again, other):
        world.database.engine.dispose()


def test_those_who_are_there_are_left_alone(seeded: World) -> None:
    before = said(seeded)
    ends = seed_cohort(seeded.database, seeded.study.id, Place(None, None), LEARNERS, 7, NOW)
    assert ends == {"already there": LEARNERS}
    assert said(seeded) == before


def test_the_command(ready: Command) -> None:
    done = ready("demo", "seed", "--learners", "3", "--institution", "north")
    assert done.code == 0
    assert "3 synthetic learners added (" in done.out
    done = ready("demo", "seed", "--learners", "3", "--institution", "north")
    assert "0 synthetic learners added (3 already there)" in done.out
    database = Database.from_url(get_settings().resolved_database_url)
    with database.read() as session:
        assert session.query(Participant).count() == 3
    database.engine.dispose()
