"""The activity's grade column: found among others, made where permitted, remembered."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from lti.services.http import Answer, ServiceRefused, ServiceUnavailable
from lti.services.line_items import (
    LINEITEM,
    LINEITEM_READ,
    ColumnBusy,
    look_for_column,
    resource_id,
)
from lti.services.scores import RESULT, SCORE
from store import line_items
from store.line_items import SEARCH
from store.models import ResourceLink
from tests.lti.services.columns import (
    ALL,
    BASE,
    ITEMS,
    READ_ONLY,
    Gradebook,
    lms_of,
    made,
    ungraded,
)
from tests.lti.services.lms import Lms, Request, always, door, in_turn, registration_of
from tests.worlds import NOW, World

OURS = {"tag": "completion", "resourceLinkId": "activity"}


def look(world: World, lms: Lms, link: ResourceLink | None = None, now: datetime = NOW) -> str:
    link = link or ungraded(world)
    return look_for_column(door(world, lms), world.database, registration_of(world), link, now)


def stored(world: World) -> ResourceLink:
    (link,) = world.rows(ResourceLink)
    return link


def test_found_by_activity_and_tag(small_world: World) -> None:
    book = Gradebook()
    book.add(tag="quiz", resourceLinkId="activity")
    wanted = book.add(**OURS)
    lms = lms_of(book)
    assert look(small_world, lms) == wanted
    (request,) = lms.calls
    assert request.url == f"{ITEMS}&resource_link_id=activity&tag=completion"
    assert request.headers["Accept"] == "application/vnd.ims.lis.v2.lineitemcontainer+json"
    assert stored(small_world).found_lineitem_url == wanted
    assert stored(small_world).lineitem_search_until is None


def test_found_by_resource_id_and_tag_where_it_is_tied_to_no_activity(small_world: World) -> None:
    link = ungraded(small_world)
    book = Gradebook()
    book.add(tag="quiz", resourceId=resource_id(link))
    wanted = book.add(tag="completion", resourceId=resource_id(link))
    lms = lms_of(book)
    assert look(small_world, lms, link) == wanted
    assert [request.url for request in lms.calls] == [
        f"{ITEMS}&resource_link_id=activity&tag=completion",
        f"{ITEMS}&resource_id=activity-activity&tag=completion",
    ]


@pytest.mark.parametrize("heeds", [True, False], ids=["filtered", "filters-ignored"])
def test_the_columns_of_others_are_left_alone(small_world: World, heeds: bool) -> None:
    link = ungraded(small_world)
    book = Gradebook(heeds=heeds)
    own = resource_id(link)
    for item in (
        {"tag": "completion", "resourceLinkId": "another", "resourceId": own},
        {"tag": "completion", "resourceId": "activity-another"},
        {"resourceLinkId": "activity", "resourceId": own},
        {"tag": "COMPLETION", "resourceLinkId": "activity"},
        {},
    ):
        book.add(**item)
    assert look(small_world, lms_of(book), link) == book.items[-1]["id"]
    assert len(book.items) == 6


def test_v08_it_may_stand_on_a_later_page(small_world: World) -> None:
    book = Gradebook(pages=True, heeds=False)
    for number in range(5):
        book.add(tag="completion", resourceLinkId=f"other-{number}")
    wanted = book.add(**OURS)
    assert look(small_world, lms_of(book)) == wanted


def test_v08_no_page_elsewhere_is_asked(small_world: World) -> None:
    lms = Lms(service=in_turn(Answer(200, {"link": '<//b.example/2>; rel="next"'}, b"[]")))
    with pytest.raises(ServiceRefused, match="foreign_page"):
        look(small_world, lms)
    assert made(lms) == []
    assert stored(small_world).lineitem_search_until is None


def test_made_where_there_is_none(small_world: World) -> None:
    book = Gradebook()
    lms = lms_of(book)
    with small_world.database.write() as session:
        link = session.merge(ungraded(small_world))
        link.title = "Grey cases" + "!" * 200
    address = look(small_world, lms, link)
    assert address == book.items[0]["id"]
    assert lms.calls[-1].url == ITEMS
    assert lms.calls[-1].headers["Content-Type"] == "application/vnd.ims.lis.v2.lineitem+json"
    assert made(lms) == [
        {
            "label": "Grey cases" + "!" * 90 + ": completed",
            "scoreMaximum": 1,
            "resourceId": "activity-activity",
            "tag": "completion",
            "resourceLinkId": "activity",
        }
    ]
    assert stored(small_world).found_lineitem_url == address


@pytest.mark.parametrize("status", [404, 412])
def test_an_activity_without_grades_of_its_own_gets_a_column_beside_it(
    small_world: World, status: int
) -> None:
    book = Gradebook()

    def answer(request: Request) -> Answer:
        if request.method == "POST" and "resourceLinkId" in json.loads(request.body or b""):
            return Answer(status)
        return book(request)

    lms = Lms(service=answer)
    address = look(small_world, lms)
    assert [sorted(item) for item in made(lms)] == [
        ["label", "resourceId", "resourceLinkId", "scoreMaximum", "tag"],
        ["label", "resourceId", "scoreMaximum", "tag"],
    ]
    # The next search, of a worker that does not know of it, finds it.
    with small_world.database.write() as session:
        line_items.forget(session, stored(small_world).id, address)
    assert look(small_world, lms) == address
    assert len(book.items) == 1


def test_grade_sync_only_finds_and_makes_nothing(small_world: World) -> None:
    book = Gradebook()
    lms = lms_of(book)
    with pytest.raises(ServiceRefused) as caught:
        look(small_world, lms, ungraded(small_world, READ_ONLY))
    assert caught.value.code == "no_line_item"
    assert made(lms) == []
    wanted = book.add(**OURS)
    assert look(small_world, lms, ungraded(small_world, READ_ONLY)) == wanted


@pytest.mark.parametrize("status", [400, 401, 403, 409, 422])
def test_a_column_that_may_not_be_made(small_world: World, status: int) -> None:
    lms = lms_of(Gradebook(refuses={"make": Answer(status)}))
    with pytest.raises(ServiceRefused) as caught:
        look(small_world, lms)
    assert caught.value.code == "no_line_item"
    assert stored(small_world).lineitem_search_until is None


def test_a_scope_that_the_lms_has_withdrawn(small_world: World) -> None:
    def token(request: Request) -> Answer:
        sent = (request.body or b"").decode()
        if sent.endswith("lineitem"):
            return Answer(400, {}, b'{"error": "invalid_scope"}')
        return Answer(200, {}, b'{"access_token": "t", "expires_in": 3600}')

    lms = Lms(token=token, service=Gradebook())
    with pytest.raises(ServiceRefused) as caught:
        look(small_world, lms)
    assert caught.value.code == "no_line_item"


@pytest.mark.parametrize(
    "scopes, lineitems",
    [((SCORE, RESULT), ITEMS), (ALL, None), ((), ITEMS)],
    ids=["no-scope", "no-address", "nothing"],
)
def test_where_columns_cannot_be_seen_nobody_is_asked(
    small_world: World, scopes: tuple[str, ...], lineitems: str | None
) -> None:
    link = ungraded(small_world, scopes)
    link.lineitems_url = lineitems
    lms = lms_of(Gradebook())
    with pytest.raises(ServiceRefused, match="no_line_item"):
        look(small_world, lms, link)
    assert lms.requests == []


@pytest.mark.parametrize(
    "scopes, asked", [(ALL, LINEITEM_READ), ((SCORE, LINEITEM), LINEITEM)], ids=["both", "one"]
)
def test_columns_are_read_with_the_least_scope(
    small_world: World, scopes: tuple[str, ...], asked: str
) -> None:
    book = Gradebook()
    book.add(**OURS)
    lms = lms_of(book)
    look(small_world, lms, ungraded(small_world, scopes))
    (token,) = [request for request in lms.requests if request.url.endswith("/token")]
    sent = (token.body or b"").decode()
    assert sent.endswith(f"scope={asked.replace(':', '%3A').replace('/', '%2F')}")


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/1", "http://testville.example.edu/1", "javascript:1", "", "//x/1"],
)
@pytest.mark.parametrize("how", ["list", "make"])
def test_no_token_goes_elsewhere(small_world: World, address: str, how: str) -> None:
    item = json.dumps({**OURS, "id": address})
    body = f"[{item}]" if how == "list" else item
    lms = lms_of(Gradebook(refuses={how: Answer(200, {}, body.encode())}))
    with pytest.raises(ServiceRefused, match="foreign_line_item"):
        look(small_world, lms)
    assert stored(small_world).found_lineitem_url is None


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"{}", b"[1]", b'"x"', b"[" * 100_000, b'[{"tag": "completion"}]']
)
def test_an_odd_answer_to_the_making_may_be_better_later(small_world: World, body: bytes) -> None:
    lms = lms_of(Gradebook(refuses={"make": Answer(201, {}, body)}))
    with pytest.raises(ServiceUnavailable, match="unreadable"):
        look(small_world, lms)


@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", b"[" * 100_000])
def test_an_odd_list_may_be_better_later_and_makes_nothing(small_world: World, body: bytes) -> None:
    lms = lms_of(Gradebook(refuses={"list": Answer(200, {}, body)}))
    with pytest.raises(ServiceUnavailable, match="unreadable"):
        look(small_world, lms)
    assert made(lms) == []


def test_odd_entries_of_a_list_are_passed_over(small_world: World) -> None:
    entries: list[Any] = [None, 3, "x", [], {}, {"tag": None}, {"tag": ["completion"]}]
    lms = lms_of(Gradebook(refuses={"list": Answer(200, {}, json.dumps(entries).encode())}))
    assert look(small_world, lms).startswith(BASE)


def test_one_worker_looks_the_other_comes_back_later(small_world: World) -> None:
    link = ungraded(small_world)
    lms = lms_of(Gradebook())
    with small_world.database.write() as session:
        assert line_items.begin_search(session, link.id, NOW)
    with pytest.raises(ColumnBusy):
        look(small_world, lms, link, NOW + SEARCH - timedelta(seconds=1))
    assert lms.requests == []
    # It died: after a while the search is free.
    assert look(small_world, lms, link, NOW + SEARCH).startswith(BASE)


def test_what_another_worker_has_found_meanwhile_is_used(small_world: World) -> None:
    link = ungraded(small_world)
    with small_world.database.write() as session:
        line_items.end_search(session, link.id, f"{BASE}/9")
    lms = lms_of(Gradebook())
    assert look(small_world, lms, link) == f"{BASE}/9"
    assert lms.requests == []
    assert stored(small_world).lineitem_search_until is None


def test_a_network_that_fails_lets_go_of_the_search(small_world: World) -> None:
    with pytest.raises(ServiceUnavailable, match="http_503"):
        look(small_world, Lms(service=always(Answer(503))))
    assert stored(small_world).lineitem_search_until is None
