"""Whether a probe may be asked, and for which theme."""

import random

from study.packs import Probe
from study.script import Script
from study.state import State


def may_probe(state: State, script: Script) -> bool:
    """Whether the caps (a case, a session), a disclosure or weariness allow one more probe."""
    return (
        not state.probing_stopped
        and not state.case.quiet
        and state.case.probes < script.probes_per_case
        and state.probes < script.probes_per_session
    )


def choose_theme(state: State, script: Script) -> Probe | None:
    """The probe of a theme not yet voiced in this case, or None.

    A typed "it depends" is owed the grey probe. Otherwise the unvoiced theme that was
    probed least in this session; among equals the seed decides.
    """
    probes = script.scenario(state.scenario).probes
    if state.case.grey_due:
        for probe in probes:
            if probe.theme == "grey":
                return probe
    unvoiced = [probe for probe in probes if probe.theme not in state.case.voiced]
    if not unvoiced:
        return None
    asked = {probe.theme: state.asked_themes.count(probe.theme) for probe in unvoiced}
    fewest = min(asked.values())
    candidates = sorted(
        (probe for probe in unvoiced if asked[probe.theme] == fewest), key=lambda p: p.id
    )
    return random.Random(f"{state.seed}:{state.position}").choice(candidates)
