"""Reading of the data files (packs, codebook, policies): YAML text to plain values and lines.

The files come from authors and may come from strangers, so only a small part of
YAML is accepted: mappings, lists, texts, whole numbers, true/false, null. Anchors,
aliases, tags, several documents, duplicate keys, deep nesting and large files are
refused. YAML's surprises are left out too: ``no`` is the text "no", ``010`` is a
text and not eight, and a key is always the text as written.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml
from pydantic import BaseModel, ValidationError

MAX_BYTES = 256 * 1024
MAX_DEPTH = 10
MAX_NODES = 5_000
MAX_PROBLEMS = 100

# Rasa takes any YAML file with one of these keys for training data.
FORBIDDEN_KEYS = frozenset({"nlu", "responses", "stories", "rules"})

Loc = tuple[str | int, ...]

_KEY = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,8}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONSTANTS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}


class Problem(NamedTuple):
    """One fault of a data file; sorts by file, then line (from 1)."""

    file: str
    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        """``file:line: field: reason``; the field is left out where the whole file is meant."""
        return f"{self.file}:{self.line}: {self.field + ': ' if self.field else ''}{self.reason}"


class DataFileErrors(ValueError):
    """Data files with faults; ``problems`` holds them all, sorted by file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the distinct problems in order, at most ``MAX_PROBLEMS`` of them."""
        self.problems = tuple(sorted(set(problems)))[:MAX_PROBLEMS]
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass
class Source:
    """What was read of one file: its values, the line of each value, its faults so far.

    ``data`` is None when nothing usable could be read; then ``problems`` is not empty.
    """

    name: str
    data: dict[str, Any] | None = None
    lines: dict[Loc, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    noted: set[Loc] = field(default_factory=set)

    def line(self, loc: Loc) -> int:
        """The line of a field, or of the nearest thing around it that is in the file."""
        while loc and loc not in self.lines:
            loc = loc[:-1]
        return self.lines.get(loc, 1)

    def note(self, loc: Loc, reason: str, line: int | None = None) -> None:
        """Add a problem at a field, on its own line unless another is given."""
        found = line or self.line(loc)
        self.noted.add(loc)
        self.problems.append(Problem(self.name, found, field_name(loc), reason))

    def validate[M: BaseModel](self, model: type[M]) -> M | None:
        """The values as ``model``, or None with every fault added to ``problems``."""
        if self.data is None:
            return None
        unread = frozenset(self.noted)
        try:
            value = model.model_validate(self.data)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                loc = tuple(part for part in fault["loc"] if part != "[key]")
                # What could not be read needs no second complaint about its value.
                if loc not in unread:
                    self.note(loc, _reason(fault))
            return None
        return None if self.problems else value


def field_name(loc: Loc) -> str:
    """A path as authors read it: ``("probes", 2, "theme")`` is ``probes[2].theme``."""
    name = ""
    for part in loc:
        name += f"[{part}]" if isinstance(part, int) else f".{part}"
    return name.lstrip(".")


def read_yaml(name: str, text: str) -> Source:
    """Read one file; never raises: every fault is in the source's ``problems``."""
    source = Source(name)
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        source.note((), f"the file has {size} bytes; at most {MAX_BYTES} are read")
        return source
    try:
        value = _Builder(source, text).document()
    except _UnreadableError as error:
        source.note((), error.reason, error.line)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        source.note((), f"not readable as YAML: {_problem(error)}", mark.line + 1 if mark else 1)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        source.note((), f"holds a character that is not text (code {error.character})", line)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # PyYAML lets chr() and int() fail on impossible escapes and version numbers.
        source.note((), f"not readable as YAML: {str(error)[:120]}")
    else:
        if isinstance(value, dict):
            source.data = value
        elif not source.problems:
            source.note((), "the file must hold fields (name: value), not a list or one value")
    return source


class _UnreadableError(Exception):
    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line, self.reason = line, reason


class _Builder:
    """Builds values from the parser's events, so that limits hold before anything grows."""

    def __init__(self, source: Source, text: str) -> None:
        self.source = source
        self.nodes = 0
        self.events: Iterator[Any] = iter(yaml.parse(text, Loader=yaml.SafeLoader))

    def document(self) -> Any:
        """The value of the only document; raises _UnreadableError for none or several."""
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            raise _UnreadableError(1, "the file is empty")
        value = self.value((), next(self.events))
        next(self.events)
        more = next(self.events)
        if not isinstance(more, yaml.StreamEndEvent):
            raise _UnreadableError(more.start_mark.line + 1, "a second document begins here")
        return value

    def value(self, loc: Loc, event: Any) -> Any:
        line = event.start_mark.line + 1
        self.source.lines.setdefault(loc, line)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _UnreadableError(line, f"the file holds more than {MAX_NODES} values")
        if len(loc) > MAX_DEPTH:
            raise _UnreadableError(line, f"nested more than {MAX_DEPTH} levels deep")
        if isinstance(event, yaml.AliasEvent):
            self.source.note(loc, "aliases (*name) are not allowed; write the value out", line)
            return None
        if event.anchor is not None:
            self.source.note(loc, "anchors (&name) are not allowed", line)
        if event.tag is not None:
            self.source.note(loc, "tags (!name) are not allowed", line)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(loc)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(loc)
        return self.scalar(loc, event, line)

    def sequence(self, loc: Loc) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.value((*loc, len(items)), event))
        return items

    def mapping(self, loc: Loc) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        first: dict[str, int] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent) or not _KEY.fullmatch(event.value):
                reason = "a field name must be letters, digits, '_', '-' or '.'"
                raise _UnreadableError(line, reason)
            key: str = event.value
            if event.anchor is not None or event.tag is not None:
                self.source.note((*loc, key), "a field name takes no anchor or tag", line)
            self.source.lines.setdefault((*loc, key), line)
            # Building on keeps later faults in sight, even where the value is not wanted.
            value = self.value((*loc, key), next(self.events))
            if key in first:
                reason = f"given twice; first on line {first[key]}"
                self.source.note((*loc, key), reason, line)
            elif key in FORBIDDEN_KEYS:
                self.source.note((*loc, key), "this name is kept for Rasa's training data", line)
            else:
                entries[key] = value
            first.setdefault(key, line)
        return entries

    def scalar(self, loc: Loc, event: Any, line: int) -> str | int | bool | None:
        text: str = event.value
        if _SURROGATE.search(text):
            self.source.note(loc, "holds half a character (a lone surrogate)", line)
            return ""
        plain = event.implicit[0] and event.style is None
        if plain and text in _CONSTANTS:
            return _CONSTANTS[text]
        return int(text) if plain and _INTEGER.fullmatch(text) else text


def _problem(error: yaml.MarkedYAMLError) -> str:
    reason = str(error.problem or error.context or "unexpected end")
    return "a tab; indent with spaces" if r"'\t'" in reason else reason[:160]


def _reason(fault: Mapping[str, Any]) -> str:
    """A pydantic fault in an author's words."""
    kind, message = fault["type"], str(fault["msg"]).removeprefix("Value error, ")
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return "is not a field that belongs here"
    if kind == "string_type" and isinstance(fault["input"], int):
        return "must be a text; put it in quotes"
    if kind in ("enum", "literal_error", "string_pattern_mismatch"):
        return f"{message}; found {str(fault['input'])[:60]!r}"
    return message
