"""The learner's pages: information and consent, the chat, another set of cases."""

from flask import Blueprint, Response, make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from lti.messages import DEEP_LINK, REVIEW
from lti.roles import Role
from lti.session import LaunchResult
from store import attempts, completion, consents, participants
from store.activities import Cases, NotSetUp
from store.attempts import PROFESSIONS, Setting
from store.care import care_of
from store.models import Attempt, Consent, Participant, Study
from study.consent import TEXT, VERSION, Choices, text_hash
from study.state import ROLE_VIEWS
from web import activity, deep_linking, educator_pages, reflections, review
from web.chat import chat_of
from web.permissions import Permission
from web.person import Person, allow, identify, needs, own_attempt
from web.services import services
from web.taking_turns import Posted, TurnRefused, carry_out_pending, keep

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
    person = identify(launch, token)
    if launch.kind == DEEP_LINK:
        return deep_linking.first_page(person)
    if launch.administrator and launch.registration.key == SANDBOX:
        _grant_in_sandbox(person)
        person = identify(launch, token)
    if launch.review_user is not None:
        return reflections.own_page(person)
    activity.keep_from_original(person)
    if _reported_user(person) is not None:
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
    here = services()
    if request.form.get("answer") == "no":
        return _decline(person)
    chosen = {name: request.form.get(name) == "yes" for name in ("take_part", "research", "quote")}
    role_view = request.form.get("role_view", "")
    profession = request.form.get("profession") or None
    errors = {}
    if not chosen["take_part"]:
        errors["take_part"] = "Please tick this box if you want to take part."
    if role_view not in ROLE_VIEWS:
        errors["role_view"] = "Please choose one."
    if profession is not None and profession not in PROFESSIONS:
        errors["profession"] = "Please choose from the list."
    if errors:
        return _consent_page(person, errors, dict(request.form.items()))
    research = chosen["research"] and person.counted
    choices = Choices(True, research, chosen["quote"] and research)
    with here.database.write() as session:
        cases = activity.cases_here(session, person)
        study = session.get_one(Study, person.study.id)
        text = consents.ensure_text(session, study, VERSION, "en", TEXT)
        participant = participants.find_or_add(session, study.id, person.pseudonym)
        # Only the first time: a reload of this page posts the form again, and must not take
        # back a withdrawal.
        if attempts.latest_in(session, participant.id, _link_id(person)) is None:
            # A preview decides nothing about interviews that the person holds as a learner.
            asked = person.counted or consents.current(session, participant.id) is None
            if asked and _standing(session, participant) is None:
                consents.give(session, participant.id, text, choices, here.clock())
            _begin(person, session, participant, study, cases, role_view, profession)
    return _where_i_am(identify(person.launch, person.token))


@pages.post("/app/again")
@needs(Permission.TAKE_PART)
def another(person: Person) -> AnyResponse:
    """Begin another set of cases once the last one is over; the form's choices stand."""
    here = services()
    with here.database.write() as session:
        if person.participant is not None:
            participants.lock(session, person.study.id, person.pseudonym)
            last = attempts.latest_in(session, person.participant.id, _link_id(person))
            if last is not None and last.status in OVER:
                cases = activity.cases_here(session, person)
                study = session.get_one(Study, person.study.id)
                whom = (last.role_view, last.profession)
                _begin(person, session, person.participant, study, cases, *whom)
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
    carry_out_pending(here, attempt.id)
    # A button was pressed while words stood in the box: they stay there.
    return _chat_page(person, attempt.id, draft=text if option is not None else "")


@pages.post("/app/continue")
@needs(Permission.TAKE_PART)
def carry_on(person: Person) -> AnyResponse:
    """Try again to have waiting turns answered."""
    attempt = _posted_attempt(person)
    carry_out_pending(services(), attempt.id)
    return _chat_page(person, attempt.id, draft=request.form.get("text", ""))


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


def _reported_user(person: Person) -> int | None:
    """Whom to mark as complete in the gradebook: learners, where the activity says so."""
    launch = person.launch
    if not person.role.can_be_graded() or not completion.reports_completion(launch.resource_link):
        return None
    return launch.user.id


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
    here, link, user_id = services(), person.launch.resource_link, _reported_user(person)
    if link is not None and user_id is not None:
        with here.database.write() as session:
            completion.report(session, link.id, user_id, here.clock())
    return _page("declined.html", person, reported=user_id is not None)


def _begin(
    person: Person,
    session: Session,
    participant: Participant,
    study: Study,
    cases: Cases,
    role_view: str,
    profession: str | None,
) -> None:
    here = services()
    consent = consents.current(session, participant.id)
    if consent is None:
        raise NotFound
    launch = person.launch
    setting = Setting(
        role_view=role_view,
        profession=profession,
        locale=person.locale,
        context_id=launch.context.id if launch.context else None,
        resource_link_id=_link_id(person),
        lms_role=person.role.value,
        lti_user_id=_reported_user(person),
    )
    attempts.begin(
        session,
        participant,
        study,
        cases.pack,
        consent,
        setting,
        here.clock(),
        cases=cases.script,
    )


def _where_i_am(person: Person) -> AnyResponse:
    here = services()
    if person.participant is None:
        return _consent_page(person, {}, {})
    with here.database.read() as session:
        attempt = attempts.latest_in(session, person.participant.id, _link_id(person))
    if attempt is None:
        return _consent_page(person, {}, {})
    carry_out_pending(here, attempt.id)
    return _chat_page(person, attempt.id)


def _standing(session: Session, participant: Participant) -> Consent | None:
    """A consent to research from another activity: it stands and is not asked for again."""
    consent = consents.current(session, participant.id)
    return consent if consent is not None and consent.research else None


def _link_id(person: Person) -> int | None:
    return person.launch.resource_link.id if person.launch.resource_link else None


def _posted_attempt(person: Person) -> Attempt:
    with services().database.read() as session:
        return own_attempt(session, person, request.form.get("attempt", ""))


def _consent_page(person: Person, errors: dict[str, str], values: dict[str, str]) -> AnyResponse:
    given = None
    try:
        with services().database.read() as session:
            cases = activity.cases_here(session, person)
            if person.participant is not None and person.counted:
                given = _standing(session, person.participant)
    except NotSetUp as missing:
        return activity.not_set_up(person, missing)
    page = _page(
        "consent.html",
        person,
        given=given,
        minutes=cases.script.minutes,
        number=cases.script.cases,
        paragraphs=TEXT.split("\n\n"),
        care=care_of(person.launch.institution),
        version=VERSION,
        text_hash=text_hash(TEXT)[:12],
        reported=_reported_user(person) is not None,
        professions=PROFESSIONS,
        errors=errors,
        values=values,
        role_view=values.get(
            "role_view", "learner" if person.role in (Role.LEARNER, Role.TEST_LEARNER) else ""
        ),
    )
    page.status_code = 422 if errors else 200
    return page


def _chat_page(
    person: Person, attempt_id: int, *, error: str = "", draft: str = "", status: int = 200
) -> Response:
    with services().database.read() as session:
        attempt = session.get_one(Attempt, attempt_id)
        chat = chat_of(session, attempt, seen=_seen(), error=error, draft=draft)
    template = "_turn.html" if SEEN in request.headers else "chat.html"
    page = _page(template, person, chat=chat)
    page.status_code = status
    return page


def _seen() -> int:
    """The newest utterance that the page's script has on show; 0 for a whole page."""
    raw = request.headers.get(SEEN, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 9 else 0


def _page(template: str, person: Person, **values: object) -> Response:
    return make_response(render_template(template, person=person, **values))
