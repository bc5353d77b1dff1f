"""One course as a case: exactly what is kept, before it is kept."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.courses import queries
from clinic.courses.benching.actions import keep_course_as_case
from clinic.courses.benching.stripping import case_of_course, left_behind, stripped
from clinic.courses.models import Course
from clinic.courses.pinned import library_of, presenter_of
from clinic.courses.views.common import course_seen, note_refused
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other, see_other_address
from patients.views import who
from protocols.method.answers import Faults
from protocols.presentation.cases import patient_in_words
from protocols.presentation.reader import page_reader
from protocols.testbench.case_lines import stated_words
from protocols.testbench.record_words import records_in_words
from protocols.variants.queries import open_variant


@roles_allowed(Role.CLINICAL_LEAD)
@require_http_methods(["GET", "HEAD", "POST"])
def as_case(request: StaffRequest, pk: int) -> HttpResponse:
    course = course_seen(request, pk)
    on, at = _moment(request, course)
    try:
        case = case_of_course(course, on=on, at=at)
    except Faults:
        messages.error(request, _("An answer in the record no longer fits. Take the intake again before you make a case of it."))
        return see_other("courses:detail", pk)
    stated = stripped(case, library_of(course))
    if request.method == "POST" and (reply := _kept(request, course, stated)):
        return reply
    note_refused(request, course.patient)
    reader = page_reader(request.clinic)
    context = {
        **who(request, course.patient),
        "course": course,
        "condition_name": presenter_of(course).condition(course),
        "stage_name": presenter_of(course).stage(course),
        "of_patient": patient_in_words(stated),
        "stated": stated_words({**stated, "unknown": [], "records": []}, reader),
        "unknown": stated["unknown"],
        "records": records_in_words(stated.get("records", ()), reader),
        "missed_days": stated.get("missed_days", 0),
        "text": json.dumps(stated, ensure_ascii=False, indent=1),
        "digest": digest_of(stated),
        "behind": left_behind(case, course),
        "variant": open_variant(request.clinic, f"conditions/{course.condition}"),
        "day": request.GET.get("screening", ""),
    }
    return render(request, "benching/as_case.html", context)


def _moment(request: StaffRequest, course: Course) -> tuple[date | None, datetime | None]:
    """The day of the kept screening that the address names; nothing for the plan as it stands."""
    text = request.GET.get("screening", "")
    if not text:
        return None, None
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise Http404
    kept = queries.screening_kept_or_404(course, int(text))
    return kept.made_on, kept.made_at


def digest_of(stated: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of what is kept, so that nothing else is kept than what was shown."""
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()


def _kept(request: StaffRequest, course: Course, stated: Mapping[str, Any]) -> HttpResponse | None:
    """The answer after the case was kept; None where something has changed since it was shown, or it was refused."""
    if request.POST.get("digest") != digest_of(stated):
        messages.error(request, _("The course has changed since you opened this page. This is what would be kept now."))
        return None
    try:
        variant, code = keep_course_as_case(course=course, stated=stated, actor=request.actor)
    except ActionDenied as denied:
        messages.error(request, denied.sentence)
        return None
    messages.success(request, _("The case is kept in the variant. Look at what it expects, and say it in your own words."))
    return see_other_address(reverse("testbench:case", args=[variant.pk, course.condition, code]))
