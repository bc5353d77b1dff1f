"""The pages of a course's outcomes: everything over time, the form with what is due, and the correction of one value."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from clinic.courses.models import Course, MeasureValue
from clinic.courses.outcomes.actions.measures import correct_measure, keep_measures
from clinic.courses.outcomes.asked import measures_of
from clinic.courses.outcomes.due import OF_THE_RECORD, Due
from clinic.courses.outcomes.forms.measures import CorrectionForm, MeasuresForm, keys_of, kind_of
from clinic.courses.outcomes.page import OutcomeWords
from clinic.courses.outcomes.queries.measures import due_among, measures_due, records_with_mornings, value_or_404, values_of
from clinic.courses.outcomes.values import TAKEN_BACK
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import library_of, names_of, presenter_of
from clinic.courses.states import CourseState
from clinic.courses.views.common import course_seen, note_look, note_refused
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.sending import made_before, once
from clinic.web.marks import SIDES
from clinic.web.replies import see_other, see_other_address
from patients.views import who


@roles_allowed(*PLAN)
@require_safe
def outcomes(request: StaffRequest, pk: int) -> HttpResponse:
    """Every measure of the course over its days, with what became of it."""
    course = course_seen(request, pk)
    words = OutcomeWords(library_of(course), names_of(course))
    values, records = values_of(course), records_with_mornings(course)
    due = due_among(course, values, records, today(request))
    views = words.views(course, values, records, due)
    context = {
        **_named(request, course),
        "measured": [view for view in views if view.rows],
        "unmeasured": [view for view in views if not view.rows],
        "due": due,
        "tolerance": words.tolerance(records),
        "is_discarded": course.state == CourseState.DISCARDED,
    }
    return render(request, "outcomes/course.html", context)


@roles_allowed(*PLAN)
def measure(request: StaffRequest, pk: int) -> HttpResponse:
    """The form with everything that is due; with ``?all=1`` every measure of the course that is not read from its records."""
    course = course_seen(request, pk)
    if address := made_before(request):
        return see_other_address(address)
    due = {each.measure.code: each for each in measures_due(course, today(request))}
    asked = [each for each in measures_of(library_of(course), course) if each.code not in OF_THE_RECORD]
    # What was typed stays on the page, even where somebody else has entered the measure in the meantime.
    shown = [each for each in asked if each.code in due or "all" in request.GET or not keys_of(each).isdisjoint(request.POST)]
    sent = request.POST if request.method == "POST" else None
    form = MeasuresForm(sent, measures=shown, names=names_of(course), today=today(request))
    if form.is_bound and form.is_valid():
        try:
            return see_other_address(once(request, lambda: _kept(request, course, form, due)))
        except ActionDenied as denied:
            form.add_error(None, denied.sentence)
    note_refused(request, course.patient)
    before = {(each.measure, each.side): each for each in values_of(course)}
    context = {**_named(request, course), "form": form, "asked": tuple(form.asked(due, before)), "more": len(asked) - len(shown)}
    return render(request, "outcomes/measure.html", context, status=422 if form.errors else 200)


def _kept(request: StaffRequest, course: Course, form: MeasuresForm, due: Mapping[str, Due]) -> str:
    said = form.said({code: each.moment for code, each in due.items()})
    day = form.cleaned_data["measured_on"]
    made = keep_measures(course=course, said=said, measured_on=day, on=today(request), actor=request.actor)
    messages.success(request, ngettext("%(count)s value is kept.", "%(count)s values are kept.", len(made)) % {"count": len(made)})
    return reverse("outcomes:course", args=[course.pk])


@roles_allowed(*PLAN)
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    """One value put right: what should stand, or that nothing was measured, and why."""
    value = value_or_404(request.clinic, pk)
    note_look(request, value.course.patient)
    form = _correction_form(request, value)
    if form.is_bound and form.is_valid():
        try:
            correct_measure(value=value, correction=form.correction(), actor=request.actor)
        except ActionDenied as denied:
            form.add_error(None, denied.sentence)
        else:
            messages.success(request, _("The value is corrected. What stood there before stays in the audit."))
            return see_other("outcomes:course", value.course_id)
    note_refused(request, value.course.patient)
    found, names = library_of(value.course).measures[value.measure], names_of(value.course)
    context = {
        **_named(request, value.course),
        "form": form,
        "value": value,
        "measure_name": names.of("measures", found.code),
        "unit": names.of("measures", found.code, "unit"),
        "side": SIDES.get(value.side, ""),
        "kind": kind_of(found),
        "is_taken_back": value.moment == TAKEN_BACK,
    }
    return render(request, "outcomes/correct.html", context, status=422 if form.errors else 200)


def _correction_form(request: StaffRequest, value: MeasureValue) -> CorrectionForm:
    found = library_of(value.course).measures[value.measure]
    stands: Any = value.words if value.value is None else f"{value.value:f}".rstrip("0").rstrip(".")
    label = names_of(value.course).of("measures", found.code)
    return CorrectionForm(request.POST if request.method == "POST" else None, measure=found, label=label, stands=stands)


def _named(request: StaffRequest, course: Course) -> dict[str, Any]:
    presenter = presenter_of(course)
    named = {"condition_name": presenter.condition(course), "stage_name": presenter.stage(course)}
    return {**who(request, course.patient), **named, "course": course}
