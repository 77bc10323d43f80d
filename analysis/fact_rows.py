"""The rows from which a course's figures are counted, as SQL that both databases run.

A *fact* is one person in one figure with one answer: (scenario, version, figure, cell,
attempt, ended).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute

from analysis.class_figures import NAME_LENGTH, QUESTIONS
from store.models import Attempt, Response, Turn
from study.moves import Act
from study.steps import Step

STEPS = (Step.STANCE, Step.TWIST, Step.FINAL_STANCE)
ASKED = (*STEPS, Step.CLARITY)
"""The steps whose answers are counted: stances, and how clear a rule is found."""
MOVES = "moves"
STOPPED_EARLY = "stopped_early"


def counted_of(study_id: int, context_id: int | None) -> ColumnElement[bool]:
    """Attempts that count, by people who gave research consent: of learners of a course, or
    (None) of the educators of a study."""
    whose: ColumnElement[bool]
    if context_id is None:
        whose = Attempt.lms_role.in_(("educator", "assistant"))
    else:
        whose = and_(Attempt.lms_role == "learner", Attempt.context_id == context_id)
    return and_(
        Attempt.study_id == study_id,
        Attempt.keep == "study",
        whose,
        Attempt.status != "erased",
    )


def per_person(learner: ColumnElement[bool]) -> CTE:
    """One row per person: whether any attempt is finished or open, and the newest one's end."""

    def any_of(condition: ColumnElement[bool] | InstrumentedAttribute[bool]) -> ColumnElement[int]:
        return func.max(case((condition, 1), else_=0))

    return (
        select(
            Attempt.participant_id,
            any_of(Attempt.status == "completed").label("finished"),
            any_of(Attempt.status == "open").label("open"),
            any_of(Attempt.synthetic).label("synthetic"),
            func.max(Attempt.id).label("attempt_id"),
            func.max(_ended()).label("ended"),
        )
        .where(learner)
        .group_by(Attempt.participant_id)
        .cte("people")
    )


def all_facts(learner: ColumnElement[bool], persons: CTE) -> CTE:
    """All facts of a course: answers by step, moves between two stances, who stopped or asked."""
    answers = _answers(learner)
    people = persons.c
    step_facts = select(
        answers.c.scenario_id,
        answers.c.version,
        answers.c.step.label("figure"),
        answers.c.cell,
        answers.c.attempt_id,
        answers.c.ended,
    )
    # Grouped rather than joined to itself: a join has no index to go by here.
    chosen = (
        select(
            answers.c.scenario_id,
            answers.c.version,
            answers.c.attempt_id,
            func.max(answers.c.ended).label("ended"),
            func.max(case((answers.c.step == Step.STANCE.value, answers.c.value))).label("before"),
            func.max(case((answers.c.step == Step.TWIST.value, answers.c.value))).label("after"),
        )
        .group_by(answers.c.scenario_id, answers.c.version, answers.c.attempt_id)
        .subquery("chosen")
    )
    moves = select(
        chosen.c.scenario_id,
        chosen.c.version,
        literal(MOVES),
        case(
            (chosen.c.after > chosen.c.before, "towards"),
            (chosen.c.after < chosen.c.before, "away"),
            else_="stayed",
        ),
        chosen.c.attempt_id,
        chosen.c.ended,
    ).where(chosen.c.before.is_not(None), chosen.c.after.is_not(None))
    stopped = select(
        literal(""),
        literal(0, Integer),
        literal(STOPPED_EARLY),
        literal("all"),
        people.attempt_id,
        people.ended,
    ).where(people.finished == 0, people.open == 0)
    return union_all(step_facts, moves, stopped, _questions(learner, persons)).cte("facts")


def _questions(learner: ColumnElement[bool], persons: CTE) -> Select[Any]:
    """One row per person and kind of question; people whose interviews are over."""
    intent = Turn.move["reading"]["intent"].as_string()
    asked = (
        select(Attempt.participant_id, intent.label("intent"))
        .join(Turn, Turn.attempt_id == Attempt.id)
        .where(learner, Turn.move["act"].as_string() == Act.INFORM.value)
        .where(intent.in_(QUESTIONS))
        .distinct()
        .subquery("asked")
    )
    people = persons.c
    return (
        select(
            literal(""),
            literal(0, Integer),
            func.substr(asked.c.intent, 1, NAME_LENGTH),
            literal("all"),
            people.attempt_id,
            people.ended,
        )
        .select_from(asked)
        .join(persons, people.participant_id == asked.c.participant_id)
        .where(people.open == 0)
    )


def _answers(learner: ColumnElement[bool]) -> CTE:
    """One row per person, scenario and step with a point of a scale.

    Of each activity a person's first complete attempt counts. A case that a person met in
    several activities counts from the first of them: everyone is in a figure once.
    """
    ordered = (
        select(
            Attempt.id.label("attempt_id"),
            Attempt.participant_id,
            _ended().label("ended"),
            func.row_number()
            .over(
                partition_by=(Attempt.participant_id, Attempt.resource_link_id),
                order_by=(Attempt.ordinal, Attempt.id),
            )
            .label("place"),
        )
        .where(learner, Attempt.status == "completed")
        .subquery("complete")
    )
    flags = cast(Response.flags, Text)
    cell = case(
        (
            and_(Response.kind == "clarity", Response.value.is_not(None)),
            cast(Response.value, String),
        ),
        (and_(Response.value.is_not(None), flags.like('%"depends"%')), "depends"),
        (Response.value.is_not(None), cast(Response.value, String)),
        (flags.like('%"cant_say"%'), "cant_say"),
        else_=None,
    )
    latest = (
        func.row_number()
        .over(
            partition_by=(
                Response.attempt_id,
                Response.scenario_id,
                Response.scenario_version,
                Response.step,
            ),
            order_by=(Response.number.desc(), Response.revision_no.desc()),
        )
        .label("latest")
    )
    # By the attempt's id, which grows with time and is unique: all answers of one attempt share
    # a rank.
    activity = (
        func.dense_rank()
        .over(
            partition_by=(
                ordered.c.participant_id,
                Response.scenario_id,
                Response.scenario_version,
            ),
            order_by=ordered.c.attempt_id,
        )
        .label("activity")
    )
    rows = (
        select(
            Response.scenario_id,
            func.coalesce(Response.scenario_version, 0).label("version"),
            Response.step,
            cell.label("cell"),
            Response.value,
            ordered.c.attempt_id,
            ordered.c.ended,
            latest,
            activity,
        )
        .join(ordered, and_(ordered.c.attempt_id == Response.attempt_id, ordered.c.place == 1))
        .where(Response.kind.in_(("stance", "clarity")), Response.superseded.is_(False))
        .where(Response.erased_at.is_(None), Response.scenario_id.is_not(None))
        .where(Response.step.in_([step.value for step in ASKED]))
        .subquery("latest_answers")
    )
    return (
        select(rows)
        .where(rows.c.latest == 1, rows.c.activity == 1, rows.c.cell.is_not(None))
        .cte("answers")
    )


def _ended() -> ColumnElement[datetime]:
    return func.coalesce(Attempt.ended_at, Attempt.last_turn_at)
