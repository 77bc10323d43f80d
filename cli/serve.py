"""``greyarea serve``: the web process."""

import gc
from typing import Annotated, Any

import typer
from gunicorn.app.base import BaseApplication

from cli.environment import database, settings
from cli.failures import CliError
from web.names.lists import NameListError
from web.names.model import ModelError
from web.redactor import shared_redactor


class WebApplication(BaseApplication):  # type: ignore[misc]
    """gunicorn around the Flask application, which each worker makes for itself."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take the options; those that this gunicorn does not know are left out."""
        for name, value in self._options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """The application; called in the worker, so that no connection is shared by a fork."""
        from web.app import create_app

        return create_app()


def gunicorn_options(address: str, workers: int, threads: int) -> dict[str, Any]:
    """How the web process is served."""
    return {
        "bind": address,
        "workers": workers,
        "worker_class": "gthread",
        "threads": threads,
        "proc_name": "greyarea",
        # No access log: it would be a record of internet addresses.
        "accesslog": None,
        "loglevel": "warning",
        # A registration address carries two more, with tokens in them.
        "limit_request_line": 8190,
        "graceful_timeout": 10,
        "control_socket_disable": True,
    }


def serve(
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    threads: Annotated[int, typer.Option(min=1, help="Threads of each process.")] = 8,
) -> None:
    """Serve the web pages at GREYAREA_WEB_HOST and GREYAREA_WEB_PORT until stopped."""
    chosen = settings()
    if not chosen.bot_secret.get_secret_value():
        raise CliError("GREYAREA_BOT_SECRET is not set: the bot and this process share it")
    database().engine.dispose()
    _load_redactor()
    address = f"{chosen.web_host}:{chosen.web_port}"
    typer.echo(f"Web: http://{address} ({workers} processes with {threads} threads)")
    WebApplication(gunicorn_options(address, workers, threads)).run()


def _load_redactor() -> None:
    """Load what finds names before the workers are made: they share it, and start at once."""
    try:
        shared_redactor().load()
    except (ModelError, NameListError) as error:
        raise CliError(str(error)) from None
    # Objects that never change are left alone by the workers' garbage collectors, so that
    # the memory stays shared.
    gc.collect()
    gc.freeze()
