"""The institution's figures: what the page says, to whom, and what can be taken along."""

import csv
import io
import re
import zipfile

import pytest

from lti.roles import Role
from tests.web.conftest import Site
from tests.web.figures_stage import PLAIN, peopled
from tests.worlds import make_world

PAGE = "/app/figures"
DOWNLOAD = "/app/figures/download"


def words(html: str) -> str:
    html = re.sub(r"<svg.*?</svg>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.fixture
def lead(site: Site) -> str:
    """A session of the lead, with people to count."""
    peopled(site.world)
    return site.lead()


def test_nothing_to_show_is_said(site: Site) -> None:
    text = words(site.post(PAGE, site.lead()).text)
    assert "No case has enough answers yet." in text and "too few to say" in text
    assert "The last polish" in text and "The map of grey" not in text


def test_the_page_says_what_came_of_it(site: Site, lead: str) -> None:
    answer = site.post(PAGE, lead)
    text = words(answer.text)
    assert "Learners 130 130" in text and "Educators 40 40" in text
    assert "1. The last polish" in text
    assert "Greyest: “The last polish”" in text and 'role="img"' in answer.text
    assert "Learners and educators at first view: equivalent. Cliff’s delta 0.00" in text
    assert "of 130 people" in text.lower() or "Of 130 people" in text
    assert "This is a shift, not an effect" in text
    assert "Wording A: Plain, version 1" in text and PLAIN in text
    assert "Wording A and wording B: different. Cliff’s delta" in text
    assert "p =" not in text and "p-value" not in text
    assert "<script" not in answer.text and " style=" not in answer.text
    ids = re.findall(r'\bid="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))
    assert "language_polish" not in text, "uses are named by their case"


@pytest.mark.parametrize("right", ["institution_lead", "researcher"])
def test_who_may_see_it(site: Site, right: str) -> None:
    token = site.token("7", Role.EDUCATOR)
    assert site.post(PAGE, token).status_code == 403
    assert site.post(DOWNLOAD, token, format="csv").status_code == 403
    assert PAGE not in site.post("/app", token).text
    site.grant(token, right)
    assert site.post(PAGE, token).status_code == 200


def test_another_institutions_figures_are_not_there(site: Site, lead: str) -> None:
    beth = Site(site.app, make_world(site.world.database, "beth"), site.bot, site.keyring)
    text = words(beth.post(PAGE, beth.lead()).text)
    assert "130" not in text and PLAIN not in text and "Plain words" not in text


@pytest.mark.parametrize("kind", ["", "exe", "PDF", "../pdf"])
def test_other_forms_are_refused(site: Site, kind: str) -> None:
    assert site.post(DOWNLOAD, site.lead(), format=kind).status_code == 422


def test_the_table_holds_what_may_be_shown_and_no_formula(site: Site, lead: str) -> None:
    answer = site.post(DOWNLOAD, lead, format="csv")
    assert answer.mimetype == "text/csv" and "no-store" in answer.headers["Cache-Control"]
    text = answer.data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    first = [
        row
        for row in rows
        if (row["part"], row["whom"], row["figure"], row["group"])
        == ("case", "learners", "first view", "")
    ]
    assert {row["people_in_all"] for row in first} == {"130"}
    assert sum(int(row["people"] or 0) for row in first) == 130
    assert all((row["people"] == "") == (row["hidden"] == "yes") for row in rows)
    assert all(int(row["people"]) >= 5 or row["people"] == "0" for row in rows if row["people"])
    assert any(row["part"] == "pilot" and "Handbook" in row["name"] for row in rows)
    assert not re.search(r"(?m)(^|,)[=+@]", text)


def test_the_report_as_pdf_and_as_a_page_that_stands_alone(site: Site, lead: str) -> None:
    pdf = site.post(DOWNLOAD, lead, format="pdf")
    assert pdf.data.startswith(b"%PDF-") and len(pdf.data) > 10_000
    page = site.post(DOWNLOAD, lead, format="html").text
    assert "Figures of Testville" in page and "<style>" in page
    assert lead not in page, "nobody else's session travels with it"
    assert "/static/" not in page and "<form" not in page and "<script" not in page


def test_the_folder_has_every_figure_twice(site: Site, lead: str) -> None:
    answer = site.post(DOWNLOAD, lead, format="zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        names = set(archive.namelist())
        assert {"report.html", "report.pdf", "figures.csv", "figures/map-of-grey.svg"} <= names
        pictures = [name for name in names if name.startswith("figures/")]
        assert len(pictures) >= 8
        for name in pictures:
            stem, kind = name.rsplit(".", 1)
            assert {f"{stem}.svg", f"{stem}.png"} <= names
            head = archive.read(name)[:300]
            assert head.startswith(b"\x89PNG") if kind == "png" else b"<svg" in head
        assert not any("=" in name or " " in name for name in names)
