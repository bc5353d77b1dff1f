"""Who may move courses to another edition, and whose courses somebody sees here."""

from django.utils.translation import gettext as _

from clinic.courses.models import Course
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, Actor, has_role


def sees_all(actor: Actor) -> bool:
    """Whether the actor sees the courses of everybody: therapists see their own."""
    return has_role(actor, Role.CLINICAL_LEAD, Role.DOCTOR)


def can_move(actor: Actor | None, course: Course) -> bool:
    """The clinical lead moves every course, a therapist those that the therapist gives. A doctor signs what comes of it."""
    if actor is None or actor.clinic.pk != course.clinic_id:
        return False
    return has_role(actor, Role.CLINICAL_LEAD) or (has_role(actor, Role.THERAPIST) and is_of(course, actor))


def is_of(course: Course, actor: Actor) -> bool:
    """Whether the actor gives the course; one that nobody gives belongs to whoever planned it."""
    return (course.therapist_id or course.planned_by_id) == actor.user.pk


def check_can_move(actor: Actor | None, course: Course) -> None:
    """Raises ``ActionDenied`` for whoever may not move this course."""
    if not can_move(actor, course):
        raise ActionDenied(_("Only the clinical lead, or the therapist who gives it, may move a course to another edition."))
