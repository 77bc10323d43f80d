"""My reflections: what a person said, with the case beside it, to change, take along or delete."""

import json
import uuid

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound, UnprocessableEntity
from werkzeug.wrappers import Response as AnyResponse

from analysis.own_record import InterviewRecord, interviews_of, portable
from analysis.portfolio.content import stance_names
from analysis.portfolio.docx import as_docx
from analysis.portfolio.pdf import as_pdf
from store import consents, edits, receipts
from store.edits import NotEditable
from store.inbox import Message
from store.models import PackVersion
from store.scripts import script_of
from study.masking import masked_notice
from study.moves import Act
from study.rendering import render
from study.wording import WORDING
from web.moments import minute
from web.permissions import Permission
from web.person import Person, identify, needs, own_attempt
from web.services import services
from web.taking_turns import TurnRefused, masked_words
from web.words import _, language

pages = Blueprint("reflections", __name__)

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
}


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
        return _page(person, notice=_("That answer has been changed or deleted meanwhile."))
    notice = _(WORDING["change.done"])
    if masked:
        notice += " " + render(masked_notice(masked), script, language=language()).text
    return _page(person, notice=notice)


@pages.post("/app/reflections/delete")
@needs(Permission.READ_OWN)
def delete(person: Person) -> AnyResponse:
    """Delete one answer, at once."""
    number = request.form.get("number", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound
    _control(person, f"entry:{int(number)}", Act.DELETE)
    return _page(person, notice=_(WORDING["delete.done.one"]))


@pages.post("/app/reflections/delete-all")
@needs(Permission.READ_OWN)
def delete_all(person: Person) -> AnyResponse:
    """Delete everything the person said, in every attempt, at once."""
    _control(person, "delete_all", Act.DELETE)
    return _page(person, notice=_(WORDING["delete.done.all"]))


@pages.post("/app/reflections/withdraw")
@needs(Permission.READ_OWN)
def withdraw(person: Person) -> AnyResponse:
    """Leave the research, at once."""
    _control(person, "withdraw_consent", Act.WITHDRAW)
    return _page(
        identify(person.launch, person.token),
        notice=_("Done: your answers are not part of the research any more."),
    )


@pages.post("/app/reflections/receipt")
@needs(Permission.READ_OWN)
def receipt(person: Person) -> AnyResponse:
    """A receipt code, shown in this answer and never again; an earlier one ends."""
    if person.participant is None:
        return _page(person)
    with services().database.write() as session:
        code = receipts.issue(session, person.participant.id)
    return _page(person, code=code)


@pages.post("/app/reflections/download")
@needs(Permission.READ_OWN)
def download(person: Person) -> AnyResponse:
    """The record as a document for a portfolio, or whole as JSON."""
    kind = request.form.get("format", "")
    if kind not in MEDIA_TYPES:
        raise UnprocessableEntity
    if kind == "json":
        data: dict[str, object] = {}
        if person.participant is not None:
            with services().database.read() as session:
                interviews = interviews_of(session, person.participant.id, language())
                data = portable(session, person.participant.id, interviews)
        body = json.dumps(data, ensure_ascii=False, indent=1).encode()
    elif kind == "pdf":
        body = as_pdf(_interviews(person), language())
    else:
        body = as_docx(_interviews(person), language())
    response = Response(body, mimetype=MEDIA_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="my-reflections.{kind}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _interviews(person: Person) -> list[InterviewRecord]:
    if person.participant is None:
        return []
    with services().database.read() as session:
        return interviews_of(session, person.participant.id, language())


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
    code: str = "",
    status: int = 200,
) -> AnyResponse:
    research = False
    if person.participant is not None:
        with services().database.read() as session:
            consent = consents.current(session, person.participant.id)
            research = consent is not None and consent.research
    page = render_template(
        "reflections.html",
        person=person,
        attempts=_interviews(person),
        when=minute,
        stance_names=stance_names(language()),
        research=research,
        notice=notice,
        error=error,
        code=code,
        receipt_url=services().settings.public_url.rstrip("/") + url_for("receipt.show"),
        message_id=str(uuid.uuid4()),
    )
    return make_response(page, status)
