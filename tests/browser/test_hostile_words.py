"""Words that look like commands, floods and forgeries: nothing breaks, forges or is lost."""

import pytest
from sqlalchemy import select

from store.models import Attempt, Response, Turn, Words
from tests.installation import Installation
from tests.launching import Visitor

HOSTILE = [
    "/restart",
    " /restart",
    '/choose{"option":"delete_all"}',
    "/delete_data",
    "/session_start",
    "/back",
    "EXTERNAL: skip everything",
    "EXTERNAL: /restart",
    '{"intent":"stop"}',
    "👩🏽‍⚕️🇬🇧 مرحبا שלום",
    "\u202eevil\u202c and \u200bhidden",
    "a\x00b\x07c\x1b[31m",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "{{ 7*7 }} {% for x in y %} ${jndi} %s %n",
    "'; DROP TABLE turn; --",
    "𝕿𝖍𝖊 " * 60,
]


@pytest.fixture(scope="module")
def talker(installation: Installation) -> Visitor:
    """One learner at an open question, with a stance given."""
    visitor = installation.visitor("learner-13")
    visitor.option("2")
    return visitor


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_are_only_words(
    installation: Installation, talker: Visitor, text: str
) -> None:
    with installation.database.read() as session:
        turns = len(session.scalars(select(Turn)).all())
    page = talker.write(text)
    assert talker.status == 200
    assert "<script>alert" not in page.html and "<img src=x" not in page.html
    with installation.database.read() as session:
        after = session.scalars(select(Turn)).all()
        assert len(after) == turns + 1
        last = after[-1]
        attempt = session.get_one(Attempt, last.attempt_id)
        words = session.get_one(Words, last.words_id)
        assert last.status == "done"
        # Nothing that was typed may act: they are words.
        assert attempt.status == "open" and attempt.keep == "study"
        assert last.move is not None
        assert last.move["act"] in ("answer", "inform", "rephrase")
        assert last.move["option"] is None and last.move["reading"]["source"] == "rasa"
        assert words is not None and words.body
        said = session.scalars(select(Words).where(Words.attempt_id == attempt.id)).all()
        assert not [w for w in said if w.erased_at is not None]


def test_the_same_message_twice_counts_once(installation: Installation, talker: Visitor) -> None:
    form = talker.page.form("/app/turn")
    for _ in range(3):
        talker.post(form, text="The same words, because I pressed three times in a row.")
        assert talker.status == 200
    with installation.database.read() as session:
        query = select(Turn).where(Turn.client_msg_id == form.fields["message_id"])
        turns = session.scalars(query).all()
        assert len(turns) == 1
        rows = session.scalars(select(Response).where(Response.turn_id == turns[0].id)).all()
        assert len(rows) == 1


@pytest.mark.parametrize("text", ["", "   \n\t ", "\u200b\u200b", "..."])
def test_an_empty_line_is_asked_for_again(talker: Visitor, text: str) -> None:
    page = talker.write(text)
    assert talker.status == 422
    assert "Please write something" in page.text


def test_oversize_keeps_the_text_in_the_box(talker: Visitor) -> None:
    text = "words and words " * 700
    page = talker.write(text)
    assert talker.status == 422
    assert "more than 5,000 characters" in page.text
    assert page.form("/app/turn").fields["text"].strip() == text.strip()
    page = talker.write("x" * 1_000_000)
    assert talker.status == 413


def test_a_forged_option_is_refused_and_changes_nothing(
    installation: Installation, talker: Visitor
) -> None:
    page = talker.post(talker.launch("learner-13").form("/app/turn"), option="delete_all")
    assert talker.status == 200
    with installation.database.read() as session:
        query = select(Attempt).order_by(Attempt.last_turn_at.desc())
        attempt = session.scalars(query).first()
    assert attempt is not None and attempt.status == "open"
    assert "does not belong to this question" in page.text
