"""Packs: scenarios ordered into a session, and the library of all that is loaded.

A **pack** names scenarios in fixed versions and the limits of one sitting. It has a
version and a content hash that covers its scenarios. The models hold every rule
that concerns one file; the rules between files are in :mod:`study.pack_loading`.
"""

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, StrictInt, StringConstraints, model_validator

from study.content_hash import hash_of
from study.frozen import Fault, Frozen, broken_rules, twins
from study.scenarios import (
    CueStatus,
    Line,
    LocalisedTexts,
    PolicyCue,
    Probe,
    Role,
    Scenario,
    ScenarioId,
    ScenarioTexts,
    Theme,
    Version,
)

__all__ = [
    "CueStatus",
    "Library",
    "LocalisedTexts",
    "Pack",
    "PackFile",
    "PolicyCue",
    "Probe",
    "Role",
    "Scenario",
    "ScenarioRef",
    "ScenarioTexts",
    "SessionPlan",
    "Theme",
    "UnknownPackError",
    "UnknownScenarioError",
]

PackId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]


class ScenarioRef(Frozen):
    """A scenario of one version, as a pack names it."""

    id: ScenarioId
    version: Version


class SessionPlan(Frozen):
    """The limits of one sitting. Probes may be fewer than the interview's caps, never more."""

    scenarios_default: Annotated[StrictInt, Field(ge=1, le=12)] = 3
    scenarios_max: Annotated[StrictInt, Field(ge=1, le=12)] = 4
    probes_per_scenario: Annotated[StrictInt, Field(ge=0, le=2)] = 2
    probes_per_session: Annotated[StrictInt, Field(ge=0, le=6)] = 6
    target_minutes: Annotated[StrictInt, Field(ge=1, le=60)] = 12

    @model_validator(mode="after")
    def _default_within_max(self) -> Self:
        faults: list[Fault] = []
        if self.scenarios_default > self.scenarios_max:
            faults.append((("scenarios_default",), "is more than scenarios_max"))
        if broken := broken_rules(type(self), faults):
            raise broken
        return self


class PackFile(Frozen):
    """A pack as written: which scenarios, in which versions, and the session's limits."""

    format: Literal["greyarea.pack/1"]
    id: PackId
    version: Version
    title: Line
    scenarios: Annotated[tuple[ScenarioRef, ...], Field(min_length=1, max_length=60)]
    session: SessionPlan = SessionPlan()

    @model_validator(mode="after")
    def _enough_scenarios(self) -> Self:
        faults = [*twins(("scenarios",), "id", (ref.id for ref in self.scenarios))]
        if self.session.scenarios_max > len(self.scenarios):
            reason = f"is more than the {len(self.scenarios)} scenarios the pack has"
            faults.append((("session", "scenarios_max"), reason))
        if broken := broken_rules(type(self), faults):
            raise broken
        return self


class Pack(Frozen):
    """A pack with its scenarios in hand: all that an interview needs."""

    id: PackId
    version: Version
    title: Line
    session: SessionPlan
    scenarios: tuple[Scenario, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which every case of the pack can be met, sorted."""
        every = [set(scenario.texts) for scenario in self.scenarios]
        return tuple(sorted(set.intersection(*every))) if every else ()

    def scenario(self, scenario_id: str) -> Scenario:
        """The pack's scenario of that id; raises :class:`UnknownScenarioError`."""
        for scenario in self.scenarios:
            if scenario.id == scenario_id:
                return scenario
        raise UnknownScenarioError(f"pack {self.id} version {self.version} has no {scenario_id}")

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over the pack's own fields and its scenarios' hashes, in order."""
        own = self.model_dump(mode="json", exclude={"scenarios"}, exclude_none=True)
        return hash_of({**own, "scenarios": [scenario.content_hash for scenario in self.scenarios]})


class UnknownScenarioError(KeyError):
    """No scenario of that id and version is loaded."""


class UnknownPackError(KeyError):
    """No pack of that id and version is loaded."""


class Library(Frozen):
    """All scenarios and packs of a folder, in every version."""

    scenarios: tuple[Scenario, ...]
    packs: tuple[Pack, ...]

    def scenario(self, scenario_id: str, version: int) -> Scenario:
        """That version of a scenario; raises :class:`UnknownScenarioError`."""
        for scenario in self.scenarios:
            if (scenario.id, scenario.version) == (scenario_id, version):
                return scenario
        raise UnknownScenarioError(f"no scenario {scenario_id} version {version}")

    def pack(self, pack_id: str, version: int | None = None) -> Pack:
        """That version of a pack, or its newest; raises :class:`UnknownPackError`."""
        found = [pack for pack in self.packs if pack.id == pack_id]
        if version is not None:
            found = [pack for pack in found if pack.version == version]
        if not found:
            which = "" if version is None else f" version {version}"
            raise UnknownPackError(f"no pack {pack_id}{which}")
        return max(found, key=lambda pack: pack.version)
