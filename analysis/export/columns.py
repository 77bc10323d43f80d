"""The columns of the response log: what each holds, and how it is made."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_GUARDED = re.compile(r"'*[=+\-@\t\r]")


def guard(text: str) -> str:
    """Text that no spreadsheet takes for a formula; :func:`unguard` undoes it exactly."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguard(cell: str) -> str:
    """The text that :func:`guard` was given."""
    return cell[1:] if cell.startswith("'") and _GUARDED.match(cell) else cell


def course_code(study_public_id: str, context_id: int) -> str:
    """A code for a course within a study: the same in every export of that study, another
    in other studies, and made of nothing that the LMS knows."""
    return hashlib.sha256(f"course|{study_public_id}|{context_id}".encode()).hexdigest()[:12]


type Value = str | int | bool | datetime | list[str] | None


@dataclass(frozen=True, slots=True)
class Column:
    """``read`` takes the value from a result row; ``type`` is one of text, integer, boolean,
    moment and list. ``text`` columns are guarded against spreadsheet formulas, since their
    content comes from people or from packs."""

    name: str
    description: str
    read: Callable[[Any], Value]
    type: str = "text"
    text: bool = False

    def of(self, row: Any) -> str:
        """The value as a cell of CSV."""
        made = _cell(self.read(row))
        return guard(made) if self.text else made


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(value)
    return moment(value) if isinstance(value, datetime) else str(value)


def _plain(name: str) -> Callable[[Any], Value]:
    def read(row: Any) -> Value:
        value: Value = getattr(row, name)
        return value

    return read


def moment(at: datetime) -> str:
    """A moment as the export writes it: UTC, with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def label_of(row: Any) -> str:
    """The words of the point that was chosen, as they were shown."""
    options: Sequence[Any] = row.options
    if row.kind not in ("stance", "clarity") or not options:
        return ""
    if row.value is not None:
        return str(options[row.value - 1]) if 1 <= row.value <= len(options) else ""
    return str(options[-1]) if "cant_say" in row.flags else ""


def _options(row: Any) -> str:
    return json.dumps(row.options, ensure_ascii=False) if row.options else ""


def _flags(row: Any) -> list[str]:
    return sorted(str(flag) for flag in row.flags)


def _themes(row: Any) -> list[str]:
    return [f"{theme}@{where}" for theme, where in sorted(row.themes.items())]


def _course(row: Any) -> str:
    if row.context_id is None:
        return ""
    return course_code(row.study_public_id, row.context_id)


def _column(name: str, description: str, type_: str = "text", *, text: bool = False) -> Column:
    return Column(name, description, _plain(name), type_, text)


COLUMNS: tuple[Column, ...] = (
    _column("response_id", "Identifier of the response; the same in every export."),
    _column(
        "participant_code",
        "The person's code in this study. It is made from the course account with a key that is "
        "kept apart; the person finds it on their own page.",
    ),
    _column("attempt_id", "Identifier of the interview that the response belongs to."),
    _column("attempt_ordinal", "Which interview of this person it is, from 1.", "integer"),
    _column(
        "attempt_status",
        "How the interview ended: completed, stopped, distress, abuse or erased; open while it "
        "can go on. For one value a person, use the completed one with the lowest ordinal.",
    ),
    _column("consent_version", "Version of the consent text that the person's choices refer to."),
    _column("consent_given_at", "When these choices were made.", "moment"),
    _column(
        "may_be_quoted",
        "yes if the person agreed that short passages are quoted, else no.",
        "boolean",
    ),
    _column("role_view", "The view the person chose: learner or educator."),
    _column(
        "lms_role", "The role in the course. Class figures are about learners only.", text=True
    ),
    _column("profession", "Profession from the list offered; empty if none was given.", text=True),
    Column(
        "course_code",
        "Code of the course within this study; empty outside a course. It holds nothing of the "
        "course's title or number in the learning management system.",
        _course,
    ),
    _column("locale", "Language tag of the interview, e.g. en.", text=True),
    _column("pack_id", "The pack that the scenarios come from."),
    _column("pack_version", "Version of the pack.", "integer"),
    _column("scenario_id", "The case; empty for the questions that close the session."),
    _column("scenario_version", "Version of the case.", "integer"),
    _column("scenario_hash", "SHA-256 over the whole content of that version of the case."),
    _column(
        "step",
        "The question: stance (first view), open, thin_probe, theme_probe, twist (view of the "
        "changed case), twist_reason, clarity, policy_text, final_stance (first case again), "
        "case_close, session_common, session_clearer or ended.",
    ),
    _column(
        "policy_statement",
        "The institution's own statement that this interview shows for the case, as NAME/VERSION; "
        "empty where the case's example from elsewhere is shown.",
        text=True,
    ),
    _column("policy_status", "What that statement makes of the use, such as prohibited."),
    _column(
        "pilot", "The pilot that the statement was drawn in; empty where it is in force.", text=True
    ),
    _column("position", "Place of the case in the interview, from 0.", "integer"),
    _column(
        "probe_id",
        "Which probe was asked, if one was: of the case, or KIND.NUMBER of a neutral one.",
    ),
    _column("prompt_key", "Key of the question's text in the catalogue or the case."),
    _column("prompt_text", "The question exactly as it was shown.", text=True),
    Column(
        "options_shown",
        "The answers offered as buttons, as shown and in order: a JSON list; empty for open "
        "questions.",
        _options,
        text=True,
    ),
    _column(
        "kind",
        "stance, clarity, text, skip, or comment (words kept at a question without answering it).",
    ),
    _column(
        "value",
        "The point chosen, 1 to 5 from completely unacceptable (very unclear) to completely "
        "acceptable (very clear). Empty for can't say, for skipped and open questions, and where "
        "erased; never 0.",
        "integer",
    ),
    Column("label", "The words of the answer chosen, as shown.", label_of, text=True),
    Column(
        "flags",
        "Marks, separated by semicolons: cant_say, depends (the person wrote that it depends; "
        "value is 3), typed, thin, unstated, edited, stale, afterword and others.",
        _flags,
        "list",
    ),
    _column("words", "What the person wrote; identifiers and names were masked.", text=True),
    _column(
        "words_restricted",
        "yes if the words disclose something of the person or tell of distress: never quote these. "
        "They are left out unless they were asked for.",
        "boolean",
    ),
    Column(
        "themes_heard",
        "Themes that the program heard first in this answer, as theme@where, separated by "
        "semicolons. A machine's reading, never a human code.",
        _themes,
        "list",
        text=True,
    ),
    _column("model_version", "Version of the program that heard them.", text=True),
    _column("act", "What the turn was taken for, e.g. answer, skip, edit."),
    _column("revision_no", "1 for a first answer; higher for a changed one.", "integer"),
    _column("supersedes_response_id", "The earlier response that this one replaces."),
    _column(
        "superseded",
        "yes if a later response replaces this one; leave it out of counts.",
        "boolean",
    ),
    _column("shown_at", "When the question was shown.", "moment"),
    _column("submitted_at", "When the answer came in.", "moment"),
    _column(
        "erased_at",
        "When the person deleted the answer: value and words are gone and only the place is left.",
        "moment",
    ),
    _column("synthetic", "yes if the person is made up for trying the tool, else no.", "boolean"),
)


def data_dictionary() -> dict[str, str]:
    """Column → what it holds, in the order of the file."""
    return {column.name: column.description for column in COLUMNS}


def dictionary_page() -> str:
    """The text of ``docs/data-dictionary.md``."""
    guarded = ", ".join(f"`{column.name}`" for column in COLUMNS if column.text)
    rows = "\n".join(f"| `{c.name}` | {c.type} | {c.description} |" for c in COLUMNS)
    return f"""# Data dictionary of the response log

This page is made from `analysis/export/columns.py`; a test fails when it is out of date.

The export has one row for each response, also for those that a later answer replaces
(`superseded`) and for deleted ones (`erased_at`). It holds the responses of people who agree
to research now. Someone who has withdrawn is in no export from that moment on, with nothing
of what they said.

The same columns are in all forms of the log. JSONL and Parquet hold each value in its type: whole
numbers, yes and no as booleans, moments, lists of text, and nothing where there is none; texts in
them are as they were written, without the guard described below. The Parquet form is a folder with
a part for each month in which interviews began. What follows is about CSV and XLSX.

The file is UTF-8 with a byte order mark, comma-separated, quoted as in RFC 4180, with CRLF at
the end of rows. Line breaks within an answer stay as they were written. Times are UTC in ISO
8601 with milliseconds, e.g. `2026-03-02T09:30:00.000Z`. Yes and no are written as `yes` and
`no`. An empty cell means that there is no value. Rows are ordered by interview and then by the
order in which they were recorded.

A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a carriage return for a
formula. In columns of text such a cell is therefore written with an apostrophe before it, and
a cell that begins with apostrophes followed by one of these characters with one apostrophe
more. To get the text back, take one apostrophe off cells that begin with one or more
apostrophes followed by one of these characters. The columns concerned are: {guarded}.

| Column | Type | What it holds |
|---|---|---|
{rows}
"""
