"""Published packs: immutable rows, read back as scripts."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.models import PackVersion
from study.packs import Library, Pack, Scenario
from study.script import Script


class PublishError(Exception):
    """A published version would change; the message names the pack or scenario."""


def publish(session: Session, library: Library, pack_id: str, version: int | None) -> PackVersion:
    """Store a pack with its scenarios, or find it stored already.

    Raises:
        KeyError: no such pack.
        PublishError: the version is published with another content.
    """
    pack = library.pack(pack_id, version)
    content_hash = pack.content_hash
    found = find(session, pack.id, pack.version)
    if found is not None:
        if found.content_hash != content_hash:
            raise PublishError(
                f"pack {pack.id} version {pack.version} is already published with another "
                f"content: give the changed pack or scenario a new version"
            )
        return found
    _refuse_changed(session, pack.scenarios)
    row = PackVersion(
        pack_id=pack.id,
        version=pack.version,
        content_hash=content_hash,
        title=pack.title,
        content=pack.model_dump(mode="json"),
    )
    session.add(row)
    session.flush()
    return row


def find(session: Session, pack_id: str, version: int | None = None) -> PackVersion | None:
    """The published version, or the newest one when ``version`` is None."""
    query = select(PackVersion).where(PackVersion.pack_id == pack_id)
    if version is not None:
        query = query.where(PackVersion.version == version)
    return session.scalars(query.order_by(PackVersion.version.desc()).limit(1)).first()


def script_of(row: PackVersion) -> Script:
    """The script of a published pack; cached, since it never changes."""
    cached = _cache.get((row.pack_id, row.version, row.content_hash))
    if cached is None:
        cached = Script.of(Pack.model_validate(row.content))
        _cache[(row.pack_id, row.version, row.content_hash)] = cached
    return cached


_cache: dict[tuple[str, int, str], Script] = {}


def _refuse_changed(session: Session, scenarios: tuple[Scenario, ...]) -> None:
    """A scenario may stand in several packs, but a version of it has one content."""
    new = {(s.id, s.version): s.content_hash for s in scenarios}
    for row in session.scalars(select(PackVersion)):
        for ref, scenario in script_of(row).scenarios.items():
            known = new.get((ref.id, ref.version))
            if known is not None and known != scenario.content_hash:
                raise PublishError(
                    f"scenario {ref.id} version {ref.version} is already published with another "
                    f"content (in pack {row.pack_id} version {row.version}): give it a new version"
                )
