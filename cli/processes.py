"""A set of child processes: started, watched and stopped together.

Each child leads a process group of its own, so that a signal reaches everything it has
started and the terminal's Ctrl-C reaches none of them before we are ready to stop them.
Used by ``greyarea demo run`` and by tests that kill a process on purpose.
"""

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli import ports

STOP_SECONDS = 10.0
"""How long a child may take to end by itself before it is killed."""
POLL_SECONDS = 0.1
TAIL_LINES = 15

Report = Callable[[str, float], None]
"""Hears the name of a child that is ready, and after how many seconds."""


class ProcessError(Exception):
    """A child cannot start, did not get ready or ended; the message names it."""


@dataclass(frozen=True, slots=True)
class Child:
    """A process to run.

    It is ready when ``url`` answers 200, or when ``ready_line`` stands in its log; with
    neither, as soon as it runs. ``port`` is checked before the start (0: it has none).
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    port: int = 0
    url: str = ""
    ready_line: str = ""
    ready_seconds: float = 60.0
    folder: Path | None = None


@dataclass(slots=True)
class _Running:
    process: "subprocess.Popen[bytes]"
    log_start: int
    """Where in the log file this run begins."""
    started: float = field(default_factory=time.monotonic)


class Processes:
    """Children by name. Use as a context manager, or call :meth:`stop_all` at the end.

    Args:
        children: in the order in which they are to start.
        log_folder: gets one file a child, appended to.
        stopping: asked while waiting; when it answers true, waiting ends with ProcessError.
    """

    def __init__(
        self,
        children: Sequence[Child],
        log_folder: Path,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._children = {child.name: child for child in children}
        self._logs = log_folder
        self._stopping = stopping
        self._running: dict[str, _Running] = {}

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_all()

    def check_ports(self) -> None:
        """Raise ProcessError naming every port that is taken, and by what if known."""
        taken = [
            f"port {child.port} (for {child.name}) is taken"
            + (f" by {who}" if (who := ports.holder(child.port)) else "")
            for child in self._children.values()
            if child.port and not ports.is_free("127.0.0.1", child.port)
        ]
        if taken:
            raise ProcessError("; ".join(taken))

    def start_all(self, report: Report = lambda name, seconds: None) -> None:
        """Start every child, then wait until all are ready.

        Raises:
            ProcessError: a port is taken, or a child did not get ready. The others still run.
        """
        self.check_ports()
        for name in self._children:
            self.start(name)
        self.wait_all(report)

    def wait_all(self, report: Report = lambda name, seconds: None) -> None:
        """Wait until all started children are ready; ``report`` hears each with its seconds.

        Raises:
            ProcessError: see :meth:`wait_ready`.
        """
        waiting = [name for name in self._children if name in self._running]
        while waiting:
            for name in [name for name in waiting if self._has_become_ready(name)]:
                waiting.remove(name)
                report(name, time.monotonic() - self._running[name].started)
            if waiting:
                time.sleep(POLL_SECONDS)

    def start(self, name: str) -> None:
        """Start one child without waiting for it; nothing happens if it runs."""
        if self.is_running(name):
            return
        child = self._children[name]
        self._logs.mkdir(parents=True, exist_ok=True)
        path = self.log(name)
        with path.open("ab") as log:
            log_start = log.seek(0, os.SEEK_END)
            try:
                process = subprocess.Popen(
                    child.command,
                    env=dict(child.environment),
                    cwd=child.folder,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise ProcessError(
                    f"{name} cannot start: {child.command[0]}: {error.strerror}"
                ) from None
        self._running[name] = _Running(process, log_start)

    def wait_ready(self, name: str) -> None:
        """Wait until a started child is ready.

        Raises:
            ProcessError: it ended, or its deadline passed; with the last lines of its log.
        """
        while not self._has_become_ready(name):
            time.sleep(POLL_SECONDS)

    def is_running(self, name: str) -> bool:
        """Whether the child has been started and has not ended."""
        running = self._running.get(name)
        return running is not None and running.process.poll() is None

    def pid(self, name: str) -> int:
        """The process id of a child that has been started."""
        return self._running[name].process.pid

    def ended(self) -> list[str]:
        """Names of the children that were started and have ended by themselves."""
        return [name for name in self._running if not self.is_running(name)]

    def kill(self, name: str) -> None:
        """End a child and all it has started at once, as a crash would (SIGKILL)."""
        running = self._running.pop(name)
        _signal_group(running.process, signal.SIGKILL)
        running.process.wait()

    def restart(self, name: str) -> None:
        """Stop a child if it runs, start it again and wait until it is ready."""
        self.stop([name])
        self.start(name)
        self.wait_ready(name)

    def stop(self, names: Sequence[str]) -> None:
        """End these children: politely, and after STOP_SECONDS by force. None is left."""
        stopping = [self._running.pop(name) for name in names if name in self._running]
        for running in stopping:
            _signal_group(running.process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for running in stopping:
            try:
                running.process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                continue
        for running in stopping:
            # Also what a child that ended by itself has left behind in its group.
            _signal_group(running.process, signal.SIGKILL)
            running.process.wait()

    def stop_all(self) -> None:
        """End all children."""
        self.stop(list(self._running))

    def log(self, name: str) -> Path:
        """The log file of a child."""
        return self._logs / f"{name}.log"

    def tail(self, name: str, lines: int = TAIL_LINES) -> str:
        """Where the log of a child is, and its last lines since it was started."""
        text = self._log_text(name)
        last = "\n".join(f"    {line}" for line in text.splitlines()[-lines:])
        return f"Last lines of {self.log(name)}:\n{last or '    (nothing)'}"

    def _log_text(self, name: str) -> str:
        with self.log(name).open("rb") as file:
            file.seek(self._running[name].log_start)
            return file.read().decode(errors="replace")

    def _has_become_ready(self, name: str) -> bool:
        child, running = self._children[name], self._running[name]
        if self._is_ready(child):
            return True
        if self._stopping():
            raise ProcessError("stopped before everything was ready")
        if not self.is_running(name):
            code = running.process.returncode
            raise ProcessError(f"{name} ended with code {code}.\n{self.tail(name)}")
        if time.monotonic() - running.started > child.ready_seconds:
            raise ProcessError(
                f"{name} was not ready after {child.ready_seconds:.0f} s.\n{self.tail(name)}"
            )
        return False

    def _is_ready(self, child: Child) -> bool:
        if not self.is_running(child.name):
            return False
        if child.ready_line and child.ready_line not in self._log_text(child.name):
            return False
        # What answers on this port is ours: it was free before the start.
        return not child.url or answers(child.url)


def answers(url: str, timeout: float = 2.0) -> bool:
    """Whether a GET of the URL is answered with 200; no proxy is asked."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=timeout) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _signal_group(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # nothing of it is left
        os.killpg(process.pid, number)
