"""The CSV holds what people said, exactly, and nobody who has left."""

import csv
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from analysis.export.columns import (
    course_code,
    data_dictionary,
    dictionary_page,
    guard,
    unguard,
)
from analysis.export.log import write_csv
from store import consents
from store.models import Attempt, Context, Response, Study
from study.consent import Choices
from tests.analysis.cohort import Course, World, make_world

DICTIONARY = Path(__file__).resolve().parents[2] / "docs" / "data-dictionary.md"
ODD = (
    "plain",
    "emoji 😀 and 👩‍⚕️",
    "مرحبا، هذا رأيي",
    "שלום ‏עולם",
    "two\nlines\r\nand a third",
    'she said "no", twice',
    "=1+2",
    "+44",
    "-1",
    "@SUM(A1)",
    "\tindented",
    "\rreturn",
    "'=quoted",
    "''+",
    "'twas",
    ",;|",
    "   ",
)


def _export(course: Course) -> tuple[int, list[dict[str, str]], str]:
    out = io.StringIO(newline="")
    with course.world.database.read() as session:
        count = write_csv(session, session.get_one(Study, course.study_id), out)
    text = out.getvalue()
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text[1:], newline=""), strict=True))
    assert count == len(rows)
    return count, rows, text


@pytest.fixture
def course(shared_world: World) -> Course:
    with shared_world.database.write() as session:
        first = session.get_one(Study, shared_world.study_id)
        study = Study(
            institution_id=first.institution_id,
            slug=f"s{session.query(Study).count()}",
            name="Own",
            pack_id=first.pack_id,
            pack_version=first.pack_version,
        )
        session.add(study)
        session.flush()
        study_id = study.id
    return Course(shared_world, study_id=study_id)


def test_every_answer_comes_back_as_it_was(course: Course) -> None:
    attempt = course.take(4, "depends", "cant_say")
    ids = {course.write(attempt, text): text for text in ODD}
    count, rows, text = _export(course)
    assert count == 3 + len(ODD)
    assert {r["response_id"]: unguard(r["words"]) for r in rows if r["kind"] == "text"} == ids
    for row in rows:
        assert not row["words"].startswith(("=", "+", "-", "@", "\t", "\r"))
    stances = {row["step"]: row for row in rows if row["kind"] == "stance"}
    assert (stances["stance"]["value"], stances["stance"]["label"]) == ("4", "rather")
    assert (stances["twist"]["value"], stances["twist"]["flags"]) == ("3", "depends")
    assert (stances["final_stance"]["value"], stances["final_stance"]["label"]) == (
        "",
        "can't say",
    )
    assert stances["stance"]["consent_version"] and stances["stance"]["may_be_quoted"] == "yes"
    assert stances["stance"]["submitted_at"].endswith("Z")
    with course.world.database.read() as session:
        lms_id = session.get_one(Context, course.context_id).lms_id
        public_id = session.get_one(Study, course.study_id).public_id
    assert lms_id not in text and "Secret title" not in text
    assert {row["course_code"] for row in rows} == {course_code(public_id, course.context_id)}


@given(st.text())
def test_guarding_can_be_undone_and_leaves_no_formula(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_any_text_survives_the_file_format(texts: list[str]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(["x", *(guard(text) for text in texts)])
    (row,) = csv.reader(io.StringIO(out.getvalue(), newline=""), strict=True)
    assert [unguard(cell) for cell in row[1:]] == texts


def test_replaced_answers_are_marked_and_deleted_ones_are_empty(course: Course) -> None:
    attempt = course.take(2, 4)
    course.change(attempt, "stance", 5)
    course.erase(attempt, "twist")
    _, rows, _ = _export(course)
    old, new = (r for r in rows if r["step"] == "stance")
    assert (old["superseded"], old["value"], old["revision_no"]) == ("yes", "2", "1")
    assert (new["superseded"], new["value"], new["revision_no"]) == ("no", "5", "2")
    assert new["supersedes_response_id"] == old["response_id"]
    (gone,) = (r for r in rows if r["step"] == "twist")
    assert gone["value"] == gone["label"] == "" and gone["erased_at"]


def test_people_without_consent_now_are_absent(course: Course) -> None:
    canary = "a canary sings"
    session_only = course.take(1, choices=Choices(take_part=True, research=False, quote=False))
    withdrawn = course.take(1)
    staying = course.take(1)
    for attempt in (session_only, withdrawn):
        course.write(attempt, canary)
    course.write(staying, "still here")
    course.leave(withdrawn)
    count, rows, text = _export(course)
    assert count == 2 and canary not in text
    assert len({row["participant_code"] for row in rows}) == 1
    course.come_back(withdrawn)
    assert _export(course)[0] == 4


def test_either_sign_of_withdrawal_is_enough(course: Course) -> None:
    purged_late, marked_late = course.take(1), course.take(2)
    with course.world.database.write() as session:
        session.get_one(Attempt, purged_late).keep = "session"
        person = session.get_one(Attempt, marked_late).participant_id
        newest = consents.current(session, person)
        assert newest is not None
        newest.research = False
    assert _export(course)[0] == 0


def test_the_newest_consent_counts(course: Course) -> None:
    attempt = course.take(1)
    with course.world.database.write() as session:
        study = session.get_one(Study, course.study_id)
        text = consents.ensure_text(session, study, "another", "en", "A second text.")
        person = session.get_one(Attempt, attempt).participant_id
        choices = Choices(take_part=True, research=True, quote=False)
        consents.give(session, person, text, choices, course.now)
    _, rows, _ = _export(course)
    assert [(r["consent_version"], r["may_be_quoted"]) for r in rows] == [("another", "no")]


def test_nothing_of_another_study_or_institution(course: Course) -> None:
    course.take(1)
    other = Course(make_world(course.world.database, f"other-{course.context_id}"))
    other.write(other.take(2), "from elsewhere")
    sibling = Course(course.world)
    sibling.write(sibling.take(3), "from the sibling study")
    count, rows, text = _export(course)
    assert count == 1 and rows[0]["value"] == "1"
    assert "elsewhere" not in text and "sibling" not in text


def test_the_same_record_gives_the_same_file(course: Course) -> None:
    for value in (5, 1, 3):
        course.write(course.take(value), "words")
    assert _export(course)[2] == _export(course)[2]


def test_memory_does_not_grow_with_the_study(course: Course) -> None:
    class Sink(io.StringIO):
        def write(self, text: str) -> int:
            return len(text)

    def peak() -> int:
        with course.world.database.read() as session:
            study = session.get_one(Study, course.study_id)
            write_csv(session, study, Sink(newline=""))
            tracemalloc.start()
            write_csv(session, study, Sink(newline=""))
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            return most

    attempt = course.take(1)
    course.write(attempt, "x" * 1000)
    _repeat(course, attempt, 1_000)
    small = peak()
    _repeat(course, attempt, 5_000)
    assert peak() < small * 2


def _repeat(course: Course, attempt_id: int, times: int) -> None:
    with course.world.database.write() as session:
        row = (
            session.execute(
                select(Response.__table__).where(
                    Response.attempt_id == attempt_id, Response.kind == "text"
                )
            )
            .mappings()
            .first()
        )
        assert row is not None
        same = {k: v for k, v in row.items() if k not in ("id", "public_id", "number")}
        start = session.query(Response).count() + 100
        session.execute(insert(Response), [{**same, "number": start + n} for n in range(times)])


def test_the_data_dictionary_is_current() -> None:
    assert DICTIONARY.read_text(encoding="utf-8") == dictionary_page()
    assert all(text.endswith(".") for text in data_dictionary().values())
