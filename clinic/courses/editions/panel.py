"""The edition that a course keeps to, on its page: where the clinic works with another one, or the course came from another one."""

from collections.abc import Mapping
from typing import Any, Final

from clinic.courses.editions.permissions import can_move
from clinic.courses.editions.queries import OPEN, way_back
from clinic.courses.models import Course
from clinic.courses.other_edition import keeps_to_another
from clinic.courses.panels import CoursePanel
from clinic.courses.pinned import library_of
from clinic.staff.permissions import Actor
from protocols.editions.queries import library_in_force


def edition_panel(course: Course, actor: Actor) -> Mapping[str, Any] | None:
    """What the panel shows. No query at a clinic that follows the edition of the release and whose course does too."""
    if course.state not in OPEN:
        return None
    is_elsewhere = keeps_to_another(course)
    back = way_back(course) if course.clinic.edition_digest and not is_elsewhere else None
    if not is_elsewhere and back is None:
        return None
    return {
        "keeps_to": library_of(course).edition,
        "in_force": library_in_force(course.clinic).edition,
        "is_elsewhere": is_elsewhere,
        "back": back,
        "can_move": can_move(actor, course),
    }


EDITION_PANEL: Final = CoursePanel("editions/_panel.html", edition_panel, order=20)
