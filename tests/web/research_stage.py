"""A site's own course with answers, and researchers of its study."""

from lti.roles import Role
from tests.analysis.cohort import Course, World
from tests.web.conftest import Site
from tests.worlds import NOW


def course_of(site: Site) -> Course:
    """The site's own course, for people to be put into."""
    world = site.world
    made = Course(World(world.database, world.deployment.id, world.study.id), NOW)
    assert world.context is not None
    made.context_id = world.context.id
    return made


def researcher(site: Site, sub: str = "r") -> str:
    """A session of somebody who teaches nothing here and researches."""
    token = site.token(sub, Role.EDUCATOR)
    site.grant(token, "researcher")
    return token
