"""The pages that plan: choosing condition and stage, what the therapist enters, and the plan again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.courses import actions, queries
from clinic.courses.catalogue import conditions_found
from clinic.courses.forms import CourseForm, refuse
from clinic.courses.models import Course
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import library_of, names_of
from clinic.courses.planning import CourseRequest
from clinic.courses.presentation.stage_choice import StagePresenter
from clinic.courses.views.common import (
    condition_or_404,
    course_seen,
    gone_words,
    note_refused,
    refuse_stale,
    stage_or_404,
    version_for_page,
    version_sent,
)
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.sending import SentDifferently, made_before, once
from clinic.web.replies import see_other, see_other_address
from patients.models import Patient
from patients.views import kept_only, known_answers, patient_seen, who
from protocols.editions.queries import library_in_force, names_in_force
from protocols.method.answers import Faults
from protocols.method.entries import Condition, Stage
from protocols.method.plans import UnsafePlan


@roles_allowed(*PLAN)
@require_safe
def choose_condition(request: StaffRequest, pk: int) -> HttpResponse:
    patient = patient_seen(request, pk)
    if patient.restricted_on:
        return kept_only(request, patient)
    query = request.GET.get("q", "").strip()[:100]
    groups = conditions_found(library_in_force(request.clinic), names_in_force(request.clinic), query)
    return render(request, "courses/choose_condition.html", {**who(request, patient), "groups": groups, "query": query})


@roles_allowed(*PLAN)
@require_safe
def choose_stage(request: StaffRequest, pk: int, condition: str) -> HttpResponse:
    patient, library, names = patient_seen(request, pk), library_in_force(request.clinic), names_in_force(request.clinic)
    found = condition_or_404(library, condition)
    cards = StagePresenter(library, names).cards(found, answers=known_answers(request, patient))
    context = {**who(request, patient), "condition": found, "condition_name": names.of("conditions", condition), "cards": cards}
    return render(request, "courses/choose_stage.html", context)


@roles_allowed(*PLAN)
def new_course(request: StaffRequest, pk: int, condition: str, stage: str) -> HttpResponse:
    patient, found = patient_seen(request, pk), condition_or_404(library_in_force(request.clinic), condition)
    chosen = stage_or_404(found, stage)
    if address := made_before(request):
        return see_other_address(address)
    form = _form(request, found, chosen)
    if form.is_bound and form.is_valid():
        try:
            return see_other_address(once(request, lambda: _planned(request, form, patient)))
        except (Faults, UnsafePlan) as refused:
            refuse(form, refused)
        except SentDifferently as again:
            form.add_error(None, again.sentence)
    return _course_form(request, form, patient, found, chosen)


def _words(request: StaffRequest, course: Course | None) -> StagePresenter:
    """The edition that a course keeps to; for a new one that in force at the clinic."""
    if course is not None:
        return StagePresenter(library_of(course), names_of(course))
    return StagePresenter(library_in_force(request.clinic), names_in_force(request.clinic))


def _form(request: StaffRequest, condition: Condition, stage: Stage, course: Course | None = None) -> CourseForm:
    """The form, opened with what is kept or with what the address of a what-if brings."""
    kept, words = (actions.request_of(course) if course else None), _words(request, course)
    about: dict[str, Any] = {"condition": condition, "stage": stage, "library": words.library, "names": words.names}
    return CourseForm(request.POST or None, **about, kept=CourseForm.prefilled(request.GET, kept, **about))


def _planned(request: StaffRequest, form: CourseForm, patient: Patient) -> str:
    course = actions.plan_course(patient=patient, wanted=form.wanted(), on=today(request), actor=request.actor)
    messages.success(request, _("The plan is kept as a draft. Nothing has been booked."))
    return reverse("courses:today" if "ask_today" in request.POST else "courses:detail", args=[course.pk])


@roles_allowed(*PLAN)
def edit_course(request: StaffRequest, pk: int) -> HttpResponse:
    course = course_seen(request, pk)
    found = condition_or_404(library_of(course), course.condition)
    chosen = stage_or_404(found, _stage_of(request, course))
    kept = actions.request_of(course)
    form = _form(request, found, chosen, course)
    if form.is_bound and form.is_valid():
        try:
            version, before = version_sent(request), len(queries.future_bookings(course))
            actions.replan_course(course=course, wanted=form.wanted(), on=today(request), version=version, actor=request.actor)
        except (Faults, UnsafePlan) as refused:
            refuse(form, refused)
        except actions.StaleCourse as stale:
            refuse_stale(form, stale)
        else:
            gone = gone_words(before - len(queries.future_bookings(course)))
            messages.success(request, " ".join(filter(None, [_("The course is planned again."), gone, _dropped_words(kept, form)])))
            return see_other("courses:detail", course.pk)
    return _course_form(request, form, course.patient, found, chosen, course)


def _dropped_words(kept: CourseRequest, form: CourseForm) -> str:
    """What becomes of changes by hand in another stage: its steps are other ones."""
    if not kept.edits or form.wanted().edits:
        return ""
    return _("What was changed by hand belonged to the earlier stage and is not in this plan. It stays in the history.")


def _stage_of(request: StaffRequest, course: Course) -> str:
    """The stage to plan in: that of the course; another one, named in the address, where a doctor asked for a change of this plan."""
    return (queries.takes_another_stage(course) and request.GET.get("stage")) or course.stage


def _course_form(
    request: StaffRequest, form: CourseForm, patient: Patient, condition: Condition, stage: Stage, course: Course | None = None
) -> HttpResponse:
    note_refused(request, patient)
    stages, known = _words(request, course), known_answers(request, patient)
    context = {
        **who(request, patient),
        "form": form,
        "condition": condition,
        "stage": stage,
        "condition_name": stages.names.of("conditions", condition.code),
        "stage_name": stages.names.of("stages", f"{condition.code}/{stage.code}"),
        "warnings": stages.warnings(condition, stage.code, form.answered(), known),
        "cards": stages.cards(condition, form.answered(), known),
        "course": course,
        "takes_stage": course is not None and queries.takes_another_stage(course),
        "version": version_for_page(request, course, form),
    }
    return render(request, "courses/form.html", context, status=422 if form.errors else 200)
