"""A large cohort is made of copies: whole, apart from each other, taken up where it ended."""

from collections import Counter

import pytest
from sqlalchemy import func, select

from analysis.recount import differences
from cli.cohort import Place, place_of, seed_cohort
from cli.cohort_copies import copy_cohort
from store.db import Database
from store.models import Attempt, Consent, Participant, Response, Study, Turn, Words
from tests.worlds import NOW, World, make_world
from worker.counting import count_figures

MODELS, LEARNERS, SEED = 6, 21, 3


@pytest.fixture
def world(each_database: Database) -> World:
    return make_world(each_database)


def places(world: World) -> list[Place]:
    with world.database.write() as session:
        study = session.get_one(Study, world.study.id)
        return [place_of(session, study, f"course-{n}", f"activity-{n}") for n in (1, 2)]


def copy(world: World, learners: int) -> int:
    there = places(world)
    seed_cohort(world.database, world.study.id, there[0], MODELS, SEED, NOW)
    return copy_cohort(
        world.database, world.study.id, there, SEED, MODELS, learners, lambda done: None
    )


def test_copies_are_whole_and_apart(world: World) -> None:
    assert copy(world, LEARNERS) == LEARNERS - MODELS
    assert len(world.rows(Participant)) == LEARNERS
    attempts = {row.id: row for row in world.rows(Attempt)}
    assert len(attempts) == LEARNERS
    turns = {row.id: row for row in world.rows(Turn)}
    words = {row.id: row for row in world.rows(Words)}
    for row in world.rows(Response):
        attempt = attempts[row.attempt_id]
        assert row.participant_id == attempt.participant_id
        assert row.turn_id is None or turns[row.turn_id].attempt_id == row.attempt_id
        assert row.words_id is None or words[row.words_id].attempt_id == row.attempt_id
        assert row.synthetic and attempt.synthetic
    # Everybody says what the one they were made from says.
    said = Counter(
        (row.step, row.value, words[row.words_id].body if row.words_id else None)
        for row in world.rows(Response)
        if attempts[row.attempt_id].participant_id <= MODELS
    )
    assert said, "the first of them said something"
    with world.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Consent)) == LEARNERS * len(
            world.rows(Consent)
        ) // len(attempts)
    contexts = Counter(row.context_id for row in attempts.values())
    assert len(contexts) == 2, "dealt out over the courses"


def test_an_interrupted_run_is_taken_up(world: World) -> None:
    assert copy(world, 13) == 7
    assert copy(world, LEARNERS) == LEARNERS - 13
    assert copy(world, LEARNERS) == 0
    assert len({row.pseudonym for row in world.rows(Participant)}) == LEARNERS


def test_the_database_goes_on_after_them(world: World) -> None:
    copy(world, LEARNERS)
    attempt = world.attempt(world.person("f" * 32))
    world.send(attempt, option="2")
    assert attempt.id > LEARNERS


def test_they_are_counted_as_the_record_has_them(world: World) -> None:
    copy(world, LEARNERS)
    assert count_figures(world.database, NOW) == LEARNERS
    with world.database.read() as session:
        courses = {row.context_id for row in world.rows(Attempt)}
        assert differences(session, world.study.id, [*courses, None]) == []
