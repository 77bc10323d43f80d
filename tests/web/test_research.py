"""Taking a study's record along: by researchers only, in every form, and written down."""

import csv
import io
import json
import re
import zipfile

import openpyxl
import pytest
from sqlalchemy import select

from analysis.export.forms import ABOUT, Form
from lti.roles import Role
from store.coding import coders, codes, codings
from store.models import AuditEvent
from tests.analysis.cohort import Course
from tests.refi.reading import broken_rules
from tests.web import research_stage
from tests.web.conftest import Site
from tests.worlds import NOW, make_world

PAGE, EXPORT = "/app/research", "/app/research/export"
WORDS = "=It depends 😀 on who was told."


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def course(site: Site) -> Course:
    world, made = site.world, research_stage.course_of(site)
    answer = made.write(made.take(4, 2), WORDS)
    made.write(made.take(1, 5), "Another person's words.")
    with world.database.write() as session:
        coder = coders.coder_of(session, world.study.id, "a" * 32)
        code = codes.make(session, world.study.id, coder, "Depends", NOW)
        codings.apply(session, world.study.id, coder, answer, code.public_id, NOW, end=11)
    return made


@pytest.fixture(name="researcher")
def researchers_session(site: Site) -> str:
    return research_stage.researcher(site)


def logged(site: Site) -> list[str]:
    with site.world.database.read() as session:
        query = select(AuditEvent.subject).where(AuditEvent.action == "exported")
        return list(session.scalars(query.order_by(AuditEvent.id)))


@pytest.mark.parametrize("form", list(Form))
def test_every_form(site: Site, course: Course, researcher: str, form: Form) -> None:
    answer = site.post(EXPORT, researcher, form=form.value)
    assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]
    assert f"grey-area-{form.value}" in answer.headers["Content-Disposition"]
    (subject,) = logged(site)
    assert subject.startswith(f"main: {form.value}, everything: ")
    data = answer.data
    match form:
        case Form.CSV:
            rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
            assert f"'{WORDS}" in {row["words"] for row in rows} and len(rows) == 6
        case Form.JSONL:
            objects = [json.loads(line) for line in data.decode().splitlines()]
            one = next(found for found in objects if found["words"] == WORDS)
            assert one["superseded"] is False and one["value"] is None and one["flags"] == []
        case Form.XLSX:
            sheet = openpyxl.load_workbook(io.BytesIO(data))["responses"]
            head, *lines = list(sheet.values)
            found = {dict(zip(head, line, strict=True))["words"] for line in lines}
            assert f"'{WORDS}" in found and 4 in {line[head.index("value")] for line in lines}
        case Form.PARQUET:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                assert archive.namelist()[-1].startswith("study=main/month=2026-03/part-0")
        case Form.QDPX | Form.QDPX_NVIVO | Form.QDPX_MAXQDA:
            marks = {"LF and no mark"} if form is Form.QDPX_MAXQDA else set()
            assert broken_rules(data) == marks and "1 codings" in subject
        case Form.QDC:
            assert b'name="Depends"' in data
        case Form.CODEBOOK:
            assert "Depends" in data.decode("utf-8-sig")
        case Form.CODES:
            rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
            assert sorted((row["coder"], row["Depends"]) for row in rows) == [
                ("", "0"),
                ("Coder 1", "1"),
            ]
        case Form.DICTIONARY:
            assert "`response_id`" in data.decode()
    assert ABOUT[form].words[1:] in site.post(PAGE, researcher).text


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"since": "2026-03-02", "until": "2026-03-01"}, "2026-03-02 is after 2026-03-01"),
        ({"since": "2.3.2026"}, "write days as 2026-03-31"),
        ({"until": "9" * 500}, "write days as"),
        ({"scenario": "../S01"}, "named by its id"),
        ({"course": "0" * 12}, "there is no course"),
        ({"course": "'; DROP"}, "named by its code"),
    ],
)
def test_what_cannot_be_chosen_is_refused(
    site: Site, course: Course, researcher: str, fields: dict[str, str], why: str
) -> None:
    answer = site.post(EXPORT, researcher, form="csv", **fields)
    assert answer.status_code == 422 and why in words(answer.text)
    assert logged(site) == []
    assert site.post(EXPORT, researcher, form="exe").status_code == 422


def test_a_part_of_it(site: Site, course: Course, researcher: str) -> None:
    def rows(**fields: str) -> int:
        answer = site.post(EXPORT, researcher, form="jsonl", **fields)
        return len(answer.data.splitlines())

    assert rows() == 6 and rows(scenario="s01") == 6 and rows(scenario="S02") == 0
    day = f"{course.now:%Y-%m-%d}"
    assert rows(since=day, until=day) == 6 and rows(until="2020-01-01") == 0
    one = json.loads(site.post(EXPORT, researcher, form="jsonl").data.splitlines()[0])
    assert rows(course=one["course_code"]) == 6


def test_who_may_and_whose(site: Site, course: Course, researcher: str) -> None:
    for token in (site.token("t", Role.EDUCATOR), site.lead(), site.token("7", Role.LEARNER)):
        assert site.post(PAGE, token).status_code == 403
        assert site.post(EXPORT, token, form="csv").status_code == 403
    beth = Site(site.app, make_world(site.world.database, "beth"), site.bot, site.keyring)
    assert beth.post(EXPORT, research_stage.researcher(beth), form="jsonl").data == b""


def test_who_has_left_since_is_said(site: Site, course: Course, researcher: str) -> None:
    assert "Nothing has been exported yet. 0 people" in words(site.post(PAGE, researcher).text)
    site.post(EXPORT, researcher, form="csv")
    leaving = course.take(3)
    course.now = course.now.replace(year=course.now.year + 1)
    course.leave(leaving)
    text = words(site.post(PAGE, researcher).text)
    assert "1 person has withdrawn since" in text
