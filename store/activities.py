"""Which cases an activity gives: read from its link, chosen here, or kept from its original.

Cases are asked for in this order: the custom parameters of the LMS's link, what an educator
chose here, what was chosen for the activity that this one is a copy of. Without any of them
the activity is not set up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.models import Context, PackVersion, ResourceLink
from store.scripts import find, script_of
from study.activity import NAMES, Choice, ChoiceError
from study.scenarios import Scenario
from study.script import Script
from study.state import ScenarioRef

LINK_HISTORY = "resource_link_id_history"
CONTEXT_HISTORY = "context_id_history"
"""Custom parameters in which an LMS names what was copied, the nearest original first."""

MAX_ANCESTORS = 20


class NotSetUp(Exception):
    """The activity gives no cases; ``reason`` is one of :class:`Reason`."""

    def __init__(self, reason: "Reason", name: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.name = name


class Reason(StrEnum):
    """Why an activity gives no cases."""

    NOTHING_CHOSEN = "nothing_chosen"
    # A custom parameter cannot be understood; ``NotSetUp.name`` is its name.
    NOT_UNDERSTOOD = "not_understood"
    # No such pack, version or case is published here.
    NOT_PUBLISHED = "not_published"


@dataclass(frozen=True, slots=True)
class Cases:
    """What an activity gives: the choice, the pack it leads to, and its script."""

    choice: Choice
    pack: PackVersion
    script: Script


def cases_of(session: Session, link: ResourceLink) -> Cases:
    """The cases of an activity.

    Raises:
        NotSetUp: it gives none, and why.
    """
    try:
        choice = Choice.read(link.custom, link.chosen)
    except ChoiceError as error:
        raise NotSetUp(Reason.NOT_UNDERSTOOD, error.name) from None
    if choice is None:
        raise NotSetUp(Reason.NOTHING_CHOSEN)
    return resolve(session, choice)


def resolve(session: Session, choice: Choice) -> Cases:
    """The published pack and the script that a choice leads to.

    Where a newer version of a followed pack has lost some of the chosen cases, the others
    are given.

    Raises:
        NotSetUp: there is no such pack or version, or none of the cases is in it.
    """
    pack = find(session, choice.pack_id, choice.version)
    if pack is None:
        raise NotSetUp(Reason.NOT_PUBLISHED)
    script = script_of(pack).chosen(choice.scenarios, choice.cases)
    if not script.scenarios:
        raise NotSetUp(Reason.NOT_PUBLISHED)
    return Cases(choice, pack, script)


def is_set_by_link(link: ResourceLink) -> bool:
    """Whether the LMS's link itself names the cases, rightly or wrongly."""
    try:
        return Choice.read(link.custom, None) is not None
    except ChoiceError:
        return True


def choose(session: Session, link_id: int, choice: Choice) -> None:
    """Set an activity up here; for one whose link names the cases it changes nothing there."""
    session.get_one(ResourceLink, link_id).chosen = dict(choice.to_custom())


def keep_from_original(session: Session, link: ResourceLink) -> bool:
    """Take over what was chosen here for the activity that ``link`` is a copy of.

    The original is one that the LMS names, or the one activity of the same title in the
    course that the LMS names as this one's original; of the same deployment always. Only
    the choice is taken over, never anything that people said.
    """
    if link.chosen is not None or is_set_by_link(link):
        return False
    for found in (*_named_links(session, link), *_same_title(session, link)):
        if found.chosen:
            link.chosen = dict(found.chosen)
            return True
        if is_set_by_link(found):
            link.chosen = {name: found.custom[name] for name in NAMES if name in found.custom}
            return True
    return False


def newest_packs(session: Session) -> list[PackVersion]:
    """The newest version of each published pack: those with most cases first."""
    newest: dict[str, PackVersion] = {}
    for row in session.scalars(select(PackVersion).order_by(PackVersion.version)):
        newest[row.pack_id] = row
    return sorted(
        newest.values(), key=lambda row: (-len(script_of(row).scenarios), row.title, row.pack_id)
    )


def scenarios_of_course(session: Session, context_id: int) -> dict[ScenarioRef, Scenario]:
    """The cases that the course's activities give, in the order of their packs."""
    found: dict[ScenarioRef, Scenario] = {}
    links = session.scalars(
        select(ResourceLink).where(ResourceLink.context_id == context_id).order_by(ResourceLink.id)
    )
    for link in links:
        try:
            found |= cases_of(session, link).script.scenarios
        except NotSetUp:
            continue
    return found


def find_scenario(session: Session, ref: ScenarioRef) -> Scenario | None:
    """A scenario of that version in any published pack."""
    for row in session.scalars(select(PackVersion).order_by(PackVersion.id)):
        found = script_of(row).scenarios.get(ref)
        if found is not None:
            return found
    return None


def _named_links(session: Session, link: ResourceLink) -> Iterable[ResourceLink]:
    for lms_id in _ancestors(link, LINK_HISTORY):
        query = select(ResourceLink).where(
            ResourceLink.deployment_id == link.deployment_id, ResourceLink.lms_id == lms_id
        )
        found = session.scalars(query).first()
        if found is not None and found.id != link.id:
            yield found


def _same_title(session: Session, link: ResourceLink) -> Iterable[ResourceLink]:
    for lms_id in _ancestors(link, CONTEXT_HISTORY):
        query = (
            select(ResourceLink)
            .join(Context, Context.id == ResourceLink.context_id)
            .where(
                Context.deployment_id == link.deployment_id,
                Context.lms_id == lms_id,
                ResourceLink.deployment_id == link.deployment_id,
                ResourceLink.title == link.title,
                ResourceLink.id != link.id,
            )
            .limit(2)
        )
        found = session.scalars(query).all()
        if len(found) == 1 and link.title:
            yield found[0]


def _ancestors(link: ResourceLink, name: str) -> list[str]:
    said = str(link.custom.get(name, ""))
    return [part.strip() for part in said.split(",") if part.strip()][:MAX_ANCESTORS]
