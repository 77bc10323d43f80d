"""The course gradebook: columns (line items) and grades, with Moodle's rules."""

import threading
from dataclasses import dataclass, replace

from sandbox.errors import ServiceRefusedError
from sandbox.scores import Score


@dataclass(frozen=True)
class Column:
    """A grade column. ``own``: it came with the activity, not from the tool."""

    id: int
    label: str
    maximum: float
    resource_id: str = ""
    tag: str = ""
    resource_link_id: str | None = None
    own: bool = False


@dataclass(frozen=True)
class Grade:
    """One person's grade in one column, on the column's scale."""

    value: float
    comment: str
    timestamp: int
    overridden: bool = False


class Gradebook:
    """Columns by id and grades by (column, sub). Safe to use from several threads."""

    def __init__(self) -> None:
        self._columns: dict[int, Column] = {}
        self._grades: dict[tuple[int, str], Grade] = {}
        self._next_id = 1
        self._lock = threading.RLock()

    def columns(self) -> list[Column]:
        """All columns, oldest first."""
        with self._lock:
            return list(self._columns.values())

    def column(self, column_id: int) -> Column:
        """One column.

        Raises:
            ServiceRefusedError: 404, there is none.
        """
        with self._lock:
            try:
                return self._columns[column_id]
            except KeyError:
                raise ServiceRefusedError(404, f"no line item {column_id}") from None

    def grades(self, column_id: int) -> dict[str, Grade]:
        """Grades of one column by sub, in the order of their first arrival."""
        with self._lock:
            return {sub: grade for (key, sub), grade in self._grades.items() if key == column_id}

    def add(
        self,
        label: str,
        maximum: float,
        *,
        resource_id: str = "",
        tag: str = "",
        resource_link_id: str | None = None,
        own: bool = False,
    ) -> Column:
        """A new column."""
        with self._lock:
            column = Column(self._next_id, label, maximum, resource_id, tag, resource_link_id, own)
            self._next_id += 1
            self._columns[column.id] = column
            return column

    def change(
        self, column_id: int, label: str, maximum: float, *, resource_id: str, tag: str
    ) -> Column:
        """Replace a column's properties; grades keep their share of the maximum."""
        with self._lock:
            old = self.column(column_id)
            new = replace(old, label=label, maximum=maximum, resource_id=resource_id, tag=tag)
            self._columns[column_id] = new
            for key, grade in self._grades.items():
                if key[0] == column_id:
                    scaled = grade.value * maximum / old.maximum
                    self._grades[key] = replace(grade, value=scaled)
            return new

    def remove(self, column_id: int) -> None:
        """Delete a column that the tool made, with its grades.

        Raises:
            ServiceRefusedError: 404, there is none; 403, it is the activity's own.
        """
        with self._lock:
            if self.column(column_id).own:
                raise ServiceRefusedError(403, "the activity's own line item stays")
            del self._columns[column_id]
            for key in [key for key in self._grades if key[0] == column_id]:
                del self._grades[key]

    def record(self, column_id: int, sub: str, score: Score) -> None:
        """Take a score in, by Moodle's rules.

        It must be later by a whole second than the one before. It is rescaled to the
        column and clamped. A score that is not fully graded, or without a number,
        erases the grade; a missing comment erases the comment. A grade that the
        teacher has overridden keeps its value.

        Raises:
            ServiceRefusedError: 404, no such column; 409, not later.
        """
        with self._lock:
            column = self.column(column_id)
            key = (column_id, sub)
            old = self._grades.get(key)
            if old is not None and score.timestamp <= old.timestamp:
                raise ServiceRefusedError(409, "a score must be a whole second later than the last")
            if old is not None and old.overridden:
                self._grades[key] = replace(old, timestamp=score.timestamp)
            elif score.erases or score.given is None:
                self._grades.pop(key, None)
            else:
                value = min(max(score.given / score.maximum, 0.0), 1.0) * column.maximum
                self._grades[key] = Grade(value, score.comment, score.timestamp)

    def override(self, column_id: int, sub: str, value: float, now: float) -> None:
        """The teacher sets a grade by hand; later scores no longer change it."""
        with self._lock:
            self.column(column_id)
            old = self._grades.get((column_id, sub))
            timestamp = old.timestamp if old else int(now)
            comment = old.comment if old else ""
            self._grades[column_id, sub] = Grade(value, comment, timestamp, overridden=True)
