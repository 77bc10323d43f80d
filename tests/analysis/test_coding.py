"""Coding: nothing is lost, nobody overwrites anybody, and the journal gives all of it again."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from store import erasure
from store.coding import coders, codes, codings, merging
from store.coding.journal import CodingError, ConflictError, NotFoundError, history
from store.db import Database
from store.models import Attempt, Code, Coder, Coding, CodingEvent, Memo, Response, Study
from study.codebook import parse_codebook
from study.coding import Layers
from tests.analysis.cohort import Course, World, make_world

BOOK = Path(__file__).resolve().parents[2] / "data" / "codebook.yml"
TEXT = "It depends 😀 on who was told, and é counts."


@pytest.fixture
def world(each_database: Database) -> World:
    return make_world(each_database)


def stage(world: World) -> tuple[int, list[str], list[int]]:
    """A study with a codebook, some answers in words, and two coders."""
    course = Course(world)
    answers = [course.write(course.take(4, 2), TEXT, {"grey": "open"}) for _ in range(3)]
    with world.database.write() as session:
        book = parse_codebook(BOOK.name, BOOK.read_text("utf-8"))
        codes.seed(session, world.study_id, book, course.now)
        codes.seed(session, world.study_id, book, course.now)
        people = [coders.coder_of(session, world.study_id, letter * 32).id for letter in "ab"]
    return world.study_id, answers, people


def as_stored(world: World) -> Layers:
    """Codes and codings as the tables have them, in the shape of a replay."""
    from study.coding import CodeState, CodingState

    layers = Layers()
    with world.database.read() as session:
        rows = session.scalars(select(Code)).all()
        ids = {row.id: row.public_id for row in rows}
        for row in rows:
            layers.codes[row.public_id] = CodeState(
                row.name,
                row.definition,
                row.color,
                ids[row.parent_id] if row.parent_id else None,
                row.codable,
                row.a_priori,
                row.retired_at is not None,
                ids[row.merged_into_id] if row.merged_into_id else None,
            )
        query = (
            select(Coding, Response.public_id, Coder.public_id)
            .join(Response, Response.id == Coding.response_id)
            .join(Coder, Coder.id == Coding.coder_id)
            .where(Coding.removed_at.is_(None))
        )
        for coding, response, coder in session.execute(query):
            layers.codings[coding.public_id] = CodingState(
                response, coding.start, coding.end, ids[coding.code_id], coder, coding.origin
            )
        layers.memos = set(session.scalars(select(Memo.public_id).where(Memo.removed_at.is_(None))))
    return layers


def replayed(world: World) -> Layers:
    with world.database.read() as session:
        return history(session, world.study_id)


def test_what_two_coders_do_is_replayed_from_the_journal(world: World) -> None:
    study, answers, (one, other) = stage(world)
    course = Course(world)
    with world.database.write() as session:
        a, b = session.get_one(Coder, one), session.get_one(Coder, other)
        assert [found.label for found in coders.coders_of(session, study)] == ["Coder 1", "Coder 2"]
        now = course.now
        trust = codes.make(session, study, a, "Trust", now, definition="Whom to believe.")
        under = codes.make(
            session, study, b, "Été 😀", now, parent=trust.public_id, color="#A0b1C2"
        )
        first = codings.apply(session, study, a, answers[0], trust.public_id, now, start=3, end=12)
        same = codings.apply(session, study, a, answers[0], trust.public_id, now, start=3, end=12)
        assert first.id == same.id
        codings.apply(session, study, b, answers[0], trust.public_id, now, start=3, end=12)
        whole = codings.apply(session, study, b, answers[1], under.public_id, now)
        assert (whole.start, whole.end) == (0, len(TEXT))
        grey = next(row for row in codes.in_use(session, study) if row.name == "A grey area")
        codings.answer_suggestion(session, study, a, answers[2], "grey", now, code=grey.public_id)
        codings.answer_suggestion(session, study, b, answers[2], "grey", now, code=None)
        codings.write_memo(session, study, a, "Think.", now, response=answers[0])
        codings.write_memo(session, study, a, "About it.", now, code=trust.public_id)
        codings.write_memo(session, study, b, "Mine.", now)
        codings.write_memo(session, study, b, "", now)
        codes.change(session, study, a, trust.public_id, 1, now, name="Trusting", definition="Who.")
        merging.merge(session, study, b, under.public_id, 1, trust.public_id, now)
        made = merging.split(
            session, study, a, trust.public_id, "Trust in tools", [whole.public_id], now
        )
        assert made.parent_id is None
        codings.remove(session, study, a, first.public_id, now)
    stored = as_stored(world)
    assert replayed(world) == stored
    assert len(stored.codings) == 3 and len(stored.memos) == 2
    assert {state.origin for state in stored.codings.values()} == {"human", "accepted"}
    with world.database.read() as session:
        told = " ".join(str(row.data) for row in session.scalars(select(CodingEvent)))
    assert "é counts" not in told and "Think" not in told


def test_what_is_refused_changes_nothing(world: World) -> None:
    study, answers, (one, other) = stage(world)
    now = Course(world).now
    with world.database.write() as session:
        a = session.get_one(Coder, one)
        top = codes.make(session, study, a, "Top", now)
        folder = codes.make(session, study, a, "Folder", now, codable=False)
        below = codes.make(session, study, a, "Below", now, parent=top.public_id)
        mine = codings.apply(session, study, a, answers[0], top.public_id, now)
        ids = [row.public_id for row in (top, folder, below, mine)]
    top_id, folder_id, below_id, coding = ids
    before = as_stored(world)

    def code(s: Session, a: Coder, start: int, end: int, what: str = "") -> object:
        return codings.apply(s, study, a, answers[0], what or top_id, now, start=start, end=end)

    def suggest(s: Session, a: Coder) -> object:
        return codings.answer_suggestion(s, study, a, answers[0], "embrace", now, code=top_id)

    attempts = [
        (CodingError, lambda s, a, b: codes.make(s, study, a, " tOp ", now)),
        (CodingError, lambda s, a, b: codes.make(s, study, a, "", now)),
        (CodingError, lambda s, a, b: codes.make(s, study, a, "x" * 121, now)),
        (CodingError, lambda s, a, b: codes.make(s, study, a, "a\x00b", now)),
        (CodingError, lambda s, a, b: codes.make(s, study, a, "x", now, color="red")),
        (CodingError, lambda s, a, b: codes.make(s, study, a, "x", now, definition="y" * 10_001)),
        (NotFoundError, lambda s, a, b: codes.make(s, study, a, "x", now, parent="f" * 32)),
        (ConflictError, lambda s, a, b: codes.change(s, study, b, top_id, 7, now, name="Else")),
        (CodingError, lambda s, a, b: codes.change(s, study, b, top_id, 1, now, parent=below_id)),
        (CodingError, lambda s, a, b: codes.change(s, study, b, top_id, 1, now, parent=top_id)),
        (CodingError, lambda s, a, b: code(s, a, 0, 4, folder_id)),
        (CodingError, lambda s, a, b: code(s, a, 9, 9)),
        (CodingError, lambda s, a, b: code(s, a, 0, 999)),
        (CodingError, lambda s, a, b: code(s, a, -1, 4)),
        (NotFoundError, lambda s, a, b: codings.apply(s, study, a, "f" * 32, top_id, now)),
        (NotFoundError, lambda s, a, b: codings.remove(s, study, b, coding, now)),
        (CodingError, lambda s, a, b: suggest(s, a)),
        (CodingError, lambda s, a, b: codings.write_memo(s, study, a, "y" * 10_001, now)),
        (CodingError, lambda s, a, b: merging.merge(s, study, b, top_id, 1, top_id, now)),
        (CodingError, lambda s, a, b: merging.merge(s, study, b, top_id, 1, folder_id, now)),
        (CodingError, lambda s, a, b: merging.retire(s, study, b, top_id, 1, now)),
        (NotFoundError, lambda s, a, b: merging.split(s, study, b, folder_id, "N", [coding], now)),
    ]  # fmt: skip
    for error, attempt in attempts:
        with pytest.raises(error), world.database.write() as session:
            attempt(session, session.get_one(Coder, one), session.get_one(Coder, other))
    assert as_stored(world) == before == replayed(world)


def test_another_studys_codes_and_answers_are_not_there(world: World) -> None:
    study, answers, (one, _) = stage(world)
    now = Course(world).now
    with world.database.write() as session:
        first = session.get_one(Study, study)
        second = Study(
            institution_id=first.institution_id,
            slug="second",
            name="Second",
            pack_id=first.pack_id,
            pack_version=first.pack_version,
        )
        session.add(second)
        session.flush()
        stranger = coders.coder_of(session, second.id, "c" * 32)
        own = codes.make(session, second.id, stranger, "Own", now)
        with pytest.raises(NotFoundError):
            codings.apply(session, second.id, stranger, answers[0], own.public_id, now)
        with pytest.raises(NotFoundError):
            codings.apply(
                session, study, session.get_one(Coder, one), answers[0], own.public_id, now
            )


def test_two_coders_at_once_lose_nothing(world: World) -> None:
    study, answers, people = stage(world)
    now = Course(world).now

    def work(number: int) -> None:
        with world.database.write() as session:
            coder = session.get_one(Coder, people[number % 2])
            made = codes.make(session, study, coder, f"Code {number}", now)
            codings.apply(session, study, coder, answers[number % 3], made.public_id, now)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(12)))
    stored = as_stored(world)
    assert len(stored.codings) == 12 and replayed(world) == stored
    with world.database.read() as session:
        seqs = session.scalars(select(CodingEvent.seq).order_by(CodingEvent.seq)).all()
    assert list(seqs) == list(range(1, len(seqs) + 1))


def test_two_who_change_one_code_do_not_overwrite_each_other(world: World) -> None:
    study, _, (one, other) = stage(world)
    now = Course(world).now
    with world.database.write() as session:
        made = codes.make(session, study, session.get_one(Coder, one), "Draft", now).public_id
    with world.database.write() as session:
        codes.change(session, study, session.get_one(Coder, one), made, 1, now, name="Mine")
    with pytest.raises(ConflictError, match="Mine"), world.database.write() as session:
        codes.change(session, study, session.get_one(Coder, other), made, 1, now, name="Yours")


def test_a_deleted_answer_takes_the_memo_about_it_along(world: World) -> None:
    study, answers, (one, _) = stage(world)
    now = Course(world).now
    with world.database.write() as session:
        coder = session.get_one(Coder, one)
        codings.write_memo(session, study, coder, "They say: It depends.", now, response=answers[0])
        row = session.scalars(select(Response).where(Response.public_id == answers[0])).one()
        erasure.erase_attempt(session, row.attempt_id, now)
        assert session.scalars(select(Memo)).all() == []
        with pytest.raises(NotFoundError):
            codings.answer_of(session, study, answers[0])
        assert session.get_one(Attempt, row.attempt_id)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(("make", "code", "uncode", "rename", "move", "merge", "split", "retire")),
        st.integers(0, 40),
        st.integers(0, 40),
        st.integers(0, 1),
    ),
    max_size=30,
)


@settings(max_examples=25, deadline=None)
@given(STEPS)
def test_whatever_is_done_the_journal_comes_to_the_same(
    shared_world: World, steps: list[tuple[str, int, int, int]]
) -> None:
    world = shared_world
    course = Course(world)
    now = course.now
    with world.database.write() as session:
        first = session.get_one(Study, world.study_id)
        study = Study(
            institution_id=first.institution_id,
            slug=secrets.token_hex(6),
            name="Own",
            pack_id=first.pack_id,
            pack_version=first.pack_version,
        )
        session.add(study)
        session.flush()
        study_id = study.id
        for letter in "ab":
            coders.coder_of(session, study_id, letter * 32)
    own = Course(world, study_id=study_id)
    answers = [own.write(own.take(4), TEXT) for _ in range(2)]
    with world.database.write() as session:
        people = list(coders.coders_of(session, study_id))
        for number, (what, x, y, who) in enumerate(steps):
            rows, coder = codes.in_use(session, study_id), people[who]
            live = session.scalars(
                select(Coding)
                .where(Coding.study_id == study_id, Coding.removed_at.is_(None))
                .order_by(Coding.id)
            ).all()
            one = rows[x % len(rows)] if rows else None
            two = rows[y % len(rows)] if rows else None
            try:
                if what == "make" or one is None or two is None:
                    codes.make(
                        session,
                        study_id,
                        coder,
                        f"Code {number}",
                        now,
                        parent=one.public_id if one and x % 2 else None,
                    )
                elif what == "code":
                    start = x % 20
                    codings.apply(
                        session, study_id, coder, answers[y % 2], one.public_id, now,
                        start=start, end=start + 1 + y % 20,
                    )  # fmt: skip
                elif what == "uncode" and live:
                    codings.remove(session, study_id, coder, live[x % len(live)].public_id, now)
                elif what == "rename":
                    codes.change(
                        session, study_id, coder, one.public_id, one.revision, now,
                        name=f"Name {number}",
                    )  # fmt: skip
                elif what == "move":
                    codes.change(
                        session, study_id, coder, one.public_id, one.revision, now,
                        parent=two.public_id,
                    )  # fmt: skip
                elif what == "merge":
                    merging.merge(
                        session, study_id, coder, one.public_id, one.revision, two.public_id, now
                    )
                elif what == "split":
                    chosen = [c.public_id for c in live if c.code_id == one.id][: 1 + y % 3]
                    merging.split(
                        session, study_id, coder, one.public_id, f"Part {number}", chosen, now
                    )
                elif what == "retire":
                    merging.retire(session, study_id, coder, one.public_id, one.revision, now)
            except CodingError:
                continue
        found = history(session, study_id)
        rows = session.scalars(select(Code).where(Code.study_id == study_id)).all()
        names = {row.id: row.public_id for row in rows}
        for row in rows:
            state = found.codes[row.public_id]
            assert state.name == row.name and state.retired == (row.retired_at is not None)
            if row.retired_at is None:
                assert state.parent == (names[row.parent_id] if row.parent_id else None)
        live = session.scalars(
            select(Coding).where(Coding.study_id == study_id, Coding.removed_at.is_(None))
        ).all()
        assert {c.public_id: names[c.code_id] for c in live} == {
            name: state.code for name, state in found.codings.items()
        }
