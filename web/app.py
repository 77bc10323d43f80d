"""The Flask application factory."""

import logging

from flask import Flask, jsonify, make_response
from werkzeug.wrappers import Response

from store.db import Database
from store.keyring import Keyring
from store.settings import Settings, get_settings
from web import (
    activity,
    codebook,
    coding,
    deep_linking,
    errors,
    institution,
    learner,
    lines,
    policies,
    published,
    receipt,
    reflections,
    research,
    security,
    words,
)
from web.bot_client import BotClient
from web.educator_pages import pages as educator_pages
from web.institution_report import pages as report_pages
from web.launch import launch_blueprint
from web.registration import registration_blueprint
from web.services import Services, services, utc_clock

MAX_BODY_BYTES = 512 * 1024


def make_services(settings: Settings) -> Services:
    """The collaborators for these settings.

    Raises:
        KeyringError: the master key is missing (in production) or malformed.
        ValueError: in production, a secret is empty.
    """
    production = settings.env == "production"
    if production and not settings.bot_secret.get_secret_value():
        raise ValueError("GREYAREA_BOT_SECRET is not set")
    return Services(
        database=Database.from_url(settings.resolved_database_url),
        keyring=Keyring.from_file(settings.resolved_master_key_file, create=not production),
        settings=settings,
        bot=BotClient(
            settings.bot_url, settings.bot_secret.get_secret_value(), settings.bot_timeout
        ),
        clock=utc_clock,
        enter=learner.enter,
    )


def create_app(made: Services | None = None) -> Flask:
    """The application, with its own services unless a test brings some."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_BODY_BYTES
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    if made is None:
        made = make_services(get_settings())
        # Before the first request, where `greyarea serve` has not done it before the fork.
        made.redactor.load()
    app.extensions["greyarea"] = made
    app.register_blueprint(launch_blueprint())
    app.register_blueprint(registration_blueprint())
    app.register_blueprint(published.pages)
    app.register_blueprint(learner.pages)
    app.register_blueprint(reflections.pages)
    app.register_blueprint(receipt.pages)
    app.register_blueprint(educator_pages)
    app.register_blueprint(institution.pages)
    app.register_blueprint(policies.pages)
    app.register_blueprint(lines.pages)
    app.register_blueprint(research.pages)
    app.register_blueprint(coding.pages)
    app.register_blueprint(codebook.pages)
    app.register_blueprint(report_pages)
    app.register_blueprint(activity.pages)
    app.register_blueprint(deep_linking.pages)
    words.install(app, pseudo_languages=made.settings.env != "production")
    errors.install(app)
    security.install(app)

    @app.get("/healthz")
    def healthz() -> Response:
        with services().database.read() as session:
            session.connection().exec_driver_sql("SELECT 1")
        if not services().redactor.ready:
            return make_response(jsonify(status="starting"), 503)
        return jsonify(status="ready")

    return app
