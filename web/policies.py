"""What the lead of an institution does about its AI policy: statements, and pilots of wordings.

Whatever is changed holds for interviews that begin from then on, and stands in the record of
changes.
"""

import re

from flask import Blueprint, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound, UnprocessableEntity
from werkzeug.wrappers import Response

from store import audit, groups, statements
from store.catalogues import NAMES
from store.models import StatementVersion
from store.statements import PolicyError
from study.statements import PolicyStatement, StatementError, Unit
from web.permissions import Permission
from web.person import Person, needs
from web.policies_page import Said, respond, uses_of
from web.services import services

pages = Blueprint("policies", __name__)

SWITCHES = {
    "on": (
        statements.put_in_force,
        "statement in force",
        "It is in force for whoever begins from now on.",
    ),
    "off": (
        statements.take_out_of_force,
        "statement out of force",
        "It is not in force any more.",
    ),
}
"""What is done to a version, how the record of changes has it, and what the page says."""
MAX_TEXT = 2000
MAX_FIELD = 400


@pages.route("/app/policies", methods=["GET", "POST"])
@needs(Permission.SET_POLICY)
def show(person: Person) -> Response:
    """What the institution says, and what it tries out."""
    return respond(person)


@pages.post("/app/policies/statement")
@needs(Permission.SET_POLICY)
def statement(person: Person) -> Response:
    """Keep a statement, or the next version of one."""
    typed = {
        **{name: _field(name) for name in ("use", "name", "status", "link")},
        **{code: _field(code, MAX_TEXT) for code in NAMES},
    }
    texts = {code: " ".join(typed[code].split()) for code in NAMES if typed[code].strip()}
    try:
        if not texts:
            raise StatementError("it has no wording")
        made = PolicyStatement.of(
            typed["use"], typed["name"], typed["status"], texts, typed["link"].strip()
        )
        with services().database.write() as session:
            if made.use not in uses_of(session):
                raise StatementError("there is no such use")
            row = statements.add(session, person.launch.institution.id, made, person.pseudonym)
            _note(session, person, "statement kept", named(row))
    except (StatementError, PolicyError) as error:
        return respond(person, Said(problem=f"This was not kept: {error}.", typed=typed), 422)
    return respond(
        person, Said(notice=f"Kept: {row.name}, version {row.version}. It is not in force yet.")
    )


@pages.post("/app/policies/in-force")
@needs(Permission.SET_POLICY)
def in_force(person: Person) -> Response:
    """Put a version in force, or take it out."""
    if request.form.get("do", "") not in SWITCHES:
        raise UnprocessableEntity
    change, action, said = SWITCHES[request.form["do"]]
    try:
        with services().database.write() as session:
            row = statements.find(session, person.launch.institution.id, _field("statement"))
            if row is None:
                raise NotFound
            change(session, row, services().clock())
            _note(session, person, action, named(row))
    except PolicyError as error:
        return respond(person, Said(problem=f"Nothing was changed: {error}."), 422)
    return respond(person, Said(notice=said))


@pages.post("/app/policies/pilot")
@needs(Permission.SET_POLICY)
def start_pilot(person: Person) -> Response:
    """Compare wordings from now on."""
    chosen, institution_id = request.form.getlist("wording"), person.launch.institution.id
    name, unit = _field("pilot_name"), _field("unit")
    try:
        with services().database.write() as session:
            rows = []
            for public_id in chosen[:MAX_FIELD]:
                row = statements.find(session, institution_id, public_id[:MAX_FIELD])
                if row is None:
                    raise NotFound
                rows.append(row)
            if unit not in list(Unit):
                raise PolicyError("choose whether courses or people are drawn")
            made = statements.start_pilot(
                session,
                institution_id,
                name,
                Unit(unit),
                rows,
                person.pseudonym,
                services().clock(),
            )
            wordings = "; ".join(named(row) for row in rows)
            _note(session, person, "pilot started", f"{made.name}, by {unit}: {wordings}")
    except PolicyError as error:
        said = Said(
            problem=f"The pilot was not started: {error}.",
            pilot={"pilot_name": name, "unit": unit},
            chosen=tuple(chosen),
        )
        return respond(person, said, 422)
    return respond(person, Said(notice=f"The pilot “{made.name}” is running."))


@pages.post("/app/policies/pilot/end")
@needs(Permission.SET_POLICY)
def end_pilot(person: Person) -> Response:
    """End a pilot for good."""
    try:
        with services().database.write() as session:
            row = statements.find_pilot(session, person.launch.institution.id, _field("pilot"))
            if row is None:
                raise NotFound
            statements.end_pilot(session, row, services().clock())
            _note(session, person, "pilot ended", row.name)
    except PolicyError as error:
        return respond(person, Said(problem=f"Nothing was changed: {error}."), 422)
    return respond(person, Said(notice=f"The pilot “{row.name}” has ended."))


@pages.post("/app/policies/margin")
@needs(Permission.SET_POLICY)
def margin(person: Person) -> Response:
    """Fix the margin within which a difference counts as none."""
    typed = _field("margin").strip().replace(",", ".")
    try:
        if not re.fullmatch(r"0?\.\d{1,4}", typed):
            raise PolicyError("write it as a number such as 0.29")
        with services().database.write() as session:
            statements.fix_margin(session, person.launch.institution.id, float(typed))
            _note(session, person, "equivalence margin fixed", typed)
    except PolicyError as error:
        return respond(person, Said(problem=f"Nothing was changed: {error}."), 422)
    return respond(person, Said(notice=f"The margin is {typed} from now on."))


@pages.post("/app/policies/groups")
@needs(Permission.SET_POLICY)
def tell_groups(person: Person) -> Response:
    """Choose where groups of people are told apart."""
    if request.form.get("groups", "") not in list(groups.In):
        raise UnprocessableEntity
    where = groups.In(request.form["groups"])
    try:
        with services().database.write() as session:
            groups.choose(session, person.launch.institution.id, where)
            _note(session, person, "groups told apart", where.value)
    except groups.GroupsError as error:
        return respond(person, Said(problem=f"Nothing was changed: {error}."), 422)
    place = "in each course" if where is groups.In.COURSES else "over all courses"
    return respond(person, Said(notice=f"Groups are told apart {place} from now on."))


def named(row: StatementVersion) -> str:
    """A version of a statement, as the record of changes names it."""
    return f"{row.use}: {row.name}, version {row.version}"


def _field(name: str, longest: int = MAX_FIELD) -> str:
    # Cut well above what any field may hold, so that a check of its own refuses what is longer.
    return request.form.get(name, "")[:longest]


def _note(session: Session, person: Person, action: str, subject: str) -> None:
    now = services().clock()
    audit.note(session, person.launch.institution.id, person.pseudonym, action, subject, now)
