"""Consent as data: three choices, the text they refer to, and its hash."""

import hashlib
from dataclasses import dataclass

CHOICES = ("take_part", "research", "quote")

VERSION = "2"

TEXT = """\
Grey Area is a computer program that asks how you see short cases about AI in assessment. It \
takes about 12 minutes. You can skip any question and stop at any time, and stopping costs you \
nothing. Nothing here is marked.

Your answers are stored under a code, not your name, together with your role and, if you choose \
to give it, your profession. Names, e-mail addresses and internet addresses are not stored. \
A program masks names of people, telephone numbers, e-mail addresses, NHS numbers and the like \
before anything is saved. It can miss some: please leave out names and anything that could \
identify a patient.

Teachers see counts of at least five people, never who said what. If you agree to research, the \
researchers of this study read your words under the code. If you agree to be quoted, short \
passages may be published without anything that tells who you are. If you do not agree to \
research, your answers are used for this session only and removed at the latest 24 hours after \
your last answer.

The program does not read along as a person would and passes nothing on. If you write that you \
may harm yourself or someone else, it shows you where to find help; nobody is told.

You can read, change and delete your answers, and leave the research, at any time by opening \
this activity again.\
"""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person agreed to. Research and quotation mean nothing without taking part."""

    take_part: bool
    research: bool
    quote: bool

    def __post_init__(self) -> None:
        """Refuse a combination that the form cannot mean (ValueError)."""
        if (self.research or self.quote) and not self.take_part:
            raise ValueError("research and quotation need taking part")
        if self.quote and not self.research:
            raise ValueError("quotation needs research")

    @property
    def keep(self) -> str:
        """How long the record lives: "study", or "session" without research consent."""
        return "study" if self.research else "session"


def text_hash(text: str) -> str:
    """SHA-256 of a consent text as shown, 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
