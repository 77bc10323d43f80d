"""One completion mark on its way: into the column that the launch named, or one of ours."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lti.services.door import Door
from lti.services.http import ServiceRefused
from lti.services.line_items import GONE, can_look, is_gone, look_for_column
from lti.services.scores import SCORE, Outcome, send_completion
from store import line_items
from store.db import Database
from store.models.lti import Registration, ResourceLink


def deliver_mark(
    door: Door,
    database: Database,
    registration: Registration,
    link: ResourceLink,
    user_id: str,
    scored_at: datetime,
    payload: Mapping[str, Any],
    now: datetime,
) -> Outcome:
    """Send a completion mark to the activity's column, looking for that if need be.

    A column that has gone since it became known is looked for once more.

    Raises:
        ColumnBusy, ServiceUnavailable: it may work later.
        ServiceRefused: "no_score_scope", "no_line_item", or the LMS's own refusal.
    """

    def send(column: str) -> Outcome:
        return send_completion(door, registration, link, user_id, scored_at, payload, column)

    if SCORE not in link.ags_scopes:
        raise ServiceRefused("no_score_scope")
    known = link.lineitem_url or link.found_lineitem_url
    if known is not None:
        try:
            return send(known)
        except ServiceRefused as refused:
            if refused.code != GONE or not can_look(link):
                raise
            # Some LMSs answer the same for a person whom they do not know.
            if not is_gone(door, registration, link, known):
                raise
        with database.write() as session:
            line_items.forget(session, link.id, known)
    return send(look_for_column(door, database, registration, link, now))
