"""National numbers of other countries: a form each, and the check that tells one from a
mere number. Linear like :mod:`study.redaction_numbers`.

A number of a register whose digits carry no more than one check digit is masked only as
people write it: in one piece or in the groups of its register.
"""

import re
from collections.abc import Callable, Iterator

from study import redaction_national_checks as checks
from study.redaction_shadow import Span, digit_spans

Check = Callable[[str], bool]
Shape = tuple[int, ...]

_I = re.IGNORECASE
_START = r"(?<![A-Z0-9\x00])(?<![0-9][.\-/])"
_END = r"(?![A-Z0-9\x00])(?![.\-/][0-9])"


def _form(body: str) -> re.Pattern[str]:
    return re.compile(_START + body + _END, _I)


_DAY = r"[0-3][0-9][01][0-9][0-9]{2}"
_YEAR_FIRST = r"[0-9]{2}[01][0-9][0-9]{2}"

_PPS = _form(r"[0-9]{7} ?[A-W][A-IW]?")
_NIR = _form(r"[1-4] ?[0-9]{2} ?[0-9]{2} ?[0-9][0-9AB] ?[0-9]{3} ?[0-9]{3} ?[0-9]{2}")
_PERSONNUMMER = _form(r"(?:19|20)?[0-9]{2}[01][0-9][0-9]{2}[-+][0-9]{4}")
_HETU = _form(_DAY + r"[-+A-FU-Y][0-9]{3}[0-9A-Y]")
_CPR = _form(_DAY + r"-[0-9]{4}")
_RIJKSREGISTER = _form(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}[- ][0-9]{3}[.\- ][0-9]{2}")
_AHV = _form(r"756\.[0-9]{4}\.[0-9]{4}\.[0-9]{2}")
_PAN = _form(r"[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z]")
_NRIC = _form(r"[STFG][0-9]{7}[A-Z]")
_CPF = _form(r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}")
_CHINESE = _form(r"[1-9][0-9]{5}(?:19|20)[0-9]{9}[0-9X]")
_CODICE = _form(r"[A-Z]{6}[0-9]{2}[A-EHLMPRST][0-9]{2}[A-Z][0-9]{3}[A-Z]")
_KOREAN = _form(_YEAR_FIRST + r"-[1-8][0-9]{6}")
_DRIVER = _form(r"[A-Z]{1,5}9{0,4}[0-9]{6}[A-Z9]{2}[A-Z0-9]{3}")
_NHI = re.compile(
    r"(?<![\w\x00])(?:NHI|national health index)\b[^0-9\n\x00]{0,24}?(?<![\w\x00])"
    r"(?P<value>[A-HJ-NP-Z]{3} ?[0-9]{2}[0-9A-HJ-NP-Z]{2})(?![\w\x00])",
    _I,
)


def _by_form(value: str) -> bool:
    return bool(value)


_LETTERED: tuple[tuple[re.Pattern[str], Check], ...] = (
    (_PPS, checks.is_pps),
    (_NIR, checks.is_nir),
    (_PERSONNUMMER, checks.is_personnummer),
    (_HETU, checks.is_hetu),
    (_CPR, checks.is_cpr),
    (_RIJKSREGISTER, checks.is_rijksregister),
    (_AHV, checks.is_ahv),
    (_NRIC, checks.is_nric),
    (_CPF, checks.is_cpf),
    (_CHINESE, checks.is_chinese),
    (_KOREAN, checks.is_korean),
    # Their form alone is like nothing else.
    (_PAN, _by_form),
    (_CODICE, _by_form),
    (_DRIVER, lambda value: len(value) == 16),
)

_DIGITS: tuple[tuple[int, frozenset[Shape], Check], ...] = (
    (16, frozenset({(16,), (4, 4, 4, 4)}), checks.is_health_identifier),
    (13, frozenset({(13,), (6, 4, 3), (6, 4, 2, 1)}), checks.is_south_african),
    (13, frozenset({(13,), (1, 6, 6)}), checks.is_cnp),
    (13, frozenset({(13,), (3, 4, 4, 2)}), checks.is_ahv),
    (12, frozenset({(12,), (4, 4, 4)}), checks.is_aadhaar),
    (12, frozenset({(12,)}), checks.is_personnummer),
    (11, frozenset({(11,), (6, 5)}), checks.is_fodselsnummer),
    (11, frozenset({(11,)}), checks.is_pesel),
    (11, frozenset({(11,), (6, 3, 2)}), checks.is_rijksregister),
    (11, frozenset({(11,)}), checks.is_cpf),
    (11, frozenset({(11,)}), checks.is_turkish),
    (10, frozenset({(10,), (4, 5, 1)}), checks.is_medicare),
)
_NINE: tuple[tuple[frozenset[Shape], Check], ...] = (
    (frozenset({(9,), (4, 2, 3), (3, 3, 3), (3, 2, 2, 2)}), checks.is_bsn),
    (frozenset({(9,), (3, 3, 3)}), checks.is_tax_file_number),
    (frozenset({(9,), (3, 3, 3)}), checks.is_social_insurance),
)


def lettered(text: str) -> Iterator[Span]:
    """Numbers with letters or signs of their own in them."""
    for m in _NHI.finditer(text):
        yield m.span("value")
    for pattern, valid in _LETTERED:
        for m in pattern.finditer(text):
            if valid(re.sub(r"[^A-Z0-9]", "", m.group().upper())):
                yield m.span()


def numeric(text: str) -> Iterator[Span]:
    """Numbers of ten digits or more."""
    for length, shapes, valid in _DIGITS:
        yield from digit_spans(text, length, " -", _accepts(length, shapes, valid))


def nine_digits(text: str) -> Iterator[Span]:
    """Dutch, Australian and Canadian numbers; round numbers are none."""
    for shapes, valid in _NINE:
        for start, end in digit_spans(text, 9, " -.", _accepts(9, shapes, valid)):
            if text[end - 3 : end] != "000":
                yield start, end


def _accepts(length: int, shapes: frozenset[Shape], valid: Check) -> Callable[[str, Shape], bool]:
    return lambda digits, shape: len(digits) == length and shape in shapes and valid(digits)
