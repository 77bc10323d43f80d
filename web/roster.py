"""About how many learners a course has, for its educator's page: asked for once a day."""

import logging
from dataclasses import dataclass

from lti.services.door import Door
from lti.services.http import ServiceError
from lti.services.roster import fetch_learners
from lti.session import LaunchResult, sub_hash
from store import rosters
from store.models import Context, RosterSnapshot
from web.services import services

STEP = 5
"""The number is given in steps of this many: it is "about" in fact as well."""

log = logging.getLogger("greyarea.lti")


@dataclass(frozen=True, slots=True)
class Expected:
    """``learners`` is None where none is told; ``failed``: the LMS offers it but did not."""

    learners: int | None = None
    failed: bool = False


NOT_TOLD = Expected()


def expected(launch: LaunchResult, took_part: int | None, k: int) -> Expected:
    """How many learners the LMS counts, rounded up to a multiple of five.

    Nothing is told where the number who took part is not (``took_part`` None), below the
    threshold ``k``, and where more took part than the LMS counts. Asks the LMS if the last
    count is a day old, and not while a transaction is open.
    """
    context = launch.context
    if took_part is None or context is None or context.nrps_url is None:
        return NOT_TOLD
    here = services()
    link_id = launch.resource_link.id if launch.resource_link is not None else None
    with here.database.read() as session:
        row = rosters.fresh(session, context.id, link_id, here.clock())
    if row is None:
        row = _ask(launch, context, context.nrps_url, link_id)
    with here.database.read() as session:
        count = rosters.without_teachers(session, row)
    if count is None:
        return Expected(failed=True)
    about = -(-count // STEP) * STEP
    return Expected(about if count >= k and about >= took_part else None)


def _ask(
    launch: LaunchResult, context: Context, memberships_url: str, link_id: int | None
) -> RosterSnapshot:
    here = services()
    registration, deployment = launch.registration, launch.deployment

    def hash_of(user_id: str) -> str:
        return sub_hash(here.keyring, registration.issuer, deployment.deployment_id, user_id)

    hashes, problem = None, ""
    try:
        hashes = fetch_learners(
            Door(here.database, here.keyring, here.call_lms, here.clock),
            registration,
            memberships_url,
            hash_of,
            link_id=launch.resource_link.lms_id if launch.resource_link is not None else None,
        )
    except ServiceError as error:
        problem = error.code[:40]
        log.warning("roster: registration=%s problem=%s", registration.key, problem)
    with here.database.write() as session:
        return rosters.keep(
            session, context.id, link_id, here.clock(), hashes=hashes, problem=problem
        )
