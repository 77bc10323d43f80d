"""The list of cases as a test sees it: one row, and the outcomes it permits."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from werkzeug.test import TestResponse

from lti.claims import LTI
from tests.lti.forge import World

LIST = Path(__file__).with_name("cases.yml")

NOT_YET: frozenset[str] = frozenset()
"""Rows that have no test yet."""

_REFUSAL = re.compile(r"\b([45]\d\d) ([a-z]+(?:_[a-z]+)*)\b")
_ENTRY = re.compile(r"\benters? as ([a-z_]+)")


@dataclass(frozen=True)
class Row:
    """One row. Asserts the outcomes that the list names, and no others."""

    id: str
    case: str
    wanted: str

    @property
    def refusals(self) -> dict[str, int]:
        """Status by error code."""
        return {code: int(status) for status, code in _REFUSAL.findall(self.wanted)}

    @property
    def roles(self) -> set[str]:
        """The roles that may be entered as."""
        return set(_ENTRY.findall(self.wanted))

    def refuses(
        self,
        world: World,
        response: TestResponse,
        code: str | None = None,
        *,
        consumed: bool = False,
    ) -> None:
        """Refused as wanted, without a trace; ``code`` where the list names several."""
        if code is None:
            (code,) = self.refusals
        world.assert_refused(response, code, self.refusals[code], consumed=consumed)

    def enters(self, response: TestResponse, role: str | None = None) -> None:
        """Let in as wanted; ``role`` where the list names several."""
        if role is None:
            (role,) = self.roles
        assert role in self.roles
        assert (response.status_code, response.text) == (200, f"entered as {role}")


def variant(case_id: str, *values: Any) -> Any:
    """A parameter set of a test that belongs to a row."""
    told = " ".join(str(value) for value in values).replace(LTI, "")
    name = re.sub(r"[^ -~]|[{}'\[\]]", "", f"{case_id} {told}")[:60]
    return pytest.param(*values, marks=pytest.mark.case(case_id), id=name)


def read_rows() -> dict[str, Row]:
    """All rows by id."""
    listed = yaml.safe_load(LIST.read_text(encoding="utf-8"))
    return {id: Row(id, **row) for id, row in listed.items()}
