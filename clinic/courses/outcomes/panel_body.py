"""The body chart and the papers on a course's page."""

from collections.abc import Mapping
from typing import Any

from clinic.courses.models import Course
from clinic.courses.outcomes.queries.body import newest_chart
from clinic.courses.panels import CoursePanel
from clinic.courses.states import CourseState
from clinic.staff.permissions import Actor


def body_panel(course: Course, _actor: Actor) -> Mapping[str, Any] | None:
    """The newest chart and whether there is anything to report; nothing for a discarded course. One query."""
    if course.state == CourseState.DISCARDED:
        return None
    return {"newest": newest_chart(course), "reports": course.started_on is not None}


BODY_PANEL = CoursePanel("outcomes/_body_panel.html", body_panel, order=60)
