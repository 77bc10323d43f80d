"""A small valid scenario and pack, and what tests do with them."""

import pytest

from study.pack_loading import PackErrors, load_library, parse_scenario
from study.yaml_source import Problem

NAME = "S90-note_taking-v1.yml"
PACK_NAME = "pack-tiny-v1.yml"

# The numbers of these lines are what the tests of broken files expect.
SCENARIO = """\
format: greyarea.scenario/1
id: S90
key: note_taking
version: 1
boundary: declaration
themes: [grey, rethink]
never_first: false
probes:
  - {id: S90_P1, theme: grey}
  - {id: S90_P2, theme: rethink}
policy_cue:
  status: mixed
  sources: ["an example body, 2026"]
sources: ["this project's own wording"]
texts:
  en:
    title: A note
    why_grey: Notes were always shared.
    vignette:
      learner: Kit hands in notes that a chatbot wrote.
      educator: You read notes that a chatbot wrote for Kit.
    stance_question: How acceptable do you find what Kit did?
    open_prompt:
      learner: What would you weigh up?
      educator: What goes through your mind?
    probes:
      S90_P1: What would change your view?
      S90_P2: What are the notes for?
    changed_case: Suppose instead that Kit had said so.
    policy_cue: One place says yes and another says no.
"""

PACK = """\
format: greyarea.pack/1
id: tiny
version: 1
title: A tiny pack
scenarios:
  - {id: S90, version: 1}
session:
  scenarios_default: 1
  scenarios_max: 1
"""


def put(text: str, old: str, new: str) -> str:
    """The text with one passage changed; the passage must be there exactly once."""
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
    return text.replace(old, new)


def scenario_problems(text: str) -> tuple[Problem, ...]:
    """What is wrong with a scenario's text; fails the test if nothing is."""
    with pytest.raises(PackErrors) as caught:
        parse_scenario(NAME, text)
    return caught.value.problems


def library_problems(files: dict[str, str]) -> tuple[Problem, ...]:
    """What is wrong with a folder's files; fails the test if nothing is."""
    with pytest.raises(PackErrors) as caught:
        load_library(files)
    return caught.value.problems
