"""The action server: rasa-sdk's executor behind an endpoint of our own.

The endpoint that rasa-sdk ships answers anybody, inflates bodies without a limit and
returns an exception's text together with the whole request. Ours takes the shared
secret first, plain JSON of a bounded size, and says of an error only that there was one.
"""

import hmac
import logging
import sys
import warnings
from typing import Any
from urllib.parse import urlsplit

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import HTTPResponse, Request, Sanic, response
from sanic.exceptions import SanicException

from actions.interview import actions
from store.settings import get_settings

HEADER = "X-Greyarea-Secret"
MAX_BODY_BYTES = 1_000_000

log = logging.getLogger("greyarea.actions")


def build_app(secret: str) -> Sanic[Any, Any]:
    """The Sanic application with all actions registered.

    Raises:
        ValueError: the secret is empty.
    """
    if not secret:
        raise ValueError("GREYAREA_ACTIONS_SECRET is not set")
    expected = secret.encode()
    executor = ActionExecutor()
    for action in actions():
        executor.register_action(action)
    app: Sanic[Any, Any] = Sanic("greyarea_actions", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_BODY_BYTES
    app.config.ACCESS_LOG = False
    # rasa-sdk 3.21 serves Rasa 3.6.21 and warns at each call that versions differ.
    warnings.filterwarnings("ignore", module=r"rasa_sdk\.")

    @app.get("/health")
    async def health(_request: Request) -> HTTPResponse:
        return response.json({"status": "ready"})

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        given = request.headers.get(HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, expected):
            return response.json({"error": "forbidden"}, status=401)
        call = request.json
        if not isinstance(call, dict) or not isinstance(call.get("next_action"), str):
            return response.json({"error": "bad_request"}, status=400)
        # The bot leaves the domain out to save a turn's time, and no action needs it.
        call["domain"] = call.get("domain") or {}
        try:
            result = await executor.run(call)
        except ActionNotFoundException:
            return response.json({"error": "unknown_action"}, status=404)
        except ActionExecutionRejection:
            return response.json({"error": "rejected"}, status=400)
        return response.json(result.model_dump() if result is not None else None)

    @app.exception(Exception)
    async def failed(_request: Request, error: Exception) -> HTTPResponse:
        if isinstance(error, SanicException):
            return response.json({"error": "bad_request"}, status=error.status_code)
        # Only the kind of error and where: its text may hold what a learner wrote.
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        line = f"{place.tb_frame.f_code.co_qualname}:{place.tb_lineno}" if place else "?"
        log.error("action failed: %s in %s", type(error).__name__, line)
        return response.json({"error": "action_failed"}, status=500)

    return app


def main() -> int:
    """Serve on the host and port of ``GREYAREA_ACTIONS_URL``; 2 when it cannot start."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    settings = get_settings()
    address = urlsplit(settings.actions_url)
    try:
        app = build_app(settings.actions_secret.get_secret_value())
    except ValueError as error:
        print(f"actions: {error}", file=sys.stderr)
        return 2
    app.run(
        host=address.hostname or "127.0.0.1",
        port=address.port or 5055,
        single_process=True,
        motd=False,
        access_log=False,
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
