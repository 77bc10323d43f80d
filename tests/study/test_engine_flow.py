"""The flow of a case, turn by turn."""

import pytest

from study.effects import Erase, Finish, Flag, Record, Reopen, RestoreConsent, Say, Withdraw
from study.engine import advance, start
from study.moves import Act, Move, Reading
from study.questions import question
from study.state import End
from study.steps import Step
from tests.study.interviews import button, core_script, fresh, run, words

script = core_script()


def keys(effects: object) -> list[str]:
    return [effect.key for effect in effects if isinstance(effect, Say)]  # type: ignore[attr-defined]


def test_a_full_case_without_probes() -> None:
    all_themes = ("embrace", "rethink", "grey", "fallible")
    log = [button(1, "2"), words(2, themes=all_themes), button(3, "4"), words(4), button(5, "3")]
    steps = []
    state = fresh()
    for move in log:
        steps.append(state.step)
        state, _ = advance(state, move, script)
    assert steps == [Step.STANCE, Step.OPEN, Step.TWIST, Step.TWIST_REASON, Step.CLARITY]
    assert state.step is Step.POLICY_TEXT


def test_thin_answer_gets_one_neutral_probe_that_quotes_it() -> None:
    state, _ = advance(fresh(), button(1, "2"), script)
    state, effects = advance(state, words(2, thin=True), script)
    assert state.step is Step.THIN_PROBE
    echo = next(e for e in effects if isinstance(e, Say) and e.echo)
    assert echo.echo == (2, 9)
    state, _ = advance(state, words(3), script)
    assert state.step is Step.THEME_PROBE


def test_theme_probe_is_for_a_theme_not_yet_voiced() -> None:
    state, _ = run(fresh(), [button(1, "2"), words(2, themes=("embrace", "rethink", "grey"))])
    assert state.step is Step.THEME_PROBE
    probe = {p.id: p.theme for p in script.scenario(state.scenario).probes}[state.probe_id or ""]
    assert probe == "fallible"


def test_it_depends_is_three_flagged_and_owed_the_grey_probe() -> None:
    reading = Reading(source="rasa", stance=3, depends=True, thin=True)
    state, effects = advance(fresh(), Move(1, Act.ANSWER, None, reading), script)
    record = next(e for e in effects if isinstance(e, Record))
    assert record.value == 3 and "depends" in record.flags
    state, _ = advance(state, words(2, themes=("embrace", "rethink", "grey", "fallible")), script)
    assert state.step is Step.THEME_PROBE
    probe = {p.id: p.theme for p in script.scenario(state.scenario).probes}[state.probe_id or ""]
    assert probe == "grey"


def test_cant_say_is_null_never_zero() -> None:
    _, effects = advance(fresh(), button(1, "cant_say"), script)
    record = next(e for e in effects if isinstance(e, Record))
    assert record.value is None and "cant_say" in record.flags


def test_two_thin_replies_to_probes_end_probing() -> None:
    state, _ = run(fresh(), [button(1, "2"), words(2, thin=True), words(3, thin=True)])
    assert state.step is Step.THEME_PROBE
    state, _ = advance(state, words(4, thin=True), script)
    assert state.probing_stopped
    log = [button(5, "2"), words(6), button(7, "3"), words(8), button(9, "3"), words(10)]
    state, _ = run(state, [*log, button(11, "1"), words(12, thin=True)])
    assert state.step is Step.TWIST


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("2", "4", "twist.moved"),
        ("4", "4", "twist.stayed"),
        ("cant_say", "4", "twist.neutral"),
        ("4", "cant_say", "twist.neutral"),
    ],
)
def test_the_question_after_the_changed_case(before: str, after: str, key: str) -> None:
    everything = ("embrace", "rethink", "grey", "fallible")
    _, effects = run(fresh(), [button(1, before), words(2, themes=everything), button(3, after)])
    assert keys(effects)[-1] == key


def test_words_without_a_point_are_kept_and_asked_once_more() -> None:
    state, effects = advance(fresh(), words(1), script)
    assert state.step is Step.STANCE
    assert [e.kind for e in effects if isinstance(e, Record)] == ["comment"]
    state, effects = advance(state, words(2), script)
    assert state.step is Step.OPEN
    record = next(e for e in effects if isinstance(e, Record))
    assert record.value is None and "unstated" in record.flags


def test_stop_can_be_undone() -> None:
    state, effects = run(fresh(), [button(1, "2"), words(2, act=Act.STOP)])
    assert state.end is End.STOPPED and Finish(End.STOPPED) in effects
    state, effects = advance(state, button(3, "undo", Act.UNDO), script)
    assert state.end is None and state.step is Step.OPEN and Reopen() in effects


def test_withdrawal_can_be_undone_in_the_next_turn_only() -> None:
    state, effects = advance(fresh(), words(1, act=Act.WITHDRAW), script)
    assert Withdraw() in effects
    back, effects = advance(state, button(2, "undo", Act.UNDO), script)
    assert RestoreConsent() in effects and not back.withdrawn
    later, _ = advance(state, button(2, "3"), script)
    later, effects = advance(later, button(3, "undo", Act.UNDO), script)
    assert RestoreConsent() not in effects and later.withdrawn


def test_typed_deletion_opens_a_choice_and_keeps_the_message() -> None:
    state, _ = run(fresh(), [button(1, "2")])
    state, effects = advance(state, words(2, act=Act.DELETE), script)
    assert state.choosing and not any(isinstance(e, Erase | Record) for e in effects)
    assert [o.value for o in question(state, script).options] == [
        "delete_last",
        "delete_case",
        "delete_all",
        "delete_answer",
    ]
    kept, effects = advance(state, button(3, "delete_answer"), script)
    record = next(e for e in effects if isinstance(e, Record))
    assert record.number == 2 and record.kind == "text" and kept.step is not Step.OPEN
    gone, effects = advance(state, button(3, "delete_last"), script)
    assert Erase((1, 2)) in effects and gone.entries == ()
    _, effects = advance(state, words(3), script)
    assert [e.number for e in effects if isinstance(e, Record)] == [2, 3]
    assert "delete.nothing_deleted" in keys(effects)


def test_change_answer_supersedes_and_returns() -> None:
    state, _ = run(fresh(), [button(1, "2")])
    state, _ = advance(state, button(2, "change_answer", Act.CHANGE_ANSWER), script)
    assert state.current[1] is Step.STANCE
    state, effects = advance(state, button(3, "5"), script)
    record = next(e for e in effects if isinstance(e, Record))
    assert (record.value, record.supersedes) == (5, 1)
    assert state.step is Step.OPEN and state.case.stance_1 == 5


def test_high_distress_ends_the_questions_and_keeps_help_in_sight() -> None:
    reading = Reading(source="none", distress="high", words=8)
    state, effects = advance(fresh(), Move(1, Act.ANSWER, None, reading), script)
    assert state.end is End.DISTRESS and state.supporting
    assert "support.high" in keys(effects)
    assert Flag("distress", (("level", "high"),)) in effects
    record = next(e for e in effects if isinstance(e, Record))
    assert "restricted" in record.flags and record.themes == ()


def test_disclosure_is_neither_probed_nor_judged() -> None:
    state, _ = advance(fresh(), button(1, "2"), script)
    state, effects = advance(state, words(2, act=Act.DISCLOSURE, themes=("grey",)), script)
    record = next(e for e in effects if isinstance(e, Record))
    assert set(record.flags) == {"self_disclosure", "restricted"}
    assert state.step is Step.TWIST


def test_a_question_to_the_assistant_can_be_reclaimed_as_an_answer() -> None:
    state, _ = advance(fresh(), button(1, "2"), script)
    move = Move(
        2, Act.INFORM, None, Reading(source="rasa", intent="ask_policy", words=20, thin=False)
    )
    state, effects = advance(state, move, script)
    assert state.step is Step.OPEN and "was_answer" in [
        o.value for o in question(state, script).extra
    ]
    state, effects = advance(state, button(3, "was_answer"), script)
    assert [e.number for e in effects if isinstance(e, Record)] == [2]
    assert state.step is not Step.OPEN


def test_second_abuse_closes_with_thanks() -> None:
    state, effects = run(fresh(), [words(1, act=Act.DEESCALATE), words(2, act=Act.DEESCALATE)])
    assert state.end is End.ABUSE and keys(effects)[-1] == "abuse.close"


def test_gentle_cases_come_first_and_the_least_filled() -> None:
    for seed in range(200):
        state = start("learner", seed, script, {})
        assert state.order[0].id not in {"S05", "S06", "S11"}
    filled = {ref.id: 5 for ref in script.scenarios if ref.id not in {"S03", "S09", "S12"}}
    chosen = {ref.id for ref in start("learner", 3, script, filled).order}
    assert chosen == {"S03", "S09", "S12"}


def test_who_skips_the_open_question_is_not_probed() -> None:
    state, _ = run(fresh(), [button(1, "2"), button(2, "skip", Act.SKIP)])
    assert state.step is Step.TWIST


def test_moderate_distress_that_also_answers_counts_and_the_questions_wait() -> None:
    state, _ = advance(fresh(), button(1, "2"), script)
    state, effects = advance(state, words(2, act=Act.SUPPORT), script)
    record = next(e for e in effects if isinstance(e, Record))
    assert record.kind == "text" and set(record.flags) == {"distress", "restricted"}
    assert keys(effects) == ["support.moderate"] and state.supporting
    assert state.step is Step.TWIST
    state, effects = advance(state, button(3, "resume", Act.RESUME), script)
    assert "twist.question" in keys(effects) and not state.supporting


def test_words_after_an_offer_of_support_are_kept_and_then_the_question_comes() -> None:
    state, _ = run(fresh(), [button(1, "2"), words(2, act=Act.SUPPORT)])
    assert [o.value for o in question(state, script).extra] == ["resume", "pause", "stop"]
    assert question(state, script).options == ()
    state, effects = advance(state, words(3), script)
    assert [(e.kind, e.flags) for e in effects if isinstance(e, Record)] == [
        ("comment", ("restricted",))
    ]
    assert "twist.question" in keys(effects) and state.step is Step.TWIST


def test_moderate_distress_in_few_words_leaves_the_question_open() -> None:
    state, _ = advance(fresh(), button(1, "2"), script)
    state, effects = advance(state, words(2, thin=True, act=Act.SUPPORT), script)
    assert [e.kind for e in effects if isinstance(e, Record)] == ["comment"]
    assert state.step is Step.OPEN


def test_deletion_opened_by_a_button_offers_to_keep_everything() -> None:
    state, _ = run(fresh(), [button(1, "2"), button(2, "delete_data", Act.DELETE)])
    assert question(state, script).options[-1].value == "delete_none"
    state, effects = advance(state, button(3, "delete_none"), script)
    assert not state.choosing and not any(isinstance(e, Erase | Record) for e in effects)
    assert keys(effects)[0] == "delete.nothing_deleted" and state.step is Step.OPEN
