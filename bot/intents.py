"""The intents of the interview, and which of them a learner's words may express."""

from __future__ import annotations

REFLECTION = "reflection"

TYPED_INTENTS = frozenset(
    {
        REFLECTION,
        "disclose_ai_use",
        "ask_data_visibility",
        "ask_definition",
        "skip",
        "ask_policy",
        "confused",
        "stop",
        "accessibility_language",
        "ask_graded",
        "change_answer",
        "distress",
        "thanks",
        "ask_bot_opinion",
        "ask_are_you_ai",
        "delete_data",
        "withdraw_consent",
        "ask_example",
        "ask_duration",
        "off_topic",
        "pause",
        "abuse",
        "resume",
    }
)
"""What words can mean. Anything else that the reader may come up with is taken as an answer."""

OPTION_INTENTS = TYPED_INTENTS | {"choose", "undo"}
"""What a control on the page can mean."""

URGENT_INTENTS = frozenset({"distress", "withdraw_consent", "delete_data", "stop"})
"""Here a false alarm costs one extra question, and a miss costs trust."""

FREE_TEXT_STEPS = frozenset({"open_prompt", "probe", "twist", "policy_cue", "closing"})
"""Open steps that wait for words rather than for a choice."""

KNOWN_STEPS = FREE_TEXT_STEPS | {"consent", "stance_question"}
GENERIC_STEP = "generic"
"""Stands in for an open step this room does not know."""
