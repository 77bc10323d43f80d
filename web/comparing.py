"""Comparisons in words: three verdicts, the effect, its interval, and never a p-value."""

from dataclasses import dataclass

from analysis.by_course import FROM, ByCourse
from analysis.compare import Comparison, Shift, Verdict

VERDICTS = {
    Verdict.EQUIVALENT: "equivalent",
    Verdict.DIFFERENT: "different",
    Verdict.NOT_SETTLED: "not settled",
    Verdict.DESCRIBED: "described only: fewer than 15 people in a group",
    Verdict.TOO_FEW: "too few people to compare",
    Verdict.HIDDEN: "not compared: answers that it would need are hidden",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison in words: whom, how it came out, the effect with its interval."""

    between: str
    verdict: str
    effect: str


def compared(between: str, found: Comparison) -> Compared:
    """A comparison of the two that ``between`` names."""
    effect = ""
    if found.delta is not None:
        effect = f"Cliff’s delta {number(found.delta)}"
        if found.low is not None and found.high is not None:
            effect += f", 95% interval {number(found.low)} to {number(found.high)}"
        else:
            effect += ", without an interval: the answers have no spread"
        effect += f" ({found.people[0]} and {found.people[1]} people)"
    return Compared(between, VERDICTS[found.verdict], effect)


def compared_by_course(between: str, found: ByCourse) -> Compared:
    """The same over courses that were drawn."""
    if found.verdict is Verdict.TOO_FEW:
        return Compared(between, f"too few courses to compare: {FROM} of each are needed", "")
    effect = ""
    if found.difference is not None:
        effect = (
            "Share that found it clear, by courses, the first less the second: "
            f"{points(found.difference)} points of a hundred"
        )
        if found.low is not None and found.high is not None:
            effect += f", 95% interval {points(found.low)} to {points(found.high)}"
        else:
            effect += ", without an interval: the courses do not differ"
        effect += f" ({found.courses[0]} and {found.courses[1]} courses)"
    return Compared(between, VERDICTS[found.verdict], effect)


def points(share: float) -> str:
    """A share in points of a hundred, with a true minus sign."""
    return f"{100 * share:.0f}".replace("-", "−")


def shift_in_words(found: Shift | None) -> str:
    """How people moved; empty where that is hidden."""
    if found is None:
        return ""
    people = found.up + found.down + found.stayed
    text = (
        f"Of {people} people {found.up} moved towards acceptable, {found.down} away from it, "
        f"and {found.stayed} stayed."
    )
    if found.up_of_moved is not None and found.low is not None and found.high is not None:
        text += (
            f" Of those who moved, {found.up_of_moved:.0%} moved towards it (exact 95% interval "
            f"{found.low:.0%} to {found.high:.0%}). This is a shift, not an effect: everybody saw "
            "the change."
        )
    return text


def number(value: float) -> str:
    """Two decimals, with a true minus sign."""
    return f"{value:.2f}".replace("-", "−")
