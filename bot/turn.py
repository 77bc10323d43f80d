"""The request of one turn, checked before anything else looks at it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from bot.intents import GENERIC_STEP, KNOWN_STEPS, OPTION_INTENTS

MAX_BODY_BYTES = 128 * 1024
MAX_TEXT_CHARACTERS = 20_000

_ID = re.compile(r"[0-9a-f]{32}")
_STEP = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,2}")


class TurnError(ValueError):
    """A request that cannot be a turn. ``code`` is safe to send back and to log."""

    def __init__(self, code: str) -> None:
        """Refuse with ``code``."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Turn:
    """One turn of one conversation. Exactly one of ``text`` and ``option`` is set."""

    conversation: str
    turn: str
    open_step: str
    kind: str
    locale: str
    text: str | None = None
    option: str | None = None

    @property
    def metadata(self) -> dict[str, str]:
        """What the pipeline and the action may know of the turn; never the words."""
        return {
            "turn": self.turn,
            "open_step": self.open_step,
            "kind": self.kind,
            "locale": self.locale,
        }

    @property
    def reads_english(self) -> bool:
        """Whether the language reader was trained for this locale."""
        return re.split("[-_]", self.locale.lower())[0] == "en"


def parse_turn(body: bytes) -> Turn:
    """Read the JSON ``body`` of a turn, or raise ``TurnError`` with a short code."""
    if len(body) > MAX_BODY_BYTES:
        raise TurnError("body_too_large")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise TurnError("bad_json") from None
    if not isinstance(data, dict):
        raise TurnError("bad_json")

    kind = _matching(data, "kind", re.compile("text|option"))
    expected = {"conversation", "turn", "open_step", "kind", "locale", kind}
    if set(data) != expected:
        raise TurnError("bad_fields")
    step = _matching(data, "open_step", _STEP)
    return Turn(
        conversation=_matching(data, "conversation", _ID),
        turn=_matching(data, "turn", _ID),
        open_step=step if step in KNOWN_STEPS else GENERIC_STEP,
        kind=kind,
        locale=_matching(data, "locale", _LOCALE),
        text=_text(data) if kind == "text" else None,
        option=_option(data) if kind == "option" else None,
    )


def _matching(data: dict[str, Any], field: str, pattern: re.Pattern[str]) -> str:
    value = data.get(field)
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise TurnError(f"bad_{field}")
    return value


def _text(data: dict[str, Any]) -> str:
    text = data["text"]
    if not isinstance(text, str):
        raise TurnError("bad_text")
    if len(text) > MAX_TEXT_CHARACTERS:
        raise TurnError("text_too_long")
    return text


def _option(data: dict[str, Any]) -> str:
    option = data["option"]
    if not isinstance(option, str) or option not in OPTION_INTENTS:
        raise TurnError("bad_option")
    return option
