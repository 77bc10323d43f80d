"""The educator page on its own: a small site with sample data, for tests and for looking at.

``python -m tests.analysis.educator_harness FOLDER`` writes screenshots into a folder.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import pytest
from flask import Flask, render_template
from werkzeug.serving import make_server

from analysis.class_figures import Figure, form_of, hidden_figure, published_cells
from analysis.class_view import ClassView, Participation, ScenarioView
from lti.roles import Role
from study.suppression import Cell, Reason
from tests.analysis.cohort import Course
from web import educator, words
from web.educator import class_page
from web.educator_showing import GROUPS, discussion, summary
from web.permissions import allowed
from web.security.csp import POLICY

WEB = Path(__file__).resolve().parents[2] / "web"
NOW = datetime(2026, 3, 16, 14, 5, tzinfo=UTC)
TEXTS = SimpleNamespace(
    vignette=SimpleNamespace(learner="Somebody asks a chatbot for help, and hands the text in."),
    changed_case="Suppose instead that they had said so.",
)
TOO_FEW = Cell(reason=Reason.TOTAL_TOO_FEW)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (320, 768, 1280)


def educator_of(course: Course, title: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An educator who opens the class page of that course, as the page's code sees them."""
    here = SimpleNamespace(database=course.world.database, clock=lambda: course.now)
    monkeypatch.setattr(educator, "services", lambda: here)
    return SimpleNamespace(
        launch=SimpleNamespace(
            context=SimpleNamespace(id=course.context_id, title=title, nrps_url=None),
            resource_link=None,
            institution=SimpleNamespace(min_count=5, min_quote=10),
        ),
        study=SimpleNamespace(id=course.study_id),
        token="t",
        pseudonym="e" * 32,
        participant=None,
        locale="en",
        role=Role.EDUCATOR,
        may=lambda _: False,
    )


def figure(name: str = "stance", /, **counts: int) -> Figure:
    """A figure published by the rules, from counts by point."""
    plain = {point.removeprefix("p"): n for point, n in counts.items()}
    people = sum(plain.values())
    form = form_of(name, people, 5)
    if people < 5:
        return hidden_figure(form)
    cells = published_cells(form, plain, 5)
    shown = {p: Cell(reason=Reason.TOO_FEW) if n is None else Cell(n) for p, n in cells.items()}
    return Figure(form, Cell(people), NOW, shown)


def sample(kind: str) -> ClassView:
    """A view to look at: "empty", "started", "small" or "large"."""
    total = {"empty": 0, "started": 9, "small": 44, "large": 180}[kind]
    exact = Cell(total) if total else TOO_FEW
    finished = Cell(total - 5) if total > 9 else TOO_FEW
    stopped = Figure("total", Cell(7), NOW) if kind == "large" else hidden_figure("total")
    scenarios = [
        ScenarioView(f"S{n:02}", 1, title, *(hidden_figure("grouped"),) * 3, hidden_figure("moves"))
        for n, title in enumerate(TITLES, start=1)
    ]
    if kind == "small":
        scenarios[0] = _scenario(
            0,
            figure(p1=2, p2=4, p4=5, p5=1),
            figure(p2=2, p3=5, p4=2, p5=3),
            figure(p4=3),
            figure("moves", away=0, stayed=5, towards=7),
        )
        scenarios[3] = _scenario(
            3,
            figure(p1=8, p2=4, p3=5, depends=5, p4=6),
            figure(p1=2, p2=3, p3=6, depends=2, p4=9, p5=6),
            figure(p1=1, p2=6, p4=8),
            figure("moves", away=5, stayed=9, towards=14),
        )
        scenarios[6] = _scenario(
            6, figure(p5=11), figure(p4=6, p5=5), figure(), hidden_figure("moves")
        )
    if kind == "large":
        for place in (0, 1, 4):
            scenarios[place] = _scenario(
                place,
                figure(p1=14, p2=9 + place, p3=7, depends=6, p4=8, p5=5, cant_say=6),
                figure(p1=5, p2=6, p3=8, depends=2, p4=17, p5=12, cant_say=7),
                figure(p1=6, p2=8, p3=6, depends=0, p4=14, p5=9, cant_say=5),
                figure("moves", away=6, stayed=21, towards=19),
                figure("clarity", p1=6, p2=15, p3=8, p4=12, p5=3, cant_say=6),
            )
    return ClassView(
        k=5,
        now=NOW,
        participation=Participation(exact, finished, stopped),
        scenarios=tuple(scenarios),
        synthetic=kind == "large",
        asked={
            "ask_data_visibility": Figure("total", Cell(12), NOW),
            "ask_policy": Figure("total", Cell(31), NOW),
        }
        if kind == "large"
        else {},
    )


def _scenario(
    place: int,
    before: Figure,
    changed: Figure,
    after: Figure,
    moves: Figure,
    clarity: Figure | None = None,
) -> ScenarioView:
    title, clear = TITLES[place], clarity or hidden_figure("clear_few")
    return ScenarioView(f"S{place + 1:02}", 1, title, before, changed, after, moves, clear)


TITLES = (
    "Polishing the language of an essay",
    "Ideas and an outline for a case report",
    "A summary of papers nobody opened",
    "Feedback before handing in",
    "A reflective portfolio entry",
    "Interview transcripts for a research project",
    "Statistics code for a thesis",
    "Slides for a group presentation",
    "A plan for a session with a simulated patient",
    "Marking with the help of AI",
    "A detector raises a flag",
    "Assistive use with a support plan",
)


def make_site() -> Flask:
    """An app with the educator page under /<kind> and what its template links to."""
    templates, static = str(WEB / "templates"), str(WEB / "static")
    app = Flask("harness", template_folder=templates, static_folder=static)
    words.install(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    person = SimpleNamespace(
        token="t",
        participant=None,
        role=Role.EDUCATOR,
        may=lambda permission: allowed(permission, Role.EDUCATOR, frozenset()),
    )

    @app.get("/<any(empty, started, small, large, outside):kind>")
    def show(kind: str) -> str:
        page = None if kind == "outside" else class_page(sample(kind), "Clinical reasoning 2")
        return render_template("educator.html", person=person, page=page)

    @app.get("/discuss/<kind>/<case>")
    def discuss(kind: str, case: str) -> str:
        page = class_page(sample(kind), "Clinical reasoning 2")
        found = discussion(page, case)
        return render_template(
            "discuss.html", person=person, page=page, found=found, texts=TEXTS if found else None
        )

    @app.get("/summary/<kind>")
    def printed(kind: str) -> str:
        page = class_page(sample(kind), "Clinical reasoning 2")
        names = [name for name, _ in GROUPS]
        return render_template(
            "summary.html", person=person, page=page, lines=summary(page), groups=names
        )

    places = ("learner.home", "reflections.show", "educator.show")
    for endpoint in (*places, "educator.discuss", "educator.summary", "educator.keep_note"):
        app.add_url_rule(f"/go/{endpoint}", endpoint, lambda: "", methods=["POST"])

    @app.after_request
    def policy(response):  # type: ignore[no-untyped-def]
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return app


@contextmanager
def serving() -> Iterator[str]:
    """The address of the site, served until the end of the block."""
    server = make_server("127.0.0.1", 0, make_site(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def main(folder: Path) -> None:
    """Write screenshots of all samples, widths and colour schemes."""
    from playwright.sync_api import sync_playwright

    from tests.conftest import CHROMIUM

    with serving() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for scheme in SCHEMES:
            for width in WIDTHS:
                page = browser.new_page(
                    viewport={"width": width, "height": 800}, color_scheme=scheme
                )
                for kind in ("empty", "started", "small", "large"):
                    page.goto(f"{address}/{kind}")
                    page.screenshot(path=folder / f"{kind}-{width}-{scheme}.png", full_page=True)
                page.close()
        page = browser.new_page(viewport={"width": 768, "height": 800}, forced_colors="active")
        page.goto(f"{address}/large")
        page.screenshot(path=folder / "large-forced.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
