"""A cohort of any size: people who say again what the first of them said.

Going through the engine takes its time for each person. Past some hundreds, a synthetic cohort is
made of copies: with codes, courses and rows of their own, and with the answers and words of the
people who did go through it. What the assistant said is not copied, for the size of it: every
answer holds its question as it was shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, func, insert, literal, select, text
from sqlalchemy.orm import Session

from cli.cohort import Place, pseudonym_of
from store.db import Database
from store.models import Attempt, Consent, CueShown, Participant, Response, Turn, Words

ROUND_COMMITS = 5
"""Rounds of copies in one transaction."""
MAPPED: Mapping[str, str] = {
    "participant_id": "participant",
    "attempt_id": "attempt",
    "words_id": "words",
    "turn_id": "turn",
    "supersedes_id": "response",
}
"""Columns that refer to a row which is copied as well."""
TABLES: tuple[Table, ...] = tuple(
    model.__table__  # type: ignore[misc]
    for model in (Consent, Attempt, Words, Turn, Response, CueShown)
)
"""In the order in which they refer to each other; the participants are made before them."""


@dataclass(frozen=True, slots=True)
class Span:
    """The rows of a table that are copied: their first id, how many ids, where copies begin."""

    first: int
    width: int
    base: int

    def shift(self, round_no: int) -> int:
        """What is added to an id in a round, from 1."""
        return self.base + (round_no - 1) * self.width - self.first + 1


def copy_cohort(
    database: Database,
    study_id: int,
    places: Sequence[Place],
    seed: int,
    models: int,
    learners: int,
    progress: Callable[[int], None],
) -> int:
    """Bring a cohort from ``models`` people, who are there, to ``learners``; how many were added.

    The copies are dealt out over ``places`` round by round. Whoever of the seed is there
    already is left alone: an interrupted run is taken up where it ended.
    """
    with database.read() as session:
        people = _people(session, study_id, seed, models)
        known = _known(session, study_id, seed, learners)
    added, round_no = 0, 0
    wanted = [index for index in range(models, learners) if index not in known]
    # No other process may add rows meanwhile, or ids could meet; this is for trying the tool.
    with database.read() as session:
        spans = {table.name: _span(session, table, people) for table in TABLES}
        base = session.scalar(select(func.coalesce(func.max(Participant.id), 0))) or 0
    spans["participant"] = Span(min(people), max(people) - min(people) + 1, base)
    while wanted:
        with database.write() as session:
            for _ in range(ROUND_COMMITS):
                now, wanted = wanted[: len(people)], wanted[len(people) :]
                if not now:
                    break
                round_no += 1
                place = places[(round_no - 1) % len(places)]
                _round(session, study_id, place, seed, people[: len(now)], now, spans, round_no)
                added += len(now)
                progress(len(now))
            _advance(session)
    return added


def _round(
    session: Session,
    study_id: int,
    place: Place,
    seed: int,
    people: Sequence[int],
    indices: Sequence[int],
    spans: Mapping[str, Span],
    round_no: int,
) -> None:
    """One copy of each of ``people``."""
    shift = spans["participant"].shift(round_no)
    rows = [
        {
            "id": person + shift,
            "study_id": study_id,
            "pseudonym": pseudonym_of(study_id, seed, index),
            "synthetic": True,
        }
        for person, index in zip(people, indices, strict=True)
    ]
    session.execute(insert(Participant), rows)
    for table in TABLES:
        columns = [column.name for column in table.columns]
        values = [_value(session, table, name, spans, round_no, place) for name in columns]
        source = select(*values).where(_of(table, people))
        session.execute(table.insert().from_select(columns, source))


def _value(
    session: Session,
    table: Table,
    name: str,
    spans: Mapping[str, Span],
    round_no: int,
    place: Place,
) -> ColumnElement[object]:
    column: ColumnElement[object] = table.c[name]
    if name == "id":
        return column + spans[table.name].shift(round_no)
    if name in MAPPED:
        return column + spans[MAPPED[name]].shift(round_no)
    if name == "public_id":
        # 96 random bits of the model's, and a number that is higher in every later round.
        return func.substr(column, 1, 24) + literal(f"{spans['participant'].base + round_no:08x}")
    if table.name == "attempt":
        if name == "context_id":
            return literal(place.context_id, column.type)
        if name == "resource_link_id":
            return literal(place.resource_link_id, column.type)
        if name == "recount":
            return literal(True, column.type)
    return column


def _of(table: Table, people: Sequence[int]) -> ColumnElement[bool]:
    if "participant_id" in table.c and table.name != "response":
        return table.c.participant_id.in_(people)
    attempts = select(Attempt.id).where(Attempt.participant_id.in_(people))
    return table.c.attempt_id.in_(attempts)


def _people(session: Session, study_id: int, seed: int, models: int) -> list[int]:
    codes = [pseudonym_of(study_id, seed, index) for index in range(models)]
    query = select(Participant.id).where(
        Participant.study_id == study_id, Participant.pseudonym.in_(codes)
    )
    return list(session.scalars(query.order_by(Participant.id)))


def _known(session: Session, study_id: int, seed: int, learners: int) -> set[int]:
    query = select(Participant.pseudonym).where(
        Participant.study_id == study_id, Participant.synthetic.is_(True)
    )
    there = set(session.scalars(query))
    if not there:
        return set()
    return {index for index in range(learners) if pseudonym_of(study_id, seed, index) in there}


def _span(session: Session, table: Table, people: Sequence[int]) -> Span:
    low, high = session.execute(
        select(func.min(table.c.id), func.max(table.c.id)).where(_of(table, people))
    ).one()
    base = session.scalar(select(func.coalesce(func.max(table.c.id), 0))) or 0
    return Span(low or 0, (high or 0) - (low or 0) + 1, base)


def _advance(session: Session) -> None:
    """The database goes on giving ids after those that were given here."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for name in ("participant", *(table.name for table in TABLES)):
        session.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), "
                f"(SELECT max(id) FROM {name}))"
            )
        )
