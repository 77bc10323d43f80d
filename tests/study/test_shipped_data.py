"""The scenarios, codebook and policy examples that ship with the project."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from store.pack_files import load_folder
from study.codebook import Codebook, CodebookErrors, parse_codebook
from study.packs import CueStatus, Library, Role, Theme
from study.policies import PolicyErrors, PolicyExamples, PolicyStatus, parse_policies
from study.yaml_source import FORBIDDEN_KEYS
from tests.study.pack_examples import put

DATA = Path(__file__).resolve().parents[2] / "data"
CODEBOOK_TEXT = (DATA / "codebook.yml").read_text(encoding="utf-8")
POLICY_TEXT = (DATA / "policies" / "examples.yml").read_text(encoding="utf-8")
ACCEPTABLE = {
    "en": "How acceptable do you find ",
    "es": "¿Hasta qué punto le parece aceptable ",
    "de": "Wie akzeptabel finden Sie",
}
SUPPOSE = {
    "en": "Suppose instead that ",
    "es": "Suponga, en cambio, que ",
    "de": "Nehmen Sie stattdessen an, ",
}


def line_of(text: str, passage: str) -> int:
    """The line, from 1, on which a passage that occurs once begins."""
    assert text.count(passage) == 1
    return text[: text.index(passage)].count("\n") + 1


@pytest.fixture(scope="module")
def library() -> Library:
    """All shipped scenarios and packs."""
    return load_folder(DATA / "scenarios")


@pytest.fixture(scope="module")
def policies() -> PolicyExamples:
    """The shipped policy examples."""
    return parse_policies("examples.yml", POLICY_TEXT)


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    """The shipped codebook."""
    return parse_codebook("codebook.yml", CODEBOOK_TEXT)


def test_the_core_pack_has_the_twelve_cases(library: Library) -> None:
    """Twelve scenarios in order; the three hard ones never open a session."""
    core = library.pack("core")
    assert [scenario.id for scenario in core.scenarios] == [f"S{n:02d}" for n in range(1, 13)]
    assert {s.id for s in core.scenarios if s.never_first} == {"S05", "S06", "S11"}
    assert core.session.scenarios_default == 3
    assert len({pack.content_hash for pack in library.packs}) == len(library.packs) == 8


def test_the_newest_packs_speak_three_languages(library: Library) -> None:
    """Whole, and each text another one in each language."""
    for pack in (library.pack(name) for name in ("core", "marking", "research", "writing")):
        for scenario in pack.scenarios:
            assert set(scenario.texts) == {"en", "es", "de"}, scenario.id
            for locale, texts in scenario.texts.items():
                assert scenario.text(f"{locale}-XX").locale == locale
                own = texts.model_dump(exclude={"name"})
                for other in set(scenario.texts) - {locale}:
                    assert not _leaves(own) & _leaves(scenario.texts[other].model_dump())


def test_a_translation_changes_nothing_of_the_english(library: Library) -> None:
    """Version 2 is version 1 and its translations: who met the one can be set beside the other."""
    for old in library.scenarios:
        if old.version == 1:
            new = library.scenario(old.id, 2)
            assert new.model_dump(exclude={"version", "texts"}) == old.model_dump(
                exclude={"version", "texts"}
            )
            assert new.texts["en"] == old.texts["en"]


def _leaves(value: Any) -> set[str]:
    """All texts of a scenario's wording."""
    if isinstance(value, Mapping):
        return set().union(*map(_leaves, value.values()))
    return set() if value is None else {value}


def test_each_case_has_a_probe_for_each_theme_in_both_views(library: Library) -> None:
    """Four probes, four themes; a vignette and an open question for both roles."""
    for scenario in library.scenarios:
        assert {probe.theme for probe in scenario.probes} == set(Theme)
        assert len(scenario.probes) == len(Theme)
        for locale, texts in scenario.texts.items():
            assert len({texts.vignette.of(role) for role in Role}) == 2
            assert all(texts.open_prompt.of(role).endswith("?") for role in Role)
            assert all(text.endswith("?") for text in texts.probes.values())
            assert texts.stance_question.startswith(ACCEPTABLE[locale])
            assert texts.changed_case.startswith(SUPPOSE[locale])


def test_both_views_name_the_person_that_is_asked_about(library: Library) -> None:
    """Nobody is asked how acceptable it is what an unmentioned person did."""
    for scenario in library.scenarios:
        for texts in scenario.texts.values():
            if texts.name:
                assert all(texts.name in texts.vignette.of(role) for role in Role), scenario.id


def test_each_case_says_that_its_wording_is_the_projects_own(library: Library) -> None:
    """Nothing is attributed to the published study."""
    for scenario in library.scenarios:
        assert scenario.sources[0].startswith("wording: this project's own")
        assert any(source.startswith("why this case is grey:") for source in scenario.sources)


def test_the_codebook_has_four_themes_and_seven_inductive_codes(codebook: Codebook) -> None:
    """The four are the interview's themes; the seven stay beside them."""
    assert [code.id for code in codebook.themes] == ["embrace", "rethink", "grey", "fallible"]
    assert [code.id for code in codebook.inductive] == [
        "learning_loss", "confidentiality", "equity", "workload", "relationship",
        "authenticity", "wellbeing",
    ]  # fmt: skip
    assert codebook.code("grey").label == "A grey area"
    with pytest.raises(KeyError):
        codebook.code("none")


@pytest.mark.parametrize(
    ("old", "new", "at", "field"),
    [
        ("id: workload", "id: equity", "id: workload", "codes[7].id"),
        ("fallible\n    kind: theme", "fallible\n    kind: inductive", "codes:\n", "codes"),
        ("label: Equity", "name: Equity", "label: Equity", "codes[6].name"),
        ("version: 1", "version: one", "version: 1", "version"),
    ],
)
def test_a_broken_codebook_names_its_line(old: str, new: str, at: str, field: str) -> None:
    """The codebook is read as strictly as the packs."""
    with pytest.raises(CodebookErrors) as caught:
        parse_codebook("codebook.yml", put(CODEBOOK_TEXT, old, new))
    line = line_of(CODEBOOK_TEXT, at)
    assert (line, field) in [(p.line, p.field) for p in caught.value.problems]


def test_policy_examples_cover_every_use(library: Library, policies: PolicyExamples) -> None:
    """Each case has an example, and no example names a use that is no case."""
    keys = {scenario.key for scenario in library.scenarios}
    assert {use for statement in policies.statements for use in statement.uses} == keys
    assert all(policies.for_use(key) for key in keys)
    assert policies.for_use("nothing") == ()
    used = {statement.status for statement in policies.statements}
    assert used == set(PolicyStatus) - {PolicyStatus.MISCONDUCT}


def test_a_cue_can_say_all_that_a_statement_can() -> None:
    """The statuses of statements are among those of cues, so that the two can be compared."""
    assert set(map(str, PolicyStatus)) <= set(map(str, CueStatus))


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("id: eu-high-risk", "id: leeds-red", "statements[17].id"),
        ("status: not_addressed", "status: unknown", "statements[16].status"),
        ("version: 1", "Version: 1", "Version"),
    ],
)
def test_broken_policy_examples_name_their_line(old: str, new: str, field: str) -> None:
    """The examples are read as strictly as the packs."""
    with pytest.raises(PolicyErrors) as caught:
        parse_policies("examples.yml", put(POLICY_TEXT, old, new))
    line = line_of(POLICY_TEXT, old)
    assert (line, field) in [(p.line, p.field) for p in caught.value.problems]


def test_an_example_is_always_marked_as_one() -> None:
    """A statement cannot pass for the reader's own rule."""
    first = POLICY_TEXT.index("from_elsewhere: true")
    text = POLICY_TEXT[:first] + POLICY_TEXT[first:].replace("true", "false", 1)
    with pytest.raises(PolicyErrors, match=r"statements\[0\]\.from_elsewhere"):
        parse_policies("examples.yml", text)


def names_in(value: Any) -> set[str]:
    """All keys of a YAML value, at any depth."""
    if isinstance(value, dict):
        return set(value).union(*(names_in(item) for item in value.values()))
    return set().union(*(names_in(item) for item in value)) if isinstance(value, list) else set()


@pytest.mark.parametrize(
    "path",
    [
        DATA / "codebook.yml",
        *sorted((DATA / "policies").iterdir()),
        *sorted((DATA / "scenarios").iterdir()),
    ],
    ids=lambda path: path.name,
)
def test_rasa_would_not_take_it_for_training_data(path: Path) -> None:
    """No key of Rasa's training data in any file, read without this project's reader."""
    names = names_in(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert names
    assert not names & FORBIDDEN_KEYS
