"""The page of a review or a question about a course, and the page on which a plan signed on paper is recorded."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clinic.courses import actions
from clinic.courses.actions.papers import SignedPrint, record_signed_print
from clinic.courses.course_state import past_of
from clinic.courses.doctor_forms import ReviewForm, SignedPrintForm
from clinic.courses.inbox import review_or_404
from clinic.courses.models import CourseReview
from clinic.courses.permissions import PLAN, can_sign_off
from clinic.courses.presentation import Presenter
from clinic.courses.queries import records_of, screening_of
from clinic.courses.states import CourseState
from clinic.courses.views.common import course_seen, note_look, note_refused, version_sent
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.replies import see_other
from patients.actions.files import kept_file
from patients.outcome_chart import outcome_chart
from patients.referrals import Felt
from patients.views import who
from protocols.language import page_names
from protocols.shelf import shipped_library


@roles_allowed(*PLAN)
def review(request: StaffRequest, pk: int) -> HttpResponse:
    """How the course went, what was changed and why, and the doctor's decision."""
    found = review_or_404(request.clinic, pk)
    note_look(request, found.course.patient)
    may_decide = can_sign_off(request.actor) and not found.decision
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.decide_review(review=found, on=today(request), actor=request.actor, **form.cleaned_data)
        except ActionDenied as denied:
            form.add_error(None, denied.sentence)
        else:
            messages.success(request, _("Your decision is kept. The therapist sees it on the course."))
            return see_other("courses:inbox")
    note_refused(request, found.course.patient)
    context = {**_course_words(request, found), "review": found, "form": form, "may_decide": may_decide}
    return render(request, "courses/review.html", context, status=422 if form.errors else 200)


def _course_words(request: StaffRequest, found: CourseReview) -> dict[str, Any]:
    course, presenter = found.course, Presenter(shipped_library(), page_names())
    given = tuple(records_of(course))
    felt = [Felt(one.given_on, one.pain_before, one.pain_after, one.comfort) for one in given]
    return {
        **who(request, course.patient),
        "course": course,
        "condition_name": presenter.condition(course),
        "stage_name": presenter.stage(course),
        "given": given,
        "chart": outcome_chart(felt),
        "standing": past_of(course, presenter),
        "screening": presenter.screening(screening_of(course), course.outcome),
    }


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
    presenter = Presenter(shipped_library(), page_names())
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
