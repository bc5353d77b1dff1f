"""What a page that only shows reads of a course once, however many of its parts need it.

A page says so for its own object (``only_shows``). Whatever writes never does: there each question is asked when it is put.
"""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from clinic.courses.models import Course

Answer = TypeVar("Answer")
_KNOWN: Final = "_at_hand"


def only_shows(course: Course) -> Course:
    """The course, of which from now on nothing is read twice."""
    course.__dict__.setdefault(_KNOWN, {})
    return course


def at_hand(course: Course, ask: Callable[..., Answer], *told: Any) -> Answer:
    """What ``ask`` answers about the course; on a page that only shows, asked once."""
    known: dict[Any, Any] | None = course.__dict__.get(_KNOWN)
    if known is None:
        return ask(course, *told)
    if (ask, told) not in known:
        known[ask, told] = ask(course, *told)
    answer: Answer = known[ask, told]
    return answer


def is_at_hand(course: Course) -> bool:
    """Whether the page only shows, so that one larger question may answer several smaller ones."""
    return _KNOWN in course.__dict__
