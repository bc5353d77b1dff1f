"""Who may change a plan by hand, and when."""

from django.utils.translation import gettext as _

from clinic.courses.models import Course
from clinic.courses.permissions import can_plan, check_can_plan
from clinic.courses.states import CourseState
from clinic.staff.permissions import ActionDenied, Actor

# Those that are planned again (clinic.courses.actions.planning): what lies with the doctor comes back first when a change is kept.
CHANGED_BY_HAND = (CourseState.DRAFT, CourseState.AWAITING, CourseState.SIGNED, CourseState.RUNNING, CourseState.SUSPENDED)


def can_change_by_hand(actor: Actor | None, course: Course) -> bool:
    """Whether this person may change the plan of this course now."""
    return can_plan(actor) and course.state in CHANGED_BY_HAND


def check_can_change_by_hand(actor: Actor | None, course: Course) -> None:
    """Raises ``ActionDenied`` for whoever may not plan, and for a course that is not planned again."""
    check_can_plan(actor)
    if course.state not in CHANGED_BY_HAND:
        raise ActionDenied(_("A course that is paused, over or discarded is not changed by hand."))
