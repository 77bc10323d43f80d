"""The form on which an educator chooses the cases of an activity: what it offers, what it says.

Used at the first opening of an activity that was added by hand, for changing that choice,
and in the LMS's own dialogue (deep linking).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from flask import make_response, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from store.activities import newest_packs
from store.catalogues import language_name
from store.models import PackVersion
from store.scripts import script_of
from study.activity import FOLLOW, Choice
from study.packs import Pack
from study.scenarios import Scenario
from web.person import Person
from web.services import services

SINGLE = "single"
PIN = "pin"
MAX_TITLE = 120
NO_ERRORS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class OfferedPack:
    """A pack as the form shows it."""

    id: str
    version: int
    title: str
    minutes: int
    usual: int
    most: int
    cases: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferedCase:
    """A single case as the form shows it."""

    id: str
    title: str
    about: str
    vignette: str
    never_first: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """All that may be chosen: packs, those with most cases first, and their cases."""

    packs: tuple[OfferedPack, ...]
    cases: tuple[OfferedCase, ...]
    most: int


@dataclass(slots=True)
class Filled:
    """A form as it was sent: ``choices`` are what it asks for; ``errors`` by field."""

    choices: list[Choice] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)


def offer(session: Session, locale: str) -> Offer:
    """What is published here, titles in the language of the page as far as there is one."""
    rows = newest_packs(session)
    scenarios = _scenarios(rows)
    packs = tuple(_offered(row, locale) for row in rows)
    return Offer(
        packs=packs,
        cases=tuple(_case(scenario, locale) for scenario in scenarios.values()),
        most=max((pack.most for pack in packs), default=1),
    )


def read(
    session: Session, form: MultiDict[str, str], locale: str, *, several: bool = False
) -> Filled:
    """What a sent form asks for: one choice, or with ``several`` allowed one for each case.

    Nothing that the form did not offer is taken.
    """
    filled = Filled()
    rows = {row.pack_id: row for row in newest_packs(session)}
    which, ids = form.get("which", ""), _ticked(form)
    row = _pack_of(which, ids, rows, filled.errors)
    if row is None:
        return filled
    pack = Pack.model_validate(row.content)
    if which != SINGLE and ids:
        filled.errors["which"] = "You ticked single cases: choose “Single cases”, or untick them."
        return filled
    separate = several and which == SINGLE and form.get("separate") == "yes"
    _check_first(pack, ids, separate, locale, filled.errors)
    count = len(ids) or len(pack.scenarios)
    number = None if separate else _number(form, pack, count, filled.errors)
    if form.get("policy", FOLLOW) not in (FOLLOW, PIN):
        filled.errors["policy"] = "Please choose one."
    if filled.errors:
        return filled
    version = row.version if form.get("policy") == PIN else None
    completion = form.get("completion") == "yes"
    groups: Sequence[tuple[str, ...]] = [(one,) for one in ids] if separate else [ids]
    for group in groups:
        filled.choices.append(Choice(row.pack_id, version, group, number, completion))
        filled.titles.append(_title(form, pack, group, locale, separate))
    return filled


def page(
    person: Person,
    *,
    chosen: Choice | None = None,
    by_link: bool = False,
    errors: Mapping[str, str] = NO_ERRORS,
) -> Response:
    """The form: as it was sent if there are ``errors``, else with what is ``chosen`` now.

    ``by_link``: the LMS's link names the cases, so the page only says where to change them.
    """
    with services().database.read() as session:
        offered = offer(session, person.locale)
    values = _values_of(chosen) if chosen is not None else {}
    ticked = list(chosen.scenarios) if chosen is not None else []
    if errors:
        values, ticked = dict(request.form.items()), request.form.getlist("case")
    html = render_template(
        "choose.html",
        person=person,
        offer=offered,
        values=values,
        ticked=ticked,
        errors=errors,
        by_link=by_link,
        first=chosen is None,
        deep_link=person.launch.deep_link,
    )
    return make_response(html, 422 if errors else 200)


def _values_of(choice: Choice) -> dict[str, str]:
    """A choice as the form's values, for changing it; the ticked cases stand apart."""
    return {
        "which": SINGLE if choice.scenarios else f"pack:{choice.pack_id}",
        "number": str(choice.cases or ""),
        "policy": FOLLOW if choice.version is None else PIN,
        "completion": "yes" if choice.completion else "",
    }


def _scenarios(rows: Sequence[PackVersion]) -> dict[str, Scenario]:
    """Each case once, from the first pack that has it."""
    found: dict[str, Scenario] = {}
    for row in rows:
        for ref, scenario in script_of(row).scenarios.items():
            found.setdefault(ref.id, scenario)
    return found


def _offered(row: PackVersion, locale: str) -> OfferedPack:
    script = script_of(row)
    pack = Pack.model_validate(row.content)
    return OfferedPack(
        id=row.pack_id,
        version=row.version,
        title=row.title,
        minutes=script.minutes,
        usual=pack.session.scenarios_default,
        most=pack.session.scenarios_max,
        cases=tuple(item.text(locale).texts.title for item in script.scenarios.values()),
        languages=tuple(language_name(code) for code in pack.languages),
    )


def _case(scenario: Scenario, locale: str) -> OfferedCase:
    texts = scenario.text(locale).texts
    return OfferedCase(
        scenario.id, texts.title, texts.why_grey, texts.vignette.learner, scenario.never_first
    )


def _ticked(form: MultiDict[str, str]) -> tuple[str, ...]:
    return tuple(sorted(set(form.getlist("case"))))


def _pack_of(
    which: str, ids: tuple[str, ...], rows: Mapping[str, PackVersion], errors: dict[str, str]
) -> PackVersion | None:
    if which == SINGLE:
        if not ids:
            errors["case"] = "Please tick at least one case."
            return None
        for row in rows.values():
            if set(ids) <= {ref.id for ref in script_of(row).scenarios}:
                return row
        errors["case"] = "These cases do not belong to one pack. Please tick cases of one pack."
        return None
    found = rows.get(which.removeprefix("pack:"))
    if found is None:
        errors["which"] = "Please choose a set of cases, or single cases."
    return found


def _check_first(
    pack: Pack, ids: tuple[str, ...], separate: bool, locale: str, errors: dict[str, str]
) -> None:
    """Heavier cases never open a conversation: each needs another one before it."""
    late = [item for item in pack.scenarios if item.id in ids and item.never_first]
    if late and (separate or len(late) == len(ids)):
        names = ", ".join(f"“{item.text(locale).texts.title}”" for item in late)
        errors["case"] = (
            f"Not as the first or only case, since it can weigh on people: {names}. "
            "Please tick another case with it."
        )


def _number(
    form: MultiDict[str, str], pack: Pack, count: int, errors: dict[str, str]
) -> int | None:
    raw = form.get("number", "").strip()
    most = min(pack.session.scenarios_max, count)
    if not raw:
        return None if count >= pack.session.scenarios_default else count
    if not (raw.isascii() and raw.isdigit() and len(raw) < 3 and 1 <= int(raw) <= most):
        errors["number"] = (
            f"Please choose a number from 1 to {most}." if most > 1 else "Only 1 is possible here."
        )
        return None
    return int(raw)


def _title(
    form: MultiDict[str, str], pack: Pack, ids: tuple[str, ...], locale: str, separate: bool
) -> str:
    given = " ".join(form.get("title", "").split())[:MAX_TITLE]
    if given and not separate:
        return given
    if len(ids) == 1:
        return pack.scenario(ids[0]).text(locale).texts.title
    return pack.title
