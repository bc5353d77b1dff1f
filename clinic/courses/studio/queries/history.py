"""The changes by hand that were kept in one course."""

from clinic.courses.models import Course, PlanEdit


def changes_of(course: Course) -> tuple[PlanEdit, ...]:
    """Every one, the newest first, with who kept it. One query."""
    return tuple(PlanEdit.objects.filter(course=course).select_related("by").defer("acts").order_by("-pk"))
