"""The intents that the bot reads, and the act that each stands for."""

from study.moves import INFORM_TOPICS, Act

ACT_OF_INTENT: dict[str, Act] = {
    "reflection": Act.ANSWER,
    "choose": Act.ANSWER,
    "skip": Act.SKIP,
    "pause": Act.PAUSE,
    "resume": Act.RESUME,
    "stop": Act.STOP,
    "undo": Act.UNDO,
    "change_answer": Act.CHANGE_ANSWER,
    "delete_data": Act.DELETE,
    "withdraw_consent": Act.WITHDRAW,
    "distress": Act.SUPPORT,
    "disclose_ai_use": Act.DISCLOSURE,
    "abuse": Act.DEESCALATE,
    "confused": Act.REPHRASE,
    **dict.fromkeys(INFORM_TOPICS, Act.INFORM),
}
"""Mirrors ``data/rules``; a test holds the two together. Used where no bot is asked."""
