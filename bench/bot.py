"""What a message of 40 words costs the bot, and how many it serves alone.

Run it with ``make bench``, or alone with ``python -m bench bot``. It starts the real bot on a
port of its own; the action server is a stand-in that answers at once, so that nothing but the
bot is measured. It prints JSON: CPU time of the bot's process for one message after another
(channel, encoding, reading, rules and the call of the action), and turns a second with 16
conversations at once.
"""

import http.client
import json
import os
import statistics
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from bench.launches import cpu_seconds
from cli.ports import free_ports
from store.settings import PROJECT_ROOT
from tests.bot.stub_actions import running_stub

BOT_PYTHON = PROJECT_ROOT / "bot" / ".venv" / "bin" / "python"
READY_SECONDS = 120.0
WARM_UP = 30
SINGLE = 200
AT_ONCE = 16
EACH = 40
TARGET_CPU_MS = 35.0
TARGET_TURNS = 30.0
SECRET = "bench"
SENTENCES = (
    "I would first want to know what the mark is meant to show before I say anything at all",
    "because my own supervisor lets us use a chatbot for letters and nobody has ever complained",
    "and yet the module guide says nothing about it so every tutor draws the line somewhere else",
    "which is hard on people who write in their third language after a row of night shifts",
    "still the references have to be checked one by one since some of them turn out invented",
)
WORDS = 40


def message(number: int) -> str:
    """A message of 40 words; no two of the first few hundred are alike."""
    words = " ".join(SENTENCES[(number + shift) % len(SENTENCES)] for shift in range(3)).split()
    start = number % (len(words) - WORDS)
    return " ".join(words[start : start + WORDS])


@dataclass(frozen=True)
class Bot:
    """A running bot."""

    pid: int
    port: int

    def turn(self, conversation: str, number: int) -> None:
        """Send one message; SystemExit if it is not taken."""
        body = {
            "conversation": conversation,
            "turn": uuid.uuid4().hex,
            "open_step": "open_prompt",
            "kind": "text",
            "locale": "en",
            "text": message(number),
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(
                "POST",
                "/webhooks/interview/turn",
                json.dumps(body),
                {"X-Greyarea-Secret": SECRET},
            )
            answer = connection.getresponse()
            told = answer.read()
        finally:
            connection.close()
        if answer.status != 200:
            raise SystemExit(f"a turn failed with {answer.status}: {told[:200]!r}")


@contextmanager
def running_bot() -> Iterator[Bot]:
    """The bot in a process of its own, with a stand-in for the action server."""
    (port,) = free_ports(1)
    with running_stub() as stub:
        process = subprocess.Popen(
            [str(BOT_PYTHON), "-m", "bot.run", "--port", str(port)],
            cwd=PROJECT_ROOT,
            env={
                **os.environ,
                "LOG_LEVEL": "WARNING",
                "GREYAREA_BOT_SECRET": SECRET,
                "GREYAREA_ACTIONS_SECRET": SECRET,
                "GREYAREA_ACTIONS_URL": stub.url,
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until_ready(process, port)
            yield Bot(process.pid, port)
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_until_ready(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Return when the port answers; SystemExit if the process ends or takes too long."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/webhooks/interview/")
            if connection.getresponse().status < 500:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise SystemExit("the bot did not start: is the model trained? (make train)")


def cpu_of_one(bot: Bot) -> float:
    """Milliseconds of the bot's CPU for one message after another."""
    conversation = uuid.uuid4().hex
    for number in range(WARM_UP):
        bot.turn(conversation, number)
    before = cpu_seconds(bot.pid)
    for number in range(SINGLE):
        bot.turn(conversation, WARM_UP + number)
    return (cpu_seconds(bot.pid) - before) * 1000 / SINGLE


def many(bot: Bot) -> tuple[float, list[float]]:
    """Turns a second with 16 conversations at once, and each turn's milliseconds."""
    times: list[float] = []
    numbers = count()

    def converse() -> None:
        conversation = uuid.uuid4().hex
        for _ in range(EACH):
            began = time.perf_counter()
            bot.turn(conversation, next(numbers))
            times.append((time.perf_counter() - began) * 1000)

    people = [threading.Thread(target=converse) for _ in range(AT_ONCE)]
    began = time.perf_counter()
    for person in people:
        person.start()
    for person in people:
        person.join()
    return len(times) / (time.perf_counter() - began), sorted(times)


def main() -> int:
    """Measure and print; 0 when the targets are met and no turn failed, 1 when not."""
    with running_bot() as bot:
        cpu = cpu_of_one(bot)
        turns, times = many(bot)
    wanted = AT_ONCE * EACH
    result = {
        "words": WORDS,
        "cpu_ms_a_message": round(cpu, 1),
        "conversations_at_once": AT_ONCE,
        "turns": len(times),
        "turns_a_second": round(turns, 1),
        "median_ms": round(statistics.median(times), 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "target_cpu_ms": TARGET_CPU_MS,
        "target_turns_a_second": TARGET_TURNS,
    }
    print(json.dumps(result, indent=2))
    met = cpu < TARGET_CPU_MS and turns >= TARGET_TURNS and len(times) == wanted
    return 0 if met else 1
