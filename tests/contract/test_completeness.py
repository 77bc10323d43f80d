"""Every row of the list has a test, and every test that names a row names one of the list."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.contract.collecting import ROOT, Tagged, collect
from tests.contract.rows import LIST, NOT_YET, read_rows
from tests.lti.kinds import all_kinds

HERE = Path(__file__).parent
IDS = {
    *(f"N{number:02}" for number in range(1, 13)),
    *(f"S{number:02}" for number in range(1, 53)),
    *(f"D{number:02}" for number in range(1, 13)),
    *(f"O{number:02}" for number in range(1, 16)),
    *(f"V{number:02}" for number in range(1, 11)),
    *("S24b", "S24c", "S30b", "S35b", "S49b", "D03b"),
}


def problems(rows: Iterable[str], tests: Iterable[Tagged], not_yet: Iterable[str]) -> list[str]:
    """What is wrong between the list and the tests."""
    listed, waiting, tests = set(rows), set(not_yet), list(tests)
    tested = {row for test in tests for row in test.rows}
    found = [f"{row} has no test" for row in sorted(listed - tested - waiting)]
    found += [f"{row} has a test and is in NOT_YET" for row in sorted(waiting & tested)]
    found += [f"{row} is in NOT_YET and not in the list" for row in sorted(waiting - listed)]
    for test in tests:
        found += [f"{test.test}: no row {row}" for row in test.rows if row not in listed]
        if len(test.rows) > 1:
            found.append(f"{test.test}: more than one row")
        if test.rows and test.excused:
            found.append(f"{test.test}: left out or excused")
    return found


def test_every_row_is_tested() -> None:
    assert problems(read_rows(), collect(HERE), NOT_YET) == []


@pytest.mark.parametrize(
    ("rows", "tests", "not_yet", "problem"),
    [
        (["S01", "S02"], [Tagged("t", ("S01",), False)], [], "S02 has no test"),
        (["S01"], [Tagged("t", ("S01",), False), Tagged("u", ("S99",), False)], [], "no row S99"),
        (["S01"], [Tagged("t", ("S01",), True)], [], "excused"),
        (["S01"], [Tagged("t", ("S01", "S01"), False)], [], "more than one"),
        (["D01"], [Tagged("t", ("D01",), False)], ["D01"], "in NOT_YET"),
        (["S01"], [Tagged("t", ("S01",), False)], ["D01"], "not in the list"),
    ],
)
def test_the_check_can_fail(
    rows: list[str], tests: list[Tagged], not_yet: list[str], problem: str
) -> None:
    (found,) = problems(rows, tests, not_yet)
    assert problem in found


def test_collecting_sees_what_it_should(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "case = pytest.mark.case\n"
        "@pytest.mark.parametrize('x', [pytest.param(1, marks=case('S01')), 2])\n"
        "def test_a(x): pass\n"
        "@pytest.mark.skip\n@case('S02')\ndef test_b(): pass\n"
        "def helper():\n    return pytest.mark.case('S03')\n"
    )
    found = collect(tmp_path)
    assert [(test.rows, test.excused) for test in found] == [
        (("S01",), False),
        ((), False),
        (("S02",), True),
    ]


def test_the_list_is_whole() -> None:
    written = re.findall(r"^([A-Z]\d\d[a-z]?):", LIST.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(written) == len(set(written)), "a row twice"
    assert set(written) == set(read_rows()) == IDS


def test_rows_are_tested_here_alone() -> None:
    elsewhere = [
        path.relative_to(ROOT)
        for path in (ROOT / "tests").rglob("test_*.py")
        if HERE not in path.parents and "mark.case(" in path.read_text(encoding="utf-8")
    ]
    assert elsewhere == []


def test_the_list_names_errors_that_exist() -> None:
    known = {(kind.code, kind.status) for kind in all_kinds()}
    wanted = {found for row in read_rows().values() for found in row.refusals.items()}
    assert wanted and wanted <= known
