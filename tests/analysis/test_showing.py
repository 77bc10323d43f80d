"""The view for the classroom and the sheet to print: what they say, hide and look like."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask.testing import FlaskClient
from hypothesis import assume, given
from playwright.sync_api import Browser

from analysis.class_view import ClassView
from tests.analysis.educator_harness import (
    WIDTHS,
    figure,
    make_site,
    sample,
    serving,
)
from tests.analysis.educator_harness import _scenario as scenario
from tests.analysis.test_educator_page import counts
from web.educator import class_page
from web.educator_showing import GROUPS, discussion, summary

KINDS = ("empty", "started", "small", "large")


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return make_site().test_client()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_one_case_two_prompts_and_the_way_to_the_others(client: FlaskClient) -> None:
    html = client.get("/discuss/large/S02-1").text
    told = words(html)
    assert "Case 2 of 3" in told and "Ideas and an outline" in told
    assert html.count("<li>What") == 1 and "Suppose instead that they had said so. What" in told
    assert 'value="S01-1"' in html and 'value="S05-1"' in html
    assert html.count('role="img"') == 3
    assert len(re.findall(r"<h1[ >]", html)) == 1 and " style=" not in html


@pytest.mark.parametrize("case", ["S99-1", "x", "S03-1", "%3Cb%3E"])
def test_a_case_that_is_not_shown_gives_the_first(client: FlaskClient, case: str) -> None:
    assert "Case 1 of 3" in words(client.get(f"/discuss/large/{case}").text)


@pytest.mark.parametrize("kind", ["empty", "started"])
def test_with_too_few_there_is_no_chart(client: FlaskClient, kind: str) -> None:
    assert "no chart to discuss yet" in client.get(f"/discuss/{kind}/S01-1").text
    assert "nothing to print yet" in client.get(f"/summary/{kind}").text


def test_a_case_whose_answers_are_hidden_is_not_put_before_a_class() -> None:
    page = class_page(sample("small"), "")
    shown = {case.id for case in page.cases if case.anything}
    found = discussion(page, "S07-1")
    assert "S07-1" not in shown and found is not None and found.case.id in shown
    assert {line.title for line in summary(page)} == {c.title for c in page.cases if c.anything}


def test_the_sheet_adds_up_what_may_be_shown(client: FlaskClient) -> None:
    line = summary(class_page(sample("large"), ""))[0]
    assert dict(zip([name for name, _ in GROUPS], line.groups, strict=True)) == {
        "Unacceptable": "23",
        "Neither": "7",
        "It depends": "6",
        "Acceptable": "13",
        "Can’t say": "6",
    }
    html = client.get("/summary/large").text
    assert "Made-up people are counted." in html and "180 people took part" in words(html)
    assert html.count("<table") == html.count("<caption>") == 1


@given(counts, counts)
def test_no_sum_tells_more_than_the_class_page(first: dict[str, int], then: dict[str, int]) -> None:
    """Each sum is of numbers that stand in the table, or it is hidden."""
    assume(figure(**first).form == figure(**then).form)  # as in every release
    made = scenario(0, figure(**first), figure(**then), figure(), figure("moves"))
    view = sample("empty")
    part = view.participation
    page = class_page(ClassView(5, view.now, part, (made,), False), "")
    for line in summary(page):
        (case,) = page.cases
        for column, cells in enumerate((line.groups, line.changed)):
            for (_, points), told in zip(GROUPS, cells, strict=True):
                parts = [row.cells[column] for row in case.rows if row.point in points]
                if told.isdigit():
                    assert int(told) == sum(map(int, parts))
                else:
                    assert told in parts


def test_they_fit_pass_axe_and_go_by_the_arrow_keys(chromium: Browser) -> None:
    with serving() as url:
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                context = chromium.new_context(
                    viewport={"width": width, "height": 800},
                    color_scheme=scheme,  # type: ignore[arg-type]
                )
                page = context.new_page()
                complaints: list[str] = []
                page.on("console", lambda m, c=complaints: c.append(m.text))
                for path in ("discuss/large/S01-1", "discuss/empty/S01-1", "summary/large"):
                    page.goto(f"{url}/{path}")
                    assert page.evaluate("document.documentElement.scrollWidth") <= width, path
                    found = Axe().run(page).response["violations"]
                    assert [one["id"] for one in found] == [], path
                assert complaints == []
                context.close()
        page = chromium.new_page()
        page.goto(f"{url}/discuss/large/S01-1")
        with page.expect_request(lambda r: r.method == "POST") as asked:
            page.keyboard.press("ArrowRight")
        assert "case=S02-1" in (asked.value.post_data or "")
        page.close()
