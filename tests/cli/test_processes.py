"""Child processes: started, watched, killed, and none left behind."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli import processes as module
from cli.ports import free_ports, holder, is_free
from cli.processes import Child, ProcessError, Processes

SERVER = """
import http.server, subprocess, sys
helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("helper", helper.pid, flush=True)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *args): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ignoring", flush=True)
time.sleep(600)
"""
Make = Callable[..., Processes]


def python(name: str, code: str, *arguments: str, **more: object) -> Child:
    command = [sys.executable, "-c", code, *arguments]
    return Child(name, command, dict(os.environ), **more)  # type: ignore[arg-type]


def server(name: str, port: int) -> Child:
    return python(name, SERVER, str(port), port=port, url=f"http://127.0.0.1:{port}/")


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Processes] = []

    def processes(*children: Child, **more: object) -> Processes:
        made.append(Processes(children, tmp_path / "log", **more))  # type: ignore[arg-type]
        return made[-1]

    yield processes
    for one in made:
        one.stop_all()


def helper_of(processes: Processes, name: str) -> int:
    found = re.findall(r"helper (\d+)", processes.log(name).read_text())
    return int(found[-1])


def wait_gone(pid: int) -> None:
    deadline = time.monotonic() + 10
    while alive(pid):
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_all_are_ready_and_nothing_is_left(make: Make) -> None:
    ports = free_ports(2)
    processes = make(server("one", ports[0]), server("two", ports[1]))
    heard: list[str] = []
    processes.start_all(lambda name, seconds: heard.append(name))
    assert sorted(heard) == ["one", "two"]  # in whichever order they became ready
    helpers = [helper_of(processes, name) for name in ("one", "two")]
    assert all(alive(pid) for pid in helpers)
    assert processes.ended() == []
    processes.stop_all()
    for pid in helpers:
        wait_gone(pid)
    assert all(is_free("127.0.0.1", port) for port in ports)


def test_kill_is_a_crash_and_restart_brings_it_back(make: Make) -> None:
    [port] = free_ports(1)
    processes = make(server("one", port))
    processes.start_all()
    helper = helper_of(processes, "one")
    processes.kill("one")
    wait_gone(helper)
    assert not processes.is_running("one")
    assert is_free("127.0.0.1", port)
    processes.restart("one")
    assert processes.is_running("one")
    assert helper_of(processes, "one") != helper


def test_one_that_ends_is_named_with_its_last_words(make: Make) -> None:
    processes = make(python("sick", "import sys; print('no model'); sys.exit(3)", ready_line="x"))
    with pytest.raises(ProcessError, match=r"(?s)sick ended with code 3.*no model"):
        processes.start_all()


def test_one_that_dies_later_is_noticed(make: Make) -> None:
    [port] = free_ports(1)
    processes = make(server("one", port))
    processes.start_all()
    running = processes._running["one"].process
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    helper = helper_of(processes, "one")
    assert processes.ended() == ["one"]
    processes.stop_all()
    wait_gone(helper)


def test_deadline_names_the_late_one(make: Make) -> None:
    late = python("late", "import time; print('loading', flush=True); time.sleep(600)",
                  ready_line="never", ready_seconds=0.5)  # fmt: skip
    with pytest.raises(ProcessError, match=r"(?s)late was not ready after 0 s.*late\.log"):
        make(late).start_all()


def test_one_that_ignores_sigterm_is_killed(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STOP_SECONDS", 0.3)
    processes = make(python("stubborn", STUBBORN, ready_line="ignoring"))
    processes.start_all()
    pid = processes._running["stubborn"].process.pid
    processes.stop_all()
    assert not alive(pid)


def test_waiting_ends_when_asked_to_stop(make: Make) -> None:
    late = python("late", "import time; time.sleep(600)", ready_line="never")
    with pytest.raises(ProcessError, match="stopped before"):
        make(late, stopping=lambda: True).start_all()


def test_only_this_run_counts_in_the_log(make: Make) -> None:
    processes = make(python("one", "print('ready', flush=True); import time; time.sleep(600)",
                            ready_line="ready"))  # fmt: skip
    processes.log("one").parent.mkdir()
    processes.log("one").write_text("ready\nof an earlier run\n")
    processes.start_all()
    assert "earlier" not in processes.tail("one")
    assert processes.log("one").read_text().startswith("ready\nof an earlier run\n")


def test_taken_port_is_named_with_its_holder(make: Make) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free("127.0.0.1", port)
        processes = make(server("web", port))
        with pytest.raises(ProcessError) as caught:
            processes.start_all()
        assert str(caught.value).startswith(f"port {port} (for web) is taken by ")
        assert f"(process {os.getpid()})" in str(caught.value)
        assert processes.ended() == [] and not processes.is_running("web")
    assert is_free("127.0.0.1", port)
    assert holder(port) is None


def test_missing_program_is_named(make: Make) -> None:
    processes = make(Child("bot", ["/nowhere/python"], {}))
    with pytest.raises(ProcessError, match="bot cannot start: /nowhere/python: No such file"):
        processes.start_all()


def test_no_terminal_signal_reaches_a_child(make: Make) -> None:
    [port] = free_ports(1)
    processes = make(server("one", port))
    processes.start_all()
    pid = processes._running["one"].process.pid
    assert os.getpgid(pid) == pid != os.getpgid(0)
    assert os.getsid(pid) == pid


def test_demo_says_which_port_is_taken_and_leaves_nothing(tmp_path: Path) -> None:
    ports = free_ports(4)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        names = ("GREYAREA_WEB_PORT", "GREYAREA_BOT_PORT", "GREYAREA_ACTIONS_PORT")
        environment = os.environ | {n: str(p) for n, p in zip(names, ports, strict=False)}
        environment |= {
            "SANDBOX_PORT": str(taken.getsockname()[1]),
            "GREYAREA_VAR_DIR": str(tmp_path),
        }
        done = subprocess.run(
            [sys.executable, "-m", "cli.main", "demo", "run"],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert done.returncode == 1
    assert f"port {environment['SANDBOX_PORT']} (for sandbox) is taken by" in done.stderr
    assert not (tmp_path / "demo.env").exists()
