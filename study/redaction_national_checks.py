"""Check digits of national numbers from other countries, as their registers publish them.

Every function takes the value in capitals without separators, in the length and the
alphabet of its pattern, and answers whether its check holds (dates included, where the
number begins with one).
"""

from collections.abc import Sequence
from datetime import date

from study.redaction_checks import is_luhn

_VERHOEFF_TURN = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)
_PPS_LETTERS = "WABCDEFGHIJKLMNOPQRSTUV"
_HETU_LETTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_NRIC_LETTERS = {"S": "JZIHGFEDCBA", "T": "JZIHGFEDCBA", "F": "XWUTRQPNMLK", "G": "XWUTRQPNMLK"}


def is_bsn(digits: str) -> bool:
    """Dutch: the eleven test."""
    return digits[:3] != "000" and _weighed(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0


def is_pps(value: str) -> bool:
    """Irish: modulus 23 over seven digits and the second letter, if there is one."""
    total = _weighed(value[:7], (8, 7, 6, 5, 4, 3, 2))
    if value[8:] and value[8] != "W":
        total += 9 * (ord(value[8]) - 64)
    return _PPS_LETTERS[total % 23] == value[7]


def is_tax_file_number(digits: str) -> bool:
    """Australian, nine digits."""
    return _weighed(digits, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0


def is_medicare(digits: str) -> bool:
    """Australian Medicare card: ten digits, the ninth a check."""
    return digits[0] in "23456" and _weighed(digits, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(
        digits[8]
    )


def is_health_identifier(digits: str) -> bool:
    """Australian healthcare identifiers: sixteen digits of issuer 80036, Luhn."""
    return digits.startswith("80036") and is_luhn(digits)


def is_social_insurance(digits: str) -> bool:
    """Canadian: nine digits, Luhn."""
    return digits[0] not in "08" and is_luhn(digits)


def is_nir(value: str) -> bool:
    """French: thirteen digits and their complement to 97; 2A and 2B are Corsica."""
    head = value[:13].replace("2A", "19").replace("2B", "18")
    return head.isdecimal() and 97 - int(head) % 97 == int(value[13:])


def is_pesel(digits: str) -> bool:
    """Polish: a day of birth (the month tells the century), and a check digit."""
    month = int(digits[2:4]) % 20
    total = _weighed(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1))
    return _is_day(digits[:2], str(month), digits[4:6]) and total % 10 == 0


def is_personnummer(digits: str) -> bool:
    """Swedish: a day of birth and the Luhn check of the last ten digits."""
    short = digits[-10:]
    day = int(short[4:6]) % 60  # co-ordination numbers add 60
    return _is_day(short[:2], short[2:4], str(day)) and is_luhn(short)


def is_hetu(value: str) -> bool:
    """Finnish: a day of birth, a sign for the century, a number and a check of modulus 31."""
    number = value[:6] + value[-4:-1]
    day = _is_day(value[4:6], value[2:4], value[:2])
    return day and _HETU_LETTERS[int(number) % 31] == value[-1]


def is_fodselsnummer(digits: str) -> bool:
    """Norwegian: a day of birth and two check digits."""
    first = _weighed(digits, (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)) % 11
    second = _weighed(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)) % 11
    return first == second == 0 and _is_day(digits[4:6], digits[2:4], str(int(digits[:2]) % 40))


def is_cpr(digits: str) -> bool:
    """Danish: begins with a day of birth (new numbers have no check digit)."""
    return _is_day(digits[4:6], digits[2:4], digits[:2])


def is_rijksregister(digits: str) -> bool:
    """Belgian: a day of birth, a number, and their complement to 97."""
    if not _is_day(digits[:2], digits[2:4], digits[4:6]):
        return False
    check = int(digits[9:])
    return check in (97 - int(century + digits[:9]) % 97 for century in ("", "2"))


def is_ahv(digits: str) -> bool:
    """Swiss: begins with 756, with the check digit of article numbers."""
    return digits.startswith("756") and _weighed(digits, (1, 3) * 6 + (1,)) % 10 == 0


def is_aadhaar(digits: str) -> bool:
    """Indian: twelve digits, Verhoeff."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        turned = int(digit)
        for _ in range(place % 8):
            turned = _VERHOEFF_TURN[turned]
        check = _in_dihedral_group(check, turned)
    return digits[0] not in "01" and check == 0


def is_nric(value: str) -> bool:
    """Singapore: a letter, seven digits, a check letter."""
    total = _weighed(value[1:8], (2, 7, 6, 5, 4, 3, 2)) + 4 * (value[0] in "TG")
    return _NRIC_LETTERS[value[0]][total % 11] == value[8]


def is_cpf(digits: str) -> bool:
    """Brazilian: two check digits of modulus 11."""
    if len(set(digits)) == 1:
        return False
    first = _weighed(digits[:9], range(10, 1, -1)) * 10 % 11 % 10
    second = _weighed(digits[:10], range(11, 1, -1)) * 10 % 11 % 10
    return digits[9:] == f"{first}{second}"


def is_south_african(digits: str) -> bool:
    """South African: a day of birth, a sign of citizenship, Luhn."""
    day = _is_day(digits[:2], digits[2:4], digits[4:6])
    return day and digits[10] in "012" and is_luhn(digits)


def is_chinese(value: str) -> bool:
    """Chinese: a day of birth in full, modulus 11."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(value[:17]))
    check = "10X98765432"[total % 11]
    return _is_day(value[8:10], value[10:12], value[12:14]) and check == value[17]


def is_turkish(digits: str) -> bool:
    """Turkish: eleven digits, two checks."""
    odd, even = (sum(map(int, digits[start:9:2])) for start in (0, 1))
    tenth = (odd * 7 - even) % 10
    return digits[9:] == f"{tenth}{(odd + even + tenth) % 10}"


def is_cnp(digits: str) -> bool:
    """Romanian: a day of birth after the first digit, modulus 11."""
    total = _weighed(digits, (2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)) % 11
    day = _is_day(digits[1:3], digits[3:5], digits[5:7])
    return day and int(digits[12]) == (1 if total == 10 else total)


def is_korean(digits: str) -> bool:
    """Korean: begins with a day of birth."""
    return _is_day(digits[:2], digits[2:4], digits[4:6])


def is_health_index(value: str) -> bool:
    """New Zealand: three letters without I and O, three digits, a check of modulus 11."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    total = sum((letters.index(char) + 1) * (7 - place) for place, char in enumerate(value[:3]))
    total += _weighed(value[3:6], (4, 3, 2))
    return total % 11 != 0 and (11 - total % 11) % 10 == int(value[6])


def _weighed(digits: str, weights: Sequence[int]) -> int:
    """The sum of digits times weights, to the end of the shorter."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _in_dihedral_group(left: int, right: int) -> int:
    """The product of two elements of the symmetry group of the pentagon."""
    if left < 5:
        return (left + right) % 5 + 5 * (right >= 5)
    return (left - right) % 5 + 5 * (right < 5)


def _is_day(year: str, month: str, day: str) -> bool:
    """Whether the two-digit year, month and day name a day of 1900..1999 or 2000..2099."""
    for century in (1900, 2000):
        try:
            date(century + int(year), int(month), int(day))
        except ValueError:
            continue
        return True
    return False
