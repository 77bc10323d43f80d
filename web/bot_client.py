"""The way from the web process to the bot: one request a turn, with the shared secret."""

import logging
from dataclasses import dataclass
from typing import Any

import requests

log = logging.getLogger("greyarea.web")

HEADER = "X-Greyarea-Secret"


class BotUnavailable(Exception):
    """The turn was not answered: the bot, the action server or the database is away.

    The learner's words are in the inbox; the same turn can be sent again at any time.
    """


@dataclass(frozen=True, slots=True)
class BotTurn:
    """What the bot is told of a turn. ``text`` or ``option`` (an intent), never both."""

    conversation: str
    turn: str
    open_step: str
    locale: str
    text: str | None = None
    option: str | None = None

    def payload(self) -> dict[str, Any]:
        """The JSON body for the bot's channel."""
        body: dict[str, Any] = {
            "conversation": self.conversation,
            "turn": self.turn,
            "open_step": self.open_step,
            "locale": self.locale,
        }
        if self.option is not None:
            return {**body, "kind": "option", "option": self.option}
        return {**body, "kind": "text", "text": self.text or ""}


class BotClient:
    """Sends turns to the bot over kept-alive connections."""

    def __init__(self, url: str, secret: str, timeout: float) -> None:
        self._url = url.rstrip("/") + "/webhooks/interview/turn"
        self._secret = secret
        self._timeout = timeout
        self._http = requests.Session()
        # The bot is on loopback or a private network: no proxy from the environment.
        self._http.trust_env = False

    def take(self, turn: BotTurn) -> None:
        """Have a turn carried out; returns when the record holds the reply.

        Raises:
            BotUnavailable: it could not be reached in time, or the turn was not carried out.
        """
        try:
            answer = self._http.post(
                self._url,
                json=turn.payload(),
                headers={HEADER: self._secret},
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            log.warning("turn %s: bot unreachable (%s)", turn.turn, type(error).__name__)
            raise BotUnavailable from error
        if answer.status_code != 200:
            log.warning("turn %s: bot answered %d", turn.turn, answer.status_code)
            raise BotUnavailable
