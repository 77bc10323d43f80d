"""State, nonce and browser: each launch once, and where it was begun."""

import pytest

from store.models.lti import AppSession, LtiUser
from tests.contract.rows import Row
from tests.lti.forge import World, new_client
from tests.lti.pages import THREADS, post_at_once


@pytest.mark.case("S16")
def test_a_launch_posted_again(world: World) -> None:
    begun = world.begin()
    token = world.forge(begun)
    assert world.launch(token, begun.state).status_code == 200
    again = world.launch(token, begun.state)
    assert (again.status_code, "<code>state_used " in again.text) == (400, True)
    assert world.count(AppSession) == 1
    assert "__Host-greyarea=" not in str(again.headers.getlist("Set-Cookie"))


@pytest.mark.case("S17")
def test_a_used_state_with_a_fresh_token(world: World) -> None:
    begun = world.begin()
    assert world.launch(world.forge(begun), begun.state).status_code == 200
    again = world.launch(world.forge(begun, {"sub": "another"}), begun.state)
    assert (again.status_code, "<code>state_used " in again.text) == (400, True)
    assert (world.count(AppSession), world.count(LtiUser)) == (1, 1)


@pytest.mark.case("S18")
def test_state_and_nonce_of_two_tabs(world: World, row: Row) -> None:
    first, second = world.begin(), world.begin()
    row.refuses(world, world.launch(world.forge(second), first.state))


@pytest.mark.case("S19")
@pytest.mark.parametrize(
    ("alter", "code"),
    [
        (lambda _: "", "token_missing"),
        (lambda state: state[:-1] + ("A" if state[-1] != "A" else "B"), "state_unknown"),
        (lambda state: state + "A", "state_unknown"),
        (lambda state: state.swapcase(), "state_unknown"),
        (lambda _: "x" * 5000, "state_unknown"),
        (lambda _: "a\0\ud7ff", "state_unknown"),
    ],
    ids=["missing", "a character", "longer", "case", "long", "odd"],
)
def test_the_state_is_missing_or_altered(world: World, row: Row, alter, code: str) -> None:
    begun = world.begin()
    row.refuses(world, world.launch(world.forge(begun), alter(begun.state)), code)


@pytest.mark.case("S19")
def test_the_state_is_too_old(world: World, row: Row) -> None:
    begun = world.begin()
    world.clock.pass_time(minutes=10)
    row.refuses(world, world.launch(world.forge(begun), begun.state), "state_expired")


@pytest.mark.case("S20")
def test_another_browser(world: World, row: Row) -> None:
    begun = world.begin()
    stranger = new_client(world.app)
    world.begin(client=stranger)
    row.refuses(world, world.launch(world.forge(begun), begun.state, stranger))
    # Nothing is used up by it: the right browser still can.
    assert world.launch(world.forge(begun), begun.state).text == "entered as learner"


@pytest.mark.case("S21")
def test_one_launch_in_eight_threads(each_world: World, row: Row) -> None:
    world = each_world
    begun = world.begin()
    token = world.forge(begun)
    results = post_at_once(world, [(token, begun)] * THREADS)
    assert sorted(status for status, _ in results) == [200] + [400] * (THREADS - 1)
    (code,) = row.refusals
    assert sum(f"<code>{code} " in text for _, text in results) == THREADS - 1
    assert (world.count(AppSession), world.count(LtiUser)) == (1, 1)
