"""The card for a colleague who stands in, and what the patient likes."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.courses.day.forms.likes import LikesForm
from clinic.courses.day.handover_card import card_of
from clinic.courses.day.queries.handover import handed_over
from clinic.courses.gates import emergency_stands, state_stands
from clinic.courses.models import Course
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import presenter_of
from clinic.courses.queries import course_or_404
from clinic.courses.views.common import course_seen, note_refused
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.turns import saved_in_turn
from clinic.web.replies import see_other
from clinic.web.seen import is_stale
from patients.actions import note_likes
from patients.views import who

FROM_PATIENT = "patient"


@roles_allowed(*PLAN)
@require_safe
def handover_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Who, what, what changed and why, what hurt where, what the patient likes, the last sessions, when to stop, when it goes on."""
    course = course_seen(request, pk)
    return _card(request, course, LikesForm(initial={"likes": course.patient.likes}))


def _card(request: StaffRequest, course: Course, form: LikesForm) -> HttpResponse:
    known = handed_over(course, today(request))
    context: dict[str, Any] = {
        **who(request, course.patient),
        "course": course,
        "known": known,
        "card": card_of(known, presenter_of(course)),
        "held": [*state_stands(course, today(request)), *emergency_stands(course, today(request))] if known.coming else [],
        "form": form,
    }
    return render(request, "day/handover.html", context, status=422 if form.errors else 200)


@roles_allowed(*PLAN)
@require_POST
@saved_in_turn
def likes(request: StaffRequest, pk: int) -> HttpResponse:
    """Keeps what the patient likes, and goes back to the page where it was written."""
    course = course_or_404(request.clinic, pk)
    form = LikesForm(request.POST, initial={"likes": course.patient.likes})
    if not form.is_valid() or is_stale(request, form):
        note_refused(request, course.patient)
        return _card(request, course, form)
    note_likes(patient=course.patient, text=form.cleaned_data["likes"], actor=request.actor)
    messages.success(request, _("What the patient likes is kept."))
    if request.POST.get("from") == FROM_PATIENT:
        return see_other("patients:detail", course.patient_id)
    return see_other("day:handover", pk)
