"""Parts of a course's page that packages above this one bring along. Registered once, when the application starts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from clinic.courses.models import Course
from clinic.staff.permissions import Actor


@dataclass(frozen=True, slots=True)
class CoursePanel:
    """A template and what makes its context; None leaves the panel out. ``order``: the lower, the higher on the page."""

    template: str
    context_of: Callable[[Course, Actor], Mapping[str, Any] | None]
    order: int = 50


_panels: list[CoursePanel] = []


def register_course_panel(panel: CoursePanel) -> None:
    """Adds a panel to the page of every course."""
    if panel.template not in {each.template for each in _panels}:
        _panels.append(panel)


def course_panels(course: Course, actor: Actor) -> list[tuple[str, Mapping[str, Any]]]:
    """(template, context) of what there is to show, in order."""
    made = ((each.template, each.context_of(course, actor)) for each in sorted(_panels, key=lambda panel: (panel.order, panel.template)))
    return [(template, context) for template, context in made if context is not None]
