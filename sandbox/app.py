"""The Flask app of the sandbox."""

import os

from flask import Flask, render_template
from werkzeug.exceptions import HTTPException

from sandbox.choice_pages import choice_pages
from sandbox.errors import ProductionRefusedError
from sandbox.launches import launch_pages
from sandbox.pages import course_pages
from sandbox.platform import Platform
from sandbox.security import protect
from sandbox.services import service_endpoints
from sandbox.tools import tool_pages


def refuse_production() -> None:
    """Raise ProductionRefusedError if GREYAREA_ENV says production."""
    if os.environ.get("GREYAREA_ENV", "").strip().lower() == "production":
        raise ProductionRefusedError(
            "The sandbox lets anybody be anybody: it does not start with GREYAREA_ENV=production."
        )


def create_app(platform: Platform | None = None) -> Flask:
    """The app around ``platform``, or around a new one with the default facts.

    Raises:
        ProductionRefusedError: GREYAREA_ENV is production.
    """
    refuse_production()
    platform = platform or Platform()
    app = Flask(__name__)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["site"] = platform.site
    protect(app)
    app.register_blueprint(course_pages(platform))
    app.register_blueprint(launch_pages(platform))
    app.register_blueprint(choice_pages(platform))
    app.register_blueprint(service_endpoints(platform))
    app.register_blueprint(tool_pages(platform))

    @app.errorhandler(HTTPException)
    def page_error(error: HTTPException) -> tuple[str, int]:
        return render_template("error.html", error=error), error.code or 500

    return app
