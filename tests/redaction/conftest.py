"""The redactor of this process: the model is loaded once for all tests that need it."""

from collections.abc import Callable

import pytest

from tests.study.interviews import core_script
from web.case_names import names_in
from web.redactor import Redactor, shared_redactor

Mask = Callable[[str], str]


@pytest.fixture(scope="session")
def redactor() -> Redactor:
    """Lists and model, loaded."""
    found = shared_redactor()
    found.load()
    return found


@pytest.fixture(scope="session")
def characters() -> frozenset[str]:
    """Names in the cases of the shipped pack."""
    return names_in(core_script())


@pytest.fixture(scope="session")
def mask(redactor: Redactor, characters: frozenset[str]) -> Mask:
    """Masks an English answer to the shipped cases."""
    return lambda text: redactor.mask(text, "en", characters).text
