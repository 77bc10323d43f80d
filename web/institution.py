"""What the lead of an institution does: connect LMSs, approve them, set the institution's rules.

Only what is the institution's own. Private networks, another issuer's host, shared
registrations and other institutions are the operator's, who works by the command line.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest, Forbidden, NotFound, UnprocessableEntity
from werkzeug.wrappers import Response

from store import audit, consent_texts, lti_tenants
from store.care import set_care
from store.catalogues import NAMES
from store.lti_invites import create_invite, list_open_invites, revoke_invite
from store.lti_repository import PlatformUrls, RepositoryError
from store.lti_tenants import NotThereError, OperatorOnlyError
from store.models import Institution, Study
from study.care import Care, CareError, read_lines
from web.institution_page import Said, respond
from web.permissions import Permission
from web.person import Person, needs
from web.services import services

pages = Blueprint("institution", __name__)

MAX_OPEN_INVITES = 20
MAX_FIELD = 2048
MAX_CARE = 4000
MAX_CONSENT = 25_000
HAND_FIELDS = (
    "issuer",
    "client_id",
    "auth_url",
    "token_url",
    "jwks_url",
    "deployment_id",
    "token_audience",
    "embed_origin",
)
SWITCHED = {True: "switched on", False: "switched off"}


@pages.route("/app/institution", methods=["GET", "POST"])
@needs(Permission.RUN_INSTITUTION)
def show(person: Person) -> Response:
    """The institution's connections, invites and rules."""
    return respond(person)


@pages.post("/app/institution/invite")
@needs(Permission.RUN_INSTITUTION)
def invite(person: Person) -> Response:
    """Make an invite; its address is shown in this answer and never again."""
    here, now = services(), services().clock()
    with _changing() as session:
        institution = session.get_one(
            Institution, person.launch.institution.id, with_for_update=True
        )
        if len(list_open_invites(session, now, institution.id)) >= MAX_OPEN_INVITES:
            problem = "There are too many open invites. End one that is not needed any more."
            return respond(person, Said(problem=problem), 422)
        token = create_invite(session, institution, now)
        _note(session, person, "invite made", "for 48 hours")
    address = f"{here.settings.public_url.rstrip('/')}/lti/register/{token}"
    return respond(person, Said(invite=address))


@pages.post("/app/institution/invite/end")
@needs(Permission.RUN_INSTITUTION)
def end_invite(person: Person) -> Response:
    """End an open invite."""
    number = _number("invite")
    with _changing() as session:
        if not revoke_invite(session, person.launch.institution.id, number, services().clock()):
            raise NotThereError(number)
        _note(session, person, "invite ended", "before it was used")
    return respond(person, Said(notice="The invite is ended: its address does not work any more."))


@pages.post("/app/institution/registration")
@needs(Permission.RUN_INSTITUTION)
def registration(person: Person) -> Response:
    """Switch a registration on or off, or take back one that was never used."""
    key, do = request.form.get("key", ""), request.form.get("do", "")
    institution_id = person.launch.institution.id
    if do == "withdraw":
        try:
            with _changing() as session:
                lti_tenants.withdraw_registration(session, institution_id, key)
                _note(session, person, "connection taken back", key)
        except RepositoryError as error:
            return respond(person, Said(problem=f"Nothing was changed: {error}."), 422)
        return respond(person, Said(notice="The connection is taken back."))
    on = _on(do)
    if not on and key == person.launch.registration.key:
        raise Forbidden
    with _changing() as session:
        lti_tenants.switch_registration(session, institution_id, key, on=on)
        _note(session, person, f"connection {SWITCHED[on]}", key)
    return respond(person, Said(notice=f"The connection is {SWITCHED[on]}."))


@pages.post("/app/institution/deployment")
@needs(Permission.RUN_INSTITUTION)
def deployment(person: Person) -> Response:
    """Switch a deployment on or off."""
    row, on = _number("deployment"), _on(request.form.get("do", ""))
    if not on and row == person.launch.deployment.id:
        raise Forbidden
    with _changing() as session:
        found = lti_tenants.switch_deployment(session, person.launch.institution.id, row, on=on)
        _note(session, person, f"place {SWITCHED[on]}", found.deployment_id)
    return respond(person, Said(notice=f"The place is {SWITCHED[on]}."))


@pages.post("/app/institution/by-hand")
@needs(Permission.RUN_INSTITUTION)
def by_hand(person: Person) -> Response:
    """Add a registration as typed; it waits for the operator."""
    values = {name: request.form.get(name, "").strip() for name in HAND_FIELDS}
    try:
        if any(len(value) > MAX_FIELD for value in values.values()):
            raise RepositoryError(f"each field takes up to {MAX_FIELD} characters")
        with _changing() as session:
            made = lti_tenants.add_by_hand(
                session,
                person.launch.institution.id,
                issuer=values["issuer"],
                client_id=values["client_id"],
                urls=PlatformUrls(values["auth_url"], values["token_url"], values["jwks_url"]),
                deployment_id=values["deployment_id"],
                token_audience=values["token_audience"],
                embed_origin=values["embed_origin"],
                now=services().clock(),
            )
            _note(session, person, "connection added by hand", made.key)
    except RepositoryError as error:
        return respond(person, Said(refused=f"{error}", values=values), 422)
    notice = (
        "The connection is added and waits for the operator of Grey Area, who knows it by the "
        f"key {made.key}."
    )
    return respond(person, Said(notice=notice))


@pages.post("/app/institution/rules")
@needs(Permission.RUN_INSTITUTION)
def rules(person: Person) -> Response:
    """Set the role rules; they hold from each person's next launch."""
    chosen = {rule for rule in lti_tenants.ROLE_RULES if request.form.get(rule) == "yes"}
    with _changing() as session:
        lti_tenants.set_role_rules(session, person.launch.institution.id, chosen)
        _note(session, person, "role rules set", ", ".join(sorted(chosen)) or "none")
    return respond(person, Said(notice="The rules are saved. They hold from the next launch on."))


@pages.post("/app/institution/care")
@needs(Permission.RUN_INSTITUTION)
def care(person: Person) -> Response:
    """Set whom learners in distress are shown, and whether the agreement is recorded."""
    text = request.form.get("lines", "")
    try:
        if len(text) > MAX_CARE:
            raise CareError("that is too much text")
        chosen = Care(read_lines(text), request.form.get("integrity_agreement") == "yes")
    except CareError as error:
        problem = f"Nothing was changed: {error}."
        return respond(person, Said(problem=problem, care_lines=text[:MAX_CARE]), 422)
    with _changing() as session:
        set_care(session, person.launch.institution.id, chosen)
        agreed = "yes" if chosen.integrity_agreement else "no"
        _note(session, person, "care changed", f"{len(chosen.lines)} lines; agreement {agreed}")
    return respond(person, Said(notice="That is saved. Learners see it from their next page on."))


@pages.post("/app/institution/consent")
@needs(Permission.RUN_INSTITUTION)
def consent(person: Person) -> Response:
    """Approve a translation of the information, set the institution's own text, or go back."""
    act, language = request.form.get("do", ""), request.form.get("language", "")
    fields = {name: request.form.get(name, "")[:MAX_CONSENT] for name in ("version", *NAMES)}
    try:
        with _changing() as session:
            institution = session.get_one(Institution, person.launch.institution.id)
            if act == "own":
                study = session.get_one(Study, person.study.id)
                texts = {code: fields[code] for code in NAMES if fields[code].strip()}
                subject = consent_texts.set_own(session, study, fields["version"], texts)
                action = "consent text changed"
            elif act == "reset":
                action, subject = "consent text changed", consent_texts.reset(institution)
            elif act in ("approve", "revoke"):
                subject = consent_texts.approve(institution, language, yes=act == "approve")
                action = f"consent translation {act}d"
            else:
                raise UnprocessableEntity
            _note(session, person, action, subject)
    except ValueError as error:
        said = Said(problem=f"Nothing was changed: {error}.", consent=fields)
        return respond(person, said, 422)
    return respond(person, Said(notice="That is saved. It holds for whoever begins from now on."))


@pages.post("/app/institution/thresholds")
@needs(Permission.RUN_INSTITUTION)
def thresholds(person: Person) -> Response:
    """Raise the numbers of people below which nothing is shown."""
    min_count, min_quote = _number("min_count"), _number("min_quote")
    try:
        with _changing() as session:
            lti_tenants.raise_thresholds(
                session, person.launch.institution.id, min_count, min_quote
            )
            _note(session, person, "thresholds set", f"{min_count}, {min_quote}")
    except RepositoryError as error:
        return respond(person, Said(problem=f"Nothing was changed: {error}."), 422)
    return respond(person, Said(notice="The thresholds are saved."))


@contextmanager
def _changing() -> Iterator[Session]:
    """One transaction; what is not there or not the lead's to decide becomes its page."""
    try:
        with services().database.write() as session:
            yield session
    except NotThereError:
        raise NotFound from None
    except OperatorOnlyError:
        raise Forbidden from None


def _note(session: Session, person: Person, action: str, subject: str) -> None:
    now = services().clock()
    audit.note(session, person.launch.institution.id, person.pseudonym, action, subject, now)


def _on(do: str) -> bool:
    if do not in ("on", "off"):
        raise BadRequest
    return do == "on"


def _number(name: str) -> int:
    """A number that a form carries; -1, which nothing has, for anything else."""
    raw = request.form.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else -1
