"""A mark finds its column; one that has gone is looked for once more."""

import json
from typing import Any

import pytest

from lti.platforms import score_extensions
from lti.services.http import Answer, ServiceRefused, ServiceUnavailable
from lti.services.marks import deliver_mark
from lti.services.scores import RESULT, SCORE, Outcome
from store import line_items
from store.completion import PAYLOAD
from store.models import Registration, ResourceLink
from tests.lti.services.columns import ALL, BASE, ITEMS, Gradebook, lms_of, made, ungraded
from tests.lti.services.lms import SUB, Lms, add_link, door, registration_of
from tests.worlds import NOW, World

GONE = f"{BASE}/77/lineitem?type_id=1"
SUBMISSION = "https://canvas.instructure.com/lti/submission"


def deliver(world: World, lms: Lms, link: ResourceLink) -> Outcome:
    return deliver_mark(
        door(world, lms), world.database, registration_of(world), link, SUB, NOW, PAYLOAD, NOW
    )


def again(world: World) -> ResourceLink:
    (link,) = world.rows(ResourceLink)
    return link


def test_the_column_of_the_launch_comes_first(small_world: World) -> None:
    book = Gradebook()
    book.add(tag="completion", resourceLinkId="activity")
    own = book.add()
    lms = lms_of(book)
    link = add_link(small_world, lineitem=own, scopes=ALL, lineitems=ITEMS)
    assert deliver(small_world, lms, link) is Outcome.SENT
    assert book.scores == [own]
    assert len(lms.calls) == 1


def test_a_column_is_made_once_and_remembered(small_world: World) -> None:
    book = Gradebook()
    lms = lms_of(book)
    assert deliver(small_world, lms, ungraded(small_world)) is Outcome.SENT
    asked = len(lms.calls)
    for _ in range(3):
        assert deliver(small_world, lms, again(small_world)) is Outcome.SENT
    assert len(lms.calls) == asked + 3
    assert len(made(lms)) == 1
    assert book.scores == [book.items[0]["id"]] * 4


@pytest.mark.parametrize("named", [True, False], ids=["of-the-launch", "found"])
def test_a_column_that_has_gone_is_looked_for_again(small_world: World, named: bool) -> None:
    book = Gradebook()
    lms = lms_of(book)
    link = ungraded(small_world)
    with small_world.database.write() as session:
        row = session.merge(link)
        if named:
            row.lineitem_url = GONE
        else:
            row.found_lineitem_url = GONE
    assert deliver(small_world, lms, row) is Outcome.SENT
    after = again(small_world)
    assert (after.lineitem_url, after.found_lineitem_url) == (None, book.items[0]["id"])
    asked = len(lms.calls)
    assert deliver(small_world, lms, after) is Outcome.SENT
    assert len(lms.calls) == asked + 1


def test_a_launch_that_names_the_column_anew_is_heeded(small_world: World) -> None:
    book = Gradebook()
    lms = lms_of(book)
    deliver(small_world, lms, ungraded(small_world))
    own = book.add()
    add_link(small_world, lineitem=own, scopes=ALL, lineitems=ITEMS)
    assert deliver(small_world, lms, again(small_world)) is Outcome.SENT
    assert book.scores[-1] == own


def test_v05_a_404_about_the_person_makes_no_column(small_world: World) -> None:
    book = Gradebook(refuses={"score": Answer(404)})
    own = book.add()
    link = add_link(small_world, lineitem=own, scopes=ALL, lineitems=ITEMS)
    lms = lms_of(book)
    with pytest.raises(ServiceRefused, match="http_404"):
        deliver(small_world, lms, link)
    assert made(lms) == []
    assert again(small_world).lineitem_url == own


def test_it_is_looked_for_once_only(small_world: World) -> None:
    book = Gradebook(refuses={"score": Answer(404), "show": Answer(404)})
    known = book.add(tag="completion", resourceLinkId="activity")
    lms = lms_of(book)
    link = ungraded(small_world)
    with small_world.database.write() as session:
        line_items.end_search(session, link.id, known)
    with pytest.raises(ServiceRefused, match="http_404"):
        deliver(small_world, lms, again(small_world))
    assert sum(request.url.partition("?")[0].endswith("/scores") for request in lms.calls) == 2
    assert made(lms) == []


def test_whether_it_has_gone_may_be_unknown_for_now(small_world: World) -> None:
    book = Gradebook(refuses={"show": Answer(503)})
    link = add_link(small_world, lineitem=GONE, scopes=ALL, lineitems=ITEMS)
    with pytest.raises(ServiceUnavailable, match="http_503"):
        deliver(small_world, lms_of(book), link)
    assert again(small_world).lineitem_url == GONE


@pytest.mark.parametrize("shown", [Answer(403), Answer(400)])
def test_a_column_that_may_not_be_seen_counts_as_there(small_world: World, shown: Answer) -> None:
    book = Gradebook(refuses={"show": shown})
    link = add_link(small_world, lineitem=GONE, scopes=ALL, lineitems=ITEMS)
    lms = lms_of(book)
    with pytest.raises(ServiceRefused, match="http_404"):
        deliver(small_world, lms, link)
    assert made(lms) == []


def test_without_the_score_scope_no_column_is_made(small_world: World) -> None:
    lms = lms_of(Gradebook())
    with pytest.raises(ServiceRefused, match="no_score_scope"):
        deliver(small_world, lms, ungraded(small_world, tuple(set(ALL) - {SCORE})))
    assert lms.requests == []


@pytest.mark.parametrize("scopes", [(SCORE, RESULT), (SCORE,)])
def test_a_404_where_columns_cannot_be_seen(small_world: World, scopes: tuple[str, ...]) -> None:
    lms = lms_of(Gradebook())
    link = add_link(small_world, lineitem=GONE, scopes=scopes, lineitems=ITEMS)
    with pytest.raises(ServiceRefused, match="http_404"):
        deliver(small_world, lms, link)
    assert len(lms.calls) == 1
    assert again(small_world).lineitem_url == GONE


@pytest.mark.parametrize(
    "family, extension",
    [
        ("canvas", {SUBMISSION: {"new_submission": False}}),
        ("Canvas", {SUBMISSION: {"new_submission": False}}),
        ("moodle", {}),
        ("", {}),
        ("canvas-like", {}),
    ],
)
def test_a_mark_is_no_new_attempt_in_canvas(
    small_world: World, family: str, extension: dict[str, Any]
) -> None:
    with small_world.database.write() as session:
        session.get_one(Registration, small_world.registration.id).product_family = family
    assert score_extensions(registration_of(small_world)) == extension
    book = Gradebook()
    lms = lms_of(book)
    deliver(small_world, lms, ungraded(small_world))
    sent = json.loads(lms.calls[-1].body or b"")
    assert set(sent) - set(extension) == {*PAYLOAD, "userId", "timestamp"}
    assert {name: sent[name] for name in extension} == extension
