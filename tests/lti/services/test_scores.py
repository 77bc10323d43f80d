"""Scores: what has to be there, and what may work later."""

from datetime import datetime
from typing import Any

import pytest

from lti.services.http import Answer, ServiceRefused, ServiceUnavailable
from lti.services.scores import RESULT, Outcome, send_completion
from store.completion import PAYLOAD
from tests.lti.services.lms import (
    SUB,
    TOKEN,
    Lms,
    add_link,
    always,
    door,
    registration_of,
)
from tests.worlds import NOW, World


def send(world: World, lms: Lms, moment: datetime = NOW, **link: Any) -> Outcome:
    row = add_link(world, **link)
    return send_completion(door(world, lms), registration_of(world), row, SUB, moment, PAYLOAD)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_overload_passes(small_world: World, status: int) -> None:
    with pytest.raises(ServiceUnavailable, match=f"http_{status}"):
        send(small_world, Lms(service=always(Answer(status))))


def test_only_with_scope_and_line_item(small_world: World) -> None:
    lms = Lms(token=always(TOKEN))
    with pytest.raises(ServiceRefused, match="no_score_scope"):
        send(small_world, lms, scopes=(RESULT,))
    with pytest.raises(ServiceRefused, match="no_line_item"):
        send(small_world, lms, lineitem=None)
    assert lms.requests == []
