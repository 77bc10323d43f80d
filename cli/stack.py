"""The five processes of a whole installation on one machine, with the sandbox LMS."""

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cli.failures import CliError
from cli.processes import Child
from cli.registering import Platform
from store.lti_repository import PlatformUrls
from store.settings import PROJECT_ROOT
from worker import READY

LOOPBACK = "127.0.0.1"
BOT_PYTHON = PROJECT_ROOT / "bot" / ".venv" / "bin" / "python"
SANDBOX_SLUG = "sandbox"
SANDBOX_COURSE = "2"
SANDBOX_ACTIVITY = "3"
SANDBOX_DEPLOYMENT = "1"


@dataclass(frozen=True, slots=True)
class Ports:
    """Where each process listens, on this machine only."""

    web: int = 8080
    bot: int = 5005
    actions: int = 5055
    sandbox: int = 8090

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> "Ports":
        """From GREYAREA_WEB_PORT, GREYAREA_BOT_PORT, GREYAREA_ACTIONS_PORT, SANDBOX_PORT."""
        usual = cls()
        return cls(
            web=_port(environment, "GREYAREA_WEB_PORT", usual.web),
            bot=_port(environment, "GREYAREA_BOT_PORT", usual.bot),
            actions=_port(environment, "GREYAREA_ACTIONS_PORT", usual.actions),
            sandbox=_port(environment, "SANDBOX_PORT", usual.sandbox),
        )


@dataclass(frozen=True, slots=True)
class Stack:
    """A whole installation: where its files are, its ports, its secrets of this run.

    ``tool`` and ``course`` are the addresses that a browser uses: different hosts, so that
    the tool in the course's frame is a third party as it is in real life.
    """

    var_dir: Path
    ports: Ports
    bot_secret: str
    actions_secret: str
    database_url: str = ""
    workers: int = 1
    threads: int = 8

    @classmethod
    def fresh(cls, var_dir: Path, ports: Ports, database_url: str = "") -> "Stack":
        """A stack with new secrets."""
        return cls(var_dir, ports, secrets.token_hex(32), secrets.token_hex(32), database_url)

    @property
    def tool(self) -> str:
        """Origin of the web process."""
        return f"http://{LOOPBACK}:{self.ports.web}"

    @property
    def course(self) -> str:
        """Origin of the sandbox LMS, where a person begins."""
        return f"http://localhost:{self.ports.sandbox}"

    @property
    def log_folder(self) -> Path:
        """Where the processes' logs are."""
        return self.var_dir / "log"

    def environment(self, base: Mapping[str, str] | None = None) -> dict[str, str]:
        """Variables of the processes, over those of ``base`` (this process's own)."""
        inherited = dict(os.environ if base is None else base)
        return inherited | {
            "GREYAREA_VAR_DIR": str(self.var_dir),
            "GREYAREA_DATABASE_URL": self.database_url,
            "GREYAREA_PUBLIC_URL": self.tool,
            "GREYAREA_WEB_HOST": LOOPBACK,
            "GREYAREA_WEB_PORT": str(self.ports.web),
            "GREYAREA_BOT_URL": f"http://{LOOPBACK}:{self.ports.bot}",
            "GREYAREA_ACTIONS_URL": f"http://{LOOPBACK}:{self.ports.actions}",
            "GREYAREA_BOT_SECRET": self.bot_secret,
            "GREYAREA_ACTIONS_SECRET": self.actions_secret,
            "SANDBOX_PORT": str(self.ports.sandbox),
            "SANDBOX_TOOL_URL": self.tool,
            "SANDBOX_STATE": str(self.var_dir / "sandbox-keys.json"),
            "PYTHONUNBUFFERED": "1",
        }

    def children(self) -> list[Child]:
        """The processes; the slowest to get ready starts first."""
        environment = self.environment()

        def child(
            name: str, command: list[str], port: int, path: str, seconds: float, line: str = ""
        ) -> Child:
            url = f"http://{LOOPBACK}:{port}{path}" if port else ""
            return Child(name, command, environment, port, url, line, seconds, PROJECT_ROOT)

        python = sys.executable
        bot = [str(BOT_PYTHON), "-m", "bot.run", "--host", LOOPBACK, "--port", str(self.ports.bot)]
        web = [python, "-m", "cli.main", "serve"]
        web += ["--workers", str(self.workers), "--threads", str(self.threads)]
        health = "/webhooks/interview/health"
        return [
            child("bot", bot, self.ports.bot, health, 180),
            child("actions", [python, "-m", "actions.server"], self.ports.actions, "/health", 60),
            child("web", web, self.ports.web, "/healthz", 120),
            child("worker", [python, "-m", "worker"], 0, "", 60, READY),
            child("sandbox", [python, "-m", "sandbox"], self.ports.sandbox, "/", 60),
        ]

    def platform(self) -> Platform:
        """The sandbox LMS as a platform to register."""
        return Platform(
            slug=SANDBOX_SLUG,
            name="Sandbox University",
            key="sandbox",
            issuer=self.course,
            client_id="greyarea-sandbox",
            urls=PlatformUrls(
                auth=f"{self.course}/auth",
                token=f"{self.course}/token",
                jwks=f"{self.course}/jwks.json",
            ),
            deployment=SANDBOX_DEPLOYMENT,
            allow_private_network=True,
            embed_origins=(self.course,),
        )


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise CliError(f"{name} needs a number from 1 to 65535, got {text!r}")
    return int(text)
