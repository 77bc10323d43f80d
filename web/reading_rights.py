"""Whose words a researcher does not read, whatever rights they hold."""

from sqlalchemy.orm import Session

from store import rosters
from web.person import Person
from web.services import services


def taught(session: Session, person: Person) -> frozenset[int]:
    """The running courses that the person teaches.

    None for whoever runs the learning platform: Moodle names them an instructor of every course
    that they open, and they could enter a course as any of its learners.
    """
    if person.launch.administrator:
        return frozenset()
    return rosters.taught(session, person.launch.user.id, services().clock())
