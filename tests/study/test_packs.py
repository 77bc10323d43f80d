"""Every rule of a scenario file: what breaks it, on which line, in which field."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from study.pack_loading import parse_scenario
from study.packs import Role, Scenario
from tests.study.pack_examples import NAME, SCENARIO, put, scenario_problems

LONG_VIGNETTE = " ".join(["word"] * 91)

BROKEN = {
    "format": ("scenario/1", "scenario/2", 1, "format", "greyarea.scenario/1"),
    "id": ("id: S90\n", "id: S9\n", 2, "id", "pattern"),
    "key": ("key: note_taking", "key: Note Taking", 3, "key", "pattern"),
    "version zero": ("version: 1", "version: 0", 4, "version", "greater than or equal to 1"),
    "version true": ("version: 1", "version: true", 4, "version", "integer"),
    "version in quotes": ("version: 1", "version: '1'", 4, "version", "integer"),
    "version octal": ("version: 1", "version: 010", 4, "version", "integer"),
    "boundary empty": ("boundary: declaration", "boundary: ' '", 5, "boundary", "at least 1"),
    "theme unknown": ("[grey, rethink]", "[grey, gray]", 6, "themes[1]", "found 'gray'"),
    "theme twice": ("[grey, rethink]", "[grey, grey]", 6, "themes[1]", "given twice"),
    "no theme": ("[grey, rethink]", "[]", 6, "themes", "at least 1"),
    "never_first": ("never_first: false", "never_first: 'no'", 7, "never_first", "boolean"),
    "probe id pattern": ("{id: S90_P1", "{id: P1", 9, "probes[0].id", "pattern"),
    "probe of another": ("{id: S90_P2", "{id: S91_P2", 10, "probes[1].id", "another scenario"),
    "probe id twice": ("{id: S90_P2", "{id: S90_P1", 10, "probes[1].id", "given twice"),
    "no grey probe": ("S90_P1, theme: grey", "S90_P1, theme: fallible", 8, "probes", "grey"),
    "cue status": ("status: mixed", "status: maybe", 12, "policy_cue.status", "found 'maybe'"),
    "cue source": ('["an example body, 2026"]', "[]", 13, "policy_cue.sources", "at least 1"),
    "sources": ("sources: [\"this project's own wording\"]\n", "", 1, "sources", "is missing"),
    "locale": ("  en:", "  english:", 16, "texts.english", "pattern"),
    "title long": ("A note", "A" * 81, 17, "texts.en.title", "at most 80"),
    "title number": ("title: A note", "title: 1984", 17, "texts.en.title", "put it in quotes"),
    "extra field": ("title: A note", "titel: A note", 17, "texts.en.titel", "not a field"),
    "missing field": ("    title: A note\n", "", 16, "texts.en.title", "is missing"),
    "vignette long": (
        "Kit hands in notes that a chatbot wrote.", LONG_VIGNETTE,
        20, "texts.en.vignette.learner", "91 words; at most 90",
    ),
    "vignette asks": (
        "wrote for Kit.", "wrote for Kit. Is it fine?",
        21, "texts.en.vignette.educator", "must not ask",
    ),
    "vignette of one role": (
        "      educator: You read notes that a chatbot wrote for Kit.\n", "",
        19, "texts.en.vignette.educator", "is missing",
    ),
    "two questions": (
        "what Kit did?", "what Kit did? Why?",
        22, "texts.en.stance_question", "2 question marks",
    ),
    "judging word in the stance": (
        "How acceptable", "How dishonest",
        22, "texts.en.stance_question", "'dishonest'",
    ),
    "two questions, Arabic marks": (
        "What would you weigh up?", "ماذا؟ لماذا؟",
        24, "texts.en.open_prompt.learner", "2 question marks",
    ),
    "leading probe": (
        "What would change your view?", "Don\u2019t you think it matters who knew?",
        27, "texts.en.probes.S90_P1", "leads",
    ),
    "theme word in a probe": (
        "What are the notes for?", "What errors might the notes hold?",
        28, "texts.en.probes.S90_P2", "'errors'",
    ),
    "theme word in Spanish": (
        "What are the notes for?", "¿Qué errores ve en los apuntes?",
        28, "texts.en.probes.S90_P2", "'errores'",
    ),
    "probe unworded": (
        "      S90_P2: What are the notes for?\n", "",
        26, "texts.en.probes", "no wording for S90_P2",
    ),
    "probe unknown": (
        "      S90_P2:", "      S90_P3: What else?\n      S90_P2:",
        28, "texts.en.probes.S90_P3", "not a probe of this scenario",
    ),
    "changed case asks": (
        "Kit had said so.", "Kit had said so?",
        29, "texts.en.changed_case", "must not ask",
    ),
    "cue asks": ("another says no.", "is that all?", 30, "texts.en.policy_cue", "must not ask"),
    "hidden direction": (
        "another says no.", "another \u202esays no.",
        30, "texts.en.policy_cue", "overrides the direction",
    ),
    "control character": (
        "title: A note", 'title: "A\\u0007note"',
        17, "texts.en.title", "control character",
    ),
    "two paragraphs": (
        "title: A note", 'title: "A\\nnote"',
        17, "texts.en.title", "one paragraph",
    ),
    "template in a value": (
        "status: mixed", "status: '{reason} {0}'",
        12, "policy_cue.status", "{reason} {0}",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "field", "reason"), BROKEN.values(), ids=BROKEN)
def test_broken_rule_names_file_line_field_and_reason(
    old: str, new: str, line: int, field: str, reason: str
) -> None:
    """Each broken rule is reported at its own line, among whatever else it causes."""
    problems = scenario_problems(put(SCENARIO, old, new))
    at_line = [p for p in problems if (p.file, p.line, p.field) == (NAME, line, field)]
    assert at_line, problems
    assert any(reason in problem.reason for problem in at_line), at_line


def test_one_fault_makes_one_problem() -> None:
    """No noise: a lone fault is reported once and reads as one line."""
    (problem,) = scenario_problems(put(SCENARIO, "[grey, rethink]", "[grey, gray]"))
    assert str(problem).startswith(f"{NAME}:6: themes[1]: ")


def test_all_faults_at_once_sorted_by_line() -> None:
    """Faults of single fields and of rules between fields come together, in file order."""
    text = put(SCENARIO, "another says no.", "is that all?")
    text = put(text, "      S90_P2: What are the notes for?\n", "")
    text = put(text, "status: mixed", "status: maybe")
    text = put(text, "version: 1", "version: 0")
    lines = [problem.line for problem in scenario_problems(text)]
    assert lines == [4, 12, 26, 29]


def test_every_language_words_every_probe() -> None:
    """A second language that lacks a probe is refused at its own line."""
    english = SCENARIO[SCENARIO.index("  en:") :]
    spanish = put(english, "  en:", "  es:")
    assert set(parse_scenario(NAME, SCENARIO + spanish).texts) == {"en", "es"}
    short = put(spanish, "      S90_P2: What are the notes for?\n", "")
    (problem,) = scenario_problems(SCENARIO + short)
    assert (problem.line, problem.field) == (41, "texts.es.probes")


def test_scenario_reads_by_role_and_part() -> None:
    """Texts are reached by role and by dotted name."""
    texts = parse_scenario(NAME, SCENARIO).text("en").texts
    assert texts.vignette.of(Role.EDUCATOR) == texts.part("vignette.educator")
    assert texts.open_prompt.of(Role.LEARNER) == texts.part("open_prompt.learner")
    assert texts.part("probes.S90_P2") == "What are the notes for?"
    for unknown in ("probes.S90_P9", "vignette", "name", "part", "model_fields", ""):
        with pytest.raises(KeyError):
            texts.part(unknown)


@pytest.mark.parametrize(
    ("languages", "asked", "given"),
    [
        ("en es", "es", "es"),
        ("en es", "es-MX", "es"),
        ("en es es-MX", "es_mx", "es-MX"),
        ("en es", "de", "en"),
        ("en es", "", "en"),
        ("fr de", "es", "de"),
    ],
)
def test_language_falls_back_to_english_then_first(languages: str, asked: str, given: str) -> None:
    """The tag, its language, English, the first by name; the caller learns which."""
    english = SCENARIO[SCENARIO.index("  en:") :]
    head = SCENARIO[: SCENARIO.index("  en:")]
    text = head + "".join(put(english, "  en:", f"  {tag}:") for tag in languages.split())
    assert parse_scenario(NAME, text).text(asked).locale == given


def test_a_scenario_cannot_be_changed_or_built_invalid() -> None:
    """Frozen; and the rules hold for values that do not come from a file."""
    scenario = parse_scenario(NAME, SCENARIO)
    with pytest.raises(ValidationError, match="frozen"):
        scenario.version = 2
    fields = scenario.model_dump()
    assert Scenario(**fields) == scenario
    fields["probes"] = fields["probes"][:1]
    with pytest.raises(ValidationError, match="not a probe of this scenario"):
        Scenario(**fields)


LAYOUTS = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([True, False, None]),
        "width": st.integers(20, 200),
        "indent": st.integers(2, 8),
        "sort_keys": st.booleans(),
        "allow_unicode": st.booleans(),
        "default_style": st.sampled_from([None, "|", ">"]),
        "line_break": st.sampled_from(["\n", "\r\n"]),
    }
)


def plain(scenario: Scenario) -> dict[str, Any]:
    """The scenario's fields as plain values."""
    fields: dict[str, Any] = json.loads(scenario.model_dump_json(exclude_none=True))
    return fields


def dump(fields: dict[str, Any], layout: dict[str, Any]) -> str:
    """The fields as YAML; styles other than plain would turn the version into a text."""
    if layout["default_style"]:
        texts = {"texts": fields["texts"], "boundary": fields["boundary"]}
        rest = {key: value for key, value in fields.items() if key not in texts}
        return str(
            yaml.safe_dump(rest, **{**layout, "default_style": None, "default_flow_style": False})
        ) + str(yaml.safe_dump(texts, **{**layout, "default_flow_style": False}))
    return str(yaml.safe_dump(fields, **layout))


@given(layout=LAYOUTS)
def test_hash_is_the_same_in_every_layout(layout: dict[str, Any]) -> None:
    """Quoting, folding, order of fields and line ends do not make another scenario."""
    scenario = parse_scenario(NAME, SCENARIO)
    again = parse_scenario(NAME, dump(plain(scenario), layout))
    assert again.content_hash == scenario.content_hash


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of all texts below ``texts``."""
    if isinstance(value, str):
        return [path]
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return [found for key, item in items for found in places(item, (*path, key))]


TEXT_PLACES = places(plain(parse_scenario(NAME, SCENARIO))["texts"])


@given(place=st.sampled_from(TEXT_PLACES), letter=st.sampled_from("aé中.\u200f"))
def test_hash_changes_with_any_text(place: tuple[Any, ...], letter: str) -> None:
    """One more character anywhere is another content."""
    scenario = parse_scenario(NAME, SCENARIO)
    fields = plain(scenario)
    target = fields["texts"]
    for key in place[:-1]:
        target = target[key]
    target[place[-1]] += letter
    assert Scenario(**fields).content_hash != scenario.content_hash
