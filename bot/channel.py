"""The only door of this room: one turn in, "done" out, and a health check.

The web tier calls it with a secret. The channel alone decides what a message can mean; see
``bot.reading``. The reply to the learner does not pass here: the action commits it to the study
database, and this channel only reports whether it did.
"""

from __future__ import annotations

import hmac
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.reading import read_turn
from bot.turn import Turn, TurnError, parse_turn

logger = logging.getLogger(__name__)

SECRET_VARIABLE = "GREYAREA_BOT_SECRET"
SECRET_HEADER = "X-Greyarea-Secret"


class MissingSecret(RasaException):
    """The channel has no secret and must not open."""


class InterviewChannel(InputChannel):
    """Takes turns from the web tier at ``POST /webhooks/interview/turn``.

    200 ``{"status": "done", "turn": id}`` when the action reported exactly this turn as done;
    400 a request that cannot be a turn; 401 wrong secret; 502 ``no_action``; 503 ``not_ready``.
    No answer and no log line carries a learner's words.
    """

    def __init__(self, secret: str) -> None:
        """Open with ``secret``; raise ``MissingSecret`` if it is empty."""
        if not secret.strip():
            raise MissingSecret(f"{SECRET_VARIABLE} is empty; the interview channel stays closed.")
        self._secret = secret.encode()

    @classmethod
    def name(cls) -> str:
        """Return the name in the address of the channel."""
        return "interview"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InterviewChannel:
        """Build the channel; the secret comes from the environment, not from a file."""
        return cls(os.environ.get(SECRET_VARIABLE, ""))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes of the channel."""
        routes = Blueprint("interview")

        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            agent = _ready_agent(request)
            if agent is None:
                return _error(503, "not_ready")
            return response.json({"status": "ready", "model": agent.model_name})

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            if not self._is_authorised(request):
                return _error(401, "wrong_secret")
            try:
                asked = parse_turn(request.body)
            except TurnError as error:
                return _error(400, error.code)
            agent = _ready_agent(request)
            if agent is None:
                return _error(503, "not_ready")
            if await _is_done(asked, agent, on_new_message):
                return response.json({"status": "done", "turn": asked.turn})
            return _error(502, "no_action")

        return routes

    def _is_authorised(self, request: Request) -> bool:
        given = request.headers.get(SECRET_HEADER, "")
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._secret)


async def _is_done(
    turn: Turn, agent: Agent, on_new_message: Callable[[UserMessage], Awaitable[Any]]
) -> bool:
    output = CollectingOutputChannel()
    try:
        parse_data = await read_turn(turn, agent.processor)
        await on_new_message(
            UserMessage(
                text="",
                output_channel=output,
                sender_id=turn.conversation,
                parse_data=parse_data,
                input_channel=InterviewChannel.name(),
                message_id=turn.turn,
                metadata=turn.metadata,
            )
        )
    except Exception as error:
        # The kind of error only: its message may quote what it choked on.
        logger.error("turn %s failed: %s", turn.turn, type(error).__name__)
        return False
    return any(_reports_done(message.get("custom"), turn) for message in output.messages)


def _reports_done(custom: Any, turn: Turn) -> bool:
    return (
        isinstance(custom, dict)
        and custom.get("status") == "done"
        and custom.get("turn") == turn.turn
    )


def _ready_agent(request: Request) -> Agent | None:
    agent: Agent | None = getattr(request.app.ctx, "agent", None)
    return agent if agent is not None and agent.is_ready() else None


def _error(status: int, code: str) -> HTTPResponse:
    return response.json({"error": code}, status=status)
