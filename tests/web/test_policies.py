"""The lead's page on policy: statements, what is in force, and pilots."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from store.models import AuditEvent, Pilot, ResourceLink, StatementVersion
from tests.web.conftest import Site, page_of

PAGE = "/app/policies"
GOOD = {
    "use": "language_polish",
    "name": "Handbook",
    "status": "permitted_with_declaration",
    "en": "You may have your language checked if you say so.",
    "de": "Sprachliche Hilfe ist erlaubt, wenn man sie angibt.",
    "link": "https://example.edu/ai",
}


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def changes(site: Site) -> list[tuple[str, str]]:
    return [(row.action, row.subject) for row in site.world.rows(AuditEvent)]


def keep(site: Site, lead: str, **change: str) -> str:
    """Keep a statement by the page; its public id."""
    answer = site.post(f"{PAGE}/statement", lead, **{**GOOD, **change})
    assert answer.status_code == 200, words(answer.text)
    return site.world.rows(StatementVersion)[-1].public_id


def start(site: Site, lead: str, *wordings: str, **change: str) -> Any:
    data = {"session": lead, "pilot_name": "Two", "unit": "person", **change}
    return site.client().post(f"{PAGE}/pilot", data={**data, "wording": list(wordings)})


def test_a_statement_is_kept_put_in_force_and_read_by_learners(site: Site) -> None:
    lead = site.lead()
    assert "There is none yet" in site.post(PAGE, lead).text
    page = site.post(f"{PAGE}/statement", lead, **GOOD)
    assert "Kept: Handbook, version 1. It is not in force yet." in page.text
    assert "permitted if declared; not in force" in words(page.text)
    row = site.world.rows(StatementVersion)[0]
    page = site.post(f"{PAGE}/in-force", lead, statement=row.public_id, do="on")
    assert "in force since 2 March 2026" in page.text and "Take out of force" in page.text
    token = site.token("reader")
    site.begin(token, which="pack:core")
    page = site.post(f"{PAGE}/in-force", lead, statement=row.public_id, do="off")
    assert "in force until 2 March 2026" in page.text
    assert changes(site) == [
        ("statement kept", "language_polish: Handbook, version 1"),
        ("statement in force", "language_polish: Handbook, version 1"),
        ("statement out of force", "language_polish: Handbook, version 1"),
    ]


def test_what_a_learner_reads(site: Site) -> None:
    lead = site.lead()
    statement = keep(site, lead)
    site.post(f"{PAGE}/in-force", lead, statement=statement, do="on")
    token = site.token("reader", activity="single")
    with site.world.database.write() as session:
        link = session.scalars(select(ResourceLink).where(ResourceLink.lms_id == "single")).one()
        link.custom = {"pack": "core", "scenarios": "S01"}
    page = site.begin(site.token("reader", activity="single", set_up=False))
    for option in ("2", "skip", "4", "skip"):
        site.say(page, option=option)
        page = page_again(site, token)
    text = words(page.html)
    assert "Here is what your institution says. You may have your language checked" in _plain(text)
    assert "Your institution’s rule: You may have your language checked" in _plain(text)
    assert 'href="https://example.edu/ai"' in page.html and "example, not your rule" not in text


def _plain(text: str) -> str:
    return text.replace("Assistant: ", "")


def page_again(site: Site, token: str) -> Any:
    return page_of(site.post("/app", token))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"en": "", "de": ""}, "it has no wording"),
        ({"use": "no_such_use"}, "there is no such use"),
        ({"status": "fine"}, "status:"),
        ({"name": " "}, "name:"),
        ({"en": "May you?"}, "texts en: must not ask"),
        ({"en": "x" * 501}, "texts en:"),
        ({"link": "http://example.edu"}, "link: must be an https address"),
    ],
)
def test_what_cannot_be_kept_stays_in_the_form(
    site: Site, change: dict[str, str], said: str
) -> None:
    page = site.post(f"{PAGE}/statement", site.lead(), **{**GOOD, **change})
    assert page.status_code == 422 and f"This was not kept: {said}" in words(page.text)
    if "en" not in change:
        assert GOOD["en"] in page.text
    assert site.world.rows(StatementVersion) == [] and changes(site) == []


def test_a_pilot_from_its_start_to_its_end(site: Site) -> None:
    lead = site.lead()
    wordings = [keep(site, lead, name=name, en=f"Wording {name}.") for name in ("A", "B")]
    page = start(site, lead, *wordings)
    assert page.status_code == 200 and "The pilot “Two” is running." in page.text
    assert "so far fewer than 5 people" in words(page.text)
    assert "Nothing can be put in force" in page.text
    refused = site.post(f"{PAGE}/in-force", lead, statement=wordings[0], do="on")
    assert refused.status_code == 422 and "would spoil it. End it first" in refused.text
    for n in range(6):
        site.begin(site.token(f"learner-{n}"))
    pilot = site.world.rows(Pilot)[0]
    page = site.post(f"{PAGE}/pilot/end", lead, pilot=pilot.public_id)
    assert "has ended" in page.text and "End this pilot" not in page.text
    again = site.post(f"{PAGE}/pilot/end", lead, pilot=pilot.public_id)
    assert again.status_code == 422 and "cannot be changed any more" in again.text
    assert changes(site)[2:] == [
        (
            "pilot started",
            "Two, by person: language_polish: A, version 1; language_polish: B, version 1",
        ),
        ("pilot ended", "Two"),
    ]


@pytest.mark.parametrize("change", [{"unit": "planet"}, {"pilot_name": ""}, {"unit": ""}])
def test_a_pilot_that_cannot_be_started_changes_nothing(site: Site, change: dict[str, str]) -> None:
    lead = site.lead()
    wordings = [keep(site, lead, name=name, en=f"Wording {name}.") for name in ("A", "B")]
    page = start(site, lead, *wordings, **change)
    assert page.status_code == 422 and "The pilot was not started" in page.text
    assert page.text.count("checked") >= 2, "what was chosen stays chosen"
    assert start(site, lead, wordings[0]).status_code == 422
    assert start(site, lead).status_code == 422
    assert start(site, lead, wordings[0], "f" * 32).status_code == 404
    assert site.world.rows(Pilot) == []


def test_unknown_ids_and_acts(site: Site) -> None:
    lead = site.lead()
    statement = keep(site, lead)
    assert site.post(f"{PAGE}/in-force", lead, statement="x", do="on").status_code == 404
    assert site.post(f"{PAGE}/in-force", lead, statement=statement).status_code == 422
    assert site.post(f"{PAGE}/in-force", lead, statement=statement, do="off").status_code == 422
    assert site.post(f"{PAGE}/pilot/end", lead, pilot="x").status_code == 404


def test_nobody_else_may(site: Site) -> None:
    token = site.token()
    for path in ("", "/statement", "/in-force", "/pilot", "/pilot/end"):
        assert site.post(PAGE + path, token, **GOOD).status_code == 403
    assert PAGE not in site.post("/app", token).text


def test_the_margin_is_fixed_before_a_pilot_and_not_in_it(site: Site) -> None:
    lead = site.lead()
    assert 'value="0.29"' in site.post(PAGE, lead).text
    page = site.post(f"{PAGE}/margin", lead, margin="0,2")
    assert "The margin is 0.2 from now on." in page.text and 'value="0.2"' in page.text
    for typed in ("", "1", "-0.2", "0.01", "0.95", "nan", ".2.3", "two"):
        refused = site.post(f"{PAGE}/margin", lead, margin=typed)
        assert refused.status_code == 422 and "Nothing was changed" in refused.text, typed
    wordings = [keep(site, lead, name=name, en=f"Wording {name}.") for name in ("A", "B")]
    start(site, lead, *wordings)
    refused = site.post(f"{PAGE}/margin", lead, margin="0.4")
    assert refused.status_code == 422 and "fixed before one begins" in refused.text
    assert 'value="0.2"' in site.post(PAGE, lead).text
    assert ("equivalence margin fixed", "0.2") in changes(site)
