"""Masking: identifiers go, ordinary words and numbers stay, hostile text costs no more."""

import re
from re import _constants, _parser  # type: ignore[attr-defined]

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from study import (
    redaction,
    redaction_national,
    redaction_numbers,
    redaction_shadow,
    redaction_words,
)
from study import redaction_checks as checks
from study.redaction import KINDS, redact

IDENTIFIERS = [
    ("email", "jane.doe@nhs.net"),
    ("email", "o'neil+tag@mail.example.co.uk"),
    ("email", "jane.doe @ example.org"),
    ("email", "jane [at] example [dot] org"),
    ("email", "jane at example dot org"),
    ("email", "j\u00f6rg@m\u00fcller-klinik.de"),
    ("email", "jane\u200b@\u200bexample.org"),
    ("email", "jane\uff20example\uff0eorg"),
    ("phone", "07700 900123"),
    ("phone", "07700900123"),
    ("phone", "(020) 7946 0958"),
    ("phone", "0161 496 0000"),
    ("phone", "01632-960-001"),
    ("phone", "+44 (0)20 7946 0958"),
    ("phone", "+44\u00a07700\u00a0900\u2013123"),
    ("phone", "0049 30 901820"),
    ("phone", "(555) 234-5678"),
    ("phone", "555-234-5678"),
    ("phone", "555.234.5678"),
    ("phone", "+1 555 234 5678"),
    ("phone", "612 345 678"),
    ("phone", "612 34 56 78"),
    ("phone", "+34 612345678"),
    ("phone", "030 123456"),
    ("phone", "0171/1234567"),
    ("phone", "\uff10\uff17\uff17\uff10\uff10 \uff19\uff10\uff10\uff11\uff12\uff13"),
    ("phone", "\u0660\u0667\u0667\u0660\u0660 \u0669\u0660\u0660\u0661\u0662\u0663"),
    ("NHS number", "9434765919"),
    ("NHS number", "943 476 5919"),
    ("NHS number", "943-476-5919"),
    ("NHS number", "943\u2013476\u20135919"),
    ("NHS number", "943\u00a0476\u200b5919"),
    ("NHS number", "9\u200b4\u200b3\u200b4\u200b7\u200b6\u200b5\u200b9\u200b1\u200b9"),
    ("identity number", "AB 12 34 56 C"),
    ("identity number", "ab123456c"),
    ("identity number", "123-45-6789"),
    ("identity number", "12345678Z"),
    ("identity number", "12.345.678-z"),
    ("identity number", "X1234567L"),
    ("identity number", "86 095 742 719"),
    ("identity number", "86095742719"),
    ("identity number", "A123456780"),
    ("identity number", "65 170839 J 003"),
    ("identity number", "0000-0002-1825-0097"),
    ("card number", "4111 1111 1111 1111"),
    ("card number", "378282246310005"),
    ("account number", "GB29 NWBK 6016 1331 9268 19"),
    ("account number", "de89370400440532013000"),
    ("postcode", "SW1A 1AA"),
    ("postcode", "m13 9pl"),
    ("postcode", "EC1A1BB"),
    ("web address", "https://www.linkedin.com/in/jane-doe"),
    ("web address", "github.com/janedoe"),
    ("web address", "https://jane:secret@example.org/x"),
    ("web address", "http://example.ac.uk/~jdoe/cv.html"),
    ("handle", "@janedoe"),
    ("handle", "@janedoe@social.example"),
]

INTRODUCED = [
    ("DOB: {}", "3/4/1980", "date of birth"),
    ("d.o.b. {}", "03.04.80", "date of birth"),
    ("dob {}", "03041980", "date of birth"),
    ("date of birth {}", "1980-04-03", "date of birth"),
    ("she was born on the {}", "3rd of April 1980", "date of birth"),
    ("born in Leeds on {}", "April 3, 1980", "date of birth"),
    ("{} (DOB)", "03/04/1980", "date of birth"),
    ("geboren am {}", "3. April 1980", "date of birth"),
    ("Geburtsdatum: {}", "03.04.1980", "date of birth"),
    ("nacida el {}", "3 de abril de 1980", "date of birth"),
    ("fecha de nacimiento: {}", "03-04-1980", "date of birth"),
    ("MRN {}", "1234567", "hospital number"),
    ("hospital no. {}", "K123456", "hospital number"),
    ("patient ID: {}", "AB-123-456", "hospital number"),
    ("Patientennummer {}", "00123456", "hospital number"),
    ("NHS number {}", "123 456 7890", "NHS number"),
    ("student number {}", "20231234", "identity number"),
    ("GMC no {}", "1234567", "identity number"),
    ("NMC PIN {}", "12A3456E", "identity number"),
    ("passport {}", "123456789", "identity number"),
    ("call me on {}", "555 1234", "phone"),
    ("bleep {}", "4021", "phone"),
]

ORDINARY = [
    "3",
    "between 2 and 3",
    "4/5",
    "2024",
    "in 1998 and again in 2003",
    "500 mg twice a day, then 250 mg",
    "78%",
    "78 per cent",
    "2024; 12(3):45-67",
    "Int J Nurs 2020;57(3):1234-1245",
    "at 10:30 or 14.45",
    "pp. 123-145",
    "https://doi.org/10.1056/NEJMoa2034577",
    "10.1016/S0140-6736(20)30183-5",
    "ISBN 0-306-40615-2",
    "ISSN 0140-6736",
    "https://www.gov.uk/guidance/12345678901",
    "1,234,567 people",
    "20 000 000 people",
    "p = 0.9434765919",
    "p < 0.05, 0.01",
    "born in 1980",
    "students born after 2000",
    "3 March 2024",
    "03/04/2024",
    "from 05.10.2024-12.10.2024",
    "2019-2020 and 2021-2022",
    "vitamin B12 5ug",
    "the S1 2nd year",
    "the SW1A area",
    "marks of 12 34 56 78 90",
    "BP 120/80 HR 72 RR 16",
    "version 3.6.21",
    "24/7 since COVID-19",
    "see you @ 9",
    "999 or 111",
    "1234567890",
    "B\u00fccher und M\u00e4nner",
    "\u0645\u0631\u062d\u0628\u0627",
]


@pytest.mark.parametrize(("kind", "identifier"), IDENTIFIERS)
@pytest.mark.parametrize("frame", ["{}", "My one is {}, I think.", "({})", "a\n{}\nb"])
def test_an_identifier_is_masked_and_nothing_else(kind: str, identifier: str, frame: str) -> None:
    redacted = redact(frame.format(identifier))
    assert redacted.text == frame.format(f"[{kind}]")
    assert redacted.counts == {kind: 1}


@pytest.mark.parametrize(("frame", "value", "kind"), INTRODUCED)
def test_a_number_that_the_words_introduce_is_masked(frame: str, value: str, kind: str) -> None:
    assert redact(frame.format(value)).text == frame.format(f"[{kind}]")


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_and_numbers_stay(text: str) -> None:
    assert redact(text).counts == {}
    assert redact(text).text == text


def test_a_chi_number_is_an_identity_number() -> None:
    number = next(
        f"010180654{d}" if checks.is_nhs_number(f"010180654{d}") else f"010180653{d}"
        for d in range(10)
        if checks.is_nhs_number(f"010180654{d}") or checks.is_nhs_number(f"010180653{d}")
    )
    assert redact(f"his is {number}.").text == "his is [identity number]."


def test_several_are_counted_by_kind() -> None:
    redacted = redact("a@example.org, b@example.org or 07700 900123; M13 9PL.")
    assert redacted.text == "[email], [email] or [phone]; [postcode]."
    assert redacted.counts == {"email": 2, "phone": 1, "postcode": 1}


def test_two_numbers_side_by_side_are_two() -> None:
    assert redact("07700 900123 07700 900456").text == "[phone] [phone]"
    assert redact("tel 0161 496 0000 12 patients").text == "tel [phone] 12 patients"


def test_a_wrong_check_digit_is_only_a_number() -> None:
    for number in ("9434765918", "12345678A", "4111 1111 1111 1112", "86095742718"):
        assert redact(f"it was {number} then").counts == {}


def test_placeholders_that_are_there_already_stay() -> None:
    text = " ".join(f"[{kind}]" for kind in KINDS)
    assert redact(text).text == text
    assert redact("dob [date of birth] 12").counts == {}


FRAGMENTS = st.sampled_from(
    [identifier for _, identifier in IDENTIFIERS]
    + [frame.format(value) for frame, value, _ in INTRODUCED]
    + [f"[{kind}]" for kind in KINDS]
    + list("@.+-/() \n,:[]'")
    + ["dob ", "tel ", "MRN ", "born ", "1", "12", "at", "dot", "\u200b"]
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(FRAGMENTS, max_size=8).map("".join),
    st.lists(FRAGMENTS, max_size=8).map(" ".join),
)


@settings(derandomize=True, max_examples=400, deadline=None)
@given(TEXTS)
def test_masking_twice_changes_nothing(text: str) -> None:
    once = redact(text)
    assert redact(once.text).text == once.text
    assert redact(once.text).counts == {}
    placeholders = sum(once.text.count(f"[{kind}]") for kind in KINDS)
    before = sum(text.count(f"[{kind}]") for kind in KINDS)
    assert placeholders == before + sum(once.counts.values())


@settings(derandomize=True, max_examples=200, deadline=None)
@given(
    st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=40),
    st.sampled_from(IDENTIFIERS),
)
def test_an_identifier_on_its_own_line_is_masked_whatever_stands_about(
    text: str, known: tuple[str, str]
) -> None:
    kind, identifier = known
    redacted = redact(f"{text}\n\n{identifier}\n\n{text}")
    assert identifier not in redacted.text
    assert redacted.counts.get(kind, 0) >= 1


HOSTILE = [
    "1", "0", "1 ", "0 ", "1 1 ", "1-", "1.", "1/", "(", "+", "+1", "00 1", "@", "a@", "@a", "@aa",
    "@aa@", "a@b.", "a.", "a-", "a.a/", "dob ", "dob 1", "born a ", "born a, ", "3 mar ", "12/",
    "MRN ", "MRN 1-", "A", "AB12", "GB29 ", "X1", "tel ", "call me on ", "http://", "www.a",
    "a at ", "a at b dot ", "[at]", "[email", "[phone]", "\u0301", "\u200b1", "10.1234/a",
    "isbn 1", "patient id a", "b@b.co@", "SW1A 1AA", "07700 900123 ", "9434765919 ",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_needs_few_rounds(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each round is linear by construction: every repetition in a pattern is bounded or
    possessive, and a run of digits is tried at most 19 times at each group."""
    rounds = 0
    find = redaction._find

    def counted(text: str) -> list[tuple[int, int, str]]:
        nonlocal rounds
        rounds += 1
        return find(text)

    monkeypatch.setattr(redaction, "_find", counted)
    redact(unit * (20_000 // len(unit)))
    assert rounds <= 3


def test_every_repetition_in_a_pattern_is_bounded_or_possessive() -> None:
    def unbounded(parsed: object) -> bool:
        for op, args in parsed:  # type: ignore[attr-defined]
            if op in (_constants.MAX_REPEAT, _constants.MIN_REPEAT) and args[1] > 10_000:
                return True
            inner = args if isinstance(args, tuple | list) else [args]
            for arg in inner:
                if isinstance(arg, _parser.SubPattern) and unbounded(arg):
                    return True
                if isinstance(arg, list) and any(
                    isinstance(a, _parser.SubPattern) and unbounded(a) for a in arg
                ):
                    return True
        return False

    patterns = [
        value
        for module in (
            redaction_numbers,
            redaction_national,
            redaction_words,
            redaction_shadow,
            redaction,
        )
        for value in vars(module).values()
        if isinstance(value, re.Pattern)
    ]
    assert len(patterns) > 20
    for pattern in patterns:
        assert not unbounded(_parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
    assert unbounded(_parser.parse("(a+)+b"))


@settings(derandomize=True, max_examples=200)
@given(st.text(alphabet=st.characters(), max_size=80))
def test_masking_takes_any_string(text: str) -> None:
    assert isinstance(redact(text).text, str)
