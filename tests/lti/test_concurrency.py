"""One launch posted many times at once, on both databases: one success."""

import threading

from flask import Flask

from lti.claims import DEPLOYMENT_ID
from store.models.lti import AppSession, Deployment, LtiUser
from tests.lti.forge import Begun, World, new_client
from tests.lti.pages import Storage

THREADS = 8


def post_at_once(world: World, posts: list[tuple[str, Begun]]) -> list[tuple[int, str]]:
    """All posts from one browser, started together; status and text of each."""
    cookies = [(cookie.key, cookie.value) for cookie in world.client._cookies.values()]
    together = threading.Barrier(len(posts))
    results: list[tuple[int, str]] = []

    def post(token: str, begun: Begun) -> None:
        client = new_client(world.app)
        for name, value in cookies:
            client.set_cookie(name, value)
        together.wait()
        response = world.launch(token, begun.state, client)
        results.append((response.status_code, response.text))

    threads = [threading.Thread(target=post, args=arguments) for arguments in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_s21_one_launch_in_eight_threads(each_world: World) -> None:
    world = each_world
    assert isinstance(world.app, Flask)
    begun = world.begin()
    token = world.forge(begun)
    results = post_at_once(world, [(token, begun)] * THREADS)
    assert sorted(status for status, _ in results) == [200] + [400] * (THREADS - 1)
    assert sum("<code>state_used " in text for _, text in results) == THREADS - 1
    assert (world.count(AppSession), world.count(LtiUser)) == (1, 1)


def test_first_launches_of_one_person_at_once(each_world: World) -> None:
    """The rows that all of them want to add are added once, and nobody fails."""
    world = each_world
    begun = [world.begin() for _ in range(THREADS)]
    results = post_at_once(world, [(world.forge(one), one) for one in begun])
    assert [status for status, _ in results] == [200] * THREADS
    assert (world.count(AppSession), world.count(LtiUser)) == (THREADS, 1)


def test_unknown_deployment_at_once_is_recorded_once(each_world: World) -> None:
    world = each_world
    begun = [world.begin() for _ in range(THREADS)]
    posts = [(world.forge(one, {DEPLOYMENT_ID: "new"}), one) for one in begun]
    results = post_at_once(world, posts)
    assert [status for status, _ in results] == [403] * THREADS
    assert world.count(Deployment) == 2


def test_one_ticket_in_eight_threads(each_world: World) -> None:
    world = each_world
    run = Storage(world)
    together = threading.Barrier(THREADS)
    results: list[int] = []

    def confirm() -> None:
        form = {"ticket": run.page.fields["ticket"], "secret": str(run.put["data-value"])}
        client = new_client(world.app)
        together.wait()
        results.append(client.post("/lti/launch/confirm", data=form).status_code)

    threads = [threading.Thread(target=confirm) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [200] + [400] * (THREADS - 1)
    assert world.count(AppSession) == 1
