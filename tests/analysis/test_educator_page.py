"""The educator page: what it says, what it never says, and that it works on a telephone."""

import re

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from analysis.class_figures import Figure
from study.suppression import Cell, Reason
from tests.analysis.cohort import Course, World
from tests.analysis.educator_harness import SCHEMES, WIDTHS, educator_of, figure, make_site, serving
from web import educator
from web.educator_charts import HIDDEN, bars

KINDS = ("empty", "started", "small", "large", "outside")
counts = st.fixed_dictionaries(
    {key: st.integers(0, 30) for key in ("p1", "p2", "p3", "depends", "p4", "p5", "cant_say")}
)


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    site = make_site()
    site.testing = True
    return site.test_client()


def _words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_inline_and_one_heading(client: FlaskClient, kind: str) -> None:
    html = client.get(f"/{kind}").text
    assert " style=" not in html and "<style" not in html and "<script" not in html
    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert html.count("<table") == html.count("<caption>")
    assert all('aria-label="' in tag for tag in re.findall(r"<svg[^>]*role=.img.[^>]*>", html))
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_an_empty_course_says_so(client: FlaskClient) -> None:
    words = _words(client.get("/empty").text)
    assert "Not enough people yet. Figures appear from 5 people on." in words
    assert "Took part" not in words and "Cases without figures" not in words


def test_a_course_that_has_just_begun_names_its_cases(client: FlaskClient) -> None:
    words = _words(client.get("/started").text)
    assert "Took part 9" in words
    assert "Finished fewer than 5" in words and "Stopped early too few to show" in words
    assert "No case has enough answers yet." in words
    assert "A detector raises a flag" in words


def test_numbers_and_hidden_cells_are_in_the_table(client: FlaskClient) -> None:
    html = client.get("/small").text
    words = _words(html)
    assert "12 people, as of 16 March 2026, 14:05 UTC" in words
    assert "Hidden to protect individuals" in words
    assert "14 moved towards acceptable" in words
    assert "How they answered is hidden to protect individuals." in words
    label = re.search(r'aria-label="(First view\. Unacceptable[^"]+)"', html)
    assert label and "Unacceptable (completely or somewhat): 6" in label[1]


def test_made_up_people_are_named(client: FlaskClient) -> None:
    assert "Made-up people are counted here." in _words(client.get("/large").text)
    assert "Made-up people" not in _words(client.get("/small").text)


@given(st.lists(counts, min_size=1, max_size=3))
def test_bars_share_one_scale_and_centre_and_stay_inside(tables: list[dict[str, int]]) -> None:
    figures = [figure("stance", **table) for table in tables]
    made = bars(figures)
    assert len({bar.centre for bar in made}) == 1
    units = set()
    for bar, shown in zip(made, figures, strict=True):
        assert sum(part.people for part in bar.parts) == (shown.people.value or 0)
        at = 0.0
        for part in bar.parts:
            assert part.x >= at - 0.01 and part.x + part.width <= 100.01
            at = part.x + part.width
            units.add(round(part.width / part.people, 1))
            if bar.centre is not None and part.point in ("1", "2", "unacceptable"):
                assert part.x + part.width <= bar.centre + 0.01
            if bar.centre is not None and part.point in ("4", "5", "acceptable"):
                assert part.x >= bar.centre - 0.01
    assert not units or max(units) - min(units) <= 0.11


def test_hidden_answers_are_on_neither_side() -> None:
    cells = {
        "unacceptable": Cell(6),
        "3": Cell(reason=Reason.TOO_FEW),
        "depends": Cell(0),
        "acceptable": Cell(reason=Reason.TOO_FEW),
        "cant_say": Cell(0),
    }
    (bar,) = bars([Figure("grouped", Cell(10), None, cells)])
    assert [(part.point, part.people) for part in bar.parts] == [("unacceptable", 6), (HIDDEN, 4)]
    assert bar.centre is not None and bar.parts[1].x > bar.centre


def test_the_page_of_a_real_course(shared_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    course = Course(shared_world)
    for answer in (1, 4):
        for _ in range(6):
            course.take(answer, 4)
    course.look()
    course.take(5, 5)
    person = educator_of(course, "Course <b>one</b>", monkeypatch)
    with make_site().test_request_context():
        html = educator.page(person)
        person.launch.context = None
        outside = educator.page(person)
    words = _words(html)
    assert "Took part 13" in words and "Finished 13" in words, "the one who just finished"
    assert "First view 12 people" in words
    assert "Course &lt;b&gt;one" in html
    assert "Open it from your course" in outside


def test_it_fits_all_widths_and_breaks_no_policy(chromium: Browser) -> None:
    complaints: list[str] = []
    with serving() as address:
        for scheme in SCHEMES:
            context = chromium.new_context(color_scheme=scheme)
            page = context.new_page()
            page.on("console", lambda message: complaints.append(message.text))
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                for kind in ("started", "small", "large"):
                    page.goto(f"{address}/{kind}")
                    wide = page.evaluate("document.documentElement.scrollWidth")
                    assert wide <= width, (kind, width, wide)
            context.close()
    assert complaints == []
