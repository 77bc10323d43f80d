"""Policy statements as data, and how a pilot deals its wordings out."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from study.effects import Say
from study.questions import question
from study.rendering import render
from study.state import State
from study.statements import Cue, PolicyStatement, StatementError, wording_of
from study.steps import Step
from tests.study.interviews import core_script, fresh

GOOD = {
    "use": "language_polish",
    "name": "Handbook",
    "status": "permitted_with_declaration",
    "texts": {"en": "You may have your language checked if you say so."},
    "link": "https://example.edu/ai#polish",
}


def test_a_statement_keeps_what_it_is_given() -> None:
    made = PolicyStatement.of(**GOOD)  # type: ignore[arg-type]
    assert made.status == "permitted_with_declaration" and made.link.endswith("#polish")
    assert made.content_hash == PolicyStatement.of(**GOOD).content_hash  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"use": "Not A Key"}, "use: "),
        ({"name": ""}, "name: "),
        ({"name": "x" * 81}, "name: "),
        ({"name": "two\nlines"}, "name: must be one paragraph"),
        ({"status": "fine"}, "status: "),
        ({"texts": {}}, "texts: "),
        ({"texts": {"en": "   "}}, "texts en: "),
        ({"texts": {"en": "x" * 501}}, "texts en: "),
        ({"texts": {"en": "May you?"}}, "texts en: must not ask a question"),
        ({"texts": {"en": "One.\n\nTwo."}}, "texts en: must be one paragraph"),
        ({"texts": {"en": "Over\u202eride"}}, "texts en: holds a hidden character"),
        ({"texts": {"English": "Yes."}}, "texts English"),
        ({"link": "http://example.edu"}, "link: must be an https address"),
        ({"link": "javascript:alert(1)"}, "link: must be an https address"),
        ({"link": "https://"}, "link: must be an https address"),
        ({"link": "https://[bad"}, "link: must be an https address"),
        ({"link": "https://user@example.edu"}, "link: must be an https address"),
        ({"link": "https://example.edu/a b"}, "link: must not hold spaces"),
        ({"link": 'https://example.edu/"x'}, "link: must not hold"),
        ({"link": "https://example.edu/" + "x" * 300}, "link: "),
    ],
)
def test_what_cannot_be_shown_is_refused_with_the_part(
    change: dict[str, object], said: str
) -> None:
    with pytest.raises(StatementError, match=said):
        PolicyStatement.of(**{**GOOD, **change})  # type: ignore[arg-type]


@given(st.integers(0, 2**31), st.integers(2, 6), st.integers(0, 40))
def test_each_block_gives_every_wording_once(seed: int, wordings: int, block: int) -> None:
    numbers = range(block * wordings, (block + 1) * wordings)
    dealt = [wording_of(seed, number, wordings) for number in numbers]
    assert sorted(dealt) == list(range(wordings))
    assert dealt == [wording_of(seed, number, wordings) for number in numbers]


def test_the_order_within_blocks_is_no_pattern() -> None:
    """Each wording comes first about equally often: within 5 standard errors of a third."""
    firsts = Counter(wording_of(seed, 3 * 7, 3) for seed in range(3000))
    assert all(abs(firsts[n] - 1000) < 5 * (3000 * 2 / 9) ** 0.5 for n in range(3))


def at_clarity(state: State) -> State:
    return State.from_json({**state.to_json(), "step": Step.CLARITY.value})


@pytest.mark.parametrize(
    ("cue", "keys"),
    [
        (None, ["policy.intro", "case.policy_cue"]),
        (Cue({"en": "Ours."}), ["policy.intro_own", "case.policy_cue"]),
        (
            Cue({"en": "Ours."}, "https://example.edu", trial=True),
            ["policy.intro_trial", "case.policy_cue", "policy.link"],
        ),
    ],
)
def test_the_cue_says_whose_rule_it_is(cue: Cue | None, keys: list[str]) -> None:
    from dataclasses import replace

    script, state = core_script(), at_clarity(fresh())
    if cue is not None:
        script = replace(script, cues={state.scenario: cue})
    told = question(state, script).full
    assert [say.key for say in told] == [*keys, "clarity.question"]
    example = script.scenario(state.scenario).text("en").texts.policy_cue
    assert render(told[1], script).text == ("Ours." if cue else example)
    # Only the case's own statement is another one: all else of it stays.
    assert render(Say("case.title", scenario=state.scenario), script).text != "Ours."


@pytest.mark.parametrize(
    ("locale", "found"), [("de-AT", "de"), ("de", "de"), ("fr", "en"), ("EN", "en")]
)
def test_the_wording_of_the_language_or_english(locale: str, found: str) -> None:
    cue = Cue({"de": "Regel.", "en": "Rule.", "es": "Regla."})
    assert cue.text(locale)[1] == found


def test_without_english_the_first_by_name() -> None:
    assert Cue({"es": "Regla.", "de": "Regel."}).text("en") == ("Regel.", "de")
