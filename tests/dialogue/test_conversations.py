"""Conversations as people have them, through the real reader, rules and actions."""

from collections import Counter

import pytest

from study.engine import advance
from study.moves import INFORM_TOPICS, Act, Move, Reading
from study.questions import question
from study.state import State
from study.steps import OpenStep
from tests.dialogue.conftest import Evening
from tests.dialogue.conversation import Conversation, load_all
from tests.dialogue.flow import complaints, returns
from tests.study.interviews import core_script

CONVERSATIONS = load_all()
each = pytest.mark.parametrize(
    "conversation", CONVERSATIONS, ids=[conversation.name for conversation in CONVERSATIONS]
)
DIGRESSIONS = frozenset({Act.INFORM, Act.REPHRASE, Act.PAUSE, Act.WITHDRAW, Act.DEESCALATE})
"""Acts after which the question is the same one, whatever the words were."""


@each
def test_it_goes_as_the_file_says(conversation: Conversation, evening: Evening) -> None:
    played = evening.of(conversation)
    for taken in played.taken:
        if taken.line.act is not None:
            assert taken.act == taken.line.act, taken
        if taken.line.open is not None:
            assert taken.after.current[1].open_step is taken.line.open, taken
    assert not played.broken_off


@each
def test_no_question_is_skipped_or_repeated(conversation: Conversation, evening: Evening) -> None:
    assert complaints(evening.of(conversation)) == []


@each
def test_every_digression_returns_to_the_open_question(
    conversation: Conversation, evening: Evening
) -> None:
    for taken in evening.of(conversation).taken:
        if taken.act in DIGRESSIONS and taken.after.end is None:
            assert returns(taken), taken


@each
def test_there_is_a_way_on_after_every_turn(conversation: Conversation, evening: Evening) -> None:
    for taken in evening.of(conversation).taken:
        assert _finishes(taken.after), taken


@each
def test_typed_words_were_read_by_the_reader(conversation: Conversation, evening: Evening) -> None:
    reads = "rasa" if conversation.locale == "en" else "none"
    for taken in evening.of(conversation).taken:
        assert taken.heard["source"] == ("option" if taken.line.press else reads), taken


def test_the_files_cover_every_act_topic_and_step(evening: Evening) -> None:
    """Enough files, and in them every act, every topic and every kind of step."""
    assert len(CONVERSATIONS) >= 44
    turns = [taken for conversation in CONVERSATIONS for taken in evening.of(conversation).taken]
    acts = Counter(taken.act for taken in turns)
    assert not [act for act in Act if acts[act.value] < 3], acts
    topics = Counter(taken.heard["intent"] for taken in turns if taken.act == Act.INFORM)
    assert not [topic for topic in INFORM_TOPICS if topics[topic] < 3], topics
    steps = {taken.before.current[1].open_step for taken in turns}
    # Consent is given by the form before the conversation and is never open in it.
    assert steps == set(OpenStep) - {OpenStep.CONSENT}
    assert {conversation.role for conversation in CONVERSATIONS} == {"learner", "educator"}
    assert len({conversation.title for conversation in CONVERSATIONS}) == len(CONVERSATIONS)


def _finishes(state: State) -> bool:
    """Whether answering what is open, and taking up what has stopped, reaches the end."""
    script = core_script()
    for _ in range(60):
        asked = question(state, script)
        if state.end is not None and state.revising is None and not state.choosing:
            return not state.end.can_resume or bool(asked.extra)
        if asked.options:
            option = asked.options[-1].value
            move = Move(state.number + 1, Act.ANSWER, option, Reading(source="option", thin=False))
        else:
            move = Move(state.number + 1, Act.ANSWER, None, Reading(thin=False, words=20))
        state, _ = advance(state, move, script)
    return False
