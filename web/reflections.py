"""My reflections: what a person said, with the case beside it, to change or delete."""

import uuid
from dataclasses import dataclass, field

from flask import Blueprint, make_response, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response as AnyResponse

from store import consents, edits
from store.edits import NotEditable
from store.inbox import Message
from store.models import Attempt, PackVersion, Response, Words
from store.scripts import script_of
from study.masking import masked_notice
from study.moves import Act
from study.questions import CLARITY_OPTIONS, STANCE_OPTIONS
from study.rendering import render
from study.state import ScenarioRef
from study.wording import WORDING
from web.chat import Button
from web.permissions import Permission
from web.person import Person, identify, needs, own_attempt
from web.services import services
from web.taking_turns import TurnRefused, masked_words

pages = Blueprint("reflections", __name__)

STANCE_STEPS = {"stance": "before", "twist": "with the change", "final_stance": "at the end"}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its prompt, its words or point, and whether it can be changed."""

    id: str
    number: int
    prompt: str
    text: str
    kind: str
    value: int | None
    removed: bool
    edited: bool
    options: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseReflections:
    """A case with everything said about it; ``stances`` are (when, label) in order."""

    title: str
    vignette: str
    changed_case: str
    stances: tuple[tuple[str, str], ...]
    answers: tuple[Answer, ...]


@dataclass(slots=True)
class AttemptReflections:
    """One interview of the person."""

    id: str
    started: str
    status: str
    cases: list[CaseReflections] = field(default_factory=list)
    closing: tuple[Answer, ...] = ()


@pages.route("/app/reflections", methods=["GET", "POST"])
@needs(Permission.READ_OWN)
def show(person: Person) -> AnyResponse:
    """The whole record of the person."""
    return own_page(person)


def own_page(person: Person) -> AnyResponse:
    """My reflections as they stand."""
    return _page(person)


@pages.post("/app/reflections/edit")
@needs(Permission.READ_OWN)
def edit(person: Person) -> AnyResponse:
    """Change the words or the point of one answer; the earlier version is marked replaced."""
    here = services()
    answer_id = request.form.get("answer", "")
    raw, draft = request.form.get("value"), request.form.get("text", "")
    text, masked = "", dict[str, int]()
    try:
        if raw is None:
            # Before the transaction: masking takes its time, and others want to write.
            with here.database.read() as session:
                attempt = own_attempt(session, person, request.form.get("attempt", ""))
            text, masked = masked_words(here, attempt, draft)
        with here.database.write() as session:
            attempt = own_attempt(session, person, request.form.get("attempt", ""))
            if raw is None:
                edits.edit_words(session, attempt, answer_id, text, masked, here.clock())
            else:
                value = int(raw) if raw in ("1", "2", "3", "4", "5") else None
                edits.edit_value(session, attempt, answer_id, value, here.clock())
            script = script_of(session.get_one(PackVersion, attempt.pack_version_id))
    except TurnRefused as refused:
        return _page(person, error=(answer_id, refused.message, draft), status=422)
    except NotEditable:
        return _page(person, notice="That answer has been changed or deleted meanwhile.")
    notice = "Changed. The earlier version is marked as replaced."
    if masked:
        notice += " " + render(masked_notice(masked), script).text
    return _page(person, notice=notice)


@pages.post("/app/reflections/delete")
@needs(Permission.READ_OWN)
def delete(person: Person) -> AnyResponse:
    """Delete one answer, at once."""
    number = request.form.get("number", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound
    _control(person, f"entry:{int(number)}", Act.DELETE)
    return _page(person, notice="That answer is deleted.")


@pages.post("/app/reflections/delete-all")
@needs(Permission.READ_OWN)
def delete_all(person: Person) -> AnyResponse:
    """Delete everything the person said, in every attempt, at once."""
    _control(person, "delete_all", Act.DELETE)
    return _page(person, notice=WORDING["delete.done.all"])


@pages.post("/app/reflections/withdraw")
@needs(Permission.READ_OWN)
def withdraw(person: Person) -> AnyResponse:
    """Leave the research, at once."""
    _control(person, "withdraw_consent", Act.WITHDRAW)
    return _page(
        identify(person.launch, person.token),
        notice="Done: your answers are not part of the research any more.",
    )


def _control(person: Person, option: str, act: Act) -> None:
    here = services()
    message_id = request.form.get("message_id", "") or str(uuid.uuid4())
    with here.database.write() as session:
        attempt = own_attempt(session, person, request.form.get("attempt", ""))
        try:
            message = Message(message_id, "reflections", option=option)
        except ValueError as error:
            raise BadRequest from error
        edits.take_control(session, attempt, message, act, here.clock())


def _page(
    person: Person,
    *,
    notice: str = "",
    error: tuple[str, str, str] | None = None,
    status: int = 200,
) -> AnyResponse:
    here = services()
    found: list[AttemptReflections] = []
    research = False
    if person.participant is not None:
        with here.database.read() as session:
            consent = consents.current(session, person.participant.id)
            research = consent is not None and consent.research
            query = (
                select(Attempt)
                .where(Attempt.participant_id == person.participant.id)
                .order_by(Attempt.id.desc())
            )
            found = [_attempt(session, attempt) for attempt in session.scalars(query)]
    page = render_template(
        "reflections.html",
        person=person,
        attempts=found,
        research=research,
        notice=notice,
        error=error,
        message_id=str(uuid.uuid4()),
    )
    return make_response(page, status)


def _attempt(session: Session, attempt: Attempt) -> AttemptReflections:
    script = script_of(session.get_one(PackVersion, attempt.pack_version_id))
    query = (
        select(Response, Words)
        .outerjoin(Words, Words.id == Response.words_id)
        .where(Response.attempt_id == attempt.id, Response.superseded.is_(False))
        .order_by(Response.position, Response.id)
    )
    rows = [(response, words) for response, words in session.execute(query).all()]
    out = AttemptReflections(
        id=attempt.public_id,
        started=attempt.started_at.strftime("%d %B %Y, %H:%M UTC"),
        status=attempt.status,
    )
    for position, (scenario_id, version) in enumerate(attempt.start_state["order"]):
        here = [(r, w) for r, w in rows if r.position == position and r.scenario_id is not None]
        if not here:
            continue
        texts, _ = script.scenario(ScenarioRef(scenario_id, version)).text(attempt.locale)
        stances = tuple((STANCE_STEPS[r.step], _point(r)) for r, _ in here if r.kind == "stance")
        out.cases.append(
            CaseReflections(
                title=texts.title,
                vignette=texts.part(f"vignette.{attempt.role_view}"),
                changed_case=texts.changed_case,
                stances=stances,
                answers=tuple(_answer(r, w) for r, w in here if r.kind != "skip"),
            )
        )
    out.closing = tuple(_answer(r, w) for r, w in rows if r.scenario_id is None)
    return out


def _answer(response: Response, words: Words | None) -> Answer:
    labelled = response.kind in ("stance", "clarity")
    options = STANCE_OPTIONS if response.kind == "stance" else CLARITY_OPTIONS
    return Answer(
        id=response.public_id,
        number=response.number,
        prompt=response.prompt_text,
        text=_point(response) if labelled else (words.body or "" if words is not None else ""),
        kind=response.kind,
        value=response.value,
        removed=response.erased_at is not None,
        edited=response.revision_no > 1,
        options=tuple(Button(o.value, WORDING[o.label]) for o in options) if labelled else (),
    )


def _point(response: Response) -> str:
    if response.erased_at is not None:
        return "deleted"
    scale = "stance" if response.kind == "stance" else "clarity"
    return WORDING[f"{scale}.{response.value or 'cant_say'}"]
