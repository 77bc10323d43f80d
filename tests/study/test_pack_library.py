"""Rules between files, the library, and the folder it is read from."""

from pathlib import Path

import pytest

from store.pack_files import load_folder
from study.pack_loading import PackErrors, load_library, parse_pack
from study.packs import UnknownPackError, UnknownScenarioError
from study.yaml_source import MAX_BYTES
from tests.study.pack_examples import NAME, PACK, PACK_NAME, SCENARIO, library_problems, put

FILES = {NAME: SCENARIO, PACK_NAME: PACK}
SECOND = put(SCENARIO, "version: 1", "version: 2")
SECOND_NAME = "S90-note_taking-v2.yml"

PACK_FAULTS = {
    "id": ("id: tiny", "id: Tiny Pack", 2, "id", "pattern"),
    "no scenarios": ("\n  - {id: S90, version: 1}", " []", 5, "scenarios", "at least 1"),
    "repeated": (
        "  - {id: S90, version: 1}", "  - {id: S90, version: 1}\n  - {id: S90, version: 2}",
        7, "scenarios[1].id", "given twice",
    ),
    "default over max": (
        "scenarios_default: 1", "scenarios_default: 2",
        8, "session.scenarios_default", "more than scenarios_max",
    ),
    "max over scenarios": (
        "scenarios_max: 1", "scenarios_max: 2",
        9, "session.scenarios_max", "more than the 1 scenarios",
    ),
    "probe cap": (
        "scenarios_max: 1", "scenarios_max: 1\n  probes_per_scenario: 3",
        10, "session.probes_per_scenario", "less than or equal to 2",
    ),
    "session probe cap": (
        "scenarios_max: 1", "scenarios_max: 1\n  probes_per_session: 7",
        10, "session.probes_per_session", "less than or equal to 6",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "reason"), PACK_FAULTS.values(), ids=PACK_FAULTS
)
def test_broken_pack(old: str, new: str, line: int, field: str, reason: str) -> None:
    """Each rule of a pack file is reported once, at its line."""
    with pytest.raises(PackErrors) as caught:
        parse_pack(PACK_NAME, put(PACK, old, new))
    (problem,) = caught.value.problems
    assert (problem.line, problem.field) == (line, field)
    assert reason in problem.reason


def test_a_library_gives_versions_and_the_newest_pack() -> None:
    """Both versions of a scenario stay, and each pack holds the one it names."""
    newer = put(put(PACK, "1\ntitle", "2\ntitle"), "S90, version: 1", "S90, version: 2")
    library = load_library({**FILES, SECOND_NAME: SECOND, "pack-tiny-v2.yml": newer})
    assert library.scenario("S90", 2).version == 2
    assert library.pack("tiny").version == 2
    assert library.pack("tiny").scenario("S90").version == 2
    assert library.pack("tiny", 1).scenario("S90").version == 1
    with pytest.raises(UnknownScenarioError):
        library.scenario("S90", 3)
    with pytest.raises(UnknownScenarioError):
        library.pack("tiny").scenario("S91")
    for version, pack_id in ((3, "tiny"), (None, "none")):
        with pytest.raises(UnknownPackError):
            library.pack(pack_id, version)


def test_pack_hash_covers_its_scenarios() -> None:
    """A word changed in a scenario changes the hash of every pack that names it."""
    before = load_library(FILES).pack("tiny").content_hash
    assert load_library(dict(reversed(FILES.items()))).pack("tiny").content_hash == before
    reworded = put(SCENARIO, "Kit had said so", "Kit had told you")
    assert load_library({**FILES, NAME: reworded}).pack("tiny").content_hash != before
    retitled = put(PACK, "A tiny pack", "A small pack")
    assert load_library({**FILES, PACK_NAME: retitled}).pack("tiny").content_hash != before


CROSS_FAULTS = {
    "missing scenario": (
        {PACK_NAME: put(PACK, "S90, version: 1", "S90, version: 7")},
        (PACK_NAME, 6, "scenarios[0]", "no scenario S90 version 7"),
    ),
    "same id and version": (
        {"S90-other-v1.yml": put(SCENARIO, "note_taking", "other")},
        ("S90-other-v1.yml", 4, "version", f"already in {NAME}"),
    ),
    "gap": (
        {"S90-note_taking-v3.yml": put(SCENARIO, "version: 1", "version: 3")},
        ("S90-note_taking-v3.yml", 4, "version", "no version 2"),
    ),
    "gap in packs": (
        {"pack-tiny-v3.yml": put(PACK, "version: 1\ntitle", "version: 3\ntitle")},
        ("pack-tiny-v3.yml", 3, "version", "no version 2"),
    ),
    "first version missing": (
        {"pack-more-v2.yml": put(put(PACK, "tiny\n", "more\n"), "1\ntitle", "2\ntitle")},
        ("pack-more-v2.yml", 3, "version", "no version 1"),
    ),
    "key changed between versions": (
        {"S90-other-v2.yml": put(SECOND, "note_taking", "other")},
        ("S90-other-v2.yml", 3, "key", "has the key note_taking"),
    ),
    "key of another scenario": (
        {"S91-note_taking-v1.yml": SCENARIO.replace("S90", "S91")},
        ("S91-note_taking-v1.yml", 3, "key", "already the key of S90"),
    ),
    "file name of a scenario": (
        {"S91-note_taking-v2.yml": SECOND},
        ("S91-note_taking-v2.yml", 1, "", f"must be {SECOND_NAME}"),
    ),
    "file name of a pack": (
        {"pack-tiny-v01.yml": put(PACK, "tiny\n", "else\n")},
        ("pack-tiny-v01.yml", 1, "", "must be pack-else-v1.yml"),
    ),
    "only cases that never begin": (
        {NAME: put(SCENARIO, "never_first: false", "never_first: true")},
        (PACK_NAME, 5, "scenarios", "none can begin"),
    ),
    "unknown format": (
        {"notes.yml": "# notes\nformat: other/1\n"},
        ("notes.yml", 2, "format", "must be greyarea.scenario/1 or"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("more", "expected"), CROSS_FAULTS.values(), ids=CROSS_FAULTS)
def test_rules_between_files(more: dict[str, str], expected: tuple[str, int, str, str]) -> None:
    """One fault, one problem, at the file and line that has to change."""
    (problem,) = library_problems({**FILES, **more})
    assert tuple(problem)[:3] == expected[:3]
    assert expected[3] in problem.reason


def test_a_broken_scenario_is_not_also_called_missing() -> None:
    """Faults of several files come together, by file and line, without echoes."""
    broken = put(SCENARIO, "[grey, rethink]", "[gray, rethink]")
    problems = library_problems({NAME: broken, PACK_NAME: put(PACK, "title: A tiny pack\n", "")})
    assert [(p.file, p.line) for p in problems] == [(NAME, 6), (PACK_NAME, 1)]
    (unreadable,) = library_problems({NAME: "key: [", PACK_NAME: PACK})
    assert unreadable.file == NAME


def folder(path: Path, files: dict[str, bytes]) -> Path:
    """A folder with the valid files and these."""
    for name, content in {**{n: t.encode() for n, t in FILES.items()}, **files}.items():
        (path / name).write_bytes(content)
    return path


def test_a_folder_loads_and_other_files_are_left_aside(tmp_path: Path) -> None:
    """Notes, hidden files and folders are no scenarios."""
    (tmp_path / "drafts").mkdir()
    path = folder(tmp_path, {"README.md": b"\xff", ".S90.yml": b"["})
    assert load_folder(path).pack("tiny").title == "A tiny pack"


@pytest.mark.parametrize(
    ("name", "content", "line", "reason"),
    [
        ("S91-a_b-v1.yml", b"id: S91\nkey: caf\xe9\n", 2, "UTF-8"),
        ("S91-a_b-v1.yml", SCENARIO.encode("utf-16"), 1, "UTF-8"),
        ("S91-a_b-v1.yml", b"#" * (MAX_BYTES + 1), 1, "larger than"),
        ("S91-a_b-v1.yaml", SCENARIO.encode(), 1, "must end in .yml"),
        ("S91-a_b-v1.yml", b"", 1, "empty"),
    ],
)
def test_one_bad_file_refuses_the_folder(
    tmp_path: Path, name: str, content: bytes, line: int, reason: str
) -> None:
    """Nothing is loaded by half, and the file at fault is named."""
    with pytest.raises(PackErrors) as caught:
        load_folder(folder(tmp_path, {name: content}))
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == (name, line)
    assert reason in problem.reason


def test_a_folder_without_scenarios_is_an_error(tmp_path: Path) -> None:
    """Neither a wrong path nor an empty folder passes for a library."""
    for path, reason in ((tmp_path, "no scenario files"), (tmp_path / "gone", "cannot be read")):
        with pytest.raises(PackErrors, match=reason):
            load_folder(path)
    (tmp_path / "S90-note_taking-v1.yml").mkdir()
    with pytest.raises(PackErrors, match="cannot be read"):
        load_folder(tmp_path)
