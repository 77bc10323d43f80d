"""Whom somebody in distress is shown, and what is promised: only what the institution has set."""

import html

import pytest

from store.care import care_of
from store.models import AuditEvent, Institution
from study.care import Care
from tests.web.conftest import Site, page_of

PAGE = "/app/institution"
LINES = "Campus line | 01234 567 890 | day and night\nhelp page | https://care.example.edu/now"
HIGH = "I don't want to be alive any more"
AGREEMENT = "agreed in writing that its academic-integrity teams do not receive answers"


def care(site: Site) -> Care:
    (institution,) = site.world.rows(Institution)
    return care_of(institution)


def in_distress(site: Site) -> str:
    page = page_of(site.say(site.begin(site.token()), option="2"))
    return site.say(page, text=HIGH).get_data(as_text=True)


def test_without_lines_no_number_of_anybody_is_named(site: Site) -> None:
    shown = in_distress(site)
    assert "If you need someone now" in shown and "your local emergency number" in shown
    assert "support service, or somebody you trust" in shown
    assert "tel:" not in shown and "Samaritans" not in shown


def test_the_institutions_lines_are_shown_and_stay(site: Site) -> None:
    answer = site.post(f"{PAGE}/care", site.lead(), lines=LINES)
    assert answer.status_code == 200 and "That is saved" in answer.text
    shown = in_distress(site)
    assert '<a href="tel:01234567890" dir="ltr">01234 567 890</a>' in shown
    assert '<span dir="auto">Campus line, day and night</span>' in shown
    assert 'href="https://care.example.edu/now"' in shown
    assert "somebody you trust</li>" not in shown
    again = site.post("/app", site.token()).get_data(as_text=True)
    assert "tel:01234567890" in again
    event = site.world.rows(AuditEvent)[-1]
    assert (event.action, event.subject) == ("care changed", "2 lines; agreement no")


def test_the_agreement_is_told_only_where_it_is_recorded(site: Site) -> None:
    assert AGREEMENT not in site.post("/app", site.token()).text
    site.post(f"{PAGE}/care", site.lead(), lines="", integrity_agreement="yes")
    assert care(site) == Care((), integrity_agreement=True)
    assert AGREEMENT in site.post("/app", site.token()).text
    site.post(f"{PAGE}/care", site.lead(), lines="")
    assert AGREEMENT not in site.post("/app", site.token()).text


@pytest.mark.parametrize(
    "lines",
    [
        "no contact at all",
        "a | b | c | d",
        "x | javascript:alert(1)",
        "x | http://plain.example.edu",
        "x | https://user@evil.example/",
        "x | not a number",
        "| 12345",
        "n" * 121 + " | 12345",
        "x | 12345 | \u202eoops",
        "\n".join(f"line {n} | 1234{n}" for n in range(9)),
        "x" * 5000,
    ],
)
def test_a_line_that_could_not_be_used_changes_nothing_and_is_kept_in_the_form(
    site: Site, lines: str
) -> None:
    site.post(f"{PAGE}/care", site.lead(), lines=LINES)
    before = care(site)
    answer = site.post(f"{PAGE}/care", site.lead(), lines=lines)
    assert answer.status_code == 422 and "Nothing was changed" in answer.text
    assert html.escape(lines[:30], quote=False) in answer.text
    assert care(site) == before


def test_markup_in_a_line_is_text(site: Site) -> None:
    site.post(f"{PAGE}/care", site.lead(), lines="<script>alert(1)</script> | 12345")
    assert "<script>alert" not in in_distress(site)


def test_only_a_lead_sets_them(site: Site) -> None:
    assert site.post(f"{PAGE}/care", site.token(), lines=LINES).status_code == 403
    assert care(site) == Care()
