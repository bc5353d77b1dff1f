"""Questions about a course that pages and actions share: a page that only shows asks each of them once.

A page says so for its own object (``only_shows``). Whatever writes never does: there each question is asked when it is put.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from clinic.courses.models import Course
from clinic.web import at_hand as of_a_page

Answer = TypeVar("Answer")
_ONLY_SHOWS: Final = "_only_shows"


def only_shows(course: Course) -> Course:
    """The course, of which from now on nothing is read twice."""
    course.__dict__[_ONLY_SHOWS] = True
    return course


def at_hand(course: Course, ask: Callable[..., Answer], *told: Any) -> Answer:
    """What ``ask`` answers about the course; on a page that only shows, asked once."""
    return of_a_page.at_hand(course, ask, *told) if is_at_hand(course) else ask(course, *told)


def is_at_hand(course: Course) -> bool:
    """Whether the page only shows, so that one larger question may answer several smaller ones."""
    return _ONLY_SHOWS in course.__dict__
