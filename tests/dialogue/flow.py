"""How an interview may go from one question to the next, said apart from the engine."""

from store.models import Response
from study.state import End, State
from study.steps import Step
from tests.dialogue.stage import Played, Taken

S = Step
FOLLOWS: dict[Step, frozenset[Step]] = {
    S.STANCE: frozenset({S.OPEN}),
    S.OPEN: frozenset({S.THIN_PROBE, S.THEME_PROBE, S.TWIST}),
    S.THIN_PROBE: frozenset({S.THEME_PROBE, S.TWIST}),
    S.THEME_PROBE: frozenset({S.TWIST}),
    S.TWIST: frozenset({S.TWIST_REASON}),
    S.TWIST_REASON: frozenset({S.CLARITY}),
    S.CLARITY: frozenset({S.POLICY_TEXT}),
    S.POLICY_TEXT: frozenset({S.FINAL_STANCE}),
    S.FINAL_STANCE: frozenset({S.CASE_CLOSE}),
    S.CASE_CLOSE: frozenset({S.STANCE, S.SESSION_COMMON}),
    S.SESSION_COMMON: frozenset({S.SESSION_CLEARER}),
    S.SESSION_CLEARER: frozenset({S.ENDED}),
}
"""Which question may come after which; from CASE_CLOSE to STANCE in the next case only."""

MOVES_ON = frozenset({"answer", "skip", "support", "disclosure", "delete"})
"""Acts that may open the next question: the last three where their words answer as well."""

Place = tuple[int, Step]


def place(state: State) -> Place:
    """Where the interview stands on its way, a revision or an early ending apart."""
    return state.position, state.step


def complaints(played: Played) -> list[str]:
    """What is wrong with the way that the interview has gone; empty when nothing is."""
    wrong: list[str] = []
    left: list[Place] = []
    for taken in played.taken:
        before, after = place(taken.before), place(taken.after)
        if not taken.said:
            wrong.append(f"nothing was said: {taken}")
        if before == after:
            continue
        if taken.after.end is End.ERASED:
            continue
        if not _may_follow(before, after, len(taken.before.order)):
            wrong.append(f"a question was skipped: {taken}")
        if taken.act not in MOVES_ON and not _settled_by_option(taken):
            wrong.append(f"moved on without an answer: {taken}")
        if after in left:
            wrong.append(f"a question came again: {taken}")
        left.append(before)
    return [*wrong, *_answers_that_are_not_one_each(played, left)]


def returns(taken: Taken) -> bool:
    """Whether the question that was open before a digression is open, and asked, after it."""
    asked = [said for said in taken.said if said.question]
    again = bool(asked) and asked[-1].seq == taken.said[-1].seq
    waits = taken.after.paused or taken.after.supporting
    return taken.before.current == taken.after.current and (again or waits)


def _may_follow(before: Place, after: Place, cases: int) -> bool:
    if after[1] not in FOLLOWS.get(before[1], frozenset()):
        return False
    if after[1] is Step.STANCE:
        return after[0] == before[0] + 1
    if after[1] is Step.SESSION_COMMON:
        return before[0] == cases - 1
    return after[0] == before[0]


def _settled_by_option(taken: Taken) -> bool:
    return taken.line.press in {"was_answer", "delete_answer"}


def _answers_that_are_not_one_each(played: Played, left: list[Place]) -> list[str]:
    """Each question that was left has exactly one row that stands for its answer or skip."""
    rows = [
        row for row in played.world.rows(Response) if row.kind != "comment" and not row.superseded
    ]
    wrong = []
    for position, step in left:
        count = sum((row.position, row.step) == (position, step.value) for row in rows)
        if count != 1:
            wrong.append(f"{count} answers stand for {position}.{step.value}")
    return wrong
