"""The REFI-QDA project: valid, the same again, and every coded passage has its characters."""

import io
import json
import random
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pyrefiqda import RefiCodebook, RefiProject
from sqlalchemy import select

from analysis.export.book import as_csv, as_qdc, book_of, clean
from analysis.export.choosing import EVERYTHING, ChoiceError, Chosen
from analysis.export.refi import Exported, write_qdpx
from analysis.export.refi_parts import Profile
from analysis.export.transcripts import flat
from store.coding import coders, codes, codings, merging
from store.db import Database
from store.models import Code, Coding, Response, Study, Words
from study.consent import Choices
from tests.analysis.cohort import Course, World, make_world
from tests.refi.reading import CODEBOOK, NS, Project, Segment, broken_rules

ROOT = Path(__file__).resolve().parents[2]
QDAPY = ROOT / ".tools" / "qdapy" / "bin" / "python"
TEXTS = (
    "Plain words, nothing else.",
    "Emoji 😀 and 👩‍⚕️ in the middle 🏥.",
    "Combining e\u0301 and o\u0308, twice: a\u0323\u0302.",
    "مرحبا، هذا رأيي في الأمر",
    "שלום ‏עולם, mixed with English",
    "two\nlines\r\nand a third\rand a fourth",
    "<b>&amp; \"quotes\" 'and' ]]></b>",
)


@pytest.fixture
def world(each_database: Database) -> World:
    return make_world(each_database)


def exported(
    world: World, profile: Profile = Profile.STANDARD, chosen: Chosen = EVERYTHING
) -> tuple[bytes, Exported]:
    out = io.BytesIO()
    with world.database.read() as session:
        study = session.get_one(Study, world.study_id)
        told = write_qdpx(session, study, out, chosen, profile)
    return out.getvalue(), told


def coded(world: World, passages: int = 60) -> list[tuple[str, str, str]]:
    """People with words in many scripts, coded by two coders; (coder, code, passage)."""
    course = Course(world)
    answers = []
    for n in range(14):
        attempt = course.take(1 + n % 5, 4, clarity=3)
        answers += [
            (course.write(attempt, TEXTS[k % 7], {"grey": "open"}), TEXTS[k % 7])
            for k in (n, n + 3)
        ]
    rng, out = random.Random(1), []
    with world.database.write() as session:
        study, now = world.study_id, course.now
        people = [coders.coder_of(session, study, letter * 32) for letter in "ab"]
        top = codes.make(session, study, people[0], "Line & <drawn>", now, definition="Where.\x07")
        below = codes.make(
            session, study, people[0], "Été 😀", now, parent=top.public_id, color="#aa0011"
        )
        folder = codes.make(session, study, people[1], "Folder", now, codable=False)
        deep = codes.make(session, study, people[1], "Deep", now, parent=folder.public_id)
        deepest = codes.make(session, study, people[1], "Deepest", now, parent=deep.public_id)
        rows = (top, below, deep, deepest)
        known = set()
        while len(out) < passages:
            answer, words = answers[rng.randrange(len(answers))]
            coder, code = people[rng.randrange(2)], rows[rng.randrange(4)]
            start = rng.randrange(len(words))
            end = rng.randrange(start + 1, len(words) + 1)
            key = (answer, coder.id, code.id, start, end)
            if key in known or not words[start:end].strip():
                continue
            known.add(key)
            codings.apply(session, study, coder, answer, code.public_id, now, start=start, end=end)
            out.append((coder.label, code.name, _shown(words, start, end)))
        codings.write_memo(session, study, people[0], "About the code 😀.", now, code=top.public_id)
        codings.write_memo(
            session, study, people[1], "About\r\nan answer.", now, response=answers[0][0]
        )
        codings.write_memo(session, study, people[1], "About the study.", now)
    return sorted(out)


def _shown(words: str, start: int, end: int) -> str:
    """The passage with its line ends as the transcript has them."""
    text, places = flat(words)
    return text[places[start] : places[end]]


def told(segments: list[Segment]) -> list[tuple[str, str, str]]:
    return sorted((s.coder, s.code, s.text) for s in segments)


@pytest.mark.parametrize("profile", list(Profile))
def test_every_passage_has_its_characters_in_every_profile(world: World, profile: Profile) -> None:
    expected = coded(world)
    content, found = exported(world, profile)
    assert (found.sessions, found.people, found.answers, found.codings) == (14, 14, 28, 60)
    project = Project(content)
    segments = project.segments(utf16=profile is Profile.NVIVO, crlf=profile is Profile.MAXQDA)
    assert told(segments) == expected
    assert broken_rules(content) == ({"LF and no mark"} if profile is Profile.MAXQDA else set())
    again, _ = exported(world, profile)
    assert again == content, "nothing changed"
    if profile is Profile.NVIVO:
        cases = {case.get("guid") for case in project.find(".//q:Case")}
        assert cases <= project.codes.keys()


def test_a_transcript_can_be_read(world: World) -> None:
    course = Course(world)
    attempt = course.take(4, 2, clarity=3)
    course.write(attempt, "It depends on who was told.")
    project = Project(exported(world)[0])
    (source,) = project.find(".//q:TextSource")
    text = project.text_of(source)
    assert "== The last polish (S01, version 2) ==" in text and "as learner, nursing" in text
    assert "\nAssistant: How acceptable?\nParticipant: rather\n" in text
    assert "Participant: It depends on who was told.\n" in text
    (case,) = project.find(".//q:Case")
    values = [e.text for e in case.iterfind("q:VariableValue/q:TextValue", NS)]
    assert values[:2] == ["learner", "nursing"] and len(values[2]) == 12


def test_nobody_who_has_left_is_in_it_and_what_is_deleted_is_gone(world: World) -> None:
    course = Course(world)
    staying, leaving = course.take(4), course.take(4)
    no = course.take(4, choices=Choices(take_part=True, research=False, quote=False))
    for attempt, words in ((staying, "stays"), (leaving, "a heron"), (no, "a heron")):
        course.write(attempt, words)
    restricted = course.write(staying, "a heron that nobody may read")
    with world.database.write() as session:
        row = session.scalars(select(Response).where(Response.public_id == restricted)).one()
        session.get_one(Words, row.words_id).restricted = True
        coder = coders.coder_of(session, world.study_id, "a" * 32)
        code = codes.make(session, world.study_id, coder, "X", course.now)
        codings.apply(session, world.study_id, coder, restricted, code.public_id, course.now)
    course.leave(leaving)
    course.erase(staying, "stance")
    content, found = exported(world)
    every = b"".join(Project(content).members.values()).decode()
    assert "heron" not in every and "stays" in every and "[deleted by the person]" in every
    assert (found.people, found.kept_back, found.codings) == (1, 1, 0)
    content, found = exported(world, chosen=Chosen(restricted=True))
    assert (found.kept_back, found.codings) == (0, 1)


def test_an_empty_study_and_choices_that_leave_nothing(world: World) -> None:
    content, found = exported(world)
    assert found == Exported() and broken_rules(content) == set()
    coded(world, 3)
    content, found = exported(world, chosen=Chosen(scenario="S12"))
    assert found.sessions == 0 and broken_rules(content) == set()
    with pytest.raises(ChoiceError, match="no course"):
        exported(world, chosen=Chosen(course="0" * 12))


def test_another_programs_library_reads_the_same(world: World, tmp_path: Path) -> None:
    coded(world)
    content, _ = exported(world)
    path = tmp_path / "a.qdpx"
    path.write_bytes(content)
    loaded = RefiProject.load(path, extract_dir=str(tmp_path / "out"))
    project = Project(content)
    assert len(loaded.sources.text_source) == len(project.find(".//q:TextSource"))
    assert len(loaded.cases.case) == len(project.find(".//q:Case"))
    names = {code.name for code in loaded.code_book.codes.code}
    assert {"Line & <drawn>", "Folder"} <= names
    assert sum(len(s.plain_text_selection) for s in loaded.sources.text_source) == len(
        project.find(".//q:PlainTextSelection")
    )


@pytest.fixture(scope="module")
def qdapy() -> Path:
    """An environment of its own for a reader that is not part of the product."""
    if not QDAPY.exists():
        folder = QDAPY.parents[1]
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run(
            [
                str(QDAPY),
                "-m",
                "pip",
                "install",
                "-q",
                "--disable-pip-version-check",
                "qdapy==0.1.0",
            ],
            check=True,
        )
    return QDAPY


def test_a_thousand_codings_in_another_program(world: World, tmp_path: Path, qdapy: Path) -> None:
    expected = coded(world, 1000)
    content, _ = exported(world)
    path = tmp_path / "a.qdpx"
    path.write_bytes(content)
    script = ROOT / "tests" / "refi" / "read_with_qdapy.py"
    done = subprocess.run(
        [str(qdapy), str(script), str(path)], check=True, capture_output=True, text=True
    )
    rows = json.loads(done.stdout)
    assert len(rows) == 1000
    texts = sorted(str(row["text"]) for row in rows)
    assert texts == sorted(text for _, _, text in expected)


def test_the_codebook_by_itself(world: World, tmp_path: Path) -> None:
    coded(world, 3)
    with world.database.read() as session:
        book = book_of(session, session.get_one(Study, world.study_id))
        content, table = as_qdc(book), as_csv(book)
        assert as_qdc(book) == content
    root = etree.fromstring(content)
    assert CODEBOOK.validate(root), CODEBOOK.error_log
    path = tmp_path / "codes.qdc"
    path.write_bytes(content)
    assert RefiCodebook.load(path)
    assert table.startswith("\ufefftag,description,path,kind,color,made_at\r\n")
    assert "Été 😀,,Line & <drawn> / Été 😀,inductive,#aa0011," in table


def test_a_codebook_without_codes_is_refused(world: World) -> None:
    with world.database.read() as session, pytest.raises(ValueError, match="no codes yet"):
        as_qdc(book_of(session, session.get_one(Study, world.study_id)))


@given(st.text())
def test_line_ends_are_counted_once(words: str) -> None:
    text, places = flat(words)
    assert text == words.replace("\r\n", "\n").replace("\r", "\n")
    assert len(places) == len(words) + 1 and places[-1] == len(text)
    for place, character in enumerate(words):
        if character != "\r":
            assert text[places[place]] == character


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_names_can_stand_in_xml(name: str) -> None:
    element = etree.Element("a", {"name": clean(name)})
    assert etree.fromstring(etree.tostring(element)).get("name") is not None


def test_a_large_study_needs_no_more_memory(shared_world: World) -> None:
    """Ten times the interviews must not need twice the memory."""

    def peak(out: io.BytesIO) -> int:
        tracemalloc.start()
        with shared_world.database.read() as session:
            write_qdpx(session, session.get_one(Study, shared_world.study_id), out)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size - len(out.getvalue())

    course = Course(shared_world)
    first = peak(io.BytesIO())
    for _ in range(300):
        course.write(course.take(4), "Some words about it. " * 20)
    assert peak(io.BytesIO()) < 3 * first + 4_000_000


def test_codes_that_are_gone_are_in_no_export(world: World) -> None:
    coded(world, 20)
    with world.database.write() as session:
        for code in session.scalars(select(Code).where(Code.name == "Deepest")):
            for coding in session.scalars(select(Coding).where(Coding.code_id == code.id)):
                coding.removed_at = code.created_at
            merging.retire(session, world.study_id, None, code.public_id, 1, code.created_at)
    project = Project(exported(world)[0])
    assert "Deepest" not in project.codes.values()
    assert "Deepest" not in {segment.code for segment in project.segments()}
