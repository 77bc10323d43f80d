"""A tool with PyLTI1p3 and Flask alone, as the library's documentation shows it.

``PLAIN_CACHE`` is a cache type of Flask-Caching: launch data and public keys are kept in
it, the documented way. Without, launch data are in Flask's session cookie and the key set
is fetched at each launch. Served with the same settings as the real web process.
"""

import os
import sys
from typing import Any

from flask import Flask, jsonify
from flask_caching import Cache
from pylti1p3.contrib.flask import (
    FlaskCacheDataStorage,
    FlaskMessageLaunch,
    FlaskOIDCLogin,
    FlaskRequest,
)
from pylti1p3.tool_config import ToolConfDict

from bench.lms import CLIENT, DEPLOYMENT
from cli.serve import WebApplication, gunicorn_options

LOGIN = "/login/"
SHOWS = "Grey cases"
KEYS_KEPT = 7200


def create_app(issuer: str, cache_type: str, folder: str) -> Flask:
    """Login and launch, and the title of what was launched."""
    app = Flask(__name__)
    app.secret_key = "bench"
    config = ToolConfDict(
        {
            issuer: [
                {
                    "default": True,
                    "client_id": CLIENT,
                    "auth_login_url": f"{issuer}/auth",
                    "auth_token_url": f"{issuer}/token",
                    "auth_audience": None,
                    "key_set_url": f"{issuer}/jwks",
                    "key_set": None,
                    "deployment_ids": [DEPLOYMENT],
                }
            ]
        }
    )
    storage = None
    if cache_type:
        # Without a high threshold the cache drops nonces that are still needed.
        settings = {"CACHE_TYPE": cache_type, "CACHE_DIR": folder, "CACHE_THRESHOLD": 1_000_000}
        storage = FlaskCacheDataStorage(Cache(app, config=settings))

    @app.route(LOGIN, methods=["GET", "POST"])
    def login() -> Any:
        request = FlaskRequest()
        oidc = FlaskOIDCLogin(request, config, launch_data_storage=storage)
        return oidc.enable_check_cookies().redirect(request.get_param("target_link_uri"))

    @app.route("/lti/launch", methods=["POST"])
    def launch() -> Any:
        found = FlaskMessageLaunch(FlaskRequest(), config, launch_data_storage=storage)
        if storage is not None:
            found.set_public_key_caching(storage, cache_lifetime=KEYS_KEPT)
        data = found.get_launch_data()
        link = data["https://purl.imsglobal.org/spec/lti/claim/resource_link"]
        return f"<!doctype html><title>Launched</title><h1>{link['title']}</h1>"

    @app.route("/healthz")
    def healthz() -> Any:
        return jsonify(status="ready")

    return app


class PlainApplication(WebApplication):
    """The plain tool in place of ours."""

    def load(self) -> Flask:
        """The application, made in each worker."""
        cache, folder = os.environ.get("PLAIN_CACHE", ""), os.environ.get("PLAIN_FOLDER", "")
        return create_app(os.environ["PLAIN_ISSUER"], cache, folder)


def main() -> int:
    """Serve at the address, with the processes and threads, that are given."""
    address, workers, threads = sys.argv[1:]
    PlainApplication(gunicorn_options(address, int(workers), int(threads))).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
