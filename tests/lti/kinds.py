"""All kinds of errors of the LTI room."""

import importlib
import pkgutil

import lti
from lti.errors import LtiError


def all_kinds() -> list[type[LtiError]]:
    """Every class of error below ``LtiError``, wherever in the room it is defined."""
    for module in pkgutil.walk_packages(lti.__path__, "lti."):
        importlib.import_module(module.name)
    found: list[type[LtiError]] = []
    waiting = [LtiError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return found
