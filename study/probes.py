"""Whether a probe may be asked, and for which theme."""

import random
from collections import Counter

from study.effects import Say
from study.moves import Reading
from study.packs import Probe
from study.script import Script
from study.state import State

KINDS = ("descriptive", "idiographic", "clarifying", "explanatory")
"""Kinds of neutral probe, by what they ask for; each has the wordings ``probe.KIND.1`` and on."""
WORDINGS = 4
LAST_KIND = "explanatory"
"""After many a "why" people answer "why" whatever is asked: so these come after the others."""


def choose_wording(state: State) -> str:
    """The neutral probe to ask next, as "KIND.NUMBER": the same for the same state.

    The kind that this person was asked least, now and in earlier attempts; of it a wording
    that they were asked least. Among equals the seed decides.
    """
    asked = Counter(state.worded)
    kinds = Counter(wording.partition(".")[0] for wording in state.worded)
    draw = random.Random(f"{state.seed}:{len(state.worded)}:wording")
    kind = min(KINDS, key=lambda k: (kinds[k], k == LAST_KIND, draw.random()))
    numbers = range(1, WORDINGS + 1)
    return f"{kind}." + str(min(numbers, key=lambda n: (asked[f"{kind}.{n}"], draw.random())))


def echo(number: int, reading: Reading) -> tuple[Say, ...]:
    """A phrase of turn ``number`` quoted back before a probe, if there is one to quote."""
    if not reading.echo_end:
        return ()
    key = "probe.echo" if reading.echo_whole else "probe.echo_part"
    return (Say(key, echo=(number, reading.echo_end)),)


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
