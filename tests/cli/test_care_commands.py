"""``greyarea care``: set, shown, and what it refuses."""

from tests.cli.conftest import Command

NORTH = ("--institution", "north")
NONE = "No support lines are set: learners in distress see a general text.\n"


def test_lines_and_agreement(ready: Command) -> None:
    assert ready("care", "show", *NORTH).out.startswith(NONE)
    lines = ("--line", "Campus | 01234 5 | always", "--line", "Page | https://care.example.edu")
    done = ready("care", "set", *NORTH, *lines)
    assert done.out.splitlines()[:2] == [
        "Campus | 01234 5 | always",
        "Page | https://care.example.edu",
    ]
    # One thing is set without losing the other.
    done = ready("care", "set", *NORTH, "--integrity-agreement")
    assert "Campus" in done.out and done.out.endswith("receive no answers: recorded.\n")
    done = ready("care", "set", *NORTH, "--no-lines")
    assert done.out.startswith(NONE) and done.out.endswith(": recorded.\n")


def test_what_is_refused(ready: Command) -> None:
    done = ready("care", "set", *NORTH, "--line", "Campus | ring the bell")
    assert (done.code, done.err) == (
        1,
        "Error: not a telephone number or https address: 'ring the bell'\n",
    )
    assert ready("care", "set", *NORTH, "--line", "a | 12", "--no-lines").code == 2
    assert ready("care", "show", "--institution", "nowhere").code == 1
