"""Identifiers that are found by their form or by the words before them: addresses, names on
the net, dates of birth, numbers that a text introduces.

Every pattern is linear: each repetition is bounded or possessive, so a start costs at most a
constant, and a match is never looked at twice.
"""

import re
from collections.abc import Iterator

from study.redaction_shadow import Span

_I = re.IGNORECASE

_URL = re.compile(
    r"(?:https?://|ftp://|www\.)[^\s<>\"\x00]{1,1000}+"
    r"|(?<![\w@.\-/\x00])(?:[\w-]{1,63}+\.){1,5}[a-z]{2,24}(?::[0-9]{1,5})?/[^\s<>\"\x00]{1,1000}+",
    _I,
)
_USER_PART = re.compile(
    r"@|/~|/(?:in|u|users?|profiles?|people|person|members?|staff)/[^/?#]"
    r"|[?&](?:user(?:name|id)?|uid|e?-?mail|login|name|student|patient|nhs|mrn)="
    r"|(?:^|[/.])(?:twitter|x|instagram|facebook|fb|tiktok|threads|github|gitlab|snapchat|orcid)"
    r"\.(?:com|net|org)/[^/?#]"
    r"|(?:^|/)(?:t|wa)\.me/[^/?#]|bsky\.app/profile/",
    _I,
)
_DOMAIN = re.compile(r" ?(?:[\w-]{1,63}+\.){1,6}[^\W\d_]{2,24}+(?!_)")
_SPELT_EMAIL = re.compile(
    r"(?<![\w.+\x00-])(?!(?:me|us|him|her|them|it|is|am|are|reach|mail|e-?mail|look|looked) )"
    r"(?:[\w-]{1,30}+ (?:dot|punto|punkt) ){0,3}[\w.+-]{1,64}+ ?(?:"
    r"[\[({](?:at|arroba)[\])}] ?[\w-]{1,63}+(?: ?(?:[\[({](?:dot|punto|punkt)[\])}]|\."
    r"| (?:dot|punto|punkt) ) ?[\w-]{2,63}+){1,4}"
    r"|(?:at|arroba) [\w-]{1,63}+(?: (?:dot|punto|punkt) [\w-]{2,63}+){1,4})",
    _I,
)
_HANDLE = re.compile(r"(?<![\w@\x00])@[^\W\d][\w.-]{0,29}\w")
_FULL_HANDLE = re.compile(_HANDLE.pattern + r"@(?:[\w-]{1,63}+\.){1,5}[^\W\d_]{2,24}")
_LOCAL_MARKS = frozenset(".+-_%'&*=~^!#$/?`{|}")

_MONTH = (
    r"(?:jan|feb|m[aä]r|apr|abr|ma[iy]|jun|jul|aug|ago|sep|o[ck]t|nov|de[cz]|ene|dic)"
    r"[a-zä]{0,7}+\.?"
)
_YEAR = r"(?:[0-9]{4}|'?[0-9]{2})(?![0-9\x00])"
_GAP = r" {0,2}[./\-] {0,2}"
_DATE = (
    rf"(?:[0-9]{{4}}{_GAP}[0-9]{{1,2}}{_GAP}[0-9]{{1,2}}(?![0-9\x00])"
    rf"|[0-9]{{1,2}}(?:{_GAP}| )[0-9]{{1,2}}(?:{_GAP}| ){_YEAR}"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th|\.|o)? ?-?(?:of |de )?{_MONTH}(?:,? ?-?(?:of |del? )?{_YEAR})?"
    rf"|{_MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?(?:,? ?{_YEAR})?(?![0-9\x00])"
    r")"
)
_BIRTH_LABEL = (
    r"(?:d\.? ?o\.? ?b\b\.?|dates? of birth|birth ?-?dates?|geburtsdatum|geb\."
    r"|fecha de nac(?:imiento|\.)|f\.? ?(?:de )?nac\.?)"
)
_BIRTH_WORD = (
    r"(?:born|birthday|b-?day|geb(?:oren)?|geburtstag|nac(?:id[oa]s?|imiento|i|í|io|ió)"
    r"|cumpleaños)"
)
_FILLER = r"[\s:,.=(\-]{0,4}(?:(?:is|was|on|the|el|es|am|den|ist|war|at)\s){0,3}"
_BIRTH = re.compile(
    rf"(?<![\w\x00]){_BIRTH_LABEL}{_FILLER}(?P<labelled>{_DATE}"
    r"|(?:[0-9]{8}|[0-9]{6}|[0-9]{4})(?![0-9\x00]))"
    rf"|(?<![\w\x00]){_BIRTH_WORD}{_FILLER}(?:[^\W\d_]{{1,20}}+,? ){{0,4}}?(?P<told>{_DATE})"
    rf"|(?<![0-9\x00])(?P<before>{_DATE})\s?\(?{_BIRTH_LABEL}",
    _I,
)

_NUMBER_WORD = r"(?:\s?-?(?:number|nummer|n[uú]mero|num|no|nr|identifier|id|pin|ref|code|card))"
_IS = (
    r"(?:'?s(?![\w\x00]))?\.?[\s:#=.,(\-]{0,4}"
    r"(?:(?:is|was|are|es|ist|[eé]|like|such as|e\.?g\.?|n\.?o\.?|nr\.?)\s?[:#]?\s?)?"
)
_VALUE = (
    r"(?P<value>[a-z]{0,4}[ /-]?[0-9][0-9a-z]{0,15}+"
    r"(?:[/-][0-9a-z]{1,12}+| [0-9]{5} [0-9](?![\w\x00])| [0-9]{3,12}+){0,4})"
)
_HOSPITAL = re.compile(
    r"(?<![\w\x00])(?:MRN|NHC"
    rf"|(?:hosp(?:ital)?\.?|patient(?:'?s)?|pt\.?|unit|case(?: ?note)?|chart|record){_NUMBER_WORD}"
    rf"|medical record{_NUMBER_WORD}?|(?:n[uú]mero de )?historia cl[ií]nica{_NUMBER_WORD}?"
    rf"|patienten-?(?:nummer|nr|id)|fall-?(?:nummer|nr)){_IS}{_VALUE}(?![\w\x00])",
    _I,
)
_REGISTERS = (
    "GMC|NMC|HCPC|GDC|GPhC|GOC|GCC|GOsC|PSNI|SSSC|AHPRA|SSN|NINO|DNI|NIE|NIF|CHI|BSN|PPSN?|TFN|IHI"
    "|PESEL|HETU|AHV|AVS|NIR|CPF|NRIC|FIN|SIN|PAN|aadhaar|UPN|ULN|UCAS"
)
_IDENTITY = re.compile(
    rf"(?<![\w\x00])(?:(?:student|stud\.?|candidate|exam(?:ination)?|matriculation|enrolment|staff"
    rf"|employee|payroll|participant|registration|driving licen[cs]e|national insurance|NI"
    r"|insurance|social (?:security|insurance)|seguridad social|tax file|medicare(?: card)?)"
    rf"(?:{_NUMBER_WORD})"
    rf"|(?:passport|pasaporte|{_REGISTERS}|medicare){_NUMBER_WORD}?"
    r"|(?:matrikel|reisepass|personalausweis|versicherten|ausweis|sozialversicherungs"
    r"|rentenversicherungs|burgerservice|rijksregister|person|f[oø]dsels)-?(?:nummer|nr)"
    rf"|steuer-?(?:id|nummer)){_IS}{_VALUE}(?![\w\x00])",
    _I,
)
_NHS_CUED = re.compile(
    rf"(?<![\w\x00])(?:NHS|H&?C){_NUMBER_WORD}?{_IS}"
    r"(?P<value>(?:[0-9][ .\-]{0,2}){9}[0-9])(?![0-9\x00])",
    _I,
)


def web_addresses(text: str) -> Iterator[Span]:
    """Web addresses that name a person: a user, a profile, an address with @."""
    return (span for span, user in _urls(text) if user)


def plain_web_addresses(text: str) -> Iterator[Span]:
    """Web addresses that name no person; numbers in them are left alone."""
    return (span for span, user in _urls(text) if not user)


def _urls(text: str) -> Iterator[tuple[Span, bool]]:
    for m in _URL.finditer(text):
        url = m.group().rstrip(".,;:!?)]}'")
        yield (m.start(), m.start() + len(url)), bool(_USER_PART.search(url))


def emails(text: str) -> Iterator[Span]:
    """E-mail addresses, also with spaces about the @."""
    done = 0
    at = text.find("@")
    while at >= 0:
        end = at - 1 if text[at - 1 : at] == " " else at
        start = end
        while start > max(done, end - 64) and _is_local(text[start - 1]):
            start -= 1
        while start < end and not text[start].isalnum():
            start += 1
        domain = _DOMAIN.match(text, at + 1) if start < end else None
        if domain:
            done = domain.end()
            yield start, done
        at = text.find("@", max(at + 1, done))


def _is_local(char: str) -> bool:
    return char.isalnum() or char in _LOCAL_MARKS


def spelt_emails(text: str) -> Iterator[Span]:
    """E-mail addresses with "at" and "dot" in words."""
    return (m.span() for m in _SPELT_EMAIL.finditer(text))


def full_handles(text: str) -> Iterator[Span]:
    """Names on social media with their server: @name@server."""
    return (m.span() for m in _FULL_HANDLE.finditer(text))


def handles(text: str) -> Iterator[Span]:
    """Names on social media that begin with @."""
    return (m.span() for m in _HANDLE.finditer(text))


def birth_dates(text: str) -> Iterator[Span]:
    """Dates that the words before or behind them call a date of birth."""
    for m in _BIRTH.finditer(text):
        yield m.span(m.lastgroup or 0)


def hospital_numbers(text: str) -> Iterator[Span]:
    """Numbers of patients and cases that are introduced as such; four digits or more."""
    return _cued(_HOSPITAL, text, 4)


def cued_identities(text: str) -> Iterator[Span]:
    """Numbers introduced as those of a student, passport, register …; five digits or more."""
    return _cued(_IDENTITY, text, 5)


def cued_nhs_numbers(text: str) -> Iterator[Span]:
    """Ten digits introduced as an NHS number, whatever their check digit."""
    return _cued(_NHS_CUED, text, 10)


def _cued(pattern: re.Pattern[str], text: str, digits: int) -> Iterator[Span]:
    for m in pattern.finditer(text):
        if sum(c.isdigit() for c in m.group("value")) >= digits:
            yield m.span("value")
