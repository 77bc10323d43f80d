"""Taking a study's record along: for researchers of the study, and for nobody else."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO

from flask import Blueprint, make_response, render_template, request
from werkzeug.exceptions import UnprocessableEntity
from werkzeug.wrappers import Response

from analysis.export import choosing, forms
from analysis.export.book import NoCodesError
from analysis.export.choosing import ChoiceError, Chosen
from analysis.export.tables import TooLargeError
from store import audit
from store.models import Study
from web.moments import minute
from web.permissions import Permission
from web.person import Person, needs
from web.reading_rights import taught
from web.services import services

pages = Blueprint("research", __name__)

SHORT = 40
"""What any of the fields may hold."""
PART = 65_536


@dataclass(frozen=True, slots=True)
class ExportPage:
    """What the page says: the forms, when something was last taken, who has left since."""

    forms: tuple[tuple[str, str], ...]
    last: str
    withdrawn: int
    problem: str = ""


@pages.route("/app/research", methods=["GET", "POST"])
@needs(Permission.EXPORT)
def show(person: Person) -> Response:
    """What can be taken along."""
    return _page(person)


@pages.post("/app/research/export")
@needs(Permission.EXPORT)
def export(person: Person) -> Response:
    """One form of the record, as a file; that it was taken is written down first."""
    asked = request.form.get("form", "")
    if asked not in list(forms.Form):
        raise UnprocessableEntity
    form, here = forms.Form(asked), services()
    # What is open can be sent when its folder is gone.
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "export"
        try:
            chosen = _chosen(request.form)
            with here.database.read() as session:
                chosen = replace(chosen, without=taught(session, person))
                study = session.get_one(Study, person.study.id)
                if forms.ABOUT[form].folder:
                    place.mkdir()
                told = forms.write(session, study, form, place, chosen)
                subject = f"{study.slug}: {form.value}, {chosen.in_words()}: {told}"
        except (ChoiceError, TooLargeError, NoCodesError) as error:
            return _page(person, f"Nothing was exported: {error}.", 422)
        with here.database.write() as session:
            audit.note(
                session,
                person.launch.institution.id,
                person.pseudonym,
                choosing.EXPORTED,
                subject,
                here.clock(),
            )
        if forms.ABOUT[form].folder:
            place = Path(shutil.make_archive(str(place), "zip", place))
        sent = place.open("rb")
    ending = ".zip" if forms.ABOUT[form].folder else forms.ABOUT[form].ending
    answer = Response(_parts(sent), mimetype=forms.ABOUT[form].media)
    answer.headers["Content-Disposition"] = f'attachment; filename="grey-area-{form.value}{ending}"'
    answer.headers["Cache-Control"] = "no-store"
    answer.content_length = os.fstat(sent.fileno()).st_size
    return answer


def _parts(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while part := file.read(PART):
            yield part


def _chosen(form: Mapping[str, str]) -> Chosen:
    return choosing.checked(
        Chosen(
            course=form.get("course", "")[:SHORT].strip().lower(),
            scenario=form.get("scenario", "")[:SHORT].strip().upper(),
            since=_day(form.get("since", "")),
            until=_day(form.get("until", "")),
            quotable=form.get("quotable") == "on",
            restricted=form.get("restricted") == "on",
        )
    )


def _day(typed: str) -> date | None:
    plain = typed[:SHORT].strip()
    if not plain:
        return None
    with suppress(ValueError):
        return date.fromisoformat(plain)
    raise ChoiceError("write days as 2026-03-31")


def _page(person: Person, problem: str = "", status: int = 200) -> Response:
    with services().database.read() as session:
        study = session.get_one(Study, person.study.id)
        last = choosing.last_export(session, study)
        page = ExportPage(
            forms=tuple((form.value, about.words) for form, about in forms.ABOUT.items()),
            last=minute(last),
            withdrawn=choosing.withdrawn_since(session, study, last),
            problem=problem,
        )
    html = render_template("research.html", person=person, page=page, typed=request.form)
    return make_response(html, status)
