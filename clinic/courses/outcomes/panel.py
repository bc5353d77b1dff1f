"""What the measures say, on the page of a course: the main ones from start to now, and how many are due."""

from collections.abc import Mapping
from typing import Any, Final

from clinic.courses.models import Course
from clinic.courses.outcomes.asked import measures_of
from clinic.courses.outcomes.page import MeasureLine, measure_lines
from clinic.courses.outcomes.queries.measures import due_among, records_alone, values_of
from clinic.courses.panels import CoursePanel
from clinic.courses.pinned import library_of, names_of
from clinic.courses.states import CourseState
from clinic.staff.permissions import Actor

MOST_LINES: Final = 3


def outcomes_panel(course: Course, _actor: Actor) -> Mapping[str, Any] | None:
    """The first measures with a value, in the library's order, and how many are due; nothing for a discarded course. Two queries."""
    if course.state == CourseState.DISCARDED:
        return None
    was_begun = course.state != CourseState.DRAFT or course.started_on is not None  # a draft that never began has no records
    values, records = values_of(course), records_alone(course) if was_begun else ()
    lines: list[MeasureLine] = measure_lines(measures_of(library_of(course), course), values, records, names_of(course))
    due = due_among(course, values, records, course.clinic.today())
    return {"lines": lines[:MOST_LINES], "more": max(len(lines) - MOST_LINES, 0), "due": len(due)}


OUTCOMES_PANEL = CoursePanel("outcomes/_panel.html", outcomes_panel, order=40)
