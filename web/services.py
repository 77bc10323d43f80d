"""What the pages work with, in one object, so that tests can put in their own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import current_app
from werkzeug.wrappers import Response

from lti.services.http import Send, send_request
from store.db import Database
from store.keyring import Keyring
from store.settings import Settings
from web.bot_client import BotClient
from web.redactor import Redactor, shared_redactor


def utc_clock() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Services:
    """Collaborators of the views.

    ``enter`` renders the first page after a launch from its result and session token;
    ``call_lms`` carries requests to an LMS's services; ``redactor`` masks what learners write.
    """

    database: Database
    keyring: Keyring
    settings: Settings
    bot: BotClient
    clock: Callable[[], datetime]
    enter: Callable[[Any, str], Response]
    call_lms: Send = send_request
    redactor: Redactor = field(default_factory=shared_redactor)


def services() -> Services:
    """The services of the running app."""
    found = current_app.extensions["greyarea"]
    if not isinstance(found, Services):
        raise TypeError("the app was made without services")
    return found
