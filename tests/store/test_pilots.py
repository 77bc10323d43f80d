"""Statements in force and pilots: who is shown which wording, and that it stays so."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from store import attempts, consents, scripts, statements
from store.attempts import Setting
from store.cues import script_for
from store.models import (
    Attempt,
    Context,
    CueShown,
    Institution,
    Participant,
    Pilot,
    PilotPlace,
    Response,
    StatementVersion,
    Study,
    Utterance,
)
from store.statements import PolicyError
from study.statements import PolicyStatement, Unit
from tests.worlds import NOW, World, make_world

USE = "language_polish"
ACTOR = "a" * 32


def keep(world: World, text: str, name: str = "Handbook", use: str = USE) -> StatementVersion:
    with world.database.write() as session:
        made = PolicyStatement.of(use, name, "other", {"en": text})
        return statements.add(session, world.institution.id, made, ACTOR)


def put_in_force(world: World, row: StatementVersion) -> None:
    with world.database.write() as session:
        statements.put_in_force(session, session.get_one(StatementVersion, row.id), NOW)


def pilot(world: World, *rows: StatementVersion, unit: Unit = Unit.PERSON) -> Pilot:
    with world.database.write() as session:
        found = [session.get_one(StatementVersion, row.id) for row in rows]
        return statements.start_pilot(
            session, world.institution.id, "Two wordings", unit, found, ACTOR, NOW
        )


def begin(world: World, person: Participant, seed: int = 1, context_id: int | None = 0) -> Attempt:
    """An interview about the one case that the statements here are about."""
    with world.database.write() as session:
        study = session.get_one(Study, world.study.id)
        pack = scripts.find(session, study.pack_id, study.pack_version)
        consent = consents.current(session, person.id)
        assert pack is not None and consent is not None
        place = world.context.id if context_id == 0 else context_id
        setting = Setting("learner", "nursing", "en", place, None)
        cases = scripts.script_of(pack).chosen(["S01"], 1)
        return attempts.begin(
            session, person, study, pack, consent, setting, NOW, seed, cases=cases
        )


def shown(world: World, attempt: Attempt) -> tuple[str, bool]:
    """The rule that the interview shows, and whether as a trial; ("", False): the example."""
    with world.database.read() as session:
        row = session.get_one(Attempt, attempt.id)
        cues = script_for(session, row).cues
        return next(((cue.texts["en"], cue.trial) for cue in cues.values()), ("", False))


def test_a_version_is_kept_for_ever_and_the_same_words_make_none(world: World) -> None:
    first = keep(world, "You may.")
    assert keep(world, "You may.").id == first.id
    second = keep(world, "You may not.")
    assert (first.version, second.version) == (1, 2)
    assert keep(world, "You may.").version == 3, "a return is a version of its own"
    assert {row.texts["en"] for row in world.rows(StatementVersion)} == {"You may.", "You may not."}


def test_what_is_in_force_is_shown_to_whoever_begins_from_then_on(world: World) -> None:
    before = begin(world, world.person("1" * 32))
    put_in_force(world, keep(world, "You may."))
    during = begin(world, world.person("2" * 32))
    put_in_force(world, keep(world, "You may not."))
    after = begin(world, world.person("3" * 32))
    assert shown(world, before) == ("", False)
    assert shown(world, during) == ("You may.", False)
    assert shown(world, after) == ("You may not.", False)
    in_force = [row.version for row in world.rows(StatementVersion) if statements.is_in_force(row)]
    assert in_force == [2]


def test_the_learner_reads_it_and_the_record_says_which(world: World) -> None:
    put_in_force(world, keep(world, "You may, if you say so."))
    attempt = begin(world, world.person())
    for option in ("2", "skip", "4", "skip", "5"):
        world.send(attempt, option=option)
    said = {row.key: row.text for row in world.rows(Utterance)}
    assert said["policy.intro_own"] == "Here is what your institution says."
    assert said["case.policy_cue"] == "You may, if you say so." and "policy.intro" not in said
    rows = world.rows(Response)
    assert [row.value for row in rows if row.step == "clarity"] == [5]
    assert len(world.rows(CueShown)) == 1 and world.rows(CueShown)[0].pilot_id is None


def test_a_pilot_deals_evenly_and_stays(world: World) -> None:
    running = pilot(world, keep(world, "A.", "A"), keep(world, "B.", "B"))
    people = [world.person(f"{n:032x}") for n in range(8)]
    first = [shown(world, begin(world, person)) for person in people]
    assert sorted(first) == [("A.", True)] * 4 + [("B.", True)] * 4
    again = [shown(world, begin(world, person, seed=2)) for person in people]
    assert again == first, "a second interview shows the same wording"
    assert world.rows(Pilot)[0].drawn == 8
    assert {row.pilot_id for row in world.rows(CueShown)} == {running.id}


def test_by_course_everybody_in_it_reads_the_same(world: World) -> None:
    pilot(world, keep(world, "A.", "A"), keep(world, "B.", "B"), unit=Unit.COURSE)
    with world.database.write() as session:
        other = Context(deployment_id=world.deployment.id, lms_id="course-2", title="Other")
        session.add(other)
        session.flush()
        places = [world.context.id, other.id]
    found = [
        {shown(world, begin(world, world.person(f"{n}{place:031x}"), 1, place)) for n in range(3)}
        for place in places
    ]
    assert sorted(map(sorted, found)) == [[("A.", True)], [("B.", True)]]
    # Outside a course there is nothing to draw: the example, or what is in force.
    assert shown(world, begin(world, world.person("f" * 32), 1, None)) == ("", False)


def test_when_a_pilot_ends_whoever_is_in_it_keeps_their_wording(world: World) -> None:
    row = pilot(world, keep(world, "A.", "A"), keep(world, "B.", "B"))
    during = begin(world, world.person("1" * 32))
    wording = shown(world, during)
    with world.database.write() as session:
        statements.end_pilot(session, session.get_one(Pilot, row.id), NOW)
    assert shown(world, during) == wording and wording[1]
    assert shown(world, begin(world, world.person("2" * 32))) == ("", False)
    with pytest.raises(PolicyError, match="has ended"), world.database.write() as session:
        statements.end_pilot(session, session.get_one(Pilot, row.id), NOW)


def test_nothing_about_the_use_changes_while_a_pilot_runs(world: World) -> None:
    a, b = keep(world, "A.", "A"), keep(world, "B.", "B")
    put_in_force(world, a)
    pilot(world, a, b)
    with pytest.raises(PolicyError, match="is running"):
        put_in_force(world, b)
    with pytest.raises(PolicyError, match="is running"), world.database.write() as session:
        statements.take_out_of_force(session, session.get_one(StatementVersion, a.id), NOW)
    with pytest.raises(PolicyError, match="is running"):
        pilot(world, a, b)
    # Another use is free, and a further version may be kept for later.
    put_in_force(world, keep(world, "C.", use="stats_code"))
    assert keep(world, "A, again.", "A").version == 2


def test_what_is_no_comparison_is_refused(world: World) -> None:
    a, b = keep(world, "A.", "A"), keep(world, "B.", "B")
    same, other = keep(world, "A.", "Same"), keep(world, "A.", use="stats_code")
    for rows in ((a,), (a, a), (a, same), (a, other), (a, b) * 4):
        with pytest.raises(PolicyError):
            pilot(world, *rows)
    with pytest.raises(PolicyError, match="name"), world.database.write() as session:
        found = [session.get_one(StatementVersion, row.id) for row in (a, b)]
        statements.start_pilot(session, world.institution.id, " ", Unit.PERSON, found, ACTOR, NOW)
    assert world.rows(Pilot) == []


def test_another_institutions_statements_do_not_exist(world: World) -> None:
    foreign = make_world(world.database, "elsewhere")
    theirs = [keep(foreign, "A.", "A"), keep(foreign, "B.", "B")]
    with world.database.read() as session:
        assert statements.find(session, world.institution.id, theirs[0].public_id) is None
        assert statements.all_of(session, world.institution.id) == []
    with pytest.raises(PolicyError, match="no such statement"):
        pilot(world, *theirs)
    put_in_force(foreign, theirs[0])
    pilot_there = pilot(
        foreign, keep(foreign, "C.", "C", "stats_code"), keep(foreign, "D.", "D", "stats_code")
    )
    with world.database.read() as session:
        assert statements.find_pilot(session, world.institution.id, pilot_there.public_id) is None
    assert shown(world, begin(world, world.person())) == ("", False)


def test_many_who_begin_at_once_are_drawn_one_after_the_other(world: World) -> None:
    pilot(world, keep(world, "A.", "A"), keep(world, "B.", "B"))
    people = [world.person(f"{n:032x}") for n in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda person: begin(world, person), people))
    places = world.rows(PilotPlace)
    assert sorted(place.number for place in places) == list(range(12))
    assert sorted(place.wording for place in places) == [0] * 6 + [1] * 6


def test_leads_at_once_put_one_version_in_force(world: World) -> None:
    rows = [keep(world, f"Version {n}.") for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda row: put_in_force(world, row), rows))
    with world.database.read() as session:
        query = select(StatementVersion).where(
            StatementVersion.in_force_from.is_not(None),
            StatementVersion.in_force_until.is_(None),
        )
        assert len(session.scalars(query).all()) == 1
        assert session.get_one(Institution, world.institution.id).slug == "testville"
