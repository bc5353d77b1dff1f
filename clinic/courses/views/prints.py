"""What is printed of a course."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from clinic.courses import queries
from clinic.courses.card import card_pdf
from clinic.courses.models import Course
from clinic.courses.permissions import PLAN
from clinic.courses.presentation import Presenter
from clinic.courses.views.common import course_seen
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from protocols.language import page_names
from protocols.shelf import shipped_library


@roles_allowed(*PLAN)
@require_safe
def session_card(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    course = course_seen(request, pk)
    session = queries.session_or_404(course, number)
    pdf = card_pdf(course, session, Presenter(shipped_library(), page_names()), address=request.build_absolute_uri(course_address(course)))
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="session-{course.pk}-{number}.pdf"'
    return response


def course_address(course: Course) -> str:
    """Where the plan can be read."""
    return f"/courses/{course.pk}/"
