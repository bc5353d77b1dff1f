"""Who came: the queue of sessions without a word, and how a course goes on after a lost one."""

from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.courses.calendar import actions
from clinic.courses.calendar.forms.dates import AnswerForm
from clinic.courses.calendar.lost_page import ways_in_words
from clinic.courses.calendar.queries.after_lost import ways_on
from clinic.courses.calendar.queries.choosing import names_at
from clinic.courses.calendar.queries.sessions import booking_or_404, lost_lately, session_of, unresolved_at
from clinic.courses.calendar.views.common import note_named
from clinic.courses.permissions import can_plan
from clinic.courses.queries import course_or_404
from clinic.courses.states import SessionState
from clinic.courses.views.common import note_look, note_refused
from clinic.schedule.permissions import BOOK
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today, words_sent
from clinic.web.once import token_sent
from clinic.web.replies import see_other
from patients.care.relation import patients_open_to
from patients.views import who

LATELY: Final = timedelta(days=14)


@roles_allowed(*BOOK)
@require_safe
def unresolved(request: StaffRequest) -> HttpResponse:
    """Every session whose time is over without a word, and what was said lately, which can be taken back."""
    waiting = unresolved_at(request.clinic, timezone.now())
    lost = lost_lately(request.clinic, today(request) - LATELY)
    note_named(request, {each.booking.patient_id for each in waiting} | {each.course.patient_id for each in lost})
    reads = patients_open_to(request.actor, {each.booking.patient_id for each in waiting})
    context = {"waiting": waiting, "lost": lost, "can_plan": can_plan(request.actor), "reads": reads, "today": today(request)}
    return render(request, "calendar/attendance.html", context)


@roles_allowed(*BOOK)
@require_POST
def answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Nobody came, or it was cancelled late; then the course says how it goes on."""
    booking, form = booking_or_404(request.clinic, pk), AnswerForm(request.POST)
    session = session_of(booking)
    if session is None or session.state != SessionState.BOOKED or not form.is_valid():
        messages.info(request, _("What became of this session is written down already."))
        return see_other("calendar:unresolved")
    actions.answer_booking(course=session.course, booking=booking, lost=form.lost(), actor=request.actor)
    return see_other("calendar:rule", session.course_id)


@roles_allowed(*BOOK)
@require_POST
def undo_answer(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """What was said is taken back, with a reason."""
    course = course_or_404(request.clinic, pk)
    actions.undo_answer(course=course, number=number, note=words_sent(request, "note"), actor=request.actor)
    messages.success(request, _("Session %(number)s is to come again.") % {"number": number})
    return see_other("calendar:unresolved")


@roles_allowed(*BOOK)
def after_lost(request: StaffRequest, pk: int) -> HttpResponse:
    """The three ways in which a course goes on after a session was lost, each with what it changes; the chosen one is carried out."""
    course, denied = course_or_404(request.clinic, pk), ""
    note_look(request, course.patient)
    if request.method == "POST":
        key = f"lost-{course.pk}-{(token_sent(request) or uuid4().hex)[:20]}"
        rule = request.POST.get("rule", "")
        try:
            actions.go_on_with(course=course, rule=rule, key=key, now=timezone.now(), actor=request.actor)
        except ActionDenied as refusal:
            denied = refusal.sentence
        else:
            messages.success(request, _("The dates of the course are arranged."))
            return see_other("calendar:unresolved")
    note_refused(request, course.patient)
    ways = ways_in_words(ways_on(course, now=timezone.now()), names_at(request.clinic))
    context: dict[str, Any] = {**who(request, course.patient), "course": course, "ways": ways, "denied": denied}
    return render(request, "calendar/attendance_rule.html", context | {"can_plan": can_plan(request.actor)}, status=422 if denied else 200)
