"""What all data-file models share: frozen, no unknown fields, several faults at once."""

from collections.abc import Hashable, Iterable, Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

Loc = tuple[int | str, ...]
Fault = tuple[Loc, str]


class Frozen(BaseModel):
    """Parent of the data-file models: no unknown fields, no change after validation."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def broken_rules(
    model: type[BaseModel], faults: Iterable[Fault], error: ValidationError | None = None
) -> ValidationError | None:
    """Faults of rules between fields as one error, after those of single fields; None without any.

    A validator that raises the result keeps every fault's own place, which a plain
    ValueError would lose.
    """
    details = [
        _detail(each["loc"], each["type"], each["msg"], each["input"])
        for each in (error.errors() if error else ())
    ]
    details += [_detail(loc, "rule", reason, None) for loc, reason in faults]
    return ValidationError.from_exception_data(model.__name__, details) if details else None


def twins(loc: Loc, key: str, items: Iterable[Hashable]) -> Iterator[Fault]:
    """A fault for each item that an earlier one equals, placed at ``loc[index].key``."""
    seen: set[Hashable] = set()
    for index, item in enumerate(items):
        if item in seen:
            yield (*loc, index, *((key,) if key else ())), f"{item} is given twice"
        seen.add(item)


def _detail(loc: Loc, kind: str, reason: str, value: Any) -> InitErrorDetails:
    # The reason goes in as a value: a text with braces must not act as a template.
    error = PydanticCustomError(kind, "{reason}", {"reason": reason})
    return InitErrorDetails(type=error, loc=loc, input=value)
