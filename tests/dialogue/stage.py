"""Where conversations are played: the bot in a process of its own, the actions in this one.

The bot is the real one, with the trained model and its channel. The action server is the
real one too, in a thread of this process, so that each conversation can have a database
of its own and be looked into between two turns.
"""

import asyncio
import shutil
import socket
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

import actions.interview
from actions.server import build_app
from cli.ports import free_ports
from cli.processes import Processes
from cli.stack import BOT_PYTHON, Ports, Stack
from store.attempts import Setting, begin, state_of
from store.consents import current
from store.db import Database
from store.keyring import Keyring
from store.models import Attempt, Event, Response, Study, Turn, Utterance, Words
from store.scripts import find
from store.settings import PROJECT_ROOT, Settings
from study.moves import Act
from study.questions import CONTROL_INTENTS, question
from study.state import State
from tests.dialogue.conversation import Conversation, Line
from tests.study.interviews import core_script
from tests.worlds import NOW, World, make_world
from web.bot_client import BotClient
from web.learner import enter
from web.services import Services
from web.taking_turns import Posted, carry_out_pending, keep


class NoSuchButton(Exception):
    """A line presses what the page does not show."""


@dataclass(frozen=True, slots=True, repr=False)
class Taken:
    """One turn as it went, with the state on either side of it."""

    line: Line
    before: State
    after: State
    turn: Turn
    words: Words | None
    """As stored before the turn was carried out."""
    chosen: Act
    """What Rasa's rules chose."""
    message: dict[str, Any]
    """What Rasa sent to the action: intent, reading and metadata."""
    said: tuple[Utterance, ...]
    recorded: tuple[Response, ...]
    events: tuple[Event, ...]

    @property
    def act(self) -> str:
        """What was done."""
        return str((self.turn.move or {}).get("act"))

    @property
    def heard(self) -> dict[str, Any]:
        """The reading of the words, as the action hands it on."""
        intent = self.message["intent"]
        reading = self.message["reading"]
        return {"intent": intent["name"], "confidence": intent["confidence"], **reading}

    def __repr__(self) -> str:
        heard = f"{self.heard['intent']} {self.heard['confidence']:.2f}"
        opened = f"{self.before.step_id} → {self.after.step_id}"
        return f"{self.line}: heard {heard}, did {self.act}, {opened}"


@dataclass
class Played:
    """A conversation that has been played to its end, or an interview that is being played."""

    world: World
    attempt: Attempt
    services: Services
    calls: "list[Call]"
    taken: list[Taken] = field(default_factory=list)
    broken_off: str = ""
    """Why not all lines could be played."""

    @property
    def state(self) -> State:
        """Where the interview stands in the record."""
        return self.world.state(self.attempt)

    def press(self, option: str) -> Taken:
        """Press a button or control."""
        return self.take(Line(None, option, None, None))

    def write(self, words: str) -> Taken:
        """Send typed words."""
        return self.take(Line(words, None, None, None))

    def take(self, line: Line) -> Taken:
        """One turn on the way that the page goes: masked, kept, through Rasa, carried out.

        Raises:
            NoSuchButton: the page would not show that button.
        """
        before = self.state
        if line.press is not None:
            shown = question(before, core_script())
            values = {option.value for option in (*shown.options, *shown.extra)}
            if line.press not in values | CONTROL_INTENTS:
                raise NoSuchButton(f"{line} is not on the page at {before.step_id}")
        posted = Posted(f"message-{len(self.taken)}", before.step_id, line.words or "", line.press)
        turn = keep(self.services, self.attempt, posted)
        stored = next((row for row in self.world.rows(Words) if row.id == turn.words_id), None)
        events, responses = self._last(Event), self._last(Response)
        self.calls.clear()
        assert carry_out_pending(self.services, self.attempt.id), f"not carried out: {line}"
        # Rasa called one action, once.
        (call,) = self.calls
        with self.world.database.read() as session:
            query = select(Utterance).where(Utterance.turn_id == turn.id).order_by(Utterance.seq)
            since = select(Response).where(Response.id > responses).order_by(Response.id)
            after = select(Event).where(Event.id > events).order_by(Event.id)
            taken = Taken(
                line,
                before,
                state_of(session.get_one(Attempt, self.attempt.id)),
                session.get_one(Turn, turn.id),
                stored,
                call.act,
                call.message,
                tuple(session.scalars(query)),
                tuple(session.scalars(since)),
                tuple(session.scalars(after)),
            )
        self.taken.append(taken)
        return taken

    def _last(self, model: type[Event] | type[Response]) -> int:
        return max((row.id for row in self.world.rows(model)), default=0)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an action by Rasa."""

    act: Act
    message: dict[str, Any]


class Stage:
    """The two servers, and a fresh world for each interview. Use as a context manager."""

    def __init__(self, folder: Path) -> None:
        _, bot, actions_port, _ = free_ports(4)
        stack = Stack.fresh(folder, Ports(bot=bot, actions=actions_port))
        self.folder = folder
        self._actions = ActionsHere(actions_port, stack.actions_secret)
        child = next(child for child in stack.children() if child.name == "bot")
        self._processes = Processes([child], stack.log_folder)
        self._bot = BotClient(f"http://127.0.0.1:{bot}", stack.bot_secret, timeout=60)
        self._worlds = 0
        self._calls: list[Call] = []
        self._take = actions.interview.take
        self._empty = make_world(Database.from_url(f"sqlite:///{folder / 'empty.db'}"))
        self._empty.database.engine.dispose()

    def __enter__(self) -> "Stage":
        # Trains only where no whole model for the present data is there.
        subprocess.run(
            [str(BOT_PYTHON), "-m", "bot.train", "--if-changed"], cwd=PROJECT_ROOT, check=True
        )
        actions.interview.take = self._listening_in
        self._actions.start()
        try:
            self._processes.start_all()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._processes.stop_all()
        self._actions.stop()
        actions.interview.take = self._take

    def _listening_in(self, act: Act, message: dict[str, Any]) -> dict[str, str]:
        self._calls.append(Call(act, message))
        return self._take(act, message)

    def begin(self, role: str, seed: int, locale: str = "en") -> Played:
        """An interview at its first question, alone in a database of its own."""
        self._worlds += 1
        path = self.folder / f"world-{self._worlds}.db"
        shutil.copy(self.folder / "empty.db", path)
        database = Database.from_url(f"sqlite:///{path}")
        known = self._empty
        world = World(
            database,
            known.institution,
            known.registration,
            known.deployment,
            known.study,
            known.context,
        )
        person = world.person()
        with database.write() as session:
            study = session.get_one(Study, world.study.id)
            pack = find(session, study.pack_id, study.pack_version)
            consent = current(session, person.id)
            assert pack is not None and consent is not None
            setting = Setting(role, "nursing", locale, world.context.id, None)
            attempt = begin(session, person, study, pack, consent, setting, NOW, seed)
        # The action server works on the database that its process has opened.
        actions.interview._database = database
        return Played(world, attempt, self._services(database), self._calls)

    def play(self, conversation: Conversation) -> Played:
        """All lines of a conversation, one after the other."""
        played = self.begin(conversation.role, conversation.seed, conversation.locale)
        for line in conversation.say:
            try:
                played.take(line)
            except NoSuchButton as error:
                played.broken_off = str(error)
                break
        played.world.database.engine.dispose()
        return played

    def _services(self, database: Database) -> Services:
        return Services(
            database=database,
            keyring=Keyring(b"k" * 32),
            settings=Settings(env="test", var_dir=self.folder),  # type: ignore[call-arg]
            bot=self._bot,
            clock=lambda: NOW,
            enter=enter,
        )


class ActionsHere:
    """The action server on a port of this machine, in a thread of this process."""

    def __init__(self, port: int, secret: str) -> None:
        self._port = port
        self._secret = secret
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="actions")
        self._server: Any = None

    def start(self) -> None:
        """Listen; ready when this returns."""
        self._thread.start()
        self._server = self._run(self._listen())

    def stop(self) -> None:
        """Stop listening and end the thread."""
        if self._server is not None:
            self._run(self._hang_up())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        actions.interview._database = None

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _listen(self) -> Any:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        app = build_app(self._secret)
        server = await app.create_server(
            sock=listener, return_asyncio_server=True, access_log=False
        )
        assert server is not None
        await server.startup()
        await server.start_serving()
        return server

    async def _hang_up(self) -> None:
        self._server.close()
        await self._server.wait_closed()
