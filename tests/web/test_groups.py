"""A class by groups of its people, and where an institution tells groups apart."""

import re
from datetime import timedelta

import pytest

from lti.roles import Role
from tests.web.conftest import Site
from tests.web.research_stage import course_of
from tests.worlds import NOW
from worker.counting import count_figures

PAGE, CHOICE = "/app/class", "/app/policies/groups"


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def people(site: Site, groups: int = 2) -> None:
    """People of both views in the site's own course, over some months."""
    made = course_of(site)
    made.now = NOW - timedelta(days=31 * groups)
    for _ in range(groups):
        for n in range(26):
            view = "educator" if n % 13 < 5 else "learner"
            made.take(1 if n % 2 else 5, 4 if n % 3 else 1, clarity=1 + 3 * (n % 2), view=view)
        made.now += timedelta(days=31)


@pytest.fixture
def teacher(site: Site) -> str:
    return site.token("teacher", Role.EDUCATOR)


def test_by_month(site: Site, teacher: str) -> None:
    people(site)
    plain = site.post(PAGE, teacher)
    assert 'value="month"' in plain.text and 'value="role"' not in plain.text
    assert "December 2025" not in plain.text
    answer = site.post(PAGE, teacher, by="month")
    text = words(answer.text)
    assert '<option value="month" selected>by the month in which they finished' in answer.text
    months = re.findall(r'<th scope="row">([A-Z][a-z]+ \d{4})</th><td class="num">26', answer.text)
    assert len(set(months)) == 2 and len(months) == 6, "first view, changed case, clarity"
    assert "First view; 52 people, as of" in text and "How clear the rule is; 52 people" in text


@pytest.mark.parametrize("by", ["role", "profession", "shoes", "month@x", "%00", "a" * 9000])
def test_groups_that_the_course_does_not_tell_apart(site: Site, teacher: str, by: str) -> None:
    people(site)
    answer = site.post(PAGE, teacher, by=by)
    assert answer.status_code == 422 and "26" not in words(answer.text)
    assert site.post(PAGE, teacher).status_code == 200


def test_in_each_course(site: Site, teacher: str) -> None:
    lead = site.lead()
    page = site.post(CHOICE, lead, groups="courses")
    assert "Groups are told apart in each course from now on." in words(page.text)
    people(site)
    answer = site.post(PAGE, teacher, by="role")
    assert "By the view they chose" in answer.text
    rows = re.findall(r'<th scope="row">(Learner|Educator)</th><td class="num">(\d+)', answer.text)
    assert dict(rows) == {"Learner": "32", "Educator": "20"}
    text = words(site.post(PAGE, teacher, by="profession").text)
    assert "By profession: not shown for this case" in text
    # What has been shown stands for good.
    refused = site.post(CHOICE, lead, groups="institution")
    assert refused.status_code == 422 and "Nothing was changed" in refused.text
    assert "this cannot be changed any more" in words(site.post("/app/policies", lead).text)
    assert "By the view they chose" not in site.post("/app/figures", lead).text


def test_over_all_courses(site: Site, teacher: str) -> None:
    people(site)
    count_figures(site.world.database, NOW + timedelta(days=40))
    lead = site.lead()
    assert "By the view they chose" in site.post("/app/figures", lead).text
    refused = site.post(CHOICE, lead, groups="courses")
    assert refused.status_code == 422
    assert site.post(PAGE, teacher, by="role").status_code == 422


def test_who_may_choose_and_what(site: Site, teacher: str) -> None:
    assert site.post(CHOICE, teacher, groups="courses").status_code == 403
    lead = site.lead()
    for typed in ("", "both", "COURSES", "courses\x00"):
        assert site.post(CHOICE, lead, groups=typed).status_code == 422
    assert 'value="institution" checked' in site.post("/app/policies", lead).text
