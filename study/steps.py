"""The steps of the interview: what can be open, and what it looks like to the bot."""

from enum import StrEnum


class OpenStep(StrEnum):
    """The named open steps, carried in the bot's payload; coarser than :class:`Step`."""

    CONSENT = "consent"
    STANCE_QUESTION = "stance_question"
    OPEN_PROMPT = "open_prompt"
    PROBE = "probe"
    TWIST = "twist"
    POLICY_CUE = "policy_cue"
    CLOSING = "closing"


class Step(StrEnum):
    """One question of the interview."""

    STANCE = "stance"
    OPEN = "open"
    THIN_PROBE = "thin_probe"
    THEME_PROBE = "theme_probe"
    TWIST = "twist"
    TWIST_REASON = "twist_reason"
    CLARITY = "clarity"
    POLICY_TEXT = "policy_text"
    FINAL_STANCE = "final_stance"
    CASE_CLOSE = "case_close"
    SESSION_COMMON = "session_common"
    SESSION_CLEARER = "session_clearer"
    ENDED = "ended"

    @property
    def open_step(self) -> OpenStep:
        """The bot's name for this step."""
        return _OPEN_STEPS[self]

    @property
    def is_stance(self) -> bool:
        """Whether the answer is one of the five acceptability points or "can't say"."""
        return self in _STANCES

    @property
    def is_choice(self) -> bool:
        """Whether the answer is a labelled point rather than words."""
        return self in _STANCES or self is Step.CLARITY

    @property
    def is_probe(self) -> bool:
        """Whether the question counts towards the caps on probes."""
        return self in (Step.THIN_PROBE, Step.THEME_PROBE)

    @property
    def in_case(self) -> bool:
        """Whether the question belongs to one case (and not to the whole session)."""
        return self not in (Step.SESSION_COMMON, Step.SESSION_CLEARER, Step.ENDED)


_STANCES = frozenset({Step.STANCE, Step.TWIST, Step.FINAL_STANCE})

_OPEN_STEPS = {
    Step.STANCE: OpenStep.STANCE_QUESTION,
    Step.OPEN: OpenStep.OPEN_PROMPT,
    Step.THIN_PROBE: OpenStep.PROBE,
    Step.THEME_PROBE: OpenStep.PROBE,
    Step.TWIST: OpenStep.TWIST,
    Step.TWIST_REASON: OpenStep.TWIST,
    Step.CLARITY: OpenStep.POLICY_CUE,
    Step.POLICY_TEXT: OpenStep.POLICY_CUE,
    Step.FINAL_STANCE: OpenStep.CLOSING,
    Step.CASE_CLOSE: OpenStep.CLOSING,
    Step.SESSION_COMMON: OpenStep.CLOSING,
    Step.SESSION_CLEARER: OpenStep.CLOSING,
    Step.ENDED: OpenStep.CLOSING,
}
