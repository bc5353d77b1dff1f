"""What is printed of what a course brings about: the sheet for the patient's hands, and the report for the referring doctor."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.audit.models import Look
from clinic.courses.models import Course
from clinic.courses.outcomes.page import COMFORT, OutcomeWords, Tolerance
from clinic.courses.outcomes.queries.measures import records_with_mornings, values_of
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import library_of, names_of
from clinic.courses.prints import Measured, Told, home_sheet_pdf, report_pdf
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


@roles_allowed(*PLAN)
@require_safe
def course_report(request: StaffRequest, pk: int) -> HttpResponse:
    """For the doctor who referred, in the language of the page or the one that the address asks for."""
    course = course_seen(request, pk, kind=Look.PRINTED)
    with translation.override(language_asked(request)):
        return shown(report_pdf(paper_of(request, course), _told(course)), f"report-{course.pk}.pdf")


def _told(course: Course) -> Told:
    """What was measured and how the sessions were borne, in the language in force."""
    words, values, records = OutcomeWords(library_of(course), names_of(course)), values_of(course), records_with_mornings(course)
    measured = [
        Measured(
            name=f"{view.name}, {verdict.side}" if verdict.side else view.name,
            start=f"{verdict.start} {view.unit}".strip(),
            now=f"{verdict.now} {view.unit}".strip() if verdict.now else "–",
            verdict=str(verdict.mark.word) if verdict.mark else verdict.word or "–",
            change=view.change,
        )
        for view in words.views(course, values, records)
        if view.code != COMFORT  # told with how the sessions were borne
        for verdict in view.verdicts
    ]
    return Told(measured, tuple(_borne(words.tolerance(records))))


def _borne(found: Tolerance) -> Iterator[str]:
    if found.comfort:
        told = {"comfort": found.comfort, "asked": found.asked, "given": found.given}
        yield _("Comfort %(comfort)s of 10 on average, asked after %(asked)s of %(given)s sessions.") % told
    else:
        yield _("Nobody was asked how comfortable the sessions were.")
    if found.low:
        yield _("Comfort below %(below)s: sessions %(numbers)s.") % {"below": found.below, "numbers": ", ".join(map(str, found.low))}
    if found.bad:
        yield _("A bad reaction: sessions %(numbers)s.") % {"numbers": ", ".join(map(str, found.bad))}
