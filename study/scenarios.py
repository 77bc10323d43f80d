"""Scenarios: what the interview asks about one case, as validated, frozen data.

A **scenario** is one case in both role views with its question, probes, changed
case and policy cue, in one or more languages. It has a version and a content hash;
a published version never changes. The model holds every rule of the format that
concerns one file; reading is in :mod:`study.pack_loading`.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import (
    AfterValidator,
    Field,
    ModelWrapValidatorHandler,
    StrictBool,
    StrictInt,
    StringConstraints,
    ValidationError,
    model_validator,
)

from study.content_hash import hash_of
from study.frozen import Fault, Frozen, broken_rules, twins
from study.prompt_rules import neutral, one_paragraph, one_question, statement, vignette_length

FALLBACK_LOCALE = "en"


class Role(StrEnum):
    """The view a person takes in the interview; chosen by them, not by their LMS rights."""

    LEARNER = "learner"
    EDUCATOR = "educator"


class Theme(StrEnum):
    """The four themes of the published study."""

    EMBRACE = "embrace"
    RETHINK = "rethink"
    GREY = "grey"
    FALLIBLE = "fallible"


class CueStatus(StrEnum):
    """What a scenario's example policy says of the case; finer than a policy statement's status."""

    PROHIBITED = "prohibited"
    PERMITTED_WITH_DECLARATION = "permitted_with_declaration"
    PERMITTED_WITHOUT_DECLARATION = "permitted_without_declaration"
    PERMITTED_WITH_LIMITS = "permitted_with_limits"
    PERMITTED_AT_PLANNING = "permitted_at_planning"
    RESTRICTED = "restricted"
    MISCONDUCT = "misconduct"
    MIXED = "mixed"
    VARIES = "varies"
    DEPENDS_ON_BRIEF = "depends_on_brief"
    EDUCATOR_GUIDANCE = "educator_guidance"
    REGULATED = "regulated"
    DETECTORS_DISCOURAGED = "detectors_discouraged"
    NOT_ADDRESSED = "not_addressed"
    OTHER = "other"


def _text(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


Paragraph = AfterValidator(one_paragraph)
Line = Annotated[str, _text(80), Paragraph]
Note = Annotated[str, _text(500), Paragraph]
Statement = Annotated[str, _text(500), Paragraph, AfterValidator(statement)]
Question = Annotated[
    str, _text(240), Paragraph, AfterValidator(one_question), AfterValidator(neutral)
]
Vignette = Annotated[
    str, _text(900), Paragraph, AfterValidator(vignette_length), AfterValidator(statement)
]
Sources = Annotated[tuple[Note, ...], Field(min_length=1, max_length=12)]
Version = Annotated[StrictInt, Field(ge=1, le=9999)]
ScenarioId = Annotated[str, StringConstraints(pattern=r"^S[0-9]{2,3}$")]
ScenarioKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,39}$")]
ProbeId = Annotated[str, StringConstraints(pattern=r"^S[0-9]{2,3}_P[1-9][0-9]?$")]
Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]


class Vignettes(Frozen):
    """The case as each role meets it."""

    learner: Vignette
    educator: Vignette

    def of(self, role: Role) -> str:
        """The wording for a role."""
        return self.learner if role is Role.LEARNER else self.educator


class OpenPrompts(Frozen):
    """The open question as each role is asked it."""

    learner: Question
    educator: Question

    def of(self, role: Role) -> str:
        """The wording for a role."""
        return self.learner if role is Role.LEARNER else self.educator


class ScenarioTexts(Frozen):
    """Everything of a scenario that is shown, in one language."""

    title: Line
    name: Line | None = None
    why_grey: Note
    vignette: Vignettes
    stance_question: Question
    open_prompt: OpenPrompts
    probes: Annotated[Mapping[ProbeId, Question], Field(min_length=1, max_length=12)]
    changed_case: Statement
    policy_cue: Statement

    def part(self, name: str) -> str:
        """One text by its dotted name: ``title``, ``vignette.learner``, ``probes.S01_P1``.

        Raises:
            KeyError: there is no text of that name.
        """
        first, _, second = name.partition(".")
        found = getattr(self, first) if first in type(self).model_fields else None
        if second:
            parts = found if isinstance(found, Mapping) else dict(found or ())
            found = parts.get(second)
        if not isinstance(found, str):
            raise KeyError(name)
        return found


class Probe(Frozen):
    """A follow-up question's id and the theme it gives room to; its words are in the texts."""

    id: ProbeId
    theme: Theme


class PolicyCue(Frozen):
    """What the scenario's example policy says, and where that was read."""

    status: CueStatus
    sources: Sources


class LocalisedTexts(NamedTuple):
    """A scenario's texts and the language they are really in."""

    texts: ScenarioTexts
    locale: str


class Scenario(Frozen):
    """One case, one version. Raises ``pydantic.ValidationError`` with every broken rule at once."""

    format: Literal["greyarea.scenario/1"]
    id: ScenarioId
    key: ScenarioKey
    version: Version
    boundary: Line
    themes: Annotated[tuple[Theme, ...], Field(min_length=1, max_length=len(Theme))]
    never_first: StrictBool = False
    probes: Annotated[tuple[Probe, ...], Field(min_length=1, max_length=12)]
    policy_cue: PolicyCue
    sources: Sources
    texts: Annotated[Mapping[Locale, ScenarioTexts], Field(min_length=1, max_length=40)]

    @model_validator(mode="wrap")
    @classmethod
    def _holds_together(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        # Rules between fields are checked also where single fields are broken, so that an
        # author sees all faults in one go.
        try:
            scenario = handler(data)
        except ValidationError as error:
            raw = data if isinstance(data, dict) else {}
            raise broken_rules(cls, _cross_faults(raw), error) or error from None
        if broken := broken_rules(cls, _cross_faults(scenario.model_dump(mode="json"))):
            raise broken
        return scenario

    def text(self, locale: str) -> LocalisedTexts:
        """The texts for a BCP 47 tag: that tag, its language, English, or the first by name.

        "First by name" and not by place in the file: files with one content hash behave alike.
        """
        wanted = locale.replace("_", "-").lower()
        by_tag = {tag.lower(): tag for tag in sorted(self.texts)}
        for tag in (wanted, wanted.split("-")[0], FALLBACK_LOCALE, min(by_tag)):
            if tag in by_tag:
                return LocalisedTexts(self.texts[by_tag[tag]], by_tag[tag])
        raise AssertionError("a scenario has at least one language")

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over all content, the same however the file is laid out."""
        return hash_of(self)


def _cross_faults(raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Broken rules between fields of a scenario, from plain values that may be of any shape."""
    themes = raw.get("themes")
    if isinstance(themes, list):
        # A theme that is no text is reported as such; its place keeps the others' places right.
        named = (theme if isinstance(theme, str) else at for at, theme in enumerate(themes))
        yield from twins(("themes",), "", named)
    listed = raw.get("probes")
    if not isinstance(listed, list):
        return
    probes = [probe if isinstance(probe, dict) else {} for probe in listed]
    ids = [probe.get("id") for probe in probes]
    own = raw.get("id")
    for index, probe_id in enumerate(ids):
        if not isinstance(probe_id, str):
            continue
        if probe_id in ids[:index]:
            yield ("probes", index, "id"), f"{probe_id} is given twice"
        if isinstance(own, str) and not probe_id.startswith(f"{own}_"):
            yield ("probes", index, "id"), f"belongs to another scenario than {own}"
    if Theme.GREY not in [probe.get("theme") for probe in probes]:
        yield ("probes",), "needs a probe for the theme grey: 'it depends' leads to it"
    languages = raw.get("texts")
    for locale, texts in languages.items() if isinstance(languages, dict) else ():
        worded = texts.get("probes") if isinstance(texts, dict) else None
        if not isinstance(worded, dict):
            continue
        for probe_id in ids:
            if isinstance(probe_id, str) and probe_id not in worded:
                yield ("texts", locale, "probes"), f"has no wording for {probe_id}"
        for probe_id in worded:
            if probe_id not in ids:
                yield ("texts", locale, "probes", probe_id), "is not a probe of this scenario"
