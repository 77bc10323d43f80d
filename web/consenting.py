"""Information and consent: the page before the first case, and what its form says."""

from collections.abc import Mapping

from flask import make_response, render_template
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from lti.roles import Role
from store import attempts, completion, consents, participants
from store.activities import Cases, NotSetUp
from store.attempts import PROFESSIONS, Setting
from store.care import care_of
from store.consent_texts import ConsentWords, text_of, words_for
from store.models import Consent, Participant, Study
from study.consent import Choices, laid_out, text_hash
from study.state import ROLE_VIEWS
from web import activity
from web.person import Person
from web.professions import PROFESSION_NAMES
from web.services import services
from web.words import _, language

HASH_SHOWN = 12


def take(person: Person, form: Mapping[str, str]) -> Response | None:
    """Take the choices of the form and begin the interview; the page again if that cannot be."""
    here = services()
    chosen = {name: form.get(name) == "yes" for name in ("take_part", "research", "quote")}
    role_view = form.get("role_view", "")
    profession = form.get("profession") or None
    errors = {}
    if form.get("read", "") not in ("", _mark(_words(person))):
        errors["info"] = _("The information has changed. Please read it again before you begin.")
    if not chosen["take_part"]:
        errors["take_part"] = _("Please tick this box if you want to take part.")
    if role_view not in ROLE_VIEWS:
        errors["role_view"] = _("Please choose one.")
    if profession is not None and profession not in PROFESSIONS:
        errors["profession"] = _("Please choose from the list.")
    if errors:
        return page(person, errors, dict(form.items()))
    research = chosen["research"] and person.counted
    choices = Choices(True, research, chosen["quote"] and research)
    with here.database.write() as session:
        cases = activity.cases_here(session, person)
        study = session.get_one(Study, person.study.id)
        text = text_of(session, study, language().code)
        participant = participants.find_or_add(session, study.id, person.pseudonym)
        # Only the first time: a reload of this page posts the form again, and must not take
        # back a withdrawal.
        if attempts.latest_in(session, participant.id, link_id(person)) is None:
            # A preview decides nothing about interviews that the person holds as a learner.
            asked = person.counted or consents.current(session, participant.id) is None
            if asked and _standing(session, participant) is None:
                consents.give(session, participant.id, text, choices, here.clock())
            begin(person, session, participant, study, cases, role_view, profession)
    return None


def begin(
    person: Person,
    session: Session,
    participant: Participant,
    study: Study,
    cases: Cases,
    role_view: str,
    profession: str | None,
) -> None:
    """Begin an interview with these cases, under the consent that stands."""
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
        resource_link_id=link_id(person),
        lms_role=person.role.value,
        lti_user_id=reported_user(person),
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


def page(
    person: Person,
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
) -> Response:
    """The information and the form; ``values`` are what was chosen before, with its errors."""
    given, values = None, values or {}
    try:
        with services().database.read() as session:
            cases = activity.cases_here(session, person)
            if person.participant is not None and person.counted:
                given = _standing(session, person.participant)
    except NotSetUp as missing:
        return activity.not_set_up(person, missing)
    words = _words(person)
    shown = render_template(
        "consent.html",
        person=person,
        given=given,
        minutes=cases.script.minutes,
        number=cases.script.cases,
        information=laid_out(words.body),
        words=words,
        text_hash=_mark(words),
        care=care_of(person.launch.institution),
        reported=reported_user(person) is not None,
        professions=PROFESSION_NAMES,
        errors=errors or {},
        values=values,
        role_view=values.get(
            "role_view", "learner" if person.role in (Role.LEARNER, Role.TEST_LEARNER) else ""
        ),
    )
    return make_response(shown, 422 if errors else 200)


def reported_user(person: Person) -> int | None:
    """Whom to mark as complete in the gradebook: learners, where the activity says so."""
    launch = person.launch
    if not person.role.can_be_graded() or not completion.reports_completion(launch.resource_link):
        return None
    return launch.user.id


def link_id(person: Person) -> int | None:
    """The activity that the person has opened."""
    return person.launch.resource_link.id if person.launch.resource_link else None


def _words(person: Person) -> ConsentWords:
    return words_for(person.launch.institution, person.study, language().code)


def _mark(words: ConsentWords) -> str:
    """The beginning of the text's hash: enough to tell one text from another."""
    return text_hash(words.body)[:HASH_SHOWN]


def _standing(session: Session, participant: Participant) -> Consent | None:
    """A consent to research from another activity: it stands and is not asked for again."""
    consent = consents.current(session, participant.id)
    return consent if consent is not None and consent.research else None
