"""The journal of coding: every step in order, and what a study's history comes to."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from store.models import Coder, CodingEvent, Study
from study.coding import Kind, Layers, replay


class CodingError(ValueError):
    """The step cannot be taken; the message says why, and nothing was changed."""


class ConflictError(CodingError):
    """Somebody else has changed the same thing meanwhile; nothing was changed."""


class NotFoundError(CodingError):
    """There is no such thing in this study."""


def lock(session: Session, study_id: int) -> None:
    """One step at a time for each study."""
    query = select(Study.id).where(Study.id == study_id)
    session.execute(query.with_for_update(key_share=True)).one()


def note(
    session: Session,
    study_id: int,
    coder: Coder | None,
    kind: Kind,
    data: dict[str, Any],
    now: datetime,
) -> None:
    """Write down a step, in the transaction of the step itself, under the study's lock."""
    last = select(func.coalesce(func.max(CodingEvent.seq), 0))
    seq = session.scalar(last.where(CodingEvent.study_id == study_id)) or 0
    session.add(
        CodingEvent(
            study_id=study_id,
            seq=seq + 1,
            coder_id=coder.id if coder is not None else None,
            kind=kind.value,
            data=data,
            at=now,
        )
    )
    session.flush()


def history(session: Session, study_id: int) -> Layers:
    """Codes and codings as the journal alone has them."""
    query = (
        select(CodingEvent.kind, CodingEvent.data, Coder.public_id)
        .outerjoin(Coder, Coder.id == CodingEvent.coder_id)
        .where(CodingEvent.study_id == study_id)
        .order_by(CodingEvent.seq)
        .execution_options(yield_per=1000)
    )
    return replay((row[0], row[1], row[2] or "") for row in session.execute(query))
