"""A pack with its scenarios resolved: what the engine asks from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from study.packs import Pack, Scenario
from study.state import ScenarioRef
from study.statements import Cue


@dataclass(frozen=True, slots=True)
class Script:
    """One version of a pack.

    ``scenarios`` maps every scenario of the pack; the caps count probes.
    ``minutes_per_case`` is used for the estimate of time left only.
    """

    pack_id: str
    pack_version: int
    pack_hash: str
    scenarios: Mapping[ScenarioRef, Scenario]
    cases: int = 3
    probes_per_case: int = 2
    probes_per_session: int = 6
    minutes_per_case: float = 4.0
    cues: Mapping[ScenarioRef, Cue] = field(default_factory=dict)
    """The institution's own statements, where it has one in the place of a case's example."""

    @classmethod
    def of(cls, pack: Pack) -> "Script":
        """The script of a pack."""
        session = pack.session
        return cls(
            pack_id=pack.id,
            pack_version=pack.version,
            pack_hash=pack.content_hash,
            scenarios={ScenarioRef(item.id, item.version): item for item in pack.scenarios},
            cases=session.scenarios_default,
            probes_per_case=session.probes_per_scenario,
            probes_per_session=session.probes_per_session,
            minutes_per_case=session.target_minutes / session.scenarios_default,
        )

    def chosen(self, ids: Collection[str], cases: int | None) -> "Script":
        """The script with only these scenarios (none named: all), and another number of cases.

        Ids that the pack does not have are passed over; more cases than scenarios are cut
        down to those. Without any scenario left it is empty: the caller must look.
        """
        kept = {ref: item for ref, item in self.scenarios.items() if not ids or ref.id in ids}
        return replace(self, scenarios=kept, cases=min(cases or self.cases, len(kept)))

    @property
    def minutes(self) -> int:
        """About how long a sitting takes."""
        return max(1, round(self.cases * self.minutes_per_case))

    def scenario(self, ref: ScenarioRef) -> Scenario:
        """The scenario at that version; raises KeyError when the pack has it not."""
        return self.scenarios[ref]
