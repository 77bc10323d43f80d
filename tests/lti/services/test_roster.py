"""The roster: how its pages are found, and what of it is asked for."""

from collections.abc import Callable

import pytest

from lti.services import pages
from lti.services.http import Answer, ServiceRefused, ServiceUnavailable
from lti.services.pages import next_page
from lti.services.roster import fetch_learners
from tests.lti.services.lms import Lms, Request, door, in_turn, member, page, registration_of
from tests.worlds import World

URL = "https://testville.example.edu/Services/CourseSection/2/memberships"


def fetch(world: World, lms: Lms, link_id: str | None = None) -> set[str]:
    return fetch_learners(
        door(world, lms), registration_of(world), URL, lambda sub: f"#{sub}", link_id=link_id
    )


@pytest.mark.parametrize(
    "header, following",
    [
        ('<https://a.example/P?From=2>; rel="next"', "https://a.example/P?From=2"),
        ("<https://a.example/P?From=2>; rel=next", "https://a.example/P?From=2"),
        ('<https://a.example/P?From=2>; REL="Next"', "https://a.example/P?From=2"),
        ('<?From=2>; rel="next"', "https://a.example/Memberships?From=2"),
        ("</P/Q>;rel=next", "https://a.example/P/Q"),
        ('</a>; rel="first", </b>; rel="next", </c>; rel="last"', "https://a.example/b"),
        ('</b>; title="x, y"; rel="prev next"', "https://a.example/b"),
        ("</a,b;c>; rel=next", "https://a.example/a,b;c"),
        ('</a>; rel="differences"', None),
        ('</a>; rel="nextish"', None),
        ("</a>", None),
        ("", None),
        ("<" * 60_000, None),
        ("</a>" + ";" * 60_000, None),
        ("</a>; x" + " " * 60_000, None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_the_next_page_is_found(header: str, following: str | None) -> None:
    answer = Answer(200, {"link": header})
    assert next_page(answer, "https://a.example/Memberships?limit=2") == following


def test_slow_pages_are_given_up(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PATIENCE", -1.0)
    lms = Lms(service=in_turn(page([member("a")], '<?p=1>; rel="next"')))
    with pytest.raises(ServiceUnavailable, match="too_slow"):
        fetch(small_world, lms)


def refuse_rlid(status: int) -> Callable[[Request], Answer]:
    def answer(request: Request) -> Answer:
        return Answer(status) if "rlid" in request.url else page([member("a")])

    return answer


def test_the_activity_is_asked_about_first(small_world: World) -> None:
    lms = Lms(service=in_turn(page([member("a")])))
    assert fetch(small_world, lms, "3 &x") == {"#a"}
    assert [request.url for request in lms.calls] == [f"{URL}?rlid=3+%26x"]


@pytest.mark.parametrize("status", [400, 404])
def test_an_lms_that_does_not_know_the_activity_tells_of_the_course(
    small_world: World, status: int
) -> None:
    lms = Lms(service=refuse_rlid(status))
    assert fetch(small_world, lms, "3") == {"#a"}
    assert [request.url for request in lms.calls] == [f"{URL}?rlid=3", URL]


def test_a_forbidden_roster_is_left_alone(small_world: World) -> None:
    with pytest.raises(ServiceRefused, match="http_403"):
        fetch(small_world, Lms(service=refuse_rlid(403)), "3")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"members": {}}', b"[" * 99_999])
def test_an_answer_that_is_no_roster(small_world: World, body: bytes) -> None:
    with pytest.raises(ServiceUnavailable, match="unreadable"):
        fetch(small_world, Lms(service=in_turn(Answer(200, {}, body))))
