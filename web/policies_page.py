"""The page on policy as data: statements by use, pilots, and what others say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from flask import make_response, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from analysis.compare import MARGIN
from store import groups, statements
from store.activities import newest_packs
from store.catalogues import NAMES
from store.models import Institution, Pilot, StatementVersion
from store.scripts import script_of
from study.policies import PolicyExamples, PolicyStatus, parse_policies
from study.suppression import THRESHOLD
from web.moments import day
from web.person import Person
from web.services import services

EXAMPLES = Path(__file__).resolve().parents[1] / "data" / "policies" / "examples.yml"
STATUS_LABELS = {
    PolicyStatus.PROHIBITED.value: "prohibited",
    PolicyStatus.PERMITTED_WITH_DECLARATION.value: "permitted if declared",
    PolicyStatus.PERMITTED_WITHOUT_DECLARATION.value: "permitted without declaration",
    PolicyStatus.MISCONDUCT.value: "counts as misconduct",
    PolicyStatus.NOT_ADDRESSED.value: "not addressed",
    PolicyStatus.OTHER.value: "something else",
}
UNIT_LABELS = {"course": "whole courses", "person": "single people"}
LETTERS = "ABCDEF"


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a statement. ``state`` says in words whether it is in force."""

    id: str
    name: str
    version: int
    status: str
    texts: tuple[tuple[str, str, str], ...]
    """(code, language, wording)."""
    link: str
    state: str
    in_force: bool
    newest: bool


@dataclass(frozen=True, slots=True)
class Use:
    """A use with what the institution says of it, and what others say."""

    key: str
    title: str
    versions: tuple[Version, ...]
    examples: tuple[tuple[str, str, str], ...]
    """(body, wording, status)."""
    piloted: bool


@dataclass(frozen=True, slots=True)
class PilotLine:
    """A pilot. ``drawn`` says in words how many have been given a wording."""

    id: str
    name: str
    use: str
    unit: str
    drawn: str
    since: str
    until: str
    wordings: tuple[tuple[str, str], ...]
    """(letter, which statement)."""


@dataclass(frozen=True, slots=True)
class PoliciesPage:
    """Everything that the template writes; ``others`` are the uses without a statement."""

    name: str
    uses: tuple[Use, ...]
    others: tuple[Use, ...]
    pilots: tuple[PilotLine, ...]
    titles: tuple[tuple[str, str], ...]
    statuses: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    margin: str
    groups_in: str
    groups_fixed: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What the page says first, and what fills its forms again after a refusal."""

    notice: str = ""
    problem: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    pilot: Mapping[str, str] = field(default_factory=dict)
    chosen: tuple[str, ...] = ()


def respond(person: Person, said: Said | None = None, status: int = 200) -> Response:
    """The page as it stands now."""
    with services().database.read() as session:
        page = _page(session, person)
    html = render_template("policies.html", person=person, page=page, said=said or Said())
    return make_response(html, status)


def uses_of(session: Session) -> dict[str, str]:
    """The uses that published cases are about: key → the case's title."""
    return {
        scenario.key: scenario.text("en").texts.title
        for pack in reversed(newest_packs(session))
        for scenario in script_of(pack).scenarios.values()
    }


@cache
def examples() -> PolicyExamples:
    """What others say, as it comes with Grey Area."""
    return parse_policies(EXAMPLES.name, EXAMPLES.read_text("utf-8"))


def _page(session: Session, person: Person) -> PoliciesPage:
    institution = person.launch.institution
    current = session.get_one(Institution, institution.id)
    titles = uses_of(session)
    rows = statements.all_of(session, institution.id)
    pilots = statements.pilots_of(session, institution.id)
    titles |= {row.use: row.use for row in rows if row.use not in titles}
    running = {pilot.use for pilot in pilots if pilot.ended_at is None}
    uses = [
        _use(key, title, [row for row in rows if row.use == key], key in running)
        for key, title in sorted(titles.items(), key=lambda item: item[1])
    ]
    by_id = {row.id: row for row in rows}
    return PoliciesPage(
        name=institution.name,
        uses=tuple(use for use in uses if use.versions),
        others=tuple(use for use in uses if not use.versions),
        pilots=tuple(_pilot(pilot, by_id, titles) for pilot in pilots),
        titles=tuple((use.key, use.title) for use in uses),
        statuses=tuple(STATUS_LABELS.items()),
        languages=tuple(NAMES.items()),
        margin=f"{float(current.settings.get(statements.MARGIN_SETTING, MARGIN)):g}",
        groups_in=groups.groups_in(current).value,
        groups_fixed=groups.are_fixed(session, institution.id),
    )


def _use(key: str, title: str, rows: list[StatementVersion], piloted: bool) -> Use:
    newest = {row.name: row.version for row in reversed(rows)}
    return Use(
        key,
        title,
        tuple(_version(row, newest[row.name] == row.version) for row in rows),
        tuple(
            (found.body, found.text, STATUS_LABELS[found.status.value])
            for found in examples().for_use(key)
        ),
        piloted,
    )


def _version(row: StatementVersion, newest: bool) -> Version:
    on = statements.is_in_force(row)
    if on:
        state = f"in force since {day(row.in_force_from)}"
    elif row.in_force_until is not None:
        state = f"in force until {day(row.in_force_until)}"
    else:
        state = "not in force"
    texts = tuple((code, NAMES.get(code, code), text) for code, text in row.texts.items())
    status = STATUS_LABELS[row.status]
    return Version(row.public_id, row.name, row.version, status, texts, row.link, state, on, newest)


def _pilot(
    pilot: Pilot, by_id: Mapping[int, StatementVersion], titles: Mapping[str, str]
) -> PilotLine:
    few = pilot.unit == "person" and pilot.drawn < THRESHOLD
    drawn = f"fewer than {THRESHOLD}" if few else str(pilot.drawn)
    return PilotLine(
        id=pilot.public_id,
        name=pilot.name,
        use=titles.get(pilot.use, pilot.use),
        unit=UNIT_LABELS[pilot.unit],
        drawn=f"{drawn} {'people' if pilot.unit == 'person' else 'courses'}",
        since=day(pilot.started_at),
        until=day(pilot.ended_at),
        wordings=tuple(
            (letter, f"{by_id[row].name}, version {by_id[row].version}")
            for letter, row in zip(LETTERS, pilot.wordings, strict=False)
        ),
    )
