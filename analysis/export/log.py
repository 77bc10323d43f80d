"""The response log, row by row and as CSV, for researchers: see ``docs/data-dictionary.md``.

Rows are fetched and written a few hundred at a time, so a large study needs no more memory
than a small one.
"""

import csv
from collections.abc import Iterator
from typing import Any, TextIO

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, null, select
from sqlalchemy.orm import Session, aliased

from analysis.export.choosing import (
    EVERYTHING,
    Chosen,
    Progress,
    answers,
    interviews,
    newest_consents,
    nothing,
)
from analysis.export.columns import COLUMNS
from store.models import (
    Attempt,
    Consent,
    ConsentText,
    CueShown,
    PackVersion,
    Participant,
    Pilot,
    Response,
    StatementVersion,
    Study,
    Words,
)

BATCH = 500
BOM = "\ufeff"


def rows_of(session: Session, study: Study, chosen: Chosen = EVERYTHING) -> Iterator[Any]:
    """The chosen responses of a study's people who agree to research, a few hundred at a time.

    Nobody is among them who has withdrawn or whose record is kept for the session only,
    whatever they agreed to before.

    Raises:
        ChoiceError: as :func:`analysis.export.choosing.interviews`.
    """
    query = _query(study, chosen).where(*interviews(session, study, chosen), *answers(chosen))
    yield from session.execute(query.execution_options(yield_per=BATCH))


def write_csv(
    session: Session,
    study: Study,
    out: TextIO,
    chosen: Chosen = EVERYTHING,
    progress: Progress = nothing,
) -> int:
    """Write the log as CSV; returns how many responses.

    ``out`` must be opened as UTF-8 with ``newline=""``.
    """
    out.write(BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.name for column in COLUMNS])
    count = 0
    for row in rows_of(session, study, chosen):
        writer.writerow([column.of(row) for column in COLUMNS])
        count += 1
        progress(count)
    return count


def _words(chosen: Chosen) -> ColumnElement[str | None]:
    if chosen.restricted:
        return Words.body.expression
    return case((Words.restricted, null()), else_=Words.body)


def _query(study: Study, chosen: Chosen) -> Select[*tuple[Any, ...]]:
    """One row per response; labels are the names that the columns read."""
    newest = newest_consents(study)
    earlier = aliased(Response)
    return (
        select(
            Response.public_id.label("response_id"),
            Participant.pseudonym.label("participant_code"),
            Attempt.public_id.label("attempt_id"),
            Attempt.ordinal.label("attempt_ordinal"),
            Attempt.status.label("attempt_status"),
            ConsentText.version.label("consent_version"),
            Consent.given_at.label("consent_given_at"),
            Consent.quote.label("may_be_quoted"),
            Attempt.role_view,
            Attempt.lms_role,
            Attempt.profession,
            Attempt.context_id,
            Attempt.started_at,
            Study.public_id.label("study_public_id"),
            Response.locale,
            PackVersion.pack_id,
            PackVersion.version.label("pack_version"),
            Response.scenario_id,
            Response.scenario_version,
            Response.scenario_hash,
            Response.step,
            (StatementVersion.name + "/" + cast(StatementVersion.version, String)).label(
                "policy_statement"
            ),
            StatementVersion.status.label("policy_status"),
            Pilot.name.label("pilot"),
            Response.position,
            Response.probe_id,
            Response.prompt_key,
            Response.prompt_text,
            Response.options,
            Response.kind,
            Response.value,
            Response.flags,
            _words(chosen).label("words"),
            func.coalesce(Words.restricted, False).label("words_restricted"),
            Response.themes,
            Response.model_version,
            Response.act,
            Response.revision_no,
            earlier.public_id.label("supersedes_response_id"),
            Response.superseded,
            Response.shown_at,
            Response.submitted_at,
            Response.erased_at,
            Response.synthetic,
        )
        .join(Attempt, Attempt.id == Response.attempt_id)
        .join(Participant, Participant.id == Attempt.participant_id)
        .join(Study, Study.id == Attempt.study_id)
        .join(PackVersion, PackVersion.id == Attempt.pack_version_id)
        .join(newest, newest.c.participant_id == Participant.id)
        .join(Consent, Consent.id == newest.c.consent_id)
        .join(ConsentText, ConsentText.id == Consent.consent_text_id)
        .outerjoin(Words, Words.id == Response.words_id)
        .outerjoin(
            CueShown,
            and_(
                CueShown.attempt_id == Response.attempt_id,
                CueShown.scenario_id == Response.scenario_id,
                CueShown.scenario_version == Response.scenario_version,
            ),
        )
        .outerjoin(StatementVersion, StatementVersion.id == CueShown.statement_id)
        .outerjoin(Pilot, Pilot.id == CueShown.pilot_id)
        .outerjoin(earlier, earlier.id == Response.supersedes_id)
        .where(Participant.study_id == study.id)
        .order_by(Attempt.id, Response.id)
    )
