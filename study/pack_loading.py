"""Reading of scenario and pack files: from text to a checked library, whole or not at all.

File names tell what is inside: ``<id>-<key>-v<version>.yml`` for a scenario and
``pack-<id>-v<version>.yml`` for a pack. Every fault of every file is reported at once.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from study.packs import Library, Pack, PackFile
from study.scenarios import Scenario
from study.yaml_source import DataFileErrors, Loc, Problem, Source, read_yaml

SCENARIO_FORMAT = "greyarea.scenario/1"
PACK_FORMAT = "greyarea.pack/1"

Identity = tuple[str, int]  # an id and a version

_NAME = re.compile(r"(?:pack-(?P<pack>.+)|(?P<scenario>S[0-9]+)-.+)-v(?P<version>[0-9]{1,4})\.yml")


class PackErrors(DataFileErrors):
    """Scenario or pack files with faults: ``problems``, sorted by file and line."""


@dataclass
class _File[T: (Scenario, PackFile)]:
    """A file on the way in: what was read, and its value once it is valid."""

    source: Source
    value: T | None

    @property
    def identity(self) -> Identity | None:
        """Id and version as written, else as the file name says; a broken file has them too.

        Without this a broken scenario would also be reported as missing from its packs.
        """
        data = self.source.data or {}
        own_id, version = data.get("id"), data.get("version")
        if isinstance(own_id, str) and isinstance(version, int):
            return own_id, version
        named = _NAME.fullmatch(self.source.name)
        return (named["pack"] or named["scenario"], int(named["version"])) if named else None


def parse_scenario(name: str, text: str) -> Scenario:
    """The scenario in one file's text; ``name`` is the file name used in messages.

    Raises:
        PackErrors: the text is not a valid scenario; nothing of it is kept.
    """
    source = read_yaml(name, text)
    scenario = source.validate(Scenario)
    if scenario is None:
        raise PackErrors(source.problems)
    return scenario


def parse_pack(name: str, text: str) -> PackFile:
    """The pack in one file's text, its scenarios named but not resolved.

    Raises:
        PackErrors: the text is not a valid pack; nothing of it is kept.
    """
    source = read_yaml(name, text)
    pack = source.validate(PackFile)
    if pack is None:
        raise PackErrors(source.problems)
    return pack


def load_library(files: Mapping[str, str], problems: Iterable[Problem] = ()) -> Library:
    """The library in a folder's files, given as file name → text.

    Args:
        files: all files of the folder; the order does not matter.
        problems: faults found while fetching the texts; they count like the others.

    Raises:
        PackErrors: any file, or the files together, break a rule; nothing is loaded.
    """
    scenarios: list[_File[Scenario]] = []
    packs: list[_File[PackFile]] = []
    found = list(problems)
    for name in sorted(files):
        source = read_yaml(name, files[name])
        written = (source.data or {}).get("format")
        if written == PACK_FORMAT:
            packs.append(_File(source, source.validate(PackFile)))
        elif written == SCENARIO_FORMAT or (source.data is None and not name.startswith("pack-")):
            scenarios.append(_File(source, source.validate(Scenario)))
        elif source.data is None:
            packs.append(_File(source, None))
        else:
            source.note(("format",), f"must be {SCENARIO_FORMAT} or {PACK_FORMAT}")
            found += source.problems
    for scenario_file in scenarios:
        if scenario := scenario_file.value:
            expected = f"{scenario.id}-{scenario.key}-v{scenario.version}.yml"
            _check_name(scenario_file.source, expected)
    for pack_file in packs:
        if pack := pack_file.value:
            _check_name(pack_file.source, f"pack-{pack.id}-v{pack.version}.yml")
    _check_versions(scenarios)
    _check_versions(packs)
    _check_keys(scenarios)
    known = {file.identity for file in scenarios}
    valid = {(s.id, s.version): s for file in scenarios if (s := file.value)}
    for pack_file in packs:
        _check_references(pack_file, known, valid)
    for source in [*(file.source for file in scenarios), *(file.source for file in packs)]:
        found += source.problems
    if not found and not valid:
        found.append(Problem("", 1, "", "no scenario files found"))
    if found:
        raise PackErrors(found)
    return Library(
        scenarios=tuple(valid[identity] for identity in sorted(valid)),
        packs=tuple(_resolve(file.value, valid) for file in packs if file.value),
    )


def _resolve(pack: PackFile, scenarios: Mapping[Identity, Scenario]) -> Pack:
    return Pack(
        id=pack.id,
        version=pack.version,
        title=pack.title,
        session=pack.session,
        scenarios=tuple(scenarios[ref.id, ref.version] for ref in pack.scenarios),
    )


def _check_name(source: Source, expected: str) -> None:
    if source.name != expected:
        source.note((), f"the file name must be {expected}")


def _check_versions[T: (Scenario, PackFile)](files: list[_File[T]]) -> None:
    """Versions of an id begin at 1, have no gap, and are given once."""
    first: dict[Identity, str] = {}
    versions: dict[str, set[int]] = defaultdict(set)
    for file in files:
        if identity := file.identity:
            if identity in first:
                reason = f"{identity[0]} version {identity[1]} is already in {first[identity]}"
                file.source.note(("version",), reason)
            first.setdefault(identity, file.source.name)
            versions[identity[0]].add(identity[1])
    for file in files:
        if identity := file.identity:
            own_id, version = identity
            if version > 1 and version - 1 not in versions[own_id]:
                reason = f"{own_id} has a version {version} but no version {version - 1}"
                file.source.note(("version",), reason)


def _check_keys(files: list[_File[Scenario]]) -> None:
    """A key names the use a case is about: one key for an id in all versions, one id for a key."""
    by_id: dict[str, str] = {}
    by_key: dict[str, str] = {}
    for file in files:
        repeated = ("version",) in file.source.noted  # already told; its key says no more
        if (scenario := file.value) and not repeated:
            if by_id.setdefault(scenario.id, scenario.key) != scenario.key:
                reason = f"{scenario.id} has the key {by_id[scenario.id]} in another file"
                file.source.note(("key",), reason)
            elif by_key.setdefault(scenario.key, scenario.id) != scenario.id:
                file.source.note(("key",), f"is already the key of {by_key[scenario.key]}")


def _check_references(
    file: _File[PackFile], known: set[Identity | None], valid: Mapping[Identity, Scenario]
) -> None:
    """A pack's scenarios exist, and one of them may come first."""
    if file.value is None:
        return
    refs = [(ref.id, ref.version) for ref in file.value.scenarios]
    for index, (own_id, version) in enumerate(refs):
        if (own_id, version) not in known:
            loc: Loc = ("scenarios", index)
            file.source.note(loc, f"there is no scenario {own_id} version {version}")
    if all(ref in valid and valid[ref].never_first for ref in refs):
        file.source.note(("scenarios",), "every scenario is marked never_first; none can begin")
