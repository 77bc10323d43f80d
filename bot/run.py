"""Start the room: ``python -m bot.run --port 5005 --host 127.0.0.1``."""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial
from pathlib import Path
from typing import Any

from bot import environment
from bot.model_file import ROOT, ModelError, verified_model

BOT_SECRET = "GREYAREA_BOT_SECRET"
ACTIONS_SECRET = "GREYAREA_ACTIONS_SECRET"
ACTIONS_URL = "GREYAREA_ACTIONS_URL"
DEFAULT_ACTIONS_URL = "http://127.0.0.1:5055"
_SHUTDOWN_SECONDS = 5.0


class StartError(Exception):
    """The room must not start; the message says why."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command until it is told to end; return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot.run", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=5005, help="port to listen on")
    options = parser.parse_args(arguments)
    try:
        _check_settings()
        model = verified_model()
    except (StartError, ModelError) as error:
        print(f"The bot does not start. {error}", file=sys.stderr)
        return 2
    environment.prepare()
    print(f"Bot: loading model {model.name} …", flush=True)
    return serve(model, options.host, options.port)


def serve(model: Path, host: str, port: int) -> int:
    """Serve ``model`` until SIGTERM or SIGINT; return 0, or 1 if it could not be loaded."""
    environment.configure_logs()
    from rasa.core.run import (
        close_resources,
        configure_app,
        create_http_input_channels,
        load_agent_on_start,
    )
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.common import update_sanic_log_level

    from bot import tuning
    from bot.turn import MAX_BODY_BYTES

    tuning.install()
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "bot/endpoints.yml"))
    endpoints.action = tuning.ActionEndpoint.of(endpoints.action)
    channels = create_http_input_channels(None, str(ROOT / "bot/credentials.yml"))
    app = configure_app(channels, enable_api=False, endpoints=endpoints, port=port)
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = _SHUTDOWN_SECONDS
    # The channel answers a body that is too large itself; this is the limit of what is read at all.
    app.config.REQUEST_MAX_SIZE = 8 * MAX_BODY_BYTES
    update_sanic_log_level()
    failed = False

    async def report(app: Any, _: Any) -> None:
        nonlocal failed
        if app.ctx.agent.is_ready():
            print(f"Bot: ready on http://{host}:{port}", flush=True)
            return
        failed = True
        print(f"Bot: Rasa could not load model {model.name}.", file=sys.stderr)
        app.stop()

    async def hang_up(*_: Any) -> None:
        await endpoints.action.close()

    app.register_listener(
        partial(load_agent_on_start, str(model), endpoints, None), "before_server_start"
    )
    app.register_listener(report, "after_server_start")
    app.register_listener(close_resources, "after_server_stop")
    app.register_listener(hang_up, "after_server_stop")
    app.run(host=host, port=port, workers=1, access_log=False)
    print("Bot: stopped.", flush=True)
    return 1 if failed else 0


def _check_settings() -> None:
    for name in (BOT_SECRET, ACTIONS_SECRET):
        if not os.environ.get(name, "").strip():
            raise StartError(f"{name} is empty; the bot and the action server need their secrets.")
    if not os.environ.get(ACTIONS_URL):
        os.environ[ACTIONS_URL] = DEFAULT_ACTIONS_URL


if __name__ == "__main__":
    sys.exit(main())
