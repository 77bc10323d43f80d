"""Typed choices: what is plainly a point of a scale, and what must not be guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from study.typed import (
    StanceReading,
    is_empty,
    read_clarity,
    read_delete_choice,
    read_stance,
    thin,
    word_count,
)

POINTS = {
    1: [
        "1",
        "one",
        "completely unacceptable",
        "totally not ok",
        "Completely un-acceptable!",
        "completly unaceptable",
        "not acceptable at all",
        "uno",
        "totalmente inaceptable",
        "eins",
        "v\u00f6llig inakzeptabel",
        "voellig inakzeptabel",
        "completely unacceptable because he hid it from everyone who taught the course",
    ],
    2: [
        "2",
        "two",
        "somewhat unacceptable",
        "not really ok",
        "rather unacceptable I think",
        "m\u00e1s bien inaceptable",
        "eher inakzeptabel",
        "eher nicht akzeptabel",
        "2 - because she never read what it wrote and still handed it in",
    ],
    3: [
        "3",
        "neither",
        "neither acceptable nor unacceptable",
        "in the middle",
        "neutral",
        "3/5",
        "ni aceptable ni inaceptable",
        "weder noch",
        "weder akzeptabel noch inakzeptabel",
    ],
    4: [
        "4",
        "four",
        "4!",
        "a 4",
        "I'd say 4",
        "maybe 4",
        "4 out of 5",
        "\uff14",
        "\u0664",
        "4\ufe0f\u20e3",
        "mostly ok",
        "somewhat acceptable",
        "Somewhat acceptable.",
        "pretty much fine",
        "acceptable I guess",
        "probably acceptable",
        "cuatro",
        "un 4",
        "bastante aceptable",
        "vier",
        "eher akzeptabel",
        "ich finde es eher akzeptabel",
        "4: the ideas were hers and the tool only made the sentences flow",
        "somewhat acceptable, since the ideas were her own and nobody lost anything by it",
    ],
    5: [
        "5",
        "five please",
        "5/5",
        "completely acceptable",
        "totally fine",
        "perfectly ok to me",
        "totalmente aceptable",
        "v\u00f6llig akzeptabel",
        "f\u00fcnf",
    ],
}
CANT_SAY = [
    "can't say",
    "I can\u2019t say",
    "rather not say",
    "I'd rather not say",
    "prefer not to say",
    "don't know",
    "idk",
    "not sure",
    "no s\u00e9",
    "prefiero no decirlo",
    "no puedo decir",
    "kann ich nicht sagen",
    "wei\u00df nicht",
    "keine Angabe",
]
DEPENDS = [
    "it depends",
    "Depends.",
    "it depends on how much",
    "well, that depends",
    "depende",
    "kommt darauf an",
    "es kommt drauf an",
    "h\u00e4ngt davon ab",
]
BETWEEN = {
    (2, 3): ["between 2 and 3", "2 or 3", "2-3", "2/3", "2.5", "2,5", "two or three",
             "somewhere between 3 and 2", "entre 2 y 3", "2 o 3", "zwischen 2 und 3", "2 bis 3"],
    (4, 5): ["4/5", "acceptable", "ok", "fine", "aceptable", "akzeptabel", "4 or maybe 5"],
    (1, 2): ["unacceptable", "not ok", "inaceptable", "nicht akzeptabel"],
}  # fmt: skip
UNREAD = [
    "",
    "...",
    "0",
    "6",
    "7",
    "10",
    "45",
    "yes",
    "no",
    "maybe",
    "hmm",
    "1 or 5",
    "2-4",
    "not 4",
    "4 students used it",
    "not completely acceptable",
    "the paper is acceptable work",
    "is it acceptable to ask first?",
    "who is three",
    "on the one hand yes",
    "3 patients told me",
    "5 - 10 minutes of help is fine but an hour of it is not",
    "2, 3 and 4 are all problems here to be honest with you",
    "1. he lied 2. she lied 3. they all lied to the tutor",
    "I think what she did depends on what the tutor had told the group before",
    "It was acceptable in my last place but here nobody would say so out loud",
    "very clear",
]


@pytest.mark.parametrize(("value", "text"), [(v, t) for v, ts in POINTS.items() for t in ts])
def test_a_point_is_read(value: int, text: str) -> None:
    assert read_stance(text) == StanceReading(value)


@pytest.mark.parametrize("text", CANT_SAY)
def test_cant_say_is_no_number(text: str) -> None:
    for read in (read_stance, read_clarity):
        assert read(text) == StanceReading(None, depends=False, between=None)


@pytest.mark.parametrize("text", DEPENDS)
def test_it_depends_is_three_and_marked(text: str) -> None:
    assert read_stance(text) == StanceReading(3, depends=True)


def test_a_number_keeps_its_value_when_it_depends() -> None:
    assert read_stance("4, it depends") == StanceReading(4, depends=True)
    assert read_stance("2 but it depends") == StanceReading(2, depends=True)
    assert read_stance("somewhat acceptable but it depends") == StanceReading(4, depends=True)


@pytest.mark.parametrize(("pair", "text"), [(p, t) for p, ts in BETWEEN.items() for t in ts])
def test_two_neighbours_are_left_open(pair: tuple[int, int], text: str) -> None:
    assert read_stance(text) == StanceReading(between=pair)


@pytest.mark.parametrize("text", UNREAD)
def test_what_is_not_plainly_a_stance_is_not_guessed(text: str) -> None:
    assert read_stance(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("very unclear", 1),
        ("not clear at all", 1),
        ("rather unclear", 2),
        ("neither clear nor unclear", 3),
        ("rather clear", 4),
        ("very clear", 5),
        ("4", 4),
        ("muy claro", 5),
        ("poco claro", 2),
        ("ni claro ni confuso", 3),
        ("sehr klar", 5),
        ("eher unklar", 2),
        ("weder noch", 3),
    ],
)
def test_clarity_is_read_alike(text: str, value: int) -> None:
    assert read_clarity(text) == StanceReading(value)


def test_a_scale_reads_only_its_own_labels() -> None:
    assert read_clarity("completely acceptable") is None
    assert read_clarity("clear") == StanceReading(between=(4, 5))
    assert read_clarity("between 2 and 3") == StanceReading(between=(2, 3))


@pytest.mark.parametrize(
    ("choice", "text"),
    [
        (choice, text)
        for choice, texts in {
            "last": ["last answer", "the last one", "just the last one please", "only that",
                     "my last answer", "la \u00faltima", "solo la \u00faltima respuesta",
                     "die letzte Antwort", "nur die letzte"],
            "case": ["this case", "the whole case", "delete this case", "este caso", "todo el caso",
                     "diesen Fall", "den ganzen Fall"],
            "all": ["everything", "all", "All of it!", "delete everything", "all my answers",
                    "todo", "alles", "wirklich alles", "todas mis respuestas"],
            "answer": ["it was an answer", "that was my answer", "era una respuesta",
                       "es war eine Antwort"],
            "none": ["no", "don't delete it", "nothing", "keep it", "nada", "nichts"],
        }.items()
        for text in texts
    ],
)  # fmt: skip
def test_a_choice_of_what_to_delete_is_read(choice: str, text: str) -> None:
    assert read_delete_choice(text) == choice


@pytest.mark.parametrize(
    "text", ["", "hmm", "all but the last", "everything in the essay was hers", "the case is hard",
             "last year", "maybe", "what happens then?"],
)  # fmt: skip
def test_nothing_is_deleted_by_a_guess(text: str) -> None:
    assert read_delete_choice(text) is None


ANY_TEXT = st.text(alphabet=st.characters(), max_size=120)


@settings(derandomize=True, max_examples=300)
@given(ANY_TEXT)
def test_any_string_can_be_read(text: str) -> None:
    for reading in (read_stance(text), read_clarity(text)):
        if reading is not None:
            assert reading.value in (None, 1, 2, 3, 4, 5)
            assert reading.value is None or reading.between is None
            assert not reading.depends or reading.value is not None
    assert read_delete_choice(text) in (None, "last", "case", "all", "answer", "none")
    if is_empty(text):
        assert thin(text)
        assert word_count(text) == 0
        assert read_stance(text) is None
    if word_count(text) >= 12:
        assert not thin(text)


@settings(derandomize=True, max_examples=150)
@given(
    st.sampled_from([t for ts in POINTS.values() for t in ts] + CANT_SAY + DEPENDS),
    st.sampled_from(["{}", " {} ", "{}.", "{}!", "\u201c{}\u201d", "{} \U0001f642", "({})"]),
)
def test_case_and_punctuation_do_not_matter(text: str, frame: str) -> None:
    if len(text.split()) <= 5:
        assert read_stance(frame.format(text.upper())) == read_stance(text)
