"""The lead's page: the information that learners read, its translations, and an own text."""

import pytest

from store.models import AuditEvent
from tests.web.conftest import Site

PAGE = "/app/institution/consent"
OWN = "Our own words.\n\n- Nothing is marked.\n\n## How long?\n\nFor {years} years."


def information(site: Site, locale: str = "en") -> str:
    token = site.token("reader")
    return site.post("/app/language", token, locale=locale).get_data(as_text=True)


def changes(site: Site) -> list[tuple[str, str]]:
    rows = site.world.rows(AuditEvent)
    return [(row.action, row.subject) for row in rows if row.action.startswith("consent")]


def test_a_translation_is_read_and_approved(site: Site) -> None:
    lead = site.lead()
    page = site.post("/app/institution", lead).text
    assert "Deutsch: a draft until you approve it" in page and "Computerprogramm" in page
    assert "nicht freigegeben" in information(site, "de")
    page = site.post(PAGE, lead, do="approve", language="de").text
    assert "That is saved" in page and "Deutsch: approved" in page
    assert "Español: a draft" in page
    assert "nicht freigegeben" not in information(site, "de")
    assert "Deutsch: a draft" in site.post(PAGE, lead, do="revoke", language="de").text
    assert changes(site) == [
        ("consent translation approved", "de, version 3"),
        ("consent translation revoked", "de, version 3"),
    ]


def test_an_own_text_and_back(site: Site) -> None:
    lead = site.lead()
    page = site.post(PAGE, lead, do="own", version="2027-1", en=OWN, de=" ", es="")
    assert "your own text, version 2027-1, 10y" in page.text.replace("\n", " ")
    assert "Write your own text" not in page.text and "Change your text" in page.text
    read = information(site)
    assert "Our own words." in read and "For 10 years." in read and "computer program" not in read
    # German is there to be written, and English is shown meanwhile.
    assert 'id="consent_de"' in page.text and "Our own words." in information(site, "de")
    page = site.post(PAGE, lead, do="reset").text
    assert "Grey Area’s text" in page and "computer program" in information(site)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"version": "", "en": OWN}, "1 to 12 characters"),
        ({"version": "x" * 13, "en": OWN}, "1 to 12 characters"),
        ({"version": "1"}, "there is no text"),
        ({"version": "1", "en": "## Heading\n\nText."}, "say the most important first"),
        ({"version": "1", "en": OWN, "de": "x" * 20_001}, "de: the text has more than 20,000"),
    ],
)
def test_what_cannot_be_shown_changes_nothing_and_stays_in_the_form(
    site: Site, fields: dict[str, str], said: str
) -> None:
    page = site.post(PAGE, site.lead(), do="own", **fields)
    assert page.status_code == 422 and said in page.text
    if "Our own" in fields.get("en", ""):
        assert "Our own words." in page.text
    assert "Grey Area’s text" in page.text and changes(site) == []
    assert "computer program" in information(site)


def test_a_version_stands_for_one_text(site: Site) -> None:
    lead = site.lead()
    site.post(PAGE, lead, do="own", version="1", en=OWN)
    page = site.post(PAGE, lead, do="own", version="1", en=OWN + " And more.")
    assert page.status_code == 422 and "give it a new version" in page.text
    assert "And more." not in information(site)


@pytest.mark.parametrize("fields", [{}, {"do": "burn"}, {"do": "approve", "language": "fr"}])
def test_what_is_not_offered_is_refused(site: Site, fields: dict[str, str]) -> None:
    assert site.post(PAGE, site.lead(), **fields).status_code == 422
    assert changes(site) == []


def test_nobody_else_may(site: Site) -> None:
    assert site.post(PAGE, site.token(), do="approve", language="de").status_code == 403
