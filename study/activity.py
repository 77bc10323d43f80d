"""What an educator chooses for an activity, and how it travels as custom parameters.

The choice lives in the custom parameters of the LMS's own link, so that a copy of a course
keeps it. An activity that was added by hand carries none; its choice is held here, in the
same words. Names and values are those that an LMS shows to teachers, who may write them by
hand: reading is lenient about case and spaces, and strict about what it cannot understand.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

PACK = "pack"
PACK_VERSION = "pack_version"
SCENARIOS = "scenarios"
CASES = "cases"
COMPLETION = "completion"
NAMES = (PACK, PACK_VERSION, SCENARIOS, CASES, COMPLETION)

FOLLOW = "follow"
ON = "on"
MAX_CASES = 12
MAX_SCENARIOS = 60

_PACK_ID = re.compile(r"[a-z][a-z0-9-]{1,39}")
_SCENARIO_ID = re.compile(r"S[0-9]{2,3}")
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")


class ChoiceError(ValueError):
    """A custom parameter that cannot be understood; ``name`` says which."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Choice:
    """The cases of an activity.

    ``version`` None follows the newest published version of the pack. ``scenarios`` are
    ids; empty means all of the pack. ``cases`` is how many of them a person is given; None
    means as many as the pack says.
    """

    pack_id: str
    version: int | None = None
    scenarios: tuple[str, ...] = ()
    cases: int | None = None
    completion: bool = False

    def to_custom(self) -> dict[str, str]:
        """As custom parameters; what holds its default is left out, the pack never is."""
        found = {PACK: self.pack_id, PACK_VERSION: str(self.version or FOLLOW)}
        if self.scenarios:
            found[SCENARIOS] = ",".join(self.scenarios)
        if self.cases is not None:
            found[CASES] = str(self.cases)
        if self.completion:
            found[COMPLETION] = ON
        return found

    @classmethod
    def read(cls, custom: Mapping[str, str], chosen: Mapping[str, str] | None) -> Self | None:
        """The choice in the link's custom parameters, else the one ``chosen`` here.

        None: there is neither. Whether completion is reported may be said in the link while
        the cases are chosen here.

        Raises:
            ChoiceError: a parameter cannot be understood. Nothing is guessed: a mistyped
                number must not give other cases than the teacher meant.
        """
        source = custom if _value(custom, PACK) else (chosen or {})
        pack = _value(source, PACK).lower()
        if not pack:
            return None
        return cls(
            pack_id=_matching(PACK, pack, _PACK_ID),
            version=_version(_value(source, PACK_VERSION)),
            scenarios=_scenarios(_value(source, SCENARIOS)),
            cases=_cases(_value(source, CASES)),
            completion=reports_completion(custom, chosen),
        )


def reports_completion(custom: Mapping[str, str], chosen: Mapping[str, str] | None) -> bool:
    """Whether completion goes to the gradebook: "on" in the link, or chosen here.

    What the link says comes first, also when it says something else than "on".
    """
    said = _value(custom, COMPLETION) or _value(chosen or {}, COMPLETION)
    return said.lower() == ON


def _value(source: Mapping[str, str], name: str) -> str:
    return str(source.get(name, "")).strip()


def _matching(name: str, value: str, pattern: re.Pattern[str]) -> str:
    if not pattern.fullmatch(value):
        raise ChoiceError(name)
    return value


def _version(value: str) -> int | None:
    if value.lower() in ("", FOLLOW):
        return None
    return int(_matching(PACK_VERSION, value, _NUMBER))


def _cases(value: str) -> int | None:
    if not value:
        return None
    number = int(_matching(CASES, value, _NUMBER))
    if number > MAX_CASES:
        raise ChoiceError(CASES)
    return number


def _scenarios(value: str) -> tuple[str, ...]:
    ids = [part.upper() for part in re.split(r"[\s,;]+", value) if part]
    if len(ids) > MAX_SCENARIOS:
        raise ChoiceError(SCENARIOS)
    for scenario_id in ids:
        _matching(SCENARIOS, scenario_id, _SCENARIO_ID)
    return tuple(sorted(set(ids)))
