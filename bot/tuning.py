"""Two costs of Rasa 3.6.21 taken out of every turn, and one trap.

Rasa opens a new connection for every action call, and checks its own JSON schema again every time
it checks an answer. And it takes an answer of status 400 as "ask another action": the fallback
would then be called too, and one turn would be carried out twice.
"""

from __future__ import annotations

import functools
from typing import Any

import aiohttp
import jsonschema
import rasa
from rasa.core.actions.action import RemoteAction
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

TUNED_VERSION = "3.6.21"
ACTION_SECONDS = 10.0
"""How long an action may take; Rasa's own limit is five minutes."""


class UntunedVersion(RasaException):
    """This Rasa is not the one these changes were made for."""


class ActionEndpoint(EndpointConfig):
    """The action server, over connections that stay open."""

    _session: aiohttp.ClientSession | None = None

    @classmethod
    def of(cls, endpoint: EndpointConfig) -> ActionEndpoint:
        """Return the same endpoint as one of this class."""
        return cls(
            endpoint.url,
            endpoint.params,
            endpoint.headers,
            endpoint.basic_auth,
            endpoint.token,
            endpoint.token_name,
            **endpoint.kwargs,
        )

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Call the action and return its JSON; raise ``ClientResponseError`` from status 400 on.

        400 itself is reported as 502, so that Rasa never calls a second action for a turn. The
        error carries no body.
        """
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                headers=self.headers, timeout=aiohttp.ClientTimeout(total=ACTION_SECONDS)
            )
        async with self._session.request(method, self.url, json=kwargs["json"]) as response:
            if response.status >= 400:
                await response.read()  # else the connection could not be used again
                status = 502 if response.status == 400 else response.status
                raise ClientResponseError(status, "action failed", "")
            return await response.json()

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


def install() -> None:
    """Have answers of the action server checked by a schema that is itself checked once.

    Raises ``UntunedVersion`` for any other Rasa than the tuned one.
    """
    if rasa.__version__ != TUNED_VERSION:
        raise UntunedVersion(
            f"bot/tuning.py was written for Rasa {TUNED_VERSION}, this is {rasa.__version__}."
        )
    RemoteAction._validate_action_result = _validate_action_result


@functools.cache
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    error = jsonschema.exceptions.best_match(_validator().iter_errors(result))
    if error is not None:
        raise jsonschema.ValidationError("The action server's answer has the wrong form.")
    return True
