"""The grade column of an activity: found, or made (Assignment and Grade Services 2.0 §3.2).

It is asked for where no launch names one. Ours is known by its tag together with the
activity, or with the resource id that we gave it; a filter that an LMS does not heed
changes nothing, since every entry is looked at here.
"""

import json
import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from lti.services.door import Door
from lti.services.http import Answer, ServiceRefused, ServiceUnavailable
from lti.services.pages import read_pages, same_origin
from lti.services.scores import AGS_SCOPE
from store import line_items
from store.db import Database
from store.lti_urls import add_query
from store.models.lti import Registration, ResourceLink

LINEITEM = AGS_SCOPE + "lineitem"
LINEITEM_READ = AGS_SCOPE + "lineitem.readonly"
ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
TAG = "completion"
GONE = "http_404"
MAX_TITLE = 100

UNLINKED = (404, 412)
"""Answers to a column for an activity that has none and can have none, as in a Canvas module."""

log = logging.getLogger("greyarea.lti")


class ColumnBusy(ServiceUnavailable):
    """Another worker is looking for the same column: its address is known soon."""

    def __init__(self) -> None:
        super().__init__("line_item_busy")


def can_look(link: ResourceLink) -> bool:
    """Whether the LMS lets us see the columns of the course."""
    return link.lineitems_url is not None and _reading_scope(link) is not None


def look_for_column(
    door: Door, database: Database, registration: Registration, link: ResourceLink, now: datetime
) -> str:
    """The address of the activity's column; it is remembered.

    One worker at a time looks and makes. Whether another has been faster is seen once the
    search is ours.

    Raises:
        ColumnBusy: another worker is at it.
        ServiceUnavailable: it may work later.
        ServiceRefused: "no_line_item": there is none and we may not, or cannot, make one;
            or the LMS refuses to show its columns.
    """
    if not can_look(link):
        raise ServiceRefused("no_line_item")
    with database.write() as session:
        if not line_items.begin_search(session, link.id, now):
            raise ColumnBusy
    found = None
    try:
        with database.read() as session:
            known = line_items.address_of(session, link.id)
        if known is not None:
            return known
        found = _find(door, registration, link) or _make(door, registration, link)
        return found
    finally:
        with database.write() as session:
            line_items.end_search(session, link.id, found)


def is_gone(door: Door, registration: Registration, link: ResourceLink, column: str) -> bool:
    """Whether the LMS says that there is no such column; to be asked where ``can_look``.

    Raises:
        ServiceUnavailable: it may work later.
    """
    try:
        headers = {"Accept": ITEM_TYPE}
        door.call(registration, [str(_reading_scope(link))], "GET", column, headers=headers)
    except ServiceRefused as refused:
        return refused.code == GONE
    return False


def resource_id(link: ResourceLink) -> str:
    """What we call the activity in a column of our own making."""
    return f"activity-{link.lms_id}"


def _find(door: Door, registration: Registration, link: ResourceLink) -> str | None:
    tag = {"tag": TAG}
    for item in _items(door, registration, link, {"resource_link_id": link.lms_id, **tag}):
        if str(item.get("resourceLinkId")) == link.lms_id:
            return _address(item, link)
    own = resource_id(link)
    for item in _items(door, registration, link, {"resource_id": own, **tag}):
        bound_to = str(item.get("resourceLinkId") or link.lms_id)
        if item.get("resourceId") == own and bound_to == link.lms_id:
            return _address(item, link)
    return None


def _items(
    door: Door, registration: Registration, link: ResourceLink, wanted: dict[str, str]
) -> Iterator[dict[str, Any]]:
    """The columns with our tag, page by page."""
    url = add_query(str(link.lineitems_url), wanted)
    scope = _reading_scope(link)
    for answer in read_pages(door, registration, [str(scope)], url, ITEMS_TYPE):
        listed = _parse(answer)
        if not isinstance(listed, list):
            raise ServiceUnavailable("unreadable")
        for item in listed:
            if isinstance(item, dict) and item.get("tag") == TAG:
                yield item


def _make(door: Door, registration: Registration, link: ResourceLink) -> str:
    if LINEITEM not in link.ags_scopes:
        raise ServiceRefused("no_line_item")
    item = {
        "label": f"{link.title[:MAX_TITLE] or 'Grey Area'}: completed",
        "scoreMaximum": 1,
        "resourceId": resource_id(link),
        "tag": TAG,
    }
    try:
        try:
            answer = _post(door, registration, link, {**item, "resourceLinkId": link.lms_id})
        except ServiceRefused as refused:
            if refused.status not in UNLINKED:
                raise
            answer = _post(door, registration, link, item)
    except ServiceRefused as refused:
        # Whatever the reason is, to the educator it is a column that is not there.
        log.warning("line item: registration=%s refused=%s", registration.key, refused.code)
        raise ServiceRefused("no_line_item") from None
    made = _parse(answer)
    if not isinstance(made, dict):
        raise ServiceUnavailable("unreadable")
    return _address(made, link)


def _post(
    door: Door, registration: Registration, link: ResourceLink, item: dict[str, Any]
) -> Answer:
    return door.call(
        registration,
        [LINEITEM],
        "POST",
        str(link.lineitems_url),
        headers={"Content-Type": ITEM_TYPE, "Accept": ITEM_TYPE},
        body=json.dumps(item).encode(),
    )


def _address(item: dict[str, Any], link: ResourceLink) -> str:
    """The column's address; a token is sent there, so it has to be where the list is."""
    address = item.get("id")
    if not isinstance(address, str):
        raise ServiceUnavailable("unreadable")
    if not same_origin(address, str(link.lineitems_url)):
        raise ServiceRefused("foreign_line_item")
    return address


def _reading_scope(link: ResourceLink) -> str | None:
    """The least of the granted scopes with which columns can be read."""
    return next((scope for scope in (LINEITEM_READ, LINEITEM) if scope in link.ags_scopes), None)


def _parse(answer: Answer) -> object:
    try:
        parsed: object = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return parsed
