"""The invented people of the course.

Four have a card on the course page; eighteen more learners make it a class of
twenty. Every family name has to do with sand, so that nobody takes them for real.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is in the course, in the LMS's own terms."""

    LEARNER = "learner"
    EDUCATOR = "educator"
    ASSISTANT = "assistant"
    """A teacher without editing rights: Instructor at launch, Learner in the roster service."""
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Person:
    """One person. ``id`` is used in the sandbox's addresses; the tool sees only ``sub``."""

    id: str
    given_name: str
    family_name: str
    role: Role
    about: str = ""
    enrolled: bool = True

    @property
    def name(self) -> str:
        """Given and family name."""
        return f"{self.given_name} {self.family_name}"

    @property
    def email(self) -> str:
        """An address in a domain that can never receive mail."""
        return f"{self.id}@sandbox.invalid"

    @property
    def sub(self) -> str:
        """Opaque, the same over restarts and ports."""
        return hashlib.sha256(f"greyarea-sandbox/{self.id}".encode()).hexdigest()[:24]

    @property
    def sourcedid(self) -> str:
        """The record number that an LMS sends even where names are switched off."""
        return f"SBX-{self.id}"

    @property
    def gradable(self) -> bool:
        """Only enrolled learners can have a grade."""
        return self.enrolled and self.role is Role.LEARNER


_LEARNERS = (
    ("Amara", "Sandbrook", "Paramedic, second-year postgraduate"),
    ("Tomás", "Arenal", "Dentist, studying part time"),
    ("Yuki", "Sunada", ""),
    ("Leila", "Ramlah", ""),
    ("Kwame", "Duneside", ""),
    ("Freya", "Sandvik", ""),
    ("Piotr", "Piaskowy", ""),
    ("Noor", "Kumsal", ""),
    ("Mei", "Shazhou", ""),
    ("Oluwaseun", "Strand", ""),
    ("Chiara", "Sabbiosa", ""),
    ("Rhys", "Traethog", ""),
    ("Hana", "Písková", ""),
    ("Aroha", "Onepū", ""),
    ("Daria", "Peschanova", ""),
    ("Samir", "Rimali", ""),
    ("Zanele", "Sandhills", ""),
    ("Niamh", "Gaineamh", ""),
    ("Luca", "Duna", ""),
    ("Ji-woo", "Morae", ""),
)

EDUCATOR = Person("educator", "Priya", "Baluka", Role.EDUCATOR, "Leads the course")
ADMINISTRATOR = Person(
    "administrator",
    "Marit",
    "Sandmark",
    Role.ADMINISTRATOR,
    "Looks after the site; not enrolled in the course",
    enrolled=False,
)
LEARNERS = tuple(
    Person(f"learner-{number}", given, family, Role.LEARNER, about)
    for number, (given, family, about) in enumerate(_LEARNERS, start=1)
)
PEOPLE: tuple[Person, ...] = (*LEARNERS, EDUCATOR, ADMINISTRATOR)

WITH_CARD = ("learner-1", "learner-2", "educator", "administrator")
"""Ids of the people shown on the course page, in order."""

ASSISTANT = Person("assistant", "Emre", "Kumtepe", Role.ASSISTANT, "Marks work, may not edit")
"""Not on the default roster; add it to try the non-editing teacher's two faces."""
