"""The door to an LMS's services: a request with the right token, and its one retry."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from lti.services.http import Answer, Send, require_success, require_usable, send_request
from lti.services.token import AccessTokens
from store.base import utcnow
from store.db import Database
from store.keyring import Keyring
from store.models.lti import Registration


class Door:
    """Calls services for one registration at a time."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        send: Send = send_request,
        clock: Callable[[], datetime] = utcnow,
    ) -> None:
        self.tokens = AccessTokens(database, keyring, send, clock)
        self._send = send

    def call(
        self,
        registration: Registration,
        scopes: Iterable[str],
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
    ) -> Answer:
        """The answer, status 2xx. A token that is not taken is asked for anew, once.

        Raises:
            ServiceUnavailable: it may work later.
            ServiceRefused: it will not; ``status`` says what the LMS answered.
        """
        url = require_usable(registration, url)
        wanted = sorted(set(scopes))
        for last in (False, True):
            token = self.tokens.find(registration, wanted)
            answer = self._send(
                method,
                url,
                headers={**headers, "Authorization": f"Bearer {token}"},
                body=body,
                allow_private=registration.allow_private_network,
            )
            if answer.status != 401:
                break
            self.tokens.forget(registration, wanted)
            if last:
                break
        return require_success(answer)
