"""A case's figures by groups of its people, as far as they may be shown."""

from collections.abc import Mapping

from analysis.class_figures import Figure
from analysis.release_rows import ReleaseRows
from analysis.splits import SHOWN, within
from analysis.tallies import FigureKey
from study.state import ScenarioRef
from study.steps import Step

STEPS = (Step.STANCE, Step.TWIST, Step.FINAL_STANCE, Step.CLARITY)

type Groups = Mapping[str, Figure]
"""Group → figure; one form for all."""


def of_case(page: ReleaseRows, ref: ScenarioRef, kind: str) -> Mapping[Step, Groups]:
    """By step, without those of which nothing may be shown."""
    found = {step: page.split(FigureKey(ref.id, ref.version, step.value), kind) for step in STEPS}
    return {step: groups for step, groups in found.items() if groups}


def of_statement(page: ReleaseRows, ref: ScenarioRef, shown: str) -> Mapping[str, Groups]:
    """How clear a statement was found, by role view and by profession of those who read it."""
    key = FigureKey(ref.id, ref.version, Step.CLARITY.value)
    found = {kind: page.split(key, within(kind, shown)) for kind in ("role", "profession")}
    return {kind: groups for kind, groups in found.items() if groups}


def by_statement(page: ReleaseRows, ref: ScenarioRef, step: Step) -> Groups:
    """A step by the statement that people were shown; empty while that may not be shown."""
    return page.split(FigureKey(ref.id, ref.version, step.value), SHOWN)
