"""Processes killed between the click and the reply: no answer is lost, the learner goes on."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from store.models import Response, Turn, Words
from tests.installation import Installation
from tests.launching import Visitor

WORDS = "I would ask first, because nobody has said what the rule is for this task."


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation of this module's own, since its processes get killed."""
    with Installation(tmp_path_factory.mktemp("fragile")) as made:
        yield made


def turns_of(fragile: Installation, text: str) -> list[tuple[str, int]]:
    """Status of each turn with these words, and how many responses it has."""
    with fragile.database.read() as session:
        query = select(Turn).join(Words, Words.id == Turn.words_id).where(Words.body == text)
        return [
            (
                turn.status,
                len(session.scalars(select(Response).where(Response.turn_id == turn.id)).all()),
            )
            for turn in session.scalars(query)
        ]


@pytest.mark.parametrize(("process", "person"), [("bot", "learner-14"), ("actions", "learner-15")])
def test_killing_a_process_loses_no_answer(
    fragile: Installation, process: str, person: str
) -> None:
    learner = fragile.visitor(person)
    learner.option("2")
    text = f"{WORDS} ({process})"
    fragile.processes.kill(process)

    learner.write(text)
    assert learner.status == 200
    assert "Your answer is saved" in learner.page.text
    assert turns_of(fragile, text) == [("received", 0)]

    # Still away: trying again and coming back by a new launch change nothing.
    learner.post(learner.page.form("/app/continue"))
    assert "Your answer is saved" in learner.page.text
    again = Visitor(fragile.course)
    again.launch(person)
    assert "Your answer is saved" in again.page.text

    fragile.processes.restart(process)
    again.launch(person)
    assert again.status == 200 and "Your answer is saved" not in again.page.text
    assert turns_of(fragile, text) == [("done", 1)]
    # And the interview stands after that answer, ready for the next.
    assert text in again.page.text
    again.write(f"{text}, and then more because there is more to say about it.")
    assert again.status == 200 and "Your answer is saved" not in again.page.text


def test_a_post_that_is_repeated_after_the_crash_counts_once(fragile: Installation) -> None:
    learner = fragile.visitor("learner-16")
    learner.option("4")
    form = learner.page.form("/app/turn")
    text = f"{WORDS} {uuid.uuid4()}"
    fragile.processes.kill("actions")
    learner.post(form, text=text)
    learner.post(form, text=text)
    fragile.processes.restart("actions")
    learner.post(form, text=text)
    assert turns_of(fragile, text) == [("done", 1)]


def test_web_killed_after_the_click_keeps_what_it_had_stored(fragile: Installation) -> None:
    learner = fragile.visitor("learner-17")
    learner.option("3")
    text = f"{WORDS} (web)"
    fragile.processes.kill("bot")
    learner.write(text)
    fragile.processes.kill("web")
    fragile.processes.restart("bot")
    fragile.processes.restart("web")
    back = Visitor(fragile.course)
    back.launch("learner-17")
    assert back.status == 200 and text in back.page.text
    assert turns_of(fragile, text) == [("done", 1)]


def test_a_database_that_is_away_gives_a_plain_page(fragile: Installation, tmp_path: Path) -> None:
    learner = fragile.visitor("learner-18")
    form = learner.page.form("/app/turn")
    database = fragile.stack.var_dir / "greyarea.db"
    with fragile.database.write() as session:
        # Another writer holds the database for longer than anybody waits.
        session.connection().exec_driver_sql("SELECT 1")
        learner.post(form, option="2")
    assert learner.status == 503
    assert "Something went wrong on our side" in learner.page.text
    assert database.exists()
    learner.post(form, option="2")
    assert learner.status == 200
    assert "Your reasons are the useful part" in learner.page.text
