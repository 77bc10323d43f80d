"""What is deleted or withdrawn is gone at once, and gone everywhere."""

import pytest

from store import consents, edits
from store.edits import NotEditable
from store.inbox import Message, receive
from store.models import Attempt, Consent, Response, Tombstone, Turn, Words
from store.turns import apply_turn
from study.moves import Act
from tests.worlds import NOW, World

CANARY = "the heliotrope canary sings at noon"
ANSWER = f"I would say no, because {CANARY} and that is what the mark is for."


def test_the_canary_is_found_in_no_table_after_deletion(world: World) -> None:
    attempt = world.attempt(world.person())
    world.send(attempt, option="2")
    world.send(attempt, text=ANSWER)
    assert CANARY in world.everything()
    world.send(attempt, text="delete what I said", act=Act.DELETE)
    world.send(attempt, option="delete_last")
    assert CANARY not in world.everything()
    assert "delete what I said" not in world.everything()
    response = next(r for r in world.rows(Response) if r.kind == "text")
    assert response.erased_at is not None and response.themes == {}
    assert len(world.rows(Tombstone)) >= 2


def test_a_short_answer_quoted_in_a_probe_goes_from_the_probe_too(world: World) -> None:
    attempt = world.attempt(world.person())
    world.send(attempt, option="2")
    world.send(attempt, text="heliotrope canary")
    world.send(attempt, option="delete_data")
    world.send(attempt, option="delete_case")
    assert "heliotrope" not in world.everything()


def test_a_deleted_stance_is_not_told_by_the_question_after_it(world: World) -> None:
    attempt = world.attempt(world.person())
    world.send(attempt, option="2")
    world.send(attempt, option="skip")
    world.send(attempt, option="5")
    assert "You moved from “Somewhat unacceptable”" in world.everything()
    world.send(attempt, option="delete_data")
    world.send(attempt, option="delete_case")
    assert "twist.moved" in world.everything()
    assert "You moved from" not in world.everything()
    assert all(r.value is None for r in world.rows(Response))
    assert not [t for t in world.rows(Turn) if t.option in {"2", "5"}]


def test_deleting_everything_reaches_all_attempts(world: World) -> None:
    person = world.person()
    first = world.attempt(person)
    world.send(first, option="2")
    world.send(first, text=ANSWER)
    world.send(first, option="stop")
    second = world.attempt(person, seed=2)
    world.send(second, option="3")
    world.send(second, text=ANSWER)
    world.send(second, option="delete_data")
    world.send(second, option="delete_all")
    assert CANARY not in world.everything()
    assert {a.status for a in world.rows(Attempt)} == {"erased"}


def test_a_change_supersedes_and_a_deletion_takes_all_versions(world: World) -> None:
    attempt = world.attempt(world.person())
    world.send(attempt, option="2")
    world.send(attempt, text=ANSWER)
    old = next(r for r in world.rows(Response) if r.kind == "text")
    with world.database.write() as session:
        row = session.get_one(Attempt, attempt.id)
        new = edits.edit_words(session, row, old.public_id, "Shorter now.", {}, NOW)
    assert (new.revision_no, new.supersedes_id) == (2, old.id)
    with pytest.raises(NotEditable), world.database.write() as session:
        row = session.get_one(Attempt, attempt.id)
        edits.edit_words(session, row, old.public_id, "Again.", {}, NOW)
    with world.database.write() as session:
        row = session.get_one(Attempt, attempt.id)
        message = Message("12345678", "reflections", option=f"entry:{new.number}")
        edits.take_control(session, row, message, Act.DELETE, NOW)
    assert CANARY not in world.everything() and "Shorter now" not in world.everything()
    assert all(w.body is None for w in world.rows(Words))


def test_a_stance_can_be_changed_to_another_point_or_to_none(world: World) -> None:
    attempt = world.attempt(world.person())
    world.send(attempt, text="it depends")
    old = world.rows(Response)[0]
    assert old.value == 3 and "depends" in old.flags
    with world.database.write() as session:
        row = session.get_one(Attempt, attempt.id)
        new = edits.edit_value(session, row, old.public_id, 5, NOW)
        assert new.value == 5 and "depends" not in new.flags
        none = edits.edit_value(session, row, new.public_id, None, NOW)
        assert none.value is None and "cant_say" in none.flags
        with pytest.raises(ValueError):
            edits.edit_value(session, row, none.public_id, 6, NOW)


def test_withdrawal_acts_at_once_and_can_be_undone_in_the_next_turn(world: World) -> None:
    person = world.person()
    attempt = world.attempt(person)
    world.send(attempt, option="withdraw_consent")
    with world.database.read() as session:
        now = consents.current(session, person.id)
    assert now is not None and not now.research and now.withdrawal
    assert world.rows(Attempt)[0].keep == "session"
    world.send(attempt, option="undo")
    with world.database.read() as session:
        now = consents.current(session, person.id)
    assert now is not None and now.research and now.quote
    assert world.rows(Attempt)[0].keep == "study"
    assert len(world.rows(Consent)) == 3


def test_nobody_elses_answer_can_be_edited(world: World) -> None:
    mine = world.attempt(world.person("a" * 32))
    theirs = world.attempt(world.person("b" * 32), seed=2)
    world.send(theirs, option="2")
    answer = world.rows(Response)[0]
    with pytest.raises(NotEditable), world.database.write() as session:
        row = session.get_one(Attempt, mine.id)
        edits.edit_value(session, row, answer.public_id, 1, NOW)


def test_a_turn_that_waited_is_not_applied_after_everything_was_deleted(world: World) -> None:
    attempt = world.attempt(world.person())
    world.send(attempt, option="2")
    message = Message("waiting-1", world.step_id(attempt), text=ANSWER)
    waiting = receive(world.database, attempt.id, message, NOW)
    with world.database.write() as session:
        row = session.get_one(Attempt, attempt.id)
        everything = Message("12345678", "reflections", option="delete_all")
        edits.take_control(session, row, everything, Act.DELETE, NOW)
    before = len(world.rows(Response))
    with world.database.write() as session:
        assert apply_turn(session, waiting.public_id, Act.ANSWER, None, NOW).status == "stale"
    assert len(world.rows(Response)) == before
    assert CANARY not in world.everything()


def test_withdrawing_again_after_consenting_anew_withdraws_again(world: World) -> None:
    person = world.person()
    attempt = world.attempt(person)
    world.send(attempt, option="withdraw_consent")
    world.person()
    world.attempt(person)
    # What was said before the new consent is not drawn into it.
    assert [row.keep for row in world.rows(Attempt)] == ["session", "study"]
    world.send(attempt, option="withdraw_consent")
    with world.database.read() as session:
        now = consents.current(session, person.id)
    assert now is not None and not now.research
    assert [row.keep for row in world.rows(Attempt)] == ["session", "session"]


def test_the_prompt_that_told_a_stance_forgets_it_too(world: World) -> None:
    attempt = world.attempt(world.person())
    world.send(attempt, option="2")
    world.send(attempt, option="skip")
    world.send(attempt, option="5")
    world.send(attempt, text="Because the changed case is open about it, and that matters to me.")
    assert "You moved from" in str([r.prompt_text for r in world.rows(Response)])
    world.send(attempt, option="delete_data")
    world.send(attempt, option="delete_all")
    assert "You moved from" not in world.everything()


def test_removing_that_takes_the_disclosure_and_not_the_answer_before(world: World) -> None:
    attempt = world.attempt(world.person())
    world.send(attempt, option="2")
    world.send(attempt, text="i used chatgpt for my last essay", act=Act.DISCLOSURE)
    world.send(attempt, text="remove that", act=Act.DELETE)
    world.send(attempt, option="delete_last")
    assert "chatgpt for my last essay" not in world.everything()
    assert next(r for r in world.rows(Response) if r.kind == "stance").value == 2
