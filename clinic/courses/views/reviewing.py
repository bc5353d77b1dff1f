"""The page on which a plan signed on paper is recorded."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clinic.courses.actions.papers import SignedPrint, record_signed_print
from clinic.courses.doctor_forms import SignedPrintForm
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import presenter_of
from clinic.courses.states import CourseState
from clinic.courses.views.common import course_seen, note_refused, version_sent
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.replies import see_other
from patients.actions.files import kept_file
from patients.views import who


@roles_allowed(*PLAN)
def signed_print(request: StaffRequest, pk: int) -> HttpResponse:
    """A printed plan that an outside doctor signed: its scan and what stands on it."""
    course = course_seen(request, pk)
    if course.state != CourseState.AWAITING:
        messages.info(request, _("This plan does not wait for a signature any more."))
        return see_other("courses:detail", pk)
    is_sent = request.method == "POST"
    form = SignedPrintForm(request.POST if is_sent else None, request.FILES if is_sent else None, today=today(request))
    if form.is_bound and form.is_valid():
        try:
            _record(request, course, form)
        except ActionDenied as denied:
            form.add_error(None, denied.sentence)
        else:
            messages.success(request, _("The signed paper is recorded. It is labelled as weaker than a signature made here."))
            return see_other("courses:detail", pk)
    note_refused(request, course.patient)
    presenter = presenter_of(course)
    context = {
        **who(request, course.patient), "course": course, "form": form, "version": request.POST.get("version", course.version),
        "condition_name": presenter.condition(course), "stage_name": presenter.stage(course),
    }  # fmt: skip
    return render(request, "courses/sign_paper.html", context, status=422 if form.errors else 200)


def _record(request: StaffRequest, course: Any, form: SignedPrintForm) -> None:
    data = form.cleaned_data
    with kept_file(form.upload()) as file:
        if file is None:
            raise ActionDenied(_("Choose the scan of the paper."))
        paper = SignedPrint(data["doctor"], data["licence"], data["signed_on"], data["fingerprint"], file)
        record_signed_print(course=course, paper=paper, on=today(request), version=version_sent(request), actor=request.actor)
