"""Which grade column an activity's completion marks go to, and who is looking for it.

A launch may name the column. Where none does, it is looked for once and remembered here;
one worker at a time looks, so that two do not make two columns.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, or_, true, update
from sqlalchemy.orm import Session

from store.models.lti import ResourceLink

SEARCH = timedelta(minutes=5)
"""How long one worker has the search for itself; longer than any search takes."""


def address_of(session: Session, link_id: int) -> str | None:
    """The column as the last launch named it, else as it was found; None: look for it."""
    link = session.get_one(ResourceLink, link_id, populate_existing=True)
    return link.lineitem_url or link.found_lineitem_url


def begin_search(session: Session, link_id: int, now: datetime) -> bool:
    """Take the search of an activity's column; false while another worker has it.

    A worker that dies with it leaves it to be taken again after ``SEARCH``.
    """
    return _changed_one(
        session,
        link_id,
        or_(
            ResourceLink.lineitem_search_until.is_(None),
            ResourceLink.lineitem_search_until <= now,
        ),
        lineitem_search_until=now + SEARCH,
    )


def end_search(session: Session, link_id: int, found: str | None) -> None:
    """Let go of the search; ``found`` is remembered, None changes nothing else."""
    values = {} if found is None else {"found_lineitem_url": found}
    _changed_one(session, link_id, true(), lineitem_search_until=None, **values)


def forget(session: Session, link_id: int, gone: str) -> None:
    """Drop an address that the LMS no longer knows, wherever it came from."""
    for column in (ResourceLink.lineitem_url, ResourceLink.found_lineitem_url):
        _changed_one(session, link_id, column == gone, **{column.key: None})


def _changed_one(session: Session, link_id: int, condition: Any, **values: Any) -> bool:
    done = session.execute(
        update(ResourceLink).where(ResourceLink.id == link_id, condition).values(**values),
        execution_options={"synchronize_session": False},
    )
    return cast("CursorResult[Any]", done).rowcount == 1
