"""Setting an activity up: which cases it gives, chosen by an educator at its first opening."""

from flask import Blueprint, make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from store import activities
from store.activities import Cases, NotSetUp
from store.models import ResourceLink
from study.activity import Choice, ChoiceError
from web import choosing
from web.permissions import Permission
from web.person import Person, needs
from web.services import services

pages = Blueprint("activity", __name__)


def cases_here(session: Session, person: Person) -> Cases:
    """The cases of the activity that the person has opened.

    Raises:
        NotSetUp: it gives none.
    """
    return activities.cases_of(session, _link(person))


def keep_from_original(person: Person) -> None:
    """At a launch of a copied activity: take over what was chosen for its original."""
    link = person.launch.resource_link
    if link is None or link.chosen is not None or not _names_original(link):
        return
    with services().database.write() as session:
        row = session.get_one(ResourceLink, link.id)
        if activities.keep_from_original(session, row):
            link.chosen = row.chosen


def not_set_up(person: Person, missing: NotSetUp) -> Response:
    """In place of the cases: the choice for who may choose, a friendly word for all others."""
    if person.role.can_choose_packs() and not activities.is_set_by_link(_link(person)):
        return choosing.page(person)
    page = render_template("not_set_up.html", person=person, missing=missing)
    return make_response(page, 409)


@pages.route("/app/activity", methods=["GET", "POST"])
@needs(Permission.CHOOSE_CASES)
def show(person: Person) -> Response:
    """The form, with what is chosen now."""
    link = _link(person)
    return choosing.page(person, chosen=_chosen(link), by_link=activities.is_set_by_link(link))


@pages.post("/app/activity/choose")
@needs(Permission.CHOOSE_CASES)
def choose(person: Person) -> Response:
    """Take a choice. Where the LMS's link names the cases it would have no effect: refused."""
    from web.learner import first_page

    here, link = services(), _link(person)
    if activities.is_set_by_link(link):
        return choosing.page(person, by_link=True)
    with here.database.write() as session:
        filled = choosing.read(session, request.form, person.locale)
        if not filled.errors:
            activities.choose(session, link.id, filled.choices[0])
    if filled.errors:
        return choosing.page(person, chosen=_chosen(link), errors=filled.errors)
    link.chosen = dict(filled.choices[0].to_custom())
    return first_page(person)


def _chosen(link: ResourceLink) -> Choice | None:
    try:
        return Choice.read(link.custom, link.chosen)
    except ChoiceError:
        return None


def _names_original(link: ResourceLink) -> bool:
    names = (activities.LINK_HISTORY, activities.CONTEXT_HISTORY)
    return any(str(link.custom.get(name, "")).strip() for name in names)


def _link(person: Person) -> ResourceLink:
    link = person.launch.resource_link
    if link is None:
        raise NotFound
    return link
