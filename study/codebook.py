"""The codebook: what each theme and inductive code means, for readers and coders.

Machine readings, human coding and exports all name codes by their ``id`` here and
keep the codebook's version and hash beside them.
"""

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from study.content_hash import hash_of
from study.frozen import Frozen, broken_rules, twins
from study.scenarios import Line, Note, Theme, Version
from study.yaml_source import DataFileErrors, read_yaml

CodeId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{2,39}$")]
Criteria = Annotated[tuple[Note, ...], Field(min_length=1, max_length=12)]


class CodebookErrors(DataFileErrors):
    """A codebook with faults: ``problems``, sorted by line."""


class Code(Frozen):
    """One code. ``kind`` tells the study's four themes from codes found in the answers."""

    id: CodeId
    kind: Literal["theme", "inductive"]
    label: Line
    definition: Note
    include: Criteria
    exclude: Criteria


class Codebook(Frozen):
    """All codes of one version: exactly the four study themes, and any inductive codes."""

    format: Literal["greyarea.codebook/1"]
    version: Version
    codes: Annotated[tuple[Code, ...], Field(min_length=1, max_length=60)]

    @model_validator(mode="after")
    def _four_themes_and_no_twins(self) -> Self:
        faults = [*twins(("codes",), "id", (code.id for code in self.codes))]
        if {code.id for code in self.themes} != set(Theme):
            faults.append((("codes",), f"those of kind theme must be {', '.join(Theme)}"))
        if broken := broken_rules(type(self), faults):
            raise broken
        return self

    @property
    def themes(self) -> tuple[Code, ...]:
        """The four themes of the published study, in the file's order."""
        return tuple(code for code in self.codes if code.kind == "theme")

    @property
    def inductive(self) -> tuple[Code, ...]:
        """The codes beyond the four, in the file's order."""
        return tuple(code for code in self.codes if code.kind == "inductive")

    def code(self, code_id: str) -> Code:
        """The code of that id; raises KeyError."""
        for code in self.codes:
            if code.id == code_id:
                return code
        raise KeyError(code_id)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over all content, the same however the file is laid out."""
        return hash_of(self)


def parse_codebook(name: str, text: str) -> Codebook:
    """The codebook in one file's text; ``name`` is the file name used in messages.

    Raises:
        CodebookErrors: the text is not a valid codebook; nothing of it is kept.
    """
    source = read_yaml(name, text)
    codebook = source.validate(Codebook)
    if codebook is None:
        raise CodebookErrors(source.problems)
    return codebook
