"""The learner's pages: information and consent, the chat, another set of cases."""

from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from lti.messages import DEEP_LINK, REVIEW
from lti.roles import Role
from lti.session import LaunchResult
from store import attempts, completion, participants
from store.activities import NotSetUp
from store.catalogues import offered
from store.lti_sessions import set_locale
from store.models import Attempt, Study
from store.turns import say_in
from web import activity, consenting, deep_linking, educator_pages, reflections, review
from web.chat import chat_of
from web.consenting import begin, link_id, reported_user
from web.permissions import Permission
from web.person import Person, allow, identify, needs, own_attempt
from web.services import services
from web.taking_turns import Posted, TurnRefused, carry_out_pending, keep
from web.words import language, pseudo

pages = Blueprint("learner", __name__)

SANDBOX = "sandbox"
"""Key of the sandbox LMS's registration."""
OVER = ("completed", "stopped", "erased")
"""After these another set of cases may be begun."""
SEEN = "X-Greyarea-Seen"
"""Header of the page's script: it asks for a fragment with what it has not seen."""


def enter(launch: LaunchResult, token: str) -> AnyResponse:
    """The first page after a launch: the class for educators, the chat for everyone else.

    Before that come a choice of activities, and reviews: of others, or of oneself.
    """
    allow(launch)
    if launch.kind == REVIEW:
        return review.show(launch)
    person = _in_chosen_language(identify(launch, token))
    if launch.kind == DEEP_LINK:
        return deep_linking.first_page(person)
    if launch.administrator and launch.registration.key == SANDBOX:
        _grant_in_sandbox(person)
        person = identify(person.launch, token)
    if launch.review_user is not None:
        return reflections.own_page(person)
    activity.keep_from_original(person)
    if reported_user(person) is not None:
        _follow_up_completion(person)
    return first_page(person)


def first_page(person: Person) -> AnyResponse:
    """The class for educators, the chat for everyone else; the choice of cases before both."""
    if person.role.can_see_aggregates():
        try:
            with services().database.read() as session:
                activity.cases_here(session, person)
        except NotSetUp as missing:
            return activity.not_set_up(person, missing)
        return educator_pages.class_page(person)
    return _where_i_am(person)


@pages.route("/app", methods=["GET", "POST"])
@needs(Permission.TAKE_PART)
def home(person: Person) -> AnyResponse:
    """Where the person left off: consent first, then the chat."""
    return _where_i_am(person)


@pages.post("/app/consent")
@needs(Permission.TAKE_PART)
def give_consent(person: Person) -> AnyResponse:
    """Take the choices of the form and begin; taking part is needed for that."""
    if request.form.get("answer") == "no":
        return _decline(person)
    again = consenting.take(person, request.form)
    return again if again is not None else _where_i_am(identify(person.launch, person.token))


@pages.post("/app/language")
@needs(Permission.READ_OWN)
def speak(person: Person) -> AnyResponse:
    """Go on in another language; what was said stays as it was said."""
    here, locale = services(), request.form.get("locale", "")
    if locale in offered(pseudo=pseudo()):
        with here.database.write() as session:
            set_locale(session, person.launch.session_id, locale)
            if person.participant is not None:
                attempt = attempts.latest_in(session, person.participant.id, link_id(person))
                if attempt is not None:
                    say_in(session, attempt.id, locale, here.clock())
        person = identify(replace(person.launch, locale=locale), person.token)
    if request.form.get("here") == "reflections":
        return reflections.own_page(person)
    return first_page(person) if request.form.get("here") == "class" else _where_i_am(person)


@pages.post("/app/again")
@needs(Permission.TAKE_PART)
def another(person: Person) -> AnyResponse:
    """Begin another set of cases once the last one is over; the form's choices stand."""
    here = services()
    with here.database.write() as session:
        if person.participant is not None:
            participants.lock(session, person.study.id, person.pseudonym)
            last = attempts.latest_in(session, person.participant.id, link_id(person))
            if last is not None and last.status in OVER:
                cases = activity.cases_here(session, person)
                study = session.get_one(Study, person.study.id)
                whom = (last.role_view, last.profession)
                begin(person, session, person.participant, study, cases, *whom)
    return _where_i_am(person)


@pages.post("/app/turn")
@needs(Permission.TAKE_PART)
def turn(person: Person) -> AnyResponse:
    """Take one turn. A message is stored before anything else is tried with it."""
    here = services()
    attempt = _posted_attempt(person)
    option = request.form.get("option") or None
    text = request.form.get("text", "")
    posted = Posted(
        client_msg_id=request.form.get("message_id", ""),
        step_id=request.form.get("step_id", ""),
        text=text,
        option=option,
    )
    try:
        keep(here, attempt, posted)
    except TurnRefused as refused:
        return _chat_page(person, attempt.id, error=refused.message, draft=text, status=422)
    carry_out_pending(here, attempt.id, alone=person.plain)
    # A button was pressed while words stood in the box: they stay there.
    return _chat_page(person, attempt.id, draft=text if option is not None else "")


@pages.post("/app/continue")
@needs(Permission.TAKE_PART)
def carry_on(person: Person) -> AnyResponse:
    """Try again to have waiting turns answered."""
    attempt = _posted_attempt(person)
    carry_out_pending(services(), attempt.id, alone=person.plain)
    return _chat_page(person, attempt.id, draft=request.form.get("text", ""))


def _in_chosen_language(person: Person) -> Person:
    """Where an interview has begun here, go on in its language rather than in the LMS's."""
    here = services()
    if person.participant is None:
        return person
    with here.database.read() as session:
        attempt = attempts.latest_in(session, person.participant.id, link_id(person))
    if attempt is None or attempt.locale == person.locale:
        return person
    with here.database.write() as session:
        set_locale(session, person.launch.session_id, attempt.locale)
    return identify(replace(person.launch, locale=attempt.locale), person.token)


def _grant_in_sandbox(person: Person) -> None:
    """Who administers the sandbox is its institution lead and researcher, to try those pages.

    Never in production, where the sandbox refuses to run and rights are granted by hand.
    """
    here = services()
    if here.settings.env == "production":
        return
    with here.database.write() as session:
        study = session.get_one(Study, person.study.id)
        for right in participants.RIGHTS:
            participants.grant(session, study, person.pseudonym, right, "sandbox")


def _follow_up_completion(person: Person) -> None:
    """See to the marks of interviews that began before the activity reported completion."""
    here, link = services(), person.launch.resource_link
    if person.participant is None or link is None:
        return
    with here.database.write() as session:
        attempt = attempts.latest_in(session, person.participant.id, link.id)
        if attempt is not None and attempt.lms_role == Role.LEARNER:
            completion.follow_up(session, attempt, person.launch.user.id, here.clock())


def _decline(person: Person) -> AnyResponse:
    """Declining is an ending like any other: it is all that is kept of the person."""
    here, link, user_id = services(), person.launch.resource_link, reported_user(person)
    if link is not None and user_id is not None:
        with here.database.write() as session:
            completion.report(session, link.id, user_id, here.clock())
    return _page("declined.html", person, reported=user_id is not None)


def _where_i_am(person: Person) -> AnyResponse:
    here = services()
    if person.participant is None:
        return consenting.page(person)
    with here.database.read() as session:
        attempt = attempts.latest_in(session, person.participant.id, link_id(person))
    if attempt is None:
        return consenting.page(person)
    carry_out_pending(here, attempt.id, alone=person.plain)
    # Words that were in the box when another language, or the other form, was chosen.
    return _chat_page(person, attempt.id, draft=request.form.get("text", ""))


def _posted_attempt(person: Person) -> Attempt:
    with services().database.read() as session:
        return own_attempt(session, person, request.form.get("attempt", ""))


def _chat_page(
    person: Person, attempt_id: int, *, error: str = "", draft: str = "", status: int = 200
) -> Response:
    with services().database.read() as session:
        attempt = session.get_one(Attempt, attempt_id)
        chat = chat_of(session, attempt, language(), seen=_seen(), error=error, draft=draft)
    template = "plain.html" if person.plain else "chat.html"
    if SEEN in request.headers:
        template = "_turn.html"
    page = _page(template, person, chat=chat)
    page.status_code = status
    return page


def _seen() -> int:
    """The newest utterance that the page's script has on show; 0 for a whole page."""
    raw = request.headers.get(SEEN, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 9 else 0


def _page(template: str, person: Person, **values: object) -> Response:
    return make_response(render_template(template, person=person, **values))
