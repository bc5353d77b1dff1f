"""An emergency before or during a session: what to do now, the note for whoever takes over, and the word to the doctor."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from clinic.audit.models import Look
from clinic.courses import actions, queries
from clinic.courses.day.guard import is_about, patient_digest
from clinic.courses.day.queries.alarm import alarm_of
from clinic.courses.day.queries.playing import open_start_of
from clinic.courses.day.views.before import other_patient
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import presenter_of
from clinic.courses.prints.emergency import emergency_pdf
from clinic.courses.views.common import course_seen, note_refused
from clinic.courses.views.prints import language_asked, paper_of, shown
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.replies import see_other
from clinic.web.typed import check_lines_can_be_seen
from patients.views import who


class TellForm(forms.Form):
    """What the doctor is told."""

    found = forms.CharField(
        label=gettext_lazy("What was found"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        validators=[check_lines_can_be_seen],
        error_messages={"required": gettext_lazy("Write what was found.")},
    )


@roles_allowed(*PLAN)
def emergency(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """What to do now, big; telling the doctor keeps it."""
    course = course_seen(request, pk)
    session = queries.session_or_404(course, number)
    if request.method == "POST" and not is_about(course.patient, request.POST.get("patient", "")):
        return other_patient(request, course)
    presenter = presenter_of(course)
    alarm = alarm_of(course, number, presenter, on=today(request), now=timezone.now())
    form = TellForm(request.POST if request.method == "POST" else None, initial={"found": "" if alarm.told else alarm.found})
    if form.is_bound and form.is_valid():
        try:
            actions.tell_doctor(course=course, found=form.cleaned_data["found"], on=today(request), actor=request.actor)
        except ActionDenied as denied:
            form.add_error(None, denied.sentence)
        else:
            messages.success(request, _("The doctor is told: it stands first in the inbox."))
            return see_other("day:emergency", pk, number)
    note_refused(request, course.patient)
    context = {
        **who(request, course.patient), "course": course, "session": session, "alarm": alarm, "form": form,
        "condition_name": presenter.condition(course), "digest": patient_digest(course.patient), "begun": open_start_of(course),
    }  # fmt: skip
    return render(request, "day/emergency.html", context, status=422 if form.is_bound else 200)


@roles_allowed(*PLAN)
@require_safe
def emergency_note(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """Who, what was found, when, by whom, what was not given: for whoever takes the patient over."""
    course = course_seen(request, pk, kind=Look.PRINTED)
    queries.session_or_404(course, number)
    with translation.override(language_asked(request)):
        paper = paper_of(request, course)
        alarm = alarm_of(course, number, paper.presenter, on=course.clinic.today(), now=timezone.now())
        return shown(emergency_pdf(paper, alarm), f"note-{course.pk}-{number}.pdf")
