"""Identifiers that are numbers: health, identity, bank and telephone numbers, postcodes.

Linear like :mod:`study.redaction_words`, and for the same reasons.
"""

import re
from collections.abc import Callable, Iterator

from study import redaction_checks as checks
from study.redaction_shadow import Span, digit_spans

_I = re.IGNORECASE

_REFERENCE = re.compile(
    r"(?<![0-9\x00])10\.[0-9]{4,9}/[^\s\x00]{1,200}+"
    r"|(?<![\w\x00])(?:ISBN|ISSN|PMID|PMCID|PMC|arXiv)(?:-1[03])?[\s:]{0,3}"
    r"[0-9][0-9.\-]{3,20}+X?"
    r"|(?<![0-9\x00])(?<![0-9\x00][\-/.])[0-3]?[0-9]([./\-])[0-3]?[0-9]\1(?:19|20)[0-9]{2}"
    r"(?![0-9\x00])"
    r"|(?<![0-9\x00])(?:19|20)[0-9]{2}([./\-])[01]?[0-9]\2[0-3]?[0-9](?![0-9\x00])",
    _I,
)
_INSURANCE = re.compile(
    r"(?<![A-Z0-9\x00])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-TW-Z][A-CEGHJ-NP-TW-Z]"
    r"[ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[A-D](?![A-Z0-9\x00])",
    _I,
)
_SSN = re.compile(
    r"(?<![0-9\-./\x00])(?!000|666|9)[0-9]{3}([ \-])(?!00)[0-9]{2}\1(?!0000)[0-9]{4}"
    r"(?![\w\x00]|-[0-9])"
)
_DNI = re.compile(
    r"(?<![A-Z0-9\x00])(?:[0-9]{8}|[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}|[XYZ][ -]?[0-9]{7})"
    r"[ -]?[A-Z](?![A-Z0-9\x00])",
    _I,
)
_KVNR = re.compile(r"(?<![A-Z0-9\x00])[A-Z][0-9]{9}(?![A-Z0-9\x00])", _I)
_PENSION = re.compile(
    r"(?<![A-Z0-9\x00])[0-9]{2} ?(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2}"
    r" ?[A-Z] ?[0-9]{3}(?![A-Z0-9\x00])",
    _I,
)
_ORCID = re.compile(r"(?<![0-9\x00])000[0-9]-000[0-9]-[0-9]{4}-[0-9]{3}[0-9X](?![\w\x00])", _I)
_IBAN_START = re.compile(r"(?<![A-Z0-9\x00])[A-Z]{2}[0-9]{2}(?=[ -]?[A-Z0-9])", _I)

_INTERNATIONAL = re.compile(
    r"(?:\+ ?[1-9]|(?<![0-9.,:/\-\x00])00 ?[1-9])(?:[ ().\-/]{0,3}[0-9]){7,14}(?![0-9\x00])"
)
_AMERICAN = re.compile(
    r"(?<![\w.,\x00])(?:1[ .\-])?(?:\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[ .\-]?"
    r"|[2-9][0-9]{2}[ .\-][2-9][0-9]{2}[ .\-])[0-9]{4}(?![\w%\x00]|[.,\-][0-9])"
)
_CALL = re.compile(
    r"(?<![\w\x00])(?:tel(?:ephone|efon|[eé]fono)?|phone|mobile|mob|cell|ring|call|text|sms|whatsapp"
    r"|fax|handy|m[oó]vil|ll[aá]m[a-zé]{1,5}+|anrufen|ruf)(?:\s(?:me|us|her|him|them|on|at|is|no"
    r"|number|nr|nummer|n[uú]mero|es|ist|al|mich|unter|an)){0,3}[.:]?[ :#]{0,3}"
    r"(?P<value>\(?[0-9](?:[ ().\-/]{0,3}[0-9]){6,14})(?![0-9\x00])"
    r"|(?<![\w\x00])(?:bleep|pager|dect|extn?\.?)(?: (?:me|on|no|number|is)){0,2}[ :#]{0,2}"
    r"(?P<bleep>[0-9]{3,6})(?![0-9\x00])",
    _I,
)
_POSTCODE = re.compile(
    r"(?<![A-Z0-9\x00])(?:GIR ?0AA|[A-PR-UWYZ](?:[0-9][A-HJKPSTUW0-9]?"
    r"|[A-HK-Y][0-9][ABEHMNPRVWXY0-9]?) ?[0-9][ABD-HJLNP-UW-Z]{2})(?![A-Z0-9\x00])",
    _I,
)
_NOT_INWARD = ("st", "nd", "rd", "th", "ug", "hr", "yr", "wk", "pt", "ft", "lb", "gb", "tb", "pp")
"""Endings that in lower case are rather an ordinal or a unit ("B12 5ug", "S1 2nd")."""

_NHS_SHAPES = {(10,), (3, 3, 4), (3, 4, 3), (4, 3, 3), (3, 7), (4, 6), (6, 4), (5, 5), (1,) * 10}
_TAX_SHAPES = {(11,), (2, 3, 3, 3), (3, 3, 3, 2), (2, 9), (1,) * 11}
_SPANISH_SHAPES = {(9,), (3, 3, 3), (3, 2, 2, 2), (2, 3, 2, 2), (3, 6)}


def references(text: str) -> Iterator[Span]:
    """What looks like an identifier and is not: DOIs, book and article numbers, dates."""
    return (m.span() for m in _REFERENCE.finditer(text))


def account_numbers(text: str) -> Iterator[Span]:
    """IBANs with a valid check, also in groups."""
    for m in _IBAN_START.finditer(text):
        wanted = checks.iban_length(m.group()[:2].upper())
        value, place = m.group(), m.end()
        while len(value) < wanted and place < len(text):
            if text[place] in " -" and text[place + 1 : place + 2].isalnum():
                place += 1
            if not (text[place].isascii() and text[place].isalnum()):
                break
            value += text[place]
            place += 1
        if wanted and not text[place : place + 1].isalnum() and checks.is_iban(value.upper()):
            yield m.start(), place


def card_numbers(text: str) -> Iterator[Span]:
    """Payment cards with a valid check, as cards are written."""
    return digit_spans(
        text, 19, " -", lambda digits, shape: _card_shape(shape) and checks.is_card_number(digits)
    )


def _card_shape(shape: tuple[int, ...]) -> bool:
    fours = all(n == 4 for n in shape[:-1]) and shape[-1] <= 4
    return len(shape) == 1 or fours or shape in {(4, 6, 5), (4, 6, 4)} or set(shape) == {1}


def chi_numbers(text: str) -> Iterator[Span]:
    """CHI numbers: the check digit, and six digits that are a date."""
    return digit_spans(
        text,
        10,
        " -",
        lambda digits, shape: shape in {(10,), (6, 4)} and checks.is_chi_number(digits),
    )


def nhs_numbers(text: str) -> Iterator[Span]:
    """Ten digits with a valid NHS check digit, in the groups in which they are written."""
    return digit_spans(
        text,
        10,
        " -.",
        lambda digits, shape: shape in _NHS_SHAPES and checks.is_nhs_number(digits),
        after_letters=True,
    )


def tax_numbers(text: str) -> Iterator[Span]:
    """German tax numbers with a valid check digit."""
    return digit_spans(
        text, 11, " -/", lambda digits, shape: shape in _TAX_SHAPES and checks.is_steuer_id(digits)
    )


def lettered_identities(text: str) -> Iterator[Span]:
    """National insurance, social security, DNI and NIE, German insurance, ORCID numbers."""
    for pattern, valid in _LETTERED:
        for m in pattern.finditer(text):
            if valid(re.sub(r"[^A-Z0-9]", "", m.group().upper())):
                yield m.span()


def _as_written(value: str) -> bool:
    return bool(value)


_LETTERED: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = (
    (_ORCID, _as_written),
    (_INSURANCE, _as_written),
    (_SSN, _as_written),
    (_PENSION, _as_written),
    (_DNI, checks.is_dni),
    (_KVNR, checks.is_kvnr),
)


def cued_phones(text: str) -> Iterator[Span]:
    """Numbers that the words before them call a telephone or a pager."""
    for m in _CALL.finditer(text):
        yield m.span(m.lastgroup or 0)


def international_phones(text: str) -> Iterator[Span]:
    """Telephone numbers that begin with + or 00."""
    return (_opened(text, *m.span()) for m in _INTERNATIONAL.finditer(text))


def american_phones(text: str) -> Iterator[Span]:
    """Ten-digit North American telephone numbers as they are written."""
    return (m.span() for m in _AMERICAN.finditer(text))


def national_phones(text: str) -> Iterator[Span]:
    """British and German telephone numbers: from 0, nine to thirteen digits."""
    for start, end in digit_spans(text, 13, " -/()", _is_national, prefer=(11, 10, 12, 13, 9)):
        yield _opened(text, start, end)


def _opened(text: str, start: int, end: int) -> Span:
    """The span with the bracket before it, if its pair is within."""
    number = text[start:end]
    if start and text[start - 1] == "(" and number.count(")") > number.count("("):
        return start - 1, end
    return start, end


def _is_national(digits: str, shape: tuple[int, ...]) -> bool:
    grouped = shape[0] >= 3 and min(shape) >= 2 and len(shape) <= 5
    return 9 <= len(digits) <= 13 and digits[0] == "0" != digits[1] and grouped


def spanish_phones(text: str) -> Iterator[Span]:
    """Spanish telephone numbers: nine digits from 6 to 9."""
    return digit_spans(
        text,
        9,
        " -",
        lambda digits, shape: (
            shape in _SPANISH_SHAPES and digits[0] in "6789" and not digits.endswith("000000")
        ),
    )


def postcodes(text: str) -> Iterator[Span]:
    """Full British postcodes; a first half alone stays."""
    return (m.span() for m in _POSTCODE.finditer(text) if m.group()[-2:] not in _NOT_INWARD)
