"""How much was written: thin, words, empty."""

import pytest

from study.typed import is_empty, thin, word_count


@pytest.mark.parametrize(
    ("text", "is_thin"),
    [
        ("", True),
        ("...", True),
        ("fine by me", True),
        ("because", True),
        ("just because", True),
        ("I think it is wrong and she should say so", True),
        ("fine because the ideas were hers", False),
        ("ok if declared", False),
        ("not unless the tutor knows", False),
        ("one two three four five six seven eight nine ten eleven", True),
        ("one two three four five six seven eight nine ten eleven twelve", False),
        ("s\u00ed claro", True),
        ("est\u00e1 bien porque era suyo", False),
        ("solo si lo declara", False),
        ("ja finde ich gut", True),
        ("gut, weil es ihre Ideen sind", False),
        ("nur wenn sie es angibt", False),
        ("\u53ef\u4ee5\u63a5\u53d7", True),
        ("\u53ef\u4ee5\u63a5\u53d7\u56e0\u4e3a\u60f3\u6cd5\u662f\u5979\u7684", False),
        ("\u6211\u89c9\u5f97\u8fd9\u6837\u505a\u6ca1\u6709\u95ee\u9898\u8fd9\u662f\u5979\u81ea"
         "\u5df1\u7684\u60f3\u6cd5\u548c\u5185\u5bb9\u548c\u6587\u5b57", False),
        ("\u0e44\u0e21\u0e48\u0e40\u0e1b\u0e47\u0e19\u0e44\u0e23", True),
        ("\U0001f642\U0001f642\U0001f642", True),
    ],
)  # fmt: skip
def test_thin_is_short_and_without_a_reason(text: str, is_thin: bool) -> None:
    assert thin(text) is is_thin


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        (" \u200b \n", 0),
        ("one", 1),
        ("don't - stop", 2),
        ("well-known  thing\nhere", 3),
        ("\u0939\u093f\u0928\u094d\u0926\u0940 \u092e\u0947\u0902", 2),
        ("\u53ef\u4ee5\u63a5\u53d7", 2),
        ("GPT\u53ef\u4ee5", 2),
        ("\ud55c\uad6d\uc5b4 \ub2e8\uc5b4", 2),
        ("\U0001f642", 0),
    ],
)
def test_words_are_counted(text: str, count: int) -> None:
    assert word_count(text) == count


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\t",
        "...",
        "?!",
        "\u200b\u200d",
        "\u3164",
        "\u2800",
        "\u00a0\u2003",
        "\u202e",
        "\u2014",
        "\u3002",
        "\ufe0f",
        "~ ^",
    ],
)
def test_what_cannot_be_seen_or_only_points_is_empty(text: str) -> None:
    assert is_empty(text)


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "4",
        "\U0001f642",
        ". x",
        "\u53ef",
        "\u2764\ufe0f",
        "\u0639",
        "\U0001f1ec\U0001f1e7",
        "\u20ac",
    ],
)
def test_letters_digits_and_emoji_are_something(text: str) -> None:
    assert not is_empty(text)
