"""What is printed of what a course brings about: the sheet for the patient's hands, and the report for the referring doctor."""

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from clinic.audit.models import Look
from clinic.courses.permissions import PLAN
from clinic.courses.prints import home_sheet_pdf
from clinic.courses.views.common import course_seen
from clinic.courses.views.prints import language_asked, paper_of, shown
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest


@roles_allowed(*PLAN)
@require_safe
def home_sheet(request: StaffRequest, pk: int) -> HttpResponse:
    """In the patient's language, unless the address asks for another one."""
    course = course_seen(request, pk, kind=Look.PRINTED)
    with translation.override(_patients_language(request, course.patient.language)):
        return shown(home_sheet_pdf(paper_of(request, course)), f"home-{course.pk}.pdf")


def _patients_language(request: HttpRequest, language: str) -> str:
    with translation.override(language):
        return language_asked(request)
