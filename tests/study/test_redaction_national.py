"""National numbers: published examples are found, one wrong digit is only a number."""

import pytest

from study.redaction import redact

EXAMPLES = [
    "111222333",  # Dutch
    "1234567T",  # Irish, and with the second letter
    "1234567FA",
    "123 456 782",  # Australian tax file number
    "2123 45670 1",  # Australian Medicare
    "8003 6081 6669 0503",  # Australian healthcare identifier
    "130 692 544",  # Canadian
    "2 55 08 14 168 025 38",  # French
    "44051401359",  # Polish
    "811218-9876",  # Swedish
    "19811218-9876",
    "131052-308T",  # Finnish
    "85.07.30-033.28",  # Belgian
    "756.9217.0769.85",  # Swiss
    "2341 2341 2346",  # Indian
    "S1234567D",  # Singapore
    "111.444.777-35",  # Brazilian
    "8001015009087",  # South African
    "11010519491231002X",  # Chinese
    "10000000146",  # Turkish
    "1800101221144",  # Romanian
    "070761-4285",  # Danish
    "900101-1234568",  # Korean
    "RSSMRA85T10A562S",  # Italian
    "ABCPK1234L",  # Indian tax number
]
WRONG = [
    "111222334",
    "1234567S",
    "123 456 783",
    "8003 6081 6669 0504",
    "2 55 08 14 168 025 39",
    "44051401358",
    "811218-9877",
    "131052-308U",
    "85.07.30-033.29",
    "756.9217.0769.86",
    "2341 2341 2347",
    "S1234567A",
    "111.444.777-36",
    "8001015009088",
    "11010519491231003X",
    "320761-4285",  # no such day
]
NOT_ONE = [
    "NUR3021 and MED4107",
    "250 000 000 people",
    "page 123-4567",
    "12.05.24-003.1",
    "ABCDE 1234",
    "2019-2020",
    "1234.5678.9012",
]


@pytest.mark.parametrize("number", EXAMPLES)
@pytest.mark.parametrize("frame", ["{}", "it was {}, I think", "({})"])
def test_examples_are_masked(number: str, frame: str) -> None:
    redacted = redact(frame.format(number))
    assert redacted.text == frame.format("[identity number]")
    assert redacted.counts == {"identity number": 1}


@pytest.mark.parametrize("number", WRONG)
def test_a_wrong_check_is_only_a_number(number: str) -> None:
    assert redact(f"it was {number} then").counts.get("identity number") is None


@pytest.mark.parametrize("text", NOT_ONE)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert redact(text).text == text


@pytest.mark.parametrize("cue", ["NHI", "nhi number is", "my NHI, if you need it,"])
@pytest.mark.parametrize("number", ["ZAC5361", "ZBN77VL"])
def test_a_new_zealand_number_needs_its_name(cue: str, number: str) -> None:
    assert redact(f"{cue} {number}").text == f"{cue} [identity number]"
    assert redact(f"module {number}").counts == {}
