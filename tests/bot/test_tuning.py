"""The tuning keeps Rasa's behaviour where it matters and is bound to one version."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
import rasa
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from stub_actions import running_stub

from bot import tuning

ORIGINAL = RemoteAction._validate_action_result
GOOD = {"events": [{"event": "slot", "name": "a", "value": 1}], "responses": [{"custom": {}}]}
BAD: list[Any] = [{"events": "none"}, {"responses": ["text"]}, {"events": [{"event": 5}]}, []]


def test_it_is_made_for_the_installed_version(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rasa.__version__ == tuning.TUNED_VERSION
    monkeypatch.setattr(rasa, "__version__", "3.6.22")
    with pytest.raises(tuning.UntunedVersion):
        tuning.install()


def test_the_cached_check_agrees_with_the_original(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RemoteAction, "_validate_action_result", ORIGINAL)
    action = RemoteAction("action_answer", None)
    assert ORIGINAL(action, GOOD)
    for answer in BAD:
        with pytest.raises(jsonschema.ValidationError):
            ORIGINAL(action, answer)
    tuning.install()
    assert action._validate_action_result(GOOD)
    for answer in BAD:
        with pytest.raises(jsonschema.ValidationError):
            action._validate_action_result(answer)


def test_the_endpoint_keeps_its_connection_and_never_asks_for_another_action(loop: Any) -> None:
    body = {"tracker": {"latest_message": {"metadata": {"turn": "t"}}}}
    with running_stub() as stub:
        plain = EndpointConfig(stub.url + "/webhook", headers={"X-Greyarea-Secret": "s"})
        endpoint = tuning.ActionEndpoint.of(plain)

        async def scene() -> None:
            for _ in range(3):
                answer = await endpoint.request(json=body, method="post", timeout=300)
                assert answer["responses"] == [{"custom": {"status": "done", "turn": "t"}}]
            for status, reported in [(400, 502), (401, 401), (500, 500)]:
                stub.status = status
                with pytest.raises(ClientResponseError) as caught:
                    await endpoint.request(json=body)
                assert (caught.value.status, caught.value.text) == (reported, "")
            await endpoint.close()

        loop.run(scene())
        assert stub.secrets == ["s"] * 6
        assert stub.connections == 1
