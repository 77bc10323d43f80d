"""Which cases a person gets, and in which order."""

import random

from study.script import Script
from study.state import ScenarioRef


def assign(script: Script, seed: int, filled: dict[str, int]) -> tuple[ScenarioRef, ...]:
    """Choose ``script.cases`` scenarios, least filled first, and shuffle them by the seed.

    ``filled`` counts earlier attempts per scenario id within the role view. A case that
    the pack marks ``never_first`` does not open a session, unless the pack has no other.
    The result depends on the arguments alone, so the seed in the log reproduces it.
    """
    rng = random.Random(seed)
    refs = sorted(script.scenarios, key=lambda ref: (ref.id, ref.version))
    rng.shuffle(refs)
    refs.sort(key=lambda ref: filled.get(ref.id, 0))
    chosen = refs[: script.cases]
    gentle = [ref for ref in refs if not script.scenario(ref).never_first]
    if gentle and not any(ref in gentle for ref in chosen):
        chosen[-1] = gentle[0]
    rng.shuffle(chosen)
    for index, ref in enumerate(chosen):
        if not script.scenario(ref).never_first:
            chosen[0], chosen[index] = chosen[index], chosen[0]
            break
    return tuple(chosen)
