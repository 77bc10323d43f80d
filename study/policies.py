"""Example policy statements: what institutions and bodies elsewhere say of a use.

They are starting points for an institution that writes its own statements, and are
always shown as examples from elsewhere, never as the reader's rule.
"""

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from study.content_hash import hash_of
from study.frozen import Frozen, broken_rules, twins
from study.scenarios import Line, Note, ScenarioKey, Statement, Version
from study.yaml_source import DataFileErrors, read_yaml

StatementId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{2,59}$")]


class PolicyErrors(DataFileErrors):
    """A policy file with faults: ``problems``, sorted by line."""


class PolicyStatus(StrEnum):
    """What a statement makes of a use of AI."""

    PROHIBITED = "prohibited"
    PERMITTED_WITH_DECLARATION = "permitted_with_declaration"
    PERMITTED_WITHOUT_DECLARATION = "permitted_without_declaration"
    MISCONDUCT = "misconduct"
    NOT_ADDRESSED = "not_addressed"
    OTHER = "other"


class Evidence(StrEnum):
    """How the project knows of a statement.

    ``own_page``: read in the body's own page or paper. ``reported``: read elsewhere, or not
    yet confirmed in the body's own page.
    """

    OWN_PAGE = "own_page"
    REPORTED = "reported"


class PolicyExample(Frozen):
    """One statement. ``uses`` are scenario keys; ``from_elsewhere`` is always true."""

    id: StatementId
    uses: Annotated[tuple[ScenarioKey, ...], Field(min_length=1, max_length=20)]
    status: PolicyStatus
    from_elsewhere: Literal[True]
    body: Line
    text: Statement
    source: Note
    evidence: Evidence


class PolicyExamples(Frozen):
    """A file of examples in one language."""

    format: Literal["greyarea.policies/1"]
    version: Version
    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$")]
    statements: Annotated[tuple[PolicyExample, ...], Field(min_length=1, max_length=200)]

    @model_validator(mode="after")
    def _no_twins(self) -> Self:
        faults = twins(("statements",), "id", (statement.id for statement in self.statements))
        if broken := broken_rules(type(self), faults):
            raise broken
        return self

    def for_use(self, key: str) -> tuple[PolicyExample, ...]:
        """The statements about a scenario's key, in the file's order; empty if there are none."""
        return tuple(statement for statement in self.statements if key in statement.uses)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over all content, the same however the file is laid out."""
        return hash_of(self)


def parse_policies(name: str, text: str) -> PolicyExamples:
    """The examples in one file's text; ``name`` is the file name used in messages.

    Raises:
        PolicyErrors: the text is not a valid file of examples; nothing of it is kept.
    """
    source = read_yaml(name, text)
    examples = source.validate(PolicyExamples)
    if examples is None:
        raise PolicyErrors(source.problems)
    return examples
