"""Completion marks: what waits in the outbox is sent to the gradebooks.

Each mark is claimed in one short transaction, sent outside of any, and settled in another.
A worker that dies in between leaves a mark that is sent again with the same timestamp; the
LMS then says that it has it.
"""

import logging
from datetime import datetime, timedelta

from lti.services.door import Door
from lti.services.http import ServiceRefused, ServiceUnavailable
from lti.services.line_items import ColumnBusy
from lti.services.marks import deliver_mark
from lti.services.scores import Outcome
from lti.session import SUB_PURPOSE
from store import completion
from store.db import Database
from store.keyring import Keyring, KeyringError
from store.models import GradeOutbox

BATCH = 100
"""Marks a round; the rest are due in the next one."""

STEP = timedelta(seconds=1)
"""What Moodle wants between two timestamps."""

log = logging.getLogger("greyarea.worker")


def send_grades(database: Database, keyring: Keyring, door: Door, now: datetime) -> int:
    """Send the marks that are due; how many the gradebooks have taken.

    An LMS that is away is not asked again in the same round: its other marks keep their
    turn, and those of other LMSs do not wait for it.
    """
    with database.read() as session:
        rows = completion.due(session, now, BATCH)
    away: set[int] = set()
    return sum(_send_one(database, keyring, door, row, now, away) for row in rows)


def _send_one(
    database: Database,
    keyring: Keyring,
    door: Door,
    row: GradeOutbox,
    now: datetime,
    away: set[int],
) -> int:
    with database.read() as session:
        user, registration, link = completion.person_of(session, row)
    if registration.id in away:
        return 0
    with database.write() as session:
        if not completion.claim(session, row, now):
            return 0
    later: datetime | None = None
    try:
        sub = keyring.decrypt(SUB_PURPOSE, user.sub_sealed).decode()
        outcome = deliver_mark(
            door, database, registration, link, sub, row.scored_at, row.payload, now
        )
        if outcome is not Outcome.OUTDATED:
            with database.write() as session:
                completion.mark_sent(session, row.id, now)
            return 1
        code = "http_409"
        later = max(now.replace(microsecond=0), row.scored_at + STEP)
    except KeyringError:
        code = "master_key"
    except ColumnBusy as error:
        code = error.code
    except ServiceUnavailable as error:
        code = error.code
        away.add(registration.id)
    except ServiceRefused as error:
        log.warning("completion mark %d: refused, %s", row.id, error.code)
        with database.write() as session:
            completion.mark_failed(session, row.id, error.code)
        return 0
    with database.write() as session:
        completion.postpone(session, row.id, code, now, scored_at=later)
    return 0
