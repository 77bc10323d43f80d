"""``python -m sandbox``: serve the sandbox on localhost until stopped."""

import logging
import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from werkzeug.serving import make_server

from sandbox.app import create_app, refuse_production
from sandbox.errors import SandboxError, SettingError
from sandbox.keys import Keys
from sandbox.platform import Platform
from sandbox.site import DEFAULT_PORT, DEFAULT_TOOL_URL, Site

LOOPBACK = "127.0.0.1"


def read_port(environ: Mapping[str, str]) -> int:
    """SANDBOX_PORT, or 8090.

    Raises:
        SettingError: it is no port number.
    """
    text = environ.get("SANDBOX_PORT") or str(DEFAULT_PORT)
    if not (re.fullmatch("[0-9]{1,5}", text) and 1 <= int(text) <= 65535):
        raise SettingError(f"SANDBOX_PORT needs a number from 1 to 65535, got {text!r}")
    return int(text)


def build_platform(environ: Mapping[str, str]) -> Platform:
    """The platform that the SANDBOX_ variables describe.

    Raises:
        SandboxError: one of them cannot be used.
    """
    site = Site(
        issuer=f"http://localhost:{read_port(environ)}",
        tool_url=environ.get("SANDBOX_TOOL_URL") or DEFAULT_TOOL_URL,
    )
    state = environ.get("SANDBOX_STATE")
    return Platform(site, keys=Keys.open(Path(state)) if state else None)


def main() -> int:
    """Serve until interrupted; 2 if the sandbox must not or cannot start."""
    try:
        refuse_production()
        platform = build_platform(os.environ)
        app = create_app(platform)
    except SandboxError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 2
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = make_server(LOOPBACK, read_port(os.environ), app, threaded=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"Sandbox course: {platform.site.issuer}  (tool: {platform.site.tool_url})", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
