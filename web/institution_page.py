"""The institution's page as data: connections, invites, rules, and who changed what."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import make_response, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lti.addresses import ToolAddresses
from lti.embedding import frame_ancestors
from store import audit, lti_tenants
from store.care import care_of
from store.catalogues import NAMES
from store.consent_texts import ConsentSettings, shipped, words_for
from store.lti_invites import list_open_invites
from store.models import AuditEvent, Deployment, Institution, Registration, Study
from study.care import Care
from study.consent import Information, laid_out
from web.moments import day, minute
from web.person import Person
from web.services import services

CHANGES_SHOWN = 20
OPERATORS = "Looked after by the operator of Grey Area: several institutions share it."


@dataclass(frozen=True, slots=True)
class Place:
    """A deployment. ``switch`` is "on", "off", or empty where the lead cannot do either."""

    row: int
    id: str
    seen: str
    active: bool
    state: str
    switch: str


@dataclass(frozen=True, slots=True)
class Connection:
    """A registration with the institution's deployments of it; ``switch`` as in ``Place``.

    ``addresses`` is None where the registration is another institution's.
    """

    key: str
    issuer: str
    client_id: str
    origins: tuple[str, ...]
    addresses: ToolAddresses | None
    active: bool
    state: str
    switch: str
    removable: bool
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Invite:
    """An open invite; its address cannot be shown again."""

    id: int
    until: str


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the record of changes."""

    when: str
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The information that learners read, in one language.

    ``translation``: of Grey Area's own English text.
    """

    code: str
    language: str
    information: Information
    draft: bool
    translation: bool


@dataclass(frozen=True, slots=True)
class ConsentPart:
    """All languages of the text that is in use; ``version`` as learners see it.

    ``fields`` are (code, language, text as written) of each language that an own text may have.
    """

    version: str
    own: bool
    texts: tuple[ConsentText, ...]
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class InstitutionPage:
    """Everything that the template writes."""

    name: str
    connections: tuple[Connection, ...]
    invites: tuple[Invite, ...]
    by_hand: ToolAddresses
    rules: Mapping[str, bool]
    care: Care
    consent: ConsentPart
    min_count: int
    min_quote: int
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What the page says first: how the last step went.

    ``invite`` is the address of a new invite, shown this once. ``values`` fill the form of
    a connection by hand again when ``refused``, with its reason; ``care_lines`` those of the
    support lines, ``consent`` the fields of an own consent text that could not be set.
    """

    notice: str = ""
    problem: str = ""
    invite: str = ""
    refused: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    care_lines: str | None = None
    consent: Mapping[str, str] | None = None


def respond(person: Person, said: Said | None = None, status: int = 200) -> Response:
    """The page as it stands now, for the lead of the person's institution."""
    here = services()
    with here.database.read() as session:
        page = _page(session, person)
    html = render_template("institution.html", person=person, page=page, said=said or Said())
    return make_response(html, status)


def _page(session: Session, person: Person) -> InstitutionPage:
    here = services()
    institution = session.get_one(Institution, person.launch.institution.id)
    now = here.clock()
    return InstitutionPage(
        name=institution.name,
        connections=tuple(_connections(session, person, institution)),
        invites=tuple(
            Invite(row.id, minute(row.expires_at))
            for row in list_open_invites(session, now, institution.id)
        ),
        by_hand=ToolAddresses(here.settings.public_url, institution.manual_key),
        rules={rule: institution.settings.get(rule) is True for rule in lti_tenants.ROLE_RULES},
        care=care_of(institution),
        consent=_consent(institution, person.study),
        min_count=institution.min_count,
        min_quote=institution.min_quote,
        changes=tuple(
            _change(row, person) for row in audit.latest(session, institution.id, CHANGES_SHOWN)
        ),
    )


def _consent(institution: Institution, study: Study) -> ConsentPart:
    settings = ConsentSettings.of(institution)
    sources = settings.texts or shipped()
    texts = []
    for code, name in NAMES.items():
        if code in sources:
            words = words_for(institution, study, code)
            translation = not settings.texts and code != "en"
            texts.append(ConsentText(code, name, laid_out(words.body), words.draft, translation))
    version = words_for(institution, study, "en").version
    # Whoever writes a text begins with the English one, or with what is in use.
    begun = settings.texts or {"en": sources["en"]}
    fields = tuple((code, name, begun.get(code, "")) for code, name in NAMES.items())
    return ConsentPart(version, bool(settings.texts), tuple(texts), fields)


def _connections(session: Session, person: Person, institution: Institution) -> list[Connection]:
    deployments = lti_tenants.deployments_of(session, institution.id)
    found = {row.id: row for row in lti_tenants.registrations_of(session, institution.id)}
    # Deployments that the operator has given to this institution under another's registration.
    found |= {row.registration_id: row.registration for row in deployments}
    return [
        _connection(
            session,
            person,
            registration,
            [row for row in deployments if row.registration_id == registration.id],
        )
        for registration in found.values()
    ]


def _connection(
    session: Session,
    person: Person,
    registration: Registration,
    deployments: list[Deployment],
) -> Connection:
    launch, active = person.launch, registration.active
    own = registration.institution_id == launch.institution.id
    switch = ""
    # Who switches off the way they came by could not come back to switch it on.
    in_use = registration.id == launch.registration.id
    if own and lti_tenants.may_switch(registration, not active) and not in_use:
        switch = "off" if active else "on"
    return Connection(
        key=registration.key,
        issuer=registration.issuer,
        client_id=registration.client_id,
        origins=tuple(frame_ancestors(registration)),
        addresses=ToolAddresses(services().settings.public_url, registration.key) if own else None,
        active=active,
        state=_state(active, registration.needs_operator, registration.shared),
        switch=switch,
        removable=own
        and not active
        and not registration.shared
        and not lti_tenants.was_used(session, registration),
        places=tuple(_place(person, row) for row in deployments),
    )


def _place(person: Person, row: Deployment) -> Place:
    switch = ""
    if row.active and row.id != person.launch.deployment.id:
        switch = "off"
    elif not row.active and lti_tenants.may_switch_on_deployment(row):
        switch = "on"
    needs_operator = not lti_tenants.may_switch_on_deployment(row)
    state = _state(row.active, needs_operator, shared=False)
    return Place(row.id, row.deployment_id, day(row.first_seen), row.active, state, switch)


def _state(active: bool, needs_operator: bool, shared: bool) -> str:
    if active:
        return "switched on" if not shared else f"switched on. {OPERATORS}"
    return "waits for the operator of Grey Area" if needs_operator or shared else "not switched on"


def _change(row: AuditEvent, person: Person) -> Change:
    who = {
        audit.OPERATOR: "the operator of Grey Area",
        audit.LMS: "a learning platform, with an invite",
        person.pseudonym: "you",
    }.get(row.actor, row.actor)
    return Change(minute(row.created_at), who, f"{row.action}: {row.subject}")
