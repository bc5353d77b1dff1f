"""The body chart of a course: drawn anew each time, and read over time."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from clinic.courses import queries
from clinic.courses.models import BodyChart, Course
from clinic.courses.outcomes.actions.body import draw_body_chart
from clinic.courses.outcomes.body_pictures import ChartWords, kinds
from clinic.courses.outcomes.forms.body import ChartForm
from clinic.courses.outcomes.marks import LONGEST_NOTE, Mark, from_json, merged, since
from clinic.courses.outcomes.queries.body import charts_of_patient
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import library_of, names_of, presenter_of
from clinic.courses.states import CourseState
from clinic.courses.views.common import note_look, note_refused
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.replies import see_other
from patients.views import who


@roles_allowed(*PLAN)
def body_chart(request: StaffRequest, pk: int) -> HttpResponse:
    course = queries.course_or_404(request.clinic, pk)
    note_look(request, course.patient)
    charts = charts_of_patient(course)
    marks = from_json(charts[-1].marks) if charts else ()
    form = ChartForm(library_of(course).tree, data=request.POST if request.method == "POST" else None, marks=marks)
    if request.method == "POST" and form.step == "save" and form.is_valid():
        try:
            draw_body_chart(course=course, marks=form.marks(), on=today(request), actor=request.actor, seen=_seen(request))
        except ActionDenied as denied:
            form.general = denied.sentence
        else:
            messages.success(request, _("The body chart of today is kept."))
            return see_other("outcomes:body", pk)
    note_refused(request, course.patient)
    return render(request, "outcomes/body.html", _context(request, course, charts, form), status=_status(request, form))


def _seen(request: HttpRequest) -> int:
    """The chart that the sent page began with; 0 where it says none."""
    number = request.POST.get("seen", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0


def _status(request: HttpRequest, form: ChartForm) -> int:
    return 422 if request.method == "POST" and form.step == "save" else 200


def _context(request: StaffRequest, course: Course, charts: Sequence[BodyChart], form: ChartForm) -> dict[str, Any]:
    words = ChartWords(library_of(course), names_of(course))
    presenter = presenter_of(course)
    shown = [line.mark() for line in form.lines if not line.is_empty and line.mark_stands(form.tree)]
    return {
        **who(request, course.patient),
        "course": course,
        "condition_name": presenter.condition(course),
        "stage_name": presenter.stage(course),
        "form": form,
        "groups": words.groups(),
        "kinds": kinds(),
        "longest_note": LONGEST_NOTE,
        "picture": words.picture(merged(shown, form.tree)),
        "is_open": course.state != CourseState.DISCARDED,
        "charts": charts,
        "newest": charts[-1].pk if charts else 0,
        "over_time": _over_time(request, course, charts, words) if charts else None,
    }


def _over_time(request: HttpRequest, course: Course, charts: Sequence[BodyChart], words: ChartWords) -> dict[str, Any]:
    """Two charts beside each other: the chosen one, or the newest, and the one before it or the one that the address names."""
    now = _chosen(charts, request.GET.get("chart", ""), charts[-1])
    earlier = [chart for chart in charts if (chart.drawn_on, chart.pk) < (now.drawn_on, now.pk)]
    then = _chosen(earlier, request.GET.get("with", ""), earlier[-1]) if earlier else None
    marks = from_json(now.marks)
    found = words.since(since(from_json(then.marks), marks)) if then else None
    return {
        "now": _shown(now, marks, course, words),
        "then": _shown(then, from_json(then.marks), course, words) if then else None,
        "first": earlier[0] if len(earlier) > 1 else None,
        "found": found,
    }


def _chosen(charts: Sequence[BodyChart], number: str, otherwise: BodyChart) -> BodyChart:
    return next((chart for chart in charts if str(chart.pk) == number), otherwise)


def _shown(chart: BodyChart, marks: tuple[Mark, ...], course: Course, words: ChartWords) -> dict[str, Any]:
    other = "" if chart.course_id == course.pk else words.names.of("conditions", chart.course.condition)
    return {"chart": chart, "picture": words.picture(marks), "lines": words.marks(marks), "other": other}
