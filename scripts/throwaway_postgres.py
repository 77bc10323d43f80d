"""A PostgreSQL server for one test run: its own folder and port, gone afterwards."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

USERS = ("postgres", "nobody")
"""PostgreSQL refuses to run as root; then the first of these that exists runs it."""


class PostgresMissing(Exception):
    """The server's programs are not installed, or the server does not start."""


class ThrowawayPostgres:
    """A context manager; ``url`` is SQLAlchemy's address of its maintenance database."""

    def __init__(self) -> None:
        self._bin = _programs()
        self._user = _user()
        self._folder = Path(tempfile.mkdtemp(prefix="greyarea-postgres-"))
        self._port = _free_port()

    @property
    def url(self) -> str:
        """Where it answers, without a password, on this machine only."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self._port}/postgres"

    def __enter__(self) -> "ThrowawayPostgres":
        try:
            if self._user is not None:
                shutil.chown(self._folder, self._user)
            data = str(self._folder / "data")
            initdb = ("initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync")
            self._run(*initdb, "--encoding=UTF8", "--locale=C")
            # What a crash would lose is of no use to anybody: no waiting for the disk.
            options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c fsync=off"
            options += f" -c max_connections=200 -k {self._folder}"
            log = str(self._folder / "log")
            self._run("pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            data = str(self._folder / "data")
            self._run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        finally:
            self._remove()

    def _run(self, program: str, *arguments: str) -> None:
        # Output goes to a file: the server would keep a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [str(self._bin / program), *arguments],
                cwd=self._folder,
                user=self._user,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            if done.returncode != 0:
                output.seek(0)
                text = output.read().decode(errors="replace").strip()
                raise PostgresMissing(f"{program} failed: {text}")

    def _remove(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _programs() -> Path:
    """The folder with initdb and pg_ctl; the newest version where there are several."""
    found = [Path(path).resolve().parent for path in [shutil.which("initdb")] if path]
    for base in ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt"):
        found += [path.parent for path in Path(base).glob("*/bin/initdb")]
    found += [path.parent for path in Path("/usr").glob("pgsql-*/bin/initdb")]
    whole = [path for path in found if (path / "pg_ctl").exists()]
    if not whole:
        raise PostgresMissing("its programs (initdb, pg_ctl) are not installed")
    return max(whole, key=lambda path: [int(n) for n in path.parent.name.split("-") if n.isdigit()])


def _user() -> str | None:
    if os.geteuid() != 0:
        return None
    for name in USERS:
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise PostgresMissing("it must not run as root, and there is no user to run it as")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
