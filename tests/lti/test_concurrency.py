"""Many launches at once, on both databases: what all want to write is written once."""

import threading
from dataclasses import replace

from store.models.lti import AppSession, Deployment, LtiUser
from tests.lti.forge import SITE, World, new_client
from tests.lti.pages import THREADS, Storage, post_at_once


def test_first_launches_of_one_person_at_once(each_world: World) -> None:
    """The rows that all of them want to add are added once, and nobody fails."""
    world = each_world
    begun = [world.begin() for _ in range(THREADS)]
    results = post_at_once(world, [(world.forge(one), one) for one in begun])
    assert [status for status, _ in results] == [200] * THREADS
    assert (world.count(AppSession), world.count(LtiUser)) == (THREADS, 1)


def test_unknown_deployment_at_once_is_recorded_once(each_world: World) -> None:
    world = each_world
    begun = [world.begin(site=replace(SITE, deployment_id="new")) for _ in range(THREADS)]
    posts = [(world.forge(one), one) for one in begun]
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
