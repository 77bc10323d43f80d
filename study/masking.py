"""What a learner is told when something of theirs was masked."""

from collections.abc import Iterable

from study.effects import Say
from study.redaction import KINDS

NAMED = 2
"""So many kinds are named; of more, only that there were more."""


def masked_notice(kinds: Iterable[str]) -> Say:
    """The utterance for these kinds (see ``study.redaction.KINDS``), names of persons first.

    Of words that have been erased since, the kinds are not known any more; then it says
    "something".
    """
    found = set(kinds)
    known = [kind for kind in reversed(KINDS) if kind in found]
    keys = [f"@masked.{kind.replace(' ', '_')}" for kind in known] or ["@masked.something"]
    if len(keys) == 1:
        return Say("redacted", params=(("first", keys[0]),))
    key = "redacted.two" if len(keys) == NAMED else "redacted.more"
    return Say(key, params=(("first", keys[0]), ("second", keys[1])))
