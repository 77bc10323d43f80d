"""Purge: what was not given to research goes a day after the last turn, and all of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from store import consents, statements
from store.base import Base
from store.coding import coders, codes
from store.db import Database
from store.lti_attempts import token_hash
from store.models import (
    Attempt,
    Code,
    Coding,
    Consent,
    CueShown,
    Event,
    LaunchAttempt,
    MachineReading,
    Memo,
    OneTimeTicket,
    Participant,
    ReleasedLine,
    Response,
    SuggestionAnswer,
    Tombstone,
    Turn,
    Utterance,
    Words,
)
from study.consent import Choices
from study.statements import PolicyStatement
from tests.study.interviews import core_script
from tests.worlds import NOW, World, make_world
from worker.jobs import Job, run_round
from worker.loop import Stop, run_until
from worker.purge import (
    SESSION_LIFE,
    purge_launches,
    purge_outlived_records,
    purge_session_records,
)

CANARY = "the heron stood on one leg behind the ward"
SESSION_ONLY = Choices(take_part=True, research=False, quote=False)
JUST_DUE = NOW + SESSION_LIFE
OF_AN_ATTEMPT = (
    Attempt,
    Coding,
    CueShown,
    Event,
    MachineReading,
    Memo,
    ReleasedLine,
    Response,
    SuggestionAnswer,
    Turn,
    Utterance,
    Words,
)


@pytest.fixture
def world(each_database: Database) -> World:
    made = make_world(each_database)
    rule_everything(made)
    return made


def rule_everything(world: World) -> None:
    """A statement in force for every use, so that every interview shows some."""
    with world.database.write() as session:
        for scenario in core_script().scenarios.values():
            made = PolicyStatement.of(scenario.key, "Rule", "other", {"en": "Ask first."})
            row = statements.add(session, world.institution.id, made, "a" * 32)
            statements.put_in_force(session, row, NOW)


def interview(world: World, person: Participant, seed: int = 1) -> Attempt:
    """A few turns with words, a correction and an echo."""
    attempt = world.attempt(person, seed=seed)
    world.send(attempt, option="4")
    world.send(attempt, text=CANARY)
    world.send(attempt, text=f"{CANARY} and again")
    world.send(attempt, option="change_answer")
    world.send(attempt, text=f"{CANARY}, changed")
    with world.database.write() as session:
        query = select(Response.id).where(Response.attempt_id == attempt.id).limit(1)
        answer, study = session.scalars(query).one(), world.study.id
        coder = coders.coder_of(session, study, "a" * 32)
        code = session.scalars(select(Code)).first() or codes.make(session, study, None, "X", NOW)
        place = {"study_id": study, "response_id": answer}
        about = {**place, "coder_id": coder.id}
        session.add_all(
            [
                ReleasedLine(**place, released_by="a" * 32),
                Coding(**about, code_id=code.id, start=0, end=3),
                Memo(**about, about="response", body=CANARY, changed_at=NOW),
                SuggestionAnswer(**about, theme="grey", accepted=False),
            ]
        )
    return attempt


def test_a_session_only_record_goes_after_a_day_and_no_other(world: World) -> None:
    interview(world, world.person("a" * 32, SESSION_ONLY))
    kept = interview(world, world.person("b" * 32))
    before = {model: len(world.rows(model)) for model in OF_AN_ATTEMPT}

    assert purge_session_records(world.database, JUST_DUE - timedelta(seconds=1)) == 0
    assert {model: len(world.rows(model)) for model in OF_AN_ATTEMPT} == before
    assert purge_session_records(world.database, JUST_DUE) == 1

    assert [row.id for row in world.rows(Attempt)] == [kept.id]
    for model in OF_AN_ATTEMPT[1:]:
        # Both said the same: what is left is the other half, whole.
        assert len(world.rows(model)) == before[model] // 2 > 0, model
    assert purge_session_records(world.database, JUST_DUE) == 0


def test_no_word_of_it_is_left_anywhere(world: World) -> None:
    interview(world, world.person("a" * 32, SESSION_ONLY))
    assert CANARY in world.everything()
    purge_session_records(world.database, JUST_DUE)
    assert "heron" not in world.everything()
    assert world.rows(Tombstone) == []
    assert len(world.rows(Consent)) == 1


def test_a_withdrawn_record_goes_and_leaves_tombstones(world: World) -> None:
    person = world.person("a" * 32)
    interview(world, person)
    responses = {row.public_id for row in world.rows(Response)}
    with world.database.write() as session:
        consents.withdraw(session, person.id, NOW)
    assert purge_session_records(world.database, JUST_DUE) == 1
    assert "heron" not in world.everything()
    stones = world.rows(Tombstone)
    assert {stone.response_public_id for stone in stones} - {None} == responses
    assert {stone.participant_public_id for stone in stones} == {person.public_id}


def test_every_table_that_refers_to_an_attempt_is_emptied_of_it(world: World) -> None:
    """A new table with learners' data must not be forgotten by the purge."""
    names = {model.__tablename__ for model in OF_AN_ATTEMPT}
    for table in Base.metadata.tables.values():
        referred = {key.column.table.name for key in table.foreign_keys}
        if referred & {"attempt", "turn", "words", "response"}:
            assert table.name in names, f"worker.purge does not know {table.name}"


def test_who_goes_on_or_consents_in_time_is_left_alone(world: World) -> None:
    person = world.person("a" * 32, SESSION_ONLY)
    interview(world, person)
    with world.database.write() as session:
        session.execute(update(Attempt).values(last_turn_at=JUST_DUE))
    assert purge_session_records(world.database, JUST_DUE) == 0
    with world.database.write() as session:
        session.execute(update(Attempt).values(last_turn_at=NOW, keep="study"))
    assert purge_session_records(world.database, JUST_DUE) == 0
    assert CANARY in world.everything()


def test_what_the_study_has_kept_long_enough_goes(world: World) -> None:
    """The time counts from a person's last turn: the first interview stays as long as the last."""
    person, other = world.person("a" * 32), world.person("b" * 32)
    first = interview(world, person)
    second = interview(world, person, seed=2)
    stays = interview(world, other)
    kept = timedelta(days=world.study.retention_days)
    with world.database.write() as session:
        session.get_one(Attempt, second.id).last_turn_at = NOW + timedelta(days=1)
        session.get_one(Attempt, stays.id).last_turn_at = NOW + timedelta(days=2)
    almost = NOW + timedelta(days=1) + kept - timedelta(seconds=1)
    assert purge_outlived_records(world.database, almost) == 0
    assert first.id in {row.id for row in world.rows(Attempt)}
    assert purge_outlived_records(world.database, almost + timedelta(seconds=1)) == 2
    assert [row.id for row in world.rows(Attempt)] == [stays.id]
    assert purge_outlived_records(world.database, NOW + timedelta(days=2) + kept) == 1
    assert "heron" not in world.everything()
    for model in OF_AN_ATTEMPT:
        assert world.rows(model) == [], model


def test_expired_launches_and_tickets_go(world: World) -> None:
    with world.database.write() as session:
        for name, minutes in (("old", -1), ("new", 5)):
            ends = NOW + timedelta(minutes=minutes)
            login = LaunchAttempt(
                registration_id=world.registration.id,
                state_hash=token_hash(name),
                nonce_hash=token_hash(name),
                binding_hash=token_hash(name),
                target_link_uri="https://tool.example.edu/lti/launch",
                expires_at=ends,
            )
            session.add(login)
            session.flush()
            session.add(
                OneTimeTicket(
                    token_hash=token_hash(f"ticket {name}"),
                    purpose="confirm",
                    attempt_id=login.id,
                    expires_at=ends,
                )
            )
    assert purge_launches(world.database, NOW) == 2
    assert [row.state_hash for row in world.rows(LaunchAttempt)] == [token_hash("new")]
    assert [row.token_hash for row in world.rows(OneTimeTicket)] == [token_hash("ticket new")]


def test_a_failing_job_does_not_stop_the_others(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(database: Database, now: object) -> int:
        raise RuntimeError(CANARY)

    interview(world, world.person("a" * 32, SESSION_ONLY))
    jobs = (Job("breaks", fail), Job("purges", purge_session_records))
    with caplog.at_level("INFO", "greyarea.worker"):
        assert run_round(world.database, JUST_DUE, jobs) == {"purges": 1}
    assert "breaks: failed, RuntimeError in " in caplog.text
    assert "purges: 1" in caplog.text
    assert "heron" not in caplog.text


def test_the_loop_goes_round_until_it_is_stopped(world: World) -> None:
    stop, moments = Stop(), iter(NOW + timedelta(minutes=n) for n in range(10))
    seen = []

    def note(database: Database, now: object) -> int:
        seen.append(now)
        if len(seen) == 3:
            stop.ask()
        return 0

    rounds = run_until(
        stop, world.database, every=0.0, jobs=(Job("notes", note),), clock=lambda: next(moments)
    )
    assert rounds == 3
    assert seen == [NOW, NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)]
