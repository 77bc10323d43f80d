"""Codings made elsewhere come home where they belong, or are listed; nothing is guessed."""

import io
import re
import uuid
import zipfile
from collections.abc import Callable

import pytest
from lxml import etree
from sqlalchemy import select

from analysis.export.refi import write_qdpx
from analysis.export.refi_parts import Profile
from analysis.export.transcripts import flat
from analysis.importing import archive
from analysis.importing.archive import ArchiveError, read_project
from analysis.importing.codings import Report, bring_home
from store.coding.journal import history
from store.db import Database
from store.models import Attempt, Coder, Coding, Response, Study, Words
from tests.analysis.cohort import Course, World, make_world
from tests.analysis.test_refi import coded, exported
from tests.refi.reading import NS, Project, rezipped


@pytest.fixture
def world(each_database: Database) -> World:
    return make_world(each_database)


def from_elsewhere(
    world: World, profile: Profile = Profile.STANDARD, origin: str = "QualCoder"
) -> Project:
    """What another program writes after somebody there has coded the same: all identifiers new."""
    project = Project(exported(world, profile)[0])
    text = etree.tostring(project.root).decode()
    new: dict[str, str] = {}
    for found in set(re.findall(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", text)):
        new[found] = str(uuid.uuid5(uuid.NAMESPACE_URL, found))
    for old, other in new.items():
        text = text.replace(old, other)
    project.root = etree.fromstring(text.encode())
    project.root.set("origin", origin)
    project.members = {
        re.sub(r"[0-9a-f-]{36}", lambda m: new.get(m.group(0), m.group(0)), name): content
        for name, content in project.members.items()
    }
    for user in project.find(".//q:User"):
        user.set("name", f"Elsewhere {user.get('name')}")
    return project


def bring(world: World, content: bytes) -> Report:
    foreign = read_project(io.BytesIO(content))
    with world.database.write() as session:
        study = session.get_one(Study, world.study_id)
        return bring_home(session, study, foreign, study.created_at)


def layers(world: World) -> dict[str, list[tuple[int, int, int, int]]]:
    """Coder → places of the codings, an end of line counted once."""
    out: dict[str, list[tuple[int, int, int, int]]] = {}
    with world.database.read() as session:
        query = (
            select(Coder.label, Coding, Words.body)
            .join(Coder, Coder.id == Coding.coder_id)
            .join(Response, Response.id == Coding.response_id)
            .join(Words, Words.id == Response.words_id)
            .where(Coding.removed_at.is_(None))
        )
        for label, one, body in session.execute(query):
            _, places = flat(body)
            where = places[one.start], places[one.end]
            out.setdefault(label, []).append((one.response_id, one.code_id, *where))
    return {label: sorted(places) for label, places in out.items()}


@pytest.mark.parametrize(
    ("profile", "origin"),
    [
        (Profile.STANDARD, "QualCoder 4.0"),
        (Profile.NVIVO, "NVivo 14"),
        (Profile.MAXQDA, "MAXQDA 2024"),
    ],
)
def test_codings_come_home_to_the_same_characters(
    world: World, profile: Profile, origin: str
) -> None:
    coded(world)
    before = layers(world)
    theirs = rezipped(from_elsewhere(world, profile, origin))
    report = bring(world, theirs)
    assert (report.imported, report.known, report.unmatched) == (60, 0, ())
    assert report.coders == ("Elsewhere Coder 1 (imported)", "Elsewhere Coder 2 (imported)")
    now = layers(world)
    for number in (1, 2):
        assert now[f"Elsewhere Coder {number} (imported)"] == before[f"Coder {number}"]
        assert now[f"Coder {number}"] == before[f"Coder {number}"], "ours stand as they stood"
    again = bring(world, theirs)
    assert (again.imported, again.known) == (0, 60) and layers(world) == now
    with world.database.read() as session:
        found = history(session, world.study_id)
        assert len(found.codings) == 120


def test_our_own_export_is_known(world: World) -> None:
    coded(world, 20)
    before = layers(world)
    report = bring(world, exported(world)[0])
    assert (report.imported, report.known) == (0, 20) and layers(world) == before


def test_ours_are_known_under_new_identifiers(world: World) -> None:
    coded(world, 20)
    project, before = from_elsewhere(world), layers(world)
    for user in project.find(".//q:User"):
        user.set("name", str(user.get("name")).removeprefix("Elsewhere "))
    report = bring(world, rezipped(project))
    # An end that lies between the two characters of one end of line comes back as its beginning.
    assert report.known >= 18 and report.known + report.imported == 20
    assert {label: layers(world)[label] for label in before} == before


def test_a_mark_at_the_beginning_of_texts_moves_nothing(world: World) -> None:
    coded(world, 20)
    project = from_elsewhere(world)
    for name in project.members:
        if name.startswith("sources/"):
            project.members[name] = b"\xef\xbb\xbf" + project.members[name]
    before = layers(world)
    bring(world, rezipped(project))
    assert layers(world)["Elsewhere Coder 1 (imported)"] == before["Coder 1"]


def _rename_code(project: Project) -> None:
    for code in project.find(".//q:Code"):
        code.set("name", f"{code.get('name')} renamed")


def _rename_source(project: Project) -> None:
    for source in project.find(".//q:TextSource"):
        source.set("name", f"1_{source.get('name')}")


def _change_text(project: Project) -> None:
    for name in project.members:
        if name.startswith("sources/"):
            project.members[name] += b"more"


def _over_a_prompt(project: Project) -> None:
    for selection in project.find(".//q:PlainTextSelection"):
        selection.set("startPosition", "0")


def _unknown_program(project: Project) -> None:
    project.root.set("origin", "Something New")
    for name in project.members:
        if name.startswith("sources/"):
            project.members[name] = project.members[name].replace(b"\n", b"\r\n")


UNMATCHED: dict[str, Callable[[Project], None]] = {
    "no code of that name": _rename_code,
    "no interview of that name": _rename_source,
    "not what was exported": _change_text,
    "not within one answer": _over_a_prompt,
    "count differently": _unknown_program,
}


@pytest.mark.parametrize("reason", UNMATCHED)
def test_what_cannot_be_matched_is_listed_and_not_guessed(world: World, reason: str) -> None:
    coded(world, 20)
    project, before = from_elsewhere(world), layers(world)
    UNMATCHED[reason](project)
    report = bring(world, rezipped(project))
    assert report.imported == 0 and len(report.unmatched) == 20
    assert all(reason in one.reason and one.coded.source for one in report.unmatched)
    assert layers(world) == before


def test_who_has_withdrawn_meanwhile_gets_no_codings(world: World) -> None:
    coded(world, 20)
    project = from_elsewhere(world)
    with world.database.read() as session:
        ids = session.scalars(select(Attempt.id)).all()
    course = Course(world)
    for attempt in ids:
        course.leave(attempt)
    report = bring(world, rezipped(project))
    assert report.imported == 0 and "withdrawn" in report.unmatched[0].reason


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


ENTITY = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
SELECTION = (
    b'<PlainTextSelection guid="2" startPosition="%s" endPosition="4">%s</PlainTextSelection>'
)
CODING = b'<Coding guid="3"><CodeRef targetGUID="9"/></Coding>'
HEAD = f'<Project xmlns="{NS["q"]}" name="x" origin="x">'.encode()
SOURCE = b'<Sources><TextSource guid="1" name="a" plainTextPath="internal://a.txt">%s</TextSource>'


def _with_source(inside: bytes, text: bytes | None = None) -> bytes:
    members = {"project.qde": HEAD + SOURCE % inside + b"</Sources></Project>"}
    return _zip(members | ({} if text is None else {"Sources/a.txt": text}))


HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "not a whole .qdpx"),
    "no archive": (b"PK\x03\x04 and then nothing", "not a whole .qdpx"),
    "no project": (_zip({"a.txt": b"x"}), "0 projects"),
    "two projects": (_zip({"a.qde": HEAD, "b.qde": HEAD}), "2 projects"),
    "out of the archive": (_zip({"../../etc/x": b"x", "project.qde": b""}), "out of the archive"),
    "absolute": (_zip({"/etc/x": b"x"}), "out of the archive"),
    "a drive": (_zip({"C:\\x": b"x"}), "out of the archive"),
    "a bomb": (_zip({"project.qde": b" " * (3 << 20)}), "more tightly"),
    "no XML": (_zip({"project.qde": b"<Project"}), "project.qde, line 1"),
    "another document": (_zip({"project.qde": b"<html/>"}), "no REFI-QDA project"),
    "entities": (_zip({"project.qde": ENTITY + HEAD + b"&a;</Project>"}), "no document type"),
    "a text that is missing": (_with_source(b""), "line 1: internal://a.txt is not in the archive"),
    "a text that is no text": (_with_source(b"", b"\xff\xfe"), "is not UTF-8"),
    "a place that is none": (
        _with_source(SELECTION % (b"-1", b""), b"words"),
        "startPosition is not a place",
    ),
    "a coding without a code": (
        _with_source(SELECTION % (b"0", CODING), b"words"),
        "a coding without its code",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_broken_files_are_refused_with_a_reason(name: str) -> None:
    content, why = HOSTILE[name]
    with pytest.raises(ArchiveError, match=re.escape(why)):
        read_project(io.BytesIO(content))


def test_too_many_and_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    content = _zip({f"sources/{n}.txt": b"x" * 100 for n in range(20)} | {"project.qde": HEAD})
    monkeypatch.setattr(archive, "MOST_MEMBERS", 10)
    with pytest.raises(ArchiveError, match="21 files"):
        read_project(io.BytesIO(content))
    monkeypatch.setattr(archive, "MOST_MEMBERS", 100)
    monkeypatch.setattr(archive, "MOST_BYTES", 1000)
    with pytest.raises(ArchiveError, match="more than a gigabyte"):
        read_project(io.BytesIO(content))


def test_a_heading_that_lies_about_sizes_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_PROJECT", 10)
    with pytest.raises(ArchiveError, match="larger than is read"):
        read_project(io.BytesIO(_zip({"project.qde": HEAD + b"</Project>"})))


def test_a_project_of_nobody_we_know(world: World) -> None:
    out = io.BytesIO()
    with world.database.read() as session:
        write_qdpx(session, session.get_one(Study, world.study_id), out)
    assert bring(world, out.getvalue()) == Report(0, 0, (), ())
