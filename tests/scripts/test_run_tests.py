"""The runner of all tests passes only what has passed."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    spec = importlib.util.spec_from_file_location("run_tests_here", SCRIPTS / "run_tests.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "run_tests_here", module)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("root", "bot", "passed"),
    [(0, 0, True), (1, 0, False), (0, 1, False), (-9, 0, False), (0, -15, False), (-9, 1, False)],
)
def test_a_run_that_failed_or_was_killed_has_not_passed(
    runner: ModuleType, monkeypatch: pytest.MonkeyPatch, root: int, bot: int, passed: bool
) -> None:
    codes = iter([root, bot])
    monkeypatch.setattr(
        runner.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=next(codes))
    )
    assert (runner.run("postgresql://nowhere", []) == 0) is passed


@pytest.mark.parametrize(("root", "passed"), [(0, True), (2, False), (-9, False)])
def test_the_same_for_chosen_tests(
    runner: ModuleType, monkeypatch: pytest.MonkeyPatch, root: int, passed: bool
) -> None:
    monkeypatch.setattr(runner.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=root))
    assert (runner.run("postgresql://nowhere", ["tests/study"]) == 0) is passed
