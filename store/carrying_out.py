"""Carrying out the engine's effects on the record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from store import completion, consents, erasure
from store.catalogues import language_of
from store.models import Attempt, Event, Response, Turn, Utterance, Words
from study.effects import (
    Effect,
    Erase,
    Finish,
    Flag,
    Record,
    Reopen,
    RestoreConsent,
    Say,
    Withdraw,
)
from study.language import Language
from study.moves import Move
from study.questions import CLARITY_OPTIONS, STANCE_OPTIONS
from study.rendering import label, render
from study.script import Script
from study.state import State

RESTRICTED = frozenset({"restricted"})


class CarryOut:
    """Writes utterances, responses and events of one attempt, in order."""

    def __init__(
        self,
        session: Session,
        attempt: Attempt,
        turn: Turn | None,
        script: Script,
        now: datetime,
    ) -> None:
        self.session = session
        self.attempt = attempt
        self._turn = turn
        self.script = script
        self.now = now
        self.state = State.from_json(attempt.state)
        self._asked = self._last_question()

    @property
    def turn(self) -> Turn:
        """The turn being applied; raises ValueError at the opening, which has none."""
        if self._turn is None:
            raise ValueError("no turn is being applied")
        return self._turn

    def carry_out(self, effects: Iterable[Effect], move: Move | None = None) -> None:
        """Do what the engine decided; what is said comes in the order given."""
        for effect in effects:
            match effect:
                case Say():
                    self._say(effect)
                case Record():
                    self._record(effect, move)
                case Flag(kind=kind, data=data):
                    self.event(f"flag_{kind}", dict(data))
                case Erase(numbers=numbers, everything=everything):
                    self._erase(numbers, everything)
                case Withdraw():
                    consents.withdraw(self.session, self.attempt.participant_id, self.now)
                    self.event("withdrawn")
                case RestoreConsent():
                    consents.restore(self.session, self.attempt.participant_id, self.now)
                    self.event("withdrawal_undone")
                case Finish(end=end):
                    self.attempt.status = end.value
                    self.attempt.ended_at = self.now
                    completion.report_ending(self.session, self.attempt, self.now)
                    self.event("finished", {"end": end.value})
                case Reopen():
                    self.attempt.status = "open"
                    self.attempt.ended_at = None
                    self.event("reopened")

    def event(self, kind: str, data: dict[str, Any] | None = None) -> None:
        """Append to the audit trail; ``data`` never holds a learner's words."""
        self.attempt.events += 1
        self.session.add(
            Event(
                attempt_id=self.attempt.id,
                seq=self.attempt.events,
                kind=kind,
                data=data or {},
                at=self.now,
            )
        )

    def _say(self, say: Say) -> None:
        rendered = render(say, self.script, self.attempt.locale, self._language)
        self.attempt.utterances += 1
        quoted = self._words_of(say.echo[0]) if say.echo is not None else None
        self.session.add(
            Utterance(
                attempt_id=self.attempt.id,
                turn_id=self._turn.id if self._turn is not None else None,
                seq=self.attempt.utterances,
                key=say.key,
                params=dict(say.params),
                text=rendered.text,
                locale=rendered.locale,
                question=say.question,
                echo_words_id=quoted.id if quoted is not None else None,
                echo_start=0 if quoted is not None else None,
                echo_end=say.echo[1] if say.echo is not None and quoted is not None else None,
                shown_at=self.now,
            )
        )

    def _record(self, record: Record, move: Move | None) -> None:
        words = self._words_of(record.number)
        scenario = self.script.scenario(record.scenario) if record.scenario is not None else None
        earlier = self._current_response(record.supersedes)
        if earlier is not None:
            earlier.superseded = True
        if words is not None and RESTRICTED & set(record.flags):
            words.restricted = True
        asked = self._asked
        row = Response(
            attempt_id=self.attempt.id,
            participant_id=self.attempt.participant_id,
            turn_id=self._turn_id_of(record.number),
            number=record.number,
            position=record.position,
            scenario_id=scenario.id if scenario is not None else None,
            scenario_version=scenario.version if scenario is not None else None,
            scenario_hash=scenario.content_hash if scenario is not None else None,
            step=record.step.value,
            kind=record.kind,
            probe_id=record.probe_id,
            prompt_key=asked.key if asked is not None else "",
            prompt_text=asked.text if asked is not None else "",
            options=self._options(record),
            value=record.value,
            flags=list(record.flags),
            themes=dict(record.themes),
            words_id=words.id if words is not None and record.kind != "skip" else None,
            revision_no=earlier.revision_no + 1 if earlier is not None else 1,
            supersedes_id=earlier.id if earlier is not None else None,
            shown_at=asked.shown_at if asked is not None else None,
            submitted_at=self._received_at(record.number),
            locale=self.attempt.locale,
            model_version=move.reading.model if move is not None else "",
            act=move.act.value if move is not None else "",
            synthetic=self.attempt.synthetic,
        )
        self.session.add(row)
        self.session.flush()
        self.event(
            f"recorded_{record.kind}",
            {"number": record.number, "step": record.step.value, "response": row.public_id},
        )

    def _erase(self, numbers: tuple[int, ...], everything: bool) -> None:
        if everything:
            count = erasure.erase_everything(
                self.session, self.attempt.participant_id, self.now, but=self.attempt.id
            )
        else:
            count = erasure.erase_numbers(self.session, self.attempt.id, numbers, self.now)
        self.event("erased", {"numbers": list(numbers), "everything": everything, "rows": count})

    def _options(self, record: Record) -> list[str]:
        shown = (
            STANCE_OPTIONS
            if record.step.is_stance
            else CLARITY_OPTIONS
            if record.step.is_choice
            else ()
        )
        return [label(option, self._language) for option in shown]

    @property
    def _language(self) -> Language:
        # A made-up one only where the page has let it through.
        return language_of(self.attempt.locale, pseudo=True)

    def _last_question(self) -> Utterance | None:
        query = select(Utterance).where(
            Utterance.attempt_id == self.attempt.id,
            Utterance.question.is_(True),
            Utterance.key != "delete.which",
        )
        return self.session.scalars(query.order_by(Utterance.seq.desc()).limit(1)).first()

    def _current_response(self, number: int | None) -> Response | None:
        if number is None:
            return None
        query = select(Response).where(
            Response.attempt_id == self.attempt.id,
            Response.number == number,
            Response.superseded.is_(False),
        )
        return self.session.scalars(query.order_by(Response.revision_no.desc())).first()

    def _turn_of(self, number: int) -> Turn | None:
        if self._turn is not None and self._turn.number == number:
            return self._turn
        query = select(Turn).where(Turn.attempt_id == self.attempt.id, Turn.number == number)
        return self.session.scalars(query).first()

    def _turn_id_of(self, number: int) -> int | None:
        turn = self._turn_of(number)
        return turn.id if turn is not None else None

    def _words_of(self, number: int) -> Words | None:
        turn = self._turn_of(number)
        if turn is None or turn.words_id is None:
            return None
        return self.session.get(Words, turn.words_id)

    def _received_at(self, number: int) -> datetime:
        turn = self._turn_of(number)
        return turn.received_at if turn is not None else self.now
