"""The targets on the labelled set: identifiers all, names nearly all, clean answers left."""

import pytest

from tests.redaction.conftest import Mask
from tests.redaction.labelled import SPLITS, answers, recall, untouched

HALVES = pytest.mark.parametrize("split", SPLITS)


def test_the_set_is_as_large_as_the_figures_need() -> None:
    identifiers = [value for a in answers("identifiers") for _, value in a.marked]
    names = [value for a in answers("names") for _, value in a.marked]
    assert len(identifiers) >= 220
    assert len(names) >= 150
    assert sum(value[0].islower() for value in names) >= 40
    assert len(answers("clean")) >= 320
    texts = [a.text for name in ("identifiers", "names", "clean") for a in answers(name)]
    assert len(set(texts)) == len(texts)


@HALVES
def test_every_patterned_identifier_is_masked(mask: Mask, split: str) -> None:
    result = recall(mask, "identifiers", split)
    assert not result.failed
    assert result.total > 100


@HALVES
def test_names_are_masked(mask: Mask, split: str) -> None:
    result = recall(mask, "names", split)
    assert result.share >= 0.95, result.failed


@HALVES
def test_names_in_small_letters_are_masked(mask: Mask, split: str) -> None:
    result = recall(mask, "names", split, chosen=lambda value: value[0].islower())
    assert result.total > 20
    assert result.share >= 0.95, result.failed


@HALVES
def test_clean_answers_are_left_alone(mask: Mask, split: str) -> None:
    result = untouched(mask, split)
    assert result.share >= 0.98, result.failed


@pytest.mark.parametrize("name", ["identifiers", "names", "clean"])
def test_masking_a_masked_answer_changes_nothing(mask: Mask, name: str) -> None:
    for answer in answers(name):
        once = mask(answer.text)
        assert mask(once) == once, answer.id
