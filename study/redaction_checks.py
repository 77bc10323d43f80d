"""The check digits of identifiers: whether a string of digits is one, or only a number."""

from datetime import date

_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"

_IBAN_LENGTHS = {
    code: int(length)
    for length, codes in (
        (15, "NO"), (16, "BE"), (18, "DK FI FO GL NL"), (19, "MK SI"), (20, "AT BA EE LT LU XK"),
        (21, "CH HR LI LV"), (22, "BG BH DE GB GE IE ME RS"), (23, "AE GI IL IQ TL"),
        (24, "AD CZ ES MD PK RO SA SE SK TN VA"), (25, "LY PT ST"), (26, "IS TR"),
        (27, "BI DJ FR GR IT MC SM"), (28, "AL AZ BY CY DO GT HU LB NI PL SV"),
        (29, "BR EG PS QA UA"), (30, "JO KW MU"), (31, "MT SC"), (32, "LC"), (33, "RU"),
    )
    for code in codes.split()
}  # fmt: skip


def is_nhs_number(digits: str) -> bool:
    """Ten digits whose last is the modulus 11 check of the other nine."""
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    check = -sum(int(d) * (10 - i) for i, d in enumerate(digits[:9])) % 11
    return check == int(digits[9])


def is_chi_number(digits: str) -> bool:
    """A Scottish CHI number: an NHS check digit, and a date of birth in front."""
    return is_nhs_number(digits) and _is_day(digits[4:6], digits[2:4], digits[:2])


def is_luhn(digits: str) -> bool:
    """Whether the digits pass the Luhn check of payment cards."""
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits))]
    return sum(n - 9 * (n > 9) for n in doubled) % 10 == 0


def is_card_number(digits: str) -> bool:
    """Thirteen to nineteen digits that begin as cards do and pass the Luhn check."""
    return 13 <= len(digits) <= 19 and digits[0] in "3456" and is_luhn(digits)


def is_steuer_id(digits: str) -> bool:
    """A German tax number: eleven digits, ISO 7064 (11, 10); among the first ten exactly
    one digit comes twice or three times."""
    if len(digits) != 11 or digits[0] == "0":
        return False
    repeats = sorted(digits[:10].count(d) for d in set(digits[:10]))
    if repeats[-1] not in (2, 3) or repeats[-2] != 1:
        return False
    product = 10
    for d in digits[:10]:
        product = ((int(d) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(digits[10])


def is_dni(value: str) -> bool:
    """A Spanish DNI (8 digits) or NIE (X, Y or Z and 7 digits) with its check letter."""
    first = {"X": "0", "Y": "1", "Z": "2"}.get(value[0], value[0])
    number = first + value[1:-1]
    return number.isdecimal() and _DNI_LETTERS[int(number) % 23] == value[-1]


def is_kvnr(value: str) -> bool:
    """A German health insurance number: a letter and nine digits, the last a check."""
    digits = f"{ord(value[0]) - 64:02d}{value[1:9]}"
    products = [int(d) * (1 + i % 2) for i, d in enumerate(digits)]
    return sum(n - 9 * (n > 9) for n in products) % 10 == int(value[9])


def iban_length(country: str) -> int:
    """How long an IBAN of that country is; 0 for a country that has none."""
    return _IBAN_LENGTHS.get(country, 0)


def is_iban(value: str) -> bool:
    """An IBAN in capitals without spaces, by length and ISO 7064 (97, 10)."""
    if len(value) != iban_length(value[:2]):
        return False
    return int("".join(str(int(c, 36)) for c in value[4:] + value[:4])) % 97 == 1


def _is_day(year: str, month: str, day: str) -> bool:
    try:
        date(2000 + int(year), int(month), int(day))
    except ValueError:
        return False
    return True
