"""What a launch leaves, and whom it lets in. The list of cases is in ``tests/contract``."""

from pathlib import Path

from lti.session import SUB_PURPOSE
from store.models.lti import AppSession, LtiUser
from tests.lti.forge import World, edit_registration, new_client


def test_sub_is_stored_only_encrypted(world: World) -> None:
    world.run({"sub": "canary-sub-42"})
    user = world.only(LtiUser)
    assert world.keyring.decrypt(SUB_PURPOSE, user.sub_sealed) == b"canary-sub-42"
    world.database.engine.dispose()
    database = world.database.engine.url.database
    assert database is not None and b"canary-sub-42" not in Path(database).read_bytes()


def test_two_browsers_of_one_person_share_the_person(world: World) -> None:
    world.run()
    other = new_client(world.app)
    begun = world.begin(client=other)
    assert world.launch(world.forge(begun), begun.state, other).status_code == 200
    assert (world.count(LtiUser), world.count(AppSession)) == (1, 2)


def test_switched_off_registration(world: World) -> None:
    begun = world.begin()
    edit_registration(world, lambda row: setattr(row, "active", False))
    response = world.launch(world.forge(begun), begun.state)
    world.assert_refused(response, "registration_inactive", 403)
