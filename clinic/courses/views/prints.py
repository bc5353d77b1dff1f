"""What is printed of a course, in the language of the page or in the one that the address asks for."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from clinic.audit.models import Look
from clinic.courses import queries
from clinic.courses.models import Course
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import presenter_of
from clinic.courses.presentation import Presenter
from clinic.courses.prints import Paper, card_pdf, course_pdf
from clinic.courses.views.common import course_seen
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest


@roles_allowed(*PLAN)
@require_safe
def session_card(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    course = course_seen(request, pk, kind=Look.PRINTED)
    session = queries.session_or_404(course, number)
    with translation.override(language_asked(request)):
        return shown(card_pdf(paper_of(request, course, f"?session={number}"), session), f"session-{course.pk}-{number}.pdf")


@roles_allowed(*PLAN)
@require_safe
def course_plan(request: StaffRequest, pk: int) -> HttpResponse:
    course = course_seen(request, pk, kind=Look.PRINTED)
    with translation.override(language_asked(request)):
        return shown(course_pdf(paper_of(request, course)), f"course-{course.pk}.pdf")


def language_asked(request: HttpRequest) -> str:
    """The language that the address asks for, so that a patient can read the print; the page's where it asks for none."""
    language = request.GET.get("language", translation.get_language() or settings.LANGUAGE_CODE)
    if language not in dict(settings.LANGUAGES):
        raise Http404
    return language


def paper_of(request: HttpRequest, course: Course, query: str = "", *, presenter: Presenter | None = None) -> Paper:
    """The course in words of the language in force, with the full address where it can be checked."""
    address = request.build_absolute_uri(reverse("courses:detail", args=[course.pk]) + query)
    return Paper(course, presenter or presenter_of(course), address)


def shown(pdf: bytes, name: str) -> HttpResponse:
    """Opened in the browser, from where it is printed; the name is for keeping it, and says nothing about anybody."""
    response = HttpResponse(pdf, content_type="application/pdf", headers={"Content-Language": translation.get_language() or ""})
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
