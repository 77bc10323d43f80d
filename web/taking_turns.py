"""One turn from the page to the record: mask, keep, have it carried out."""

import logging
from dataclasses import dataclass

from sqlalchemy import select

from store.attempts import state_of
from store.db import Database
from store.inbox import MAX_TEXT, Message, pending, receive
from store.models import Attempt, Turn, Words
from store.turns import apply_turn
from study.lexicon import Distress, scan
from study.questions import intent_of
from study.redaction import clean
from study.typed import is_empty
from web.bot_client import BotTurn, BotUnavailable
from web.case_names import names_in_cases
from web.services import Services
from web.words import N_, _

log = logging.getLogger("greyarea.web")


ERRORS = {
    "empty": N_("Please write something, or press Skip this question."),
    "too_long": N_(
        "That is more than 5,000 characters. Nothing has been lost: shorten it a little, or "
        "send it in two parts."
    ),
    "not_masked": N_(
        "I could not check that for personal details, so I have not stored it. Your words are "
        "still in the box; please try again."
    ),
    "text_or_option": N_("Please write something, or choose one of the buttons."),
    "bad_message": N_("That did not arrive as it should. Please try again."),
}


URGENT_OPTIONS = ("stop", "pause", "delete_data", "withdraw_consent")


class TurnRefused(Exception):
    """A message that was not taken; the words stay in the box. ``code`` names the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def message(self) -> str:
        """The reason in plain words."""
        return _(ERRORS.get(self.code, ERRORS["bad_message"]))


@dataclass(frozen=True, slots=True)
class Posted:
    """What the form posted."""

    client_msg_id: str
    step_id: str
    text: str
    option: str | None


def keep(here: Services, attempt: Attempt, posted: Posted) -> Turn:
    """Put a message in the inbox, masked; from here on it is safe.

    Raises:
        TurnRefused: it is empty, too long, malformed, or could not be masked.
    """
    text: str | None = None
    masked: dict[str, int] = {}
    if posted.option is None:
        text, masked = masked_words(here, attempt, posted.text)
    try:
        message = Message(posted.client_msg_id, posted.step_id, text, posted.option, masked)
    except ValueError as error:
        raise TurnRefused(str(error)) from error
    return receive(here.database, attempt.id, message, here.clock())


def masked_words(here: Services, attempt: Attempt, raw: str) -> tuple[str, dict[str, int]]:
    """The words as they may be stored, and how many identifiers of each kind were masked.

    They are masked for the language and the cases of the attempt.

    Raises:
        TurnRefused: empty, too long, or the masking failed.
    """
    if len(raw) > MAX_TEXT:
        raise TurnRefused("too_long")
    try:
        text = clean(raw)
        if is_empty(text):
            raise TurnRefused("empty")
        names = names_in_cases(here.database, attempt)
        masked = here.redactor.mask(text, attempt.locale, names)
    except TurnRefused:
        raise
    except Exception as error:
        # Unmasked words must not be stored, whatever went wrong. No text in the log.
        log.error("masking failed: %s", type(error).__name__)
        raise TurnRefused("not_masked") from error
    # A placeholder may be longer than what it replaces.
    return masked.text[:MAX_TEXT], dict(masked.counts)


def carry_out_pending(here: Services, attempt_id: int, *, alone: bool = False) -> bool:
    """Send every turn that waits, oldest first; False when one could not be carried out.

    ``alone``: where the bot cannot be reached the engine goes on without its reading.
    """
    while True:
        turn = _next(here.database, attempt_id)
        if turn is None:
            return True
        try:
            here.bot.take(turn)
        except BotUnavailable:
            _apply_here(here, attempt_id, urgent_only=not alone)
            return _next(here.database, attempt_id) is None
        if not _settled(here.database, turn.turn):
            log.warning("turn %s: the bot said done, the record does not", turn.turn)
            return False


def _apply_here(here: Services, attempt_id: int, *, urgent_only: bool) -> None:
    """Apply what waits without the bot: all of it, or what must not wait.

    That is high distress and plain commands.
    """
    with here.database.write() as session:
        attempt = session.get_one(Attempt, attempt_id)
        for turn in pending(session, attempt_id):
            words = session.get(Words, turn.words_id) if turn.words_id is not None else None
            if words is None:
                urgent = turn.option in URGENT_OPTIONS
            else:
                hit = scan(words.body or "", attempt.locale)
                urgent = hit.command is not None or hit.distress is Distress.HIGH
            if urgent or not urgent_only:
                apply_turn(session, turn.public_id, None, None, here.clock())


def _next(database: Database, attempt_id: int) -> BotTurn | None:
    with database.read() as session:
        waiting = pending(session, attempt_id)
        if not waiting:
            return None
        turn = waiting[0]
        attempt = session.get_one(Attempt, attempt_id)
        words = session.get(Words, turn.words_id) if turn.words_id is not None else None
        return BotTurn(
            conversation=attempt.public_id,
            turn=turn.public_id,
            open_step=state_of(attempt).current[1].open_step.value,
            locale=attempt.locale,
            text=(words.body or "") if words is not None else None,
            option=intent_of(turn.option) if turn.option is not None else None,
        )


def _settled(database: Database, public_id: str) -> bool:
    with database.read() as session:
        status = session.scalar(select(Turn.status).where(Turn.public_id == public_id))
    return status != "received"
