"""The persons in the cases: their names are the case's, not a learner's disclosure."""

from collections.abc import Iterator

from sqlalchemy import select

from store.db import Database
from store.models import Attempt, PackVersion
from store.scripts import script_of
from study.scenarios import ScenarioTexts
from study.script import Script
from web.names import cues
from web.names.tokens import tokens_of


def names_in_cases(database: Database, attempt: Attempt) -> frozenset[str]:
    """Names in the cases of the attempt's pack."""
    version = attempt.pack_version_id
    with database.read() as session:
        wanted = select(PackVersion.content_hash).where(PackVersion.id == version)
        content_hash = session.scalars(wanted).one()
        if content_hash not in _cache:
            _cache[content_hash] = names_in(script_of(session.get_one(PackVersion, version)))
    return _cache[content_hash]


_cache: dict[str, frozenset[str]] = {}
"""By content hash, since a published pack never changes."""


def names_in(script: Script) -> frozenset[str]:
    """Words of the cases, in any language, that are written as names are."""
    return frozenset(
        token.text
        for scenario in script.scenarios.values()
        for texts in scenario.texts.values()
        for text in _shown(texts)
        for token in tokens_of(text)
        if token.capital and (not token.opens or text == texts.name)
        if token.folded not in cues.TITLES
    )


def _shown(texts: ScenarioTexts) -> Iterator[str]:
    yield texts.name or ""
    yield texts.changed_case
    yield texts.policy_cue
    yield texts.vignette.learner
    yield texts.vignette.educator
    yield from texts.probes.values()
