"""Masking identifiers before anything is stored, and cleaning a text for storage.

Only identifiers with a pattern are found; names of people are found in ``web/``. Where it is
unsure between a number and an identifier, a number with a valid check digit or a cue such
as "tel" before it is masked; bare numbers, years, doses, references and dates are not.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from study import redaction_national as national
from study import redaction_numbers as numbers
from study import redaction_words as words
from study.redaction_shadow import Shadow, Span

KINDS = (
    "web address",
    "email",
    "handle",
    "date of birth",
    "hospital number",
    "identity number",
    "NHS number",
    "account number",
    "card number",
    "phone",
    "postcode",
    "name",
)
"""What is masked. The placeholder of a kind is its name in square brackets.

Names are not found here: see ``web/redactor.py``."""

# In this order; what one finder takes is out of sight of the next. None: kept, but looked at
# no further.
_FINDERS: tuple[tuple[str | None, Callable[[str], Iterable[Span]]], ...] = (
    ("web address", words.web_addresses),
    ("handle", words.full_handles),
    ("email", words.emails),
    ("email", words.spelt_emails),
    (None, words.plain_web_addresses),
    ("handle", words.handles),
    ("date of birth", words.birth_dates),
    ("hospital number", words.hospital_numbers),
    ("NHS number", words.cued_nhs_numbers),
    ("identity number", numbers.lettered_identities),
    ("identity number", national.lettered),
    ("identity number", words.cued_identities),
    (None, numbers.references),
    ("account number", numbers.account_numbers),
    ("card number", numbers.card_numbers),
    ("phone", numbers.international_phones),
    ("identity number", numbers.chi_numbers),
    ("NHS number", numbers.nhs_numbers),
    ("identity number", numbers.tax_numbers),
    ("phone", numbers.american_phones),
    ("phone", numbers.national_phones),
    ("identity number", national.numeric),
    ("phone", numbers.spanish_phones),
    ("phone", numbers.cued_phones),
    ("identity number", national.nine_digits),
    ("postcode", numbers.postcodes),
)
MOST_MARKS = 30
"""No language piles more combining marks on one letter (Unicode's stream-safe limit)."""

PLACEHOLDER = re.compile(r"\[(?:" + "|".join(KINDS) + r")\]")
"""Stands in a masked text where an identifier was."""
_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_UNWANTED = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f]"  # control characters
    r"|[\u202a-\u202e\u2066-\u2069\u206a-\u206f]"  # bidi embeddings, overrides, isolates
)


@dataclass(frozen=True, slots=True)
class Redacted:
    """A masked text and how many identifiers of each kind (see KINDS) were masked."""

    text: str
    counts: dict[str, int] = field(default_factory=dict)


def redact(text: str) -> Redacted:
    """Mask the identifiers in ``text``; the rest stays as it was, character by character.

    Placeholders that are already there are left alone, and masking a masked text changes
    nothing. Never raises for any string.
    """
    counts: dict[str, int] = {}
    # Covering a find can bring what stood beside it into sight; each round masks at least
    # one more identifier, and a second one that finds nothing is the rule.
    while True:
        spans = _find(text)
        if not spans:
            return Redacted(text, counts)
        parts, place = [], 0
        for start, end, kind in sorted(spans):
            parts += [text[place:start], f"[{kind}]"]
            place = end
            counts[kind] = counts.get(kind, 0) + 1
        text = "".join([*parts, text[place:]])


def _find(text: str) -> list[tuple[int, int, str]]:
    shadow = Shadow(text, [m.span() for m in PLACEHOLDER.finditer(text)])
    found: list[tuple[int, int, str]] = []
    for kind, finder in _FINDERS:
        spans = _apart(finder(shadow.text))
        if spans:
            shadow.cover(spans)
        if kind is not None:
            found += [(*shadow.original(span), kind) for span in spans]
    return found


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Without those that begin within another; a number may be one in several countries."""
    kept: list[Span] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def clean(text: str) -> str:
    """The text as it is stored: NFC, lines ending in a newline, no trailing space.

    Control characters other than newline and tab are removed, and so are the bidi controls
    that can make a text read differently from what it says; the marks that Arabic and Hebrew
    need stay. A lone surrogate becomes U+FFFD, so the result always encodes to UTF-8. Of a run
    of combining marks at most MOST_MARKS are kept. Never raises; cleaning a clean text changes
    nothing.
    """
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    composed = unicodedata.normalize("NFC", _without_heaps(text))
    return "\n".join(line.rstrip() for line in composed.split("\n")).rstrip()


def _without_heaps(text: str) -> str:
    """``text`` with long runs of combining marks cut, which are slow to compose."""
    kept, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)
