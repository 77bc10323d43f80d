"""An institution's own policy statements, and the pilots that compare wordings of them.

A **statement** says what one use of AI is in the institution: its status, its wording, where
it can be read in full. A version of it never changes. A **pilot** shows two or more
wordings to people or courses drawn at random, so that it can be seen which of them is clearer.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from study.content_hash import hash_of
from study.frozen import Frozen
from study.policies import PolicyStatus
from study.scenarios import Line, Locale, ScenarioKey, Statement

LONGEST_LINK = 300
MOST_WORDINGS = 6
"""Of a pilot: with more, each would be shown to too few."""


class StatementError(ValueError):
    """A statement that cannot be shown; the message says which part, and why."""


class Unit(StrEnum):
    """What a pilot draws at random: whole courses, or single people."""

    COURSE = "course"
    PERSON = "person"


def _link(text: str) -> str:
    """The address; ValueError unless it is empty or a plain https address of one line."""
    if not text:
        return text
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme != "https" or "@" in parts.netloc or not text.isprintable():
        raise ValueError("must be an https address without a user name")
    if any(character.isspace() or character in "<>\"'`\\" for character in text):
        raise ValueError("must not hold spaces, quotation marks or angle brackets")
    return text


class PolicyStatement(Frozen):
    """What an institution says of one use, in one or more languages.

    ``use`` is a scenario's key; ``name`` is what the institution calls the statement.
    """

    use: ScenarioKey
    name: Line
    status: PolicyStatus
    texts: Annotated[Mapping[Locale, Statement], Field(min_length=1, max_length=40)]
    link: Annotated[
        str,
        StringConstraints(strip_whitespace=True, max_length=LONGEST_LINK),
        AfterValidator(_link),
    ] = ""

    @classmethod
    def of(
        cls, use: str, name: str, status: str, texts: Mapping[str, str], link: str = ""
    ) -> "PolicyStatement":
        """A checked statement.

        Raises:
            StatementError: a part of it cannot be shown.
        """
        values = {"use": use, "name": name, "status": status, "texts": texts, "link": link}
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            first = error.errors()[0]
            place = " ".join(str(part) for part in first["loc"])
            raise StatementError(f"{place}: {_reason(first['msg'])}") from None

    @property
    def content_hash(self) -> str:
        """SHA-256 over all content."""
        return hash_of(self)


def _reason(message: str) -> str:
    plain = message.removeprefix("Value error, ")
    return plain[:1].lower() + plain[1:]


@dataclass(frozen=True, slots=True)
class Cue:
    """A statement in the place of the example that a scenario brings with it.

    ``trial``: a wording of a pilot, which need not be in force.
    """

    texts: Mapping[str, str]
    link: str = ""
    trial: bool = False

    def text(self, locale: str) -> tuple[str, str]:
        """The wording and its language: that of the tag, English, or the first by name."""
        wanted = locale.replace("_", "-").lower()
        by_tag = {tag.lower(): tag for tag in sorted(self.texts)}
        for tag in (wanted, wanted.split("-")[0], "en", min(by_tag)):
            if tag in by_tag:
                return self.texts[by_tag[tag]], by_tag[tag]
        raise AssertionError("a statement has at least one language")


def wording_of(seed: int, number: int, wordings: int) -> int:
    """Which of ``wordings`` (from 0) the ``number``-th drawn unit (from 0) of a pilot is given.

    In blocks of one unit for each wording, in an order that the seed decides: after each block
    all wordings have been given equally often, and nobody can tell what comes next.
    """
    block, place = divmod(number, wordings)
    order = list(range(wordings))
    random.Random(f"{seed}:{block}").shuffle(order)
    return order[place]
