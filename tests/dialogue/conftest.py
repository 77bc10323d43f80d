"""The stage, and every conversation played once for all tests."""

from collections.abc import Iterator

import pytest

from tests.dialogue.conversation import Conversation
from tests.dialogue.stage import Played, Stage


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The trained bot and the actions, ready to play."""
    with Stage(tmp_path_factory.mktemp("dialogue")) as made:
        yield made


class Evening:
    """Plays each conversation when it is first asked for, and remembers how it went."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._played: dict[str, Played] = {}

    def of(self, conversation: Conversation) -> Played:
        """How the conversation went."""
        if conversation.name not in self._played:
            self._played[conversation.name] = self._stage.play(conversation)
        return self._played[conversation.name]


@pytest.fixture(scope="session")
def evening(stage: Stage) -> Evening:
    """All conversations, each played once."""
    return Evening(stage)
