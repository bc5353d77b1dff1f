"""The pages on which a course begins and a session that was given is recorded."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clinic.courses import actions, queries
from clinic.courses.course_state import lines_of
from clinic.courses.gates import hindrances
from clinic.courses.given import Played
from clinic.courses.models import Course, Session, SessionRecord
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import presenter_of
from clinic.courses.record_content import all_planned
from clinic.courses.record_forms import RecordForm
from clinic.courses.record_sheet import sheet_of, signing_words
from clinic.courses.states import CourseState, SessionState
from clinic.courses.views.common import note_look, note_refused, version_sent
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today, words_sent
from clinic.web.replies import see_other
from clinic.web.trouble import overtaken_page
from patients.views import who


@roles_allowed(*PLAN)
@require_POST
def start_course(request: StaffRequest, pk: int) -> HttpResponse:
    course = queries.course_or_404(request.clinic, pk)
    actions.start_course(course=course, on=today(request), version=version_sent(request), actor=request.actor)
    messages.success(request, _("The course is running. Record each session when it has been given."))
    return see_other("courses:detail", pk)


@roles_allowed(*PLAN)
def record_session(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    course = queries.course_or_404(request.clinic, pk)
    session = queries.session_or_404(course, number)
    if hasattr(session, "record"):
        return _recorded_already(request, course, session.record)
    if course.state != CourseState.RUNNING:
        messages.info(request, _("This session cannot be recorded: it was given already, or the course is not running."))
        return see_other("courses:detail", pk)
    coming = queries.records_of(course).count() + 1
    if number != coming and request.method != "POST":  # the sessions are given in turn: a form that can only be refused is not shown
        return see_other("courses:record", pk, coming)
    note_look(request, course.patient)
    on = given_on(course, session, today(request))
    given = all_planned(row["seconds"] for row in session.plan["rows"])
    form = RecordForm(request.POST or None, sheet=sheet_of(session.plan, given, course=course, on=on))
    if form.is_bound and form.is_valid() and _recorded(request, course, number, form, given, on):
        messages.success(request, _("Session %(number)s of %(name)s is recorded.") % {"number": number, "name": course.patient.full_name})
        return see_other("day:today")
    note_refused(request, course.patient)
    context = {**who(request, course.patient), **_named(course), "course": course, "number": number, "session": session}
    context |= {
        "form": form,
        "given_on": on,
        "signing": signing_words(request.actor),
        "in_the_way": lines_of(hindrances(course, on), course),
    }
    return render(request, "courses/record.html", context, status=422 if form.errors else 200)


def _recorded_already(request: StaffRequest, course: Course, record: SessionRecord) -> HttpResponse:
    """What the second of two sheets is told. What it says in words and the first does not is not lost: it can be added to the record."""
    about = {"number": record.session.number, "name": record.recorded_by.full_name}
    if request.method == "POST" and words_sent(request, "note") not in ("", record.note):
        sentence = _(
            "%(name)s recorded session %(number)s before you sent this, so it was not saved. Add to the record what is missing there."
        )
        return overtaken_page(request, sentence % about, back=reverse("day:record", args=[record.pk]))
    messages.info(request, _("Session %(number)s was recorded by %(name)s.") % about)
    return see_other("courses:detail", course.pk)


def _recorded(request: StaffRequest, course: Course, number: int, form: RecordForm, given: Played, on: date) -> bool:
    """Whether the session is recorded now; else the form says why not."""
    try:
        actions.record_session(course=course, number=number, felt=form.felt(), on=on, played=form.told(given), actor=request.actor)
    except ActionDenied as denied:
        form.add_error(None, denied.sentence)
        return False
    return True


def _named(course: Course) -> dict[str, str]:
    presenter = presenter_of(course)
    return {"condition_name": presenter.condition(course), "stage_name": presenter.stage(course)}


def given_on(course: Course, session: Session, on: date) -> date:
    """Today; for a booked day that has passed that day itself, as long as its questions are the last ones that were asked."""
    booked = session.booking.day if session.state == SessionState.BOOKED and session.booking else on
    return booked if booked < on and course.planned_on == booked else on
