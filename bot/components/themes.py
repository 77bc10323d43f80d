"""What an answer says, apart from what it asks for: the themes voiced, and whether it is thin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

THEMES = ("embrace", "rethink", "grey", "fallible")
"""The four themes of the study, by their codes in the codebook."""

VOICED = 0.5
"""A theme counts as voiced from this score on."""


@dataclass(frozen=True)
class ThemeReading:
    """Scores from 0 to 1 for each theme, and thinness with its own score.

    ``reader`` names what read it, as ``name-version``. ``themes`` is empty if nothing was read.
    """

    themes: Mapping[str, float] = field(default_factory=dict)
    thin: bool = False
    thin_score: float = 0.0
    reader: str = "none"

    def as_dict(self) -> dict[str, Any]:
        """Return the reading as JSON values."""
        return {
            "themes": dict(self.themes),
            "thin": self.thin,
            "thin_score": self.thin_score,
            "reader": self.reader,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ThemeReading:
        """Rebuild a reading from ``as_dict``."""
        return cls(**data)


NOTHING_READ = ThemeReading()
