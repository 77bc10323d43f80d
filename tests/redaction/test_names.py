"""Names: what makes one, and what only looks like one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.redaction.conftest import Mask
from tests.redaction.labelled import answers
from web.names.finder import NameFinder
from web.names.lists import NameLists
from web.names.model import Dictionary
from web.names.words import one_slip

GOES = [
    ("dr smith said no", "dr [name] said no"),
    ("Dr. S. K. Nair dictates", "Dr. [name] dictates"),
    ("mr j in bed 4", "mr [name] in bed 4"),
    ("Dr Miller is my supervisor", "Dr [name] is my supervisor"),
    ("Professor van der Meer knows", "Professor [name] knows"),
    ("my tutor Boyd knows Miller's pyramid", "my tutor [name] knows Miller's pyramid"),
    ("a patient called doreen told me", "a patient called [name] told me"),
    ("my name is tendai moyo", "my name is [name]"),
    ("I'm Julia and I teach", "I'm [name] and I teach"),
    ("my friend mark said so", "my friend [name] said so"),
    ("i asked rose about it", "i asked [name] about it"),
    ("We told Will and he laughed.", "We told [name] and he laughed."),
    ("Grace Okafor was in my group.", "[name] was in my group."),
    ("Tom Baker from my course did it.", "[name] from my course did it."),
    ("Chloe, Xqzthe and Yusuf did the slides", "[name], [name] and [name] did the slides"),
    ("Sarah's and Ahmed's essays", "[name]'s and [name]'s essays"),
    ("I ASKED SARAH AND SHE AGREED", "I ASKED [name] AND SHE AGREED"),
    ("Zoltán told me", "[name] told me"),
    ("Signed, Nathaniel", "Signed, [name]"),
]

STAYS = [
    "the dr will always check it",
    "Dr Google and Dr Rao agree",
    "Nobody asked Dr Jekyll and Mr Hyde.",
    "the nurse told me and the nurse said so",
    "my tutor said it is fine, my supervisor thinks so too",
    "Gibbs, Kolb and Schön are quoted in every essay",
    "Donald Schön and Paulo Freire",
    "as Smith et al. (2023) show",
    "Jones (2021) and Brown and Clarke (2006)",
    "(Cotton, Cotton & Shipway, 2023)",
    "Turnitin, ChatGPT, Claude and Gemini",
    "This is Claude speaking",
    "Parkinson's, Crohn's and Alzheimer's",
    "A Likert scale, Cronbach's alpha, Student's t test",
    "Mark the process. Will anybody? May I? Hope so.",
    "she may sue, i will be frank, drew a line, grace and faith and joy",
    "Niamh, Tom and Sam; priya's review, femi's code, dr rao",
    "Naimh and Pirya are fine",
    "Mr X, patient A and Student B",
    "I'm Irish, I am Nigerian, this is Ireland",
    "so called experts called me in",
    "I've, I'd and he'll; as a student I've",
]


@pytest.mark.parametrize(("text", "masked"), GOES)
def test_names_go(mask: Mask, text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("text", STAYS)
def test_what_only_looks_like_a_name_stays(mask: Mask, text: str) -> None:
    assert mask(text) == text


def test_one_slip_of_the_pen() -> None:
    slips = [("naimh", "niamh"), ("nimh", "niamh"), ("niamhh", "niamh"), ("niemh", "niamh")]
    assert all(one_slip(written, name) for written, name in slips)
    others = [("liamh", "niamh"), ("nimha", "niamh"), ("niamhes", "niamh"), ("", "niamh")]
    assert not any(one_slip(written, name) for written, name in others)


FRAGMENTS = st.sampled_from(
    [a.text for name in ("names", "clean") for a in answers(name)]
    + [
        "Sarah",
        "sarah",
        "Dr ",
        "mr ",
        "my tutor",
        "called",
        "[name]",
        "(2020)",
        "et al",
        "and",
        ",",
    ]
    + ["van der", "O'Brien", "-", "'s", ".", "\n", "I'm", "Will", "Kolb", "A.", "é", "\u200b"]
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.lists(FRAGMENTS, max_size=6).map(" ".join),
    st.lists(FRAGMENTS, max_size=6).map("".join),
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(text=TEXTS)
def test_only_names_are_replaced_whatever_the_text(mask: Mask, text: str) -> None:
    """Any string is taken; what is kept stands in its order, character by character."""
    rest = text
    for part in mask(text).split("[name]"):
        place = rest.find(part)
        assert place >= 0 or "[" in part
        rest = rest[place + len(part) :] if place >= 0 else rest


class Counting(Dictionary):
    """A dictionary that counts how often it is asked."""

    asked = 0

    def knows(self, word: str) -> bool:
        """Nothing is ordinary here, the hardest case."""
        Counting.asked += 1
        return False


@pytest.mark.parametrize(
    "unit",
    ["Sarah ", "Sarah, ", "Xqzt and ", "my tutor ", "dr ", "Mr A. ", "Smith & ", "van der ",
     "I'm ", "name is ", "called ", "[name] ", "a-b ", "Xqz ", "told Xqz "],
)  # fmt: skip
def test_the_work_grows_with_the_length_and_no_faster(unit: str) -> None:
    lists = NameLists(frozenset({"sarah"}), frozenset({"sarah"}), frozenset(), frozenset(), 0)
    finder = NameFinder(lists, Counting(frozenset(), frozenset()), lambda text: ())

    def work(length: int) -> int:
        Counting.asked = 0
        finder.find((unit * length)[:length] + " Sarah", frozenset())
        return Counting.asked

    assert work(4_800) <= 3 * max(work(2_400), 100)
