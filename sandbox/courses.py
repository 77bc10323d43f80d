"""The courses: the activities in each, and copies of it. They share one gradebook.

The first activity of the first course is there from the start; others are made by what a
tool sends back of a choice, as Moodle does.
"""

import itertools
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from sandbox.errors import UnknownCourseError
from sandbox.gradebook import Gradebook
from sandbox.site import Site

NO_PARAMETERS: Mapping[str, str] = MappingProxyType({})
FIRST_NEW_ID = 11


@dataclass(frozen=True)
class LineItem:
    """The grade column that a tool wants for an activity."""

    label: str
    maximum: float
    resource_id: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Item:
    """An activity to be made, as a tool describes it."""

    title: str
    text: str = ""
    custom: Mapping[str, str] = NO_PARAMETERS
    line_item: LineItem | None = None


@dataclass(frozen=True)
class Activity:
    """An activity of a course; ``id`` is that of its resource link."""

    id: str
    title: str
    text: str = ""
    custom: Mapping[str, str] = NO_PARAMETERS


@dataclass
class Course:
    """``history`` are the ids of the courses that it is a copy of, the nearest first."""

    id: str
    label: str
    title: str
    history: tuple[str, ...] = ()
    activities: list[Activity] = field(default_factory=list)

    def site(self, site: Site, activity: Activity | None = None) -> Site:
        """The facts of a site, of this course and activity."""
        found = replace(site, course_id=self.id, course_label=self.label, course_title=self.title)
        if activity is None:
            return found
        return replace(found, resource_link_id=activity.id, activity_title=activity.title)


class Courses:
    """The course of the site and those copied from it. Safe to use from several threads."""

    def __init__(self, site: Site, gradebook: Gradebook, custom: Mapping[str, str]) -> None:
        self._gradebook = gradebook
        fixed = Activity(site.resource_link_id, site.activity_title, custom=custom)
        self.first = Course(
            site.course_id, site.course_label, site.course_title, activities=[fixed]
        )
        self._courses = {self.first.id: self.first}
        self._ids = itertools.count(FIRST_NEW_ID)
        self._lock = threading.RLock()

    @property
    def all(self) -> list[Course]:
        """The courses, the oldest first."""
        with self._lock:
            return list(self._courses.values())

    def course(self, course_id: str) -> Course:
        """One course.

        Raises:
            UnknownCourseError: there is none.
        """
        with self._lock:
            try:
                return self._courses[course_id]
            except KeyError:
                raise UnknownCourseError(f"there is no course {course_id!r}") from None

    def activity(self, activity_id: str) -> tuple[Course, Activity]:
        """One activity and the course that it is in.

        Raises:
            UnknownCourseError: there is none.
        """
        for course in self.all:
            for activity in list(course.activities):
                if activity.id == activity_id:
                    return course, activity
        raise UnknownCourseError(f"there is no activity {activity_id!r}")

    def add(self, course_id: str, items: Sequence[Item]) -> list[Activity]:
        """Make activities, each with its own grade column if it asks for one."""
        course = self.course(course_id)
        made: list[Activity] = []
        with self._lock:
            for item in items:
                activity = Activity(str(next(self._ids)), item.title, item.text, item.custom)
                made.append(activity)
                if item.line_item is not None:
                    self._gradebook.add(
                        item.line_item.label,
                        item.line_item.maximum,
                        resource_id=item.line_item.resource_id,
                        tag=item.line_item.tag,
                        resource_link_id=activity.id,
                        own=True,
                    )
            course.activities += made
        return made

    def copy(self, course_id: str) -> Course:
        """A new course with the same activities and columns, without anybody's grades.

        The activities are new to a tool: each has another resource link id, and keeps its
        custom parameters.
        """
        old = self.course(course_id)
        with self._lock:
            number = next(self._ids)
            new = Course(
                str(number),
                f"{old.label}-{number}",
                f"{old.title} (copy)",
                history=(old.id, *old.history),
            )
            for activity in old.activities:
                copied = replace(activity, id=str(next(self._ids)))
                new.activities.append(copied)
                for column in self._gradebook.columns():
                    if column.own and column.resource_link_id == activity.id:
                        self._gradebook.add(
                            column.label,
                            column.maximum,
                            resource_id=column.resource_id,
                            tag=column.tag,
                            resource_link_id=copied.id,
                            own=True,
                        )
            self._courses[new.id] = new
        return new
