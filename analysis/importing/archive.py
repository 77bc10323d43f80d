"""Opening a project of another program: guards first, then its codings as plain data."""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from lxml import etree

MOST_MEMBERS = 50_000
MOST_BYTES = 1 << 30
"""Of all members together, unpacked."""
MOST_TEXT = 20 << 20
MOST_PROJECT = 512 << 20
HIGHEST_RATIO = 200
"""Unpacked by packed, of a member of more than a megabyte."""
SPACE = "{urn:QDA-XML:project:1.0}"
BOM = "\ufeff"


class ArchiveError(ValueError):
    """The file cannot be read; the message says which part of it, and why."""


@dataclass(frozen=True, slots=True)
class Coded:
    """A coding as the other program has it; ``source`` and ``code`` are names."""

    guid: str
    source: str
    code: str
    coder: str
    start: int
    end: int
    line: int
    """Of the project's XML, for messages."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """A project: who wrote it, its texts by the source's name, and its codings."""

    origin: str
    texts: Mapping[str, str]
    codings: tuple[Coded, ...]


def read_project(file: BinaryIO) -> Foreign:
    """Read a .qdpx. Nothing is unpacked to disk.

    Raises:
        ArchiveError: it is not such an archive, too large, or not what the standard says.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = _members(archive)
            root = _project(archive, members)
            return _read(archive, members, root)
    # zipfile's words for a damaged file, a way of packing that it does not know, and a password.
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError) as error:
        raise ArchiveError(f"this is not a whole .qdpx file: {error}") from error


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > MOST_MEMBERS:
        raise ArchiveError(f"the archive has {len(infos)} files; up to {MOST_MEMBERS} are read")
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise ArchiveError("the archive unpacks to more than a gigabyte")
    found: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        path = PurePosixPath(info.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in info.filename:
            raise ArchiveError(f"{info.filename!r}: a path out of the archive")
        large = info.file_size > 1 << 20
        if large and info.file_size > HIGHEST_RATIO * max(1, info.compress_size):
            raise ArchiveError(f"{info.filename!r}: packed more tightly than texts can be")
        if info.flag_bits & 1:
            raise ArchiveError(f"{info.filename!r} is encrypted")
        found[str(path).casefold()] = info
    return found


def _project(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo]) -> etree._Element:
    projects = [name for name in members if name.endswith(".qde")]
    if len(projects) != 1:
        raise ArchiveError(f"the archive has {len(projects)} projects (.qde) instead of one")
    info = members[projects[0]]
    content = _bytes(archive, info, MOST_PROJECT)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content.removeprefix(b"\xef\xbb\xbf"), parser)
    except etree.XMLSyntaxError as error:
        raise ArchiveError(f"{info.filename}, line {error.lineno}: {error.msg}") from error
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise ArchiveError(f"{info.filename}: a project has no document type")
    if root.tag != f"{SPACE}Project":
        raise ArchiveError(f"{info.filename}: this is no REFI-QDA project")
    return root


def _read(
    archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], root: etree._Element
) -> Foreign:
    users = {u.get("guid"): u.get("name") or "" for u in root.iter(f"{SPACE}User")}
    names = {c.get("guid"): c.get("name") or "" for c in root.iter(f"{SPACE}Code")}
    texts: dict[str, str] = {}
    codings: list[Coded] = []
    for source in root.iterfind(f"{SPACE}Sources/{SPACE}TextSource"):
        name = source.get("name") or ""
        if name in texts:
            raise ArchiveError(f"line {source.sourceline}: two sources are named {name!r}")
        texts[name] = _text(archive, members, source)
        codings += _codings(source, name, names, users)
    return Foreign(root.get("origin") or "", texts, tuple(codings))


def _codings(
    source: etree._Element,
    name: str,
    codes: Mapping[str | None, str],
    users: Mapping[str | None, str],
) -> Iterator[Coded]:
    for selection in source.iterfind(f"{SPACE}PlainTextSelection"):
        line = int(str(selection.sourceline or 0))
        start, end = (_place(selection, key) for key in ("startPosition", "endPosition"))
        for coding in selection.iterfind(f"{SPACE}Coding"):
            ref = coding.find(f"{SPACE}CodeRef")
            target = ref.get("targetGUID") if ref is not None else None
            if target not in codes:
                raise ArchiveError(f"line {coding.sourceline}: a coding without its code")
            user = coding.get("creatingUser") or selection.get("creatingUser")
            guid = (coding.get("guid") or "").strip("{}").lower()
            yield Coded(guid, name, codes[target], users.get(user, ""), start, end, line)


def _place(selection: etree._Element, key: str) -> int:
    value = selection.get(key) or ""
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise ArchiveError(f"line {selection.sourceline}: {key} is not a place in a text")
    return int(value)


def _text(
    archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], source: etree._Element
) -> str:
    inside = source.find(f"{SPACE}PlainTextContent")
    if inside is not None:
        return inside.text or ""
    path = source.get("plainTextPath") or ""
    if not path.startswith("internal://"):
        raise ArchiveError(f"line {source.sourceline}: its text is not in the archive")
    name = f"sources/{path.removeprefix('internal://')}".casefold()
    if name not in members:
        raise ArchiveError(f"line {source.sourceline}: {path} is not in the archive")
    try:
        return _bytes(archive, members[name], MOST_TEXT).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ArchiveError(f"{members[name].filename} is not UTF-8: {error.reason}") from error


def _bytes(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """A member, as far as it may be; what its heading says of its size is not believed."""
    with archive.open(info) as member:
        content = member.read(most + 1)
    if len(content) > most:
        raise ArchiveError(f"{info.filename!r} is larger than is read")
    return content
