"""An educator who keeps every page they have seen learns nobody's stance by subtracting."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.class_figures import FORMS, Figure
from analysis.class_view import ScenarioView
from store.db import Database
from study.suppression import publish_table
from tests.analysis.cohort import Answer, Course, World, case, make_world, shown
from tests.store.databases import fresh_database

K = 5
ANSWERS: tuple[Answer, ...] = (1, 2, 3, "depends", 4, 5, "cant_say")
answers = st.sampled_from(ANSWERS)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with fresh_database("sqlite", Path(tmp_path_factory.mktemp("differencing"))) as url:
        database = Database.from_url(url)
        yield make_world(database)
        database.engine.dispose()


def _cells(form: str, stances: list[Answer]) -> dict[str, int]:
    sides = {1: "unacceptable", 2: "unacceptable", 4: "acceptable", 5: "acceptable"}
    full = dict.fromkeys(FORMS[form], 0)
    for stance in stances:
        name = str(stance)
        if form == "grouped" and isinstance(stance, int):
            name = sides.get(stance, name)
        full[name] += 1
    return full


def _figures(found: ScenarioView) -> list[Figure]:
    return [found.before, found.changed, found.after, found.moves]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_one_person_joining_or_leaving_changes_no_stance_figure(
    world: World, data: st.DataObject
) -> None:
    course = Course(world)
    people = data.draw(st.lists(st.tuples(answers, answers), min_size=5, max_size=16))
    rows = [course.take(before, changed) for before, changed in people]
    first = case(course.look())
    if data.draw(st.booleans(), label="joins"):
        course.take(data.draw(answers), data.draw(answers))
    else:
        course.leave(data.draw(st.sampled_from(rows)))
    second = case(course.look(days=data.draw(st.sampled_from((0, 3, 7, 30)))))
    for earlier, later in zip(_figures(first), _figures(second), strict=True):
        if earlier.shown and later.shown and earlier != later:
            assert earlier.people.value is not None and later.people.value is not None
            assert earlier.people.value - later.people.value >= K
        elif not earlier.shown and later.shown:
            assert (later.people.value or 0) == K, "the very first figure"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_two_releases_are_about_groups_at_least_k_apart(
    world: World, data: st.DataObject
) -> None:
    course = Course(world)
    here: dict[int, Answer] = {}
    seen: list[set[int]] = []
    for _ in range(data.draw(st.integers(2, 8))):
        for stance in data.draw(st.lists(answers, max_size=12)):
            here[course.take(stance)] = stance
        leaving = data.draw(st.lists(st.sampled_from(sorted(here)), max_size=4)) if here else []
        for row in set(leaving):
            course.leave(row)
            del here[row]
        figure = case(course.look(days=data.draw(st.sampled_from((0.01, 1, 8))))).before
        if figure.as_of != course.now or figure.people.value is None:
            continue
        # Interviews end in the order in which they were made here.
        members = set(sorted(here)[: figure.people.value])
        expected = publish_table(_cells(figure.form, [here[row] for row in sorted(members)]), K)
        assert shown(figure.cells) == {p: c.value for p, c in expected.cells.items()}
        assert all(len(members ^ other) >= K for other in seen if other != members)
        seen.append(members)
