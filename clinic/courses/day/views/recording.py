"""The pages of records: the closing sheet of a session, a signed record with its addenda, and a session given during an outage."""

import hashlib
import json
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.courses import actions
from clinic.courses.day.actions.recording import keep_draft
from clinic.courses.day.forms.recording import AddendumForm, OutageForm
from clinic.courses.day.queries.recording import (
    addenda_of,
    milliseconds_since,
    next_session_of,
    outages_of,
    played_until,
    record_of_start,
    record_or_404,
    start_to_close_or_404,
)
from clinic.courses.day.record_page import record_shown
from clinic.courses.given import Played
from clinic.courses.models import Course, Session, SessionRecord, SessionStart
from clinic.courses.outcomes.queries.measures import measures_due
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import presenter_of
from clinic.courses.queries import course_or_404, records_of, session_or_404
from clinic.courses.record_content import all_planned, hurts_kept, rows_kept
from clinic.courses.record_forms import RecordForm, draft_of
from clinic.courses.record_sheet import sheet_of, signing_words
from clinic.courses.states import SessionState
from clinic.courses.views.common import note_look, note_refused
from clinic.staff.models import Role
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.replies import see_other
from patients.views import who


# The closing sheet ----------------------------------------------------------------------------------------------------------
@roles_allowed(*PLAN)
def finish(request: StaffRequest, pk: int) -> HttpResponse:
    """What was given, how it was, and the signature under it."""
    start = start_to_close_or_404(request.clinic, pk)
    if (elsewhere := _closed(request, start)) is not None:
        return elsewhere
    note_look(request, start.session.course.patient)
    passed = milliseconds_since(start, timezone.now())
    if request.method == "POST":
        return _sign(request, start, passed)
    given = played_until(start, passed)
    return _finish_page(request, start, (passed, given), _form(start, given))


def _form(start: SessionStart, given: Played, data: HttpRequest | None = None) -> RecordForm:
    """The form of the sheet; without ``data`` as far as it was filled in before."""
    sheet = sheet_of(start.plan, given, course=start.session.course, on=start.started_on)
    words = {"note": given.stop_words} if given.stop_words else {}
    return RecordForm(data.POST if data else None, sheet=sheet, initial={**words, **start.draft})


def _sign(request: StaffRequest, start: SessionStart, passed: int) -> HttpResponse:
    """Signs what was shown: the sheet says which moment it was made at; where events came in since, it is shown again instead."""
    shown = min(_number(request, "at_ms", passed), passed)
    given = played_until(start, shown)
    form = _form(start, given, request)
    if request.POST.get("seen") != seen(given):
        given = played_until(start, passed)
        form = _form(start, given, request)
        form.add_error(None, _("What was given has changed since this sheet was opened. Look at it again, then sign."))
        shown = passed
    if not form.is_valid():
        return _finish_page(request, start, (shown, given), form)
    now = timezone.now()
    made = actions.record_start(start=start, played=form.put_right(given), felt=form.felt(), now=now, actor=request.actor)
    if made.recorded_at == now:
        messages.success(request, _("Session %(number)s is signed.") % {"number": start.session.number})
    else:
        _say_signed(request, made)
    return see_other("day:record", made.pk)


def _finish_page(request: StaffRequest, start: SessionStart, shown: tuple[int, Played], form: RecordForm) -> HttpResponse:
    course, (at_ms, given) = start.session.course, shown
    note_refused(request, course.patient)
    context = {
        **_about(request, course),
        "start": start,
        "number": start.session.number,
        "form": form,
        "at_ms": at_ms,
        "seen": seen(given),
        "runs_on": not given.is_over,
        "measures_due": len(measures_due(course, start.started_on)),
        "signing": signing_words(request.actor),
    }
    return render(request, "day/finish.html", context, status=422 if form.errors else 200)


def seen(given: Played) -> str:
    """A short digest of what a sheet shows as given, so that nobody signs what was not on the screen."""
    told = [rows_kept(given.rows), hurts_kept(given.hurts), given.stop_reason]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _number(request: HttpRequest, name: str, usual: int) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else usual


def _closed(request: StaffRequest, start: SessionStart) -> HttpResponse | None:
    """Where to go with a start that is over: to its record, or to its course."""
    if start.is_taken_back:
        messages.info(request, _("The start of this session was taken back: nothing was given, so there is nothing to record."))
        return see_other("courses:detail", start.session.course_id)
    record = record_of_start(start)
    if record is None:
        return None
    if request.method == "POST":
        _say_signed(request, record)
    return see_other("day:record", record.pk)


def _say_signed(request: StaffRequest, record: SessionRecord) -> None:
    about = {"name": record.recorded_by.full_name}
    messages.info(request, _("%(name)s has signed this session already. Nothing was changed; you can add to it below.") % about)


@roles_allowed(*PLAN)
@require_POST
def draft(request: StaffRequest, pk: int) -> HttpResponse:
    """What is typed into the sheet, kept every few seconds; answers 204."""
    start = start_to_close_or_404(request.clinic, pk)
    if start.closed_at is not None:
        return HttpResponse(status=409)
    given = played_until(start, milliseconds_since(start, timezone.now()))
    keep_draft(start=start, draft=draft_of(request.POST, _form(start, given).fields), actor=request.actor)
    return HttpResponse(status=204)


def _about(request: StaffRequest, course: Course) -> dict[str, object]:
    presenter = presenter_of(course)
    named = {"condition_name": presenter.condition(course), "stage_name": presenter.stage(course)}
    return {**who(request, course.patient), **named, "course": course}


# A signed record ------------------------------------------------------------------------------------------------------------
@roles_allowed(*PLAN)
@require_safe
def record(request: StaffRequest, pk: int) -> HttpResponse:
    """A signed record to read, and a form to add to it."""
    found = record_or_404(request.clinic, pk)
    note_look(request, found.session.course.patient)
    return _record_page(request, found, AddendumForm())


@roles_allowed(*PLAN)
@require_POST
def addendum(request: StaffRequest, pk: int) -> HttpResponse:
    """Adds to a signed record."""
    found = record_or_404(request.clinic, pk)
    form = AddendumForm(request.POST)
    if not form.is_valid():
        note_refused(request, found.session.course.patient)
        return _record_page(request, found, form)
    actions.add_addendum(record=found, reason=form.cleaned_data["reason"], text=form.cleaned_data["text"], actor=request.actor)
    messages.success(request, _("It is added to the record. The record itself stays as it was signed."))
    return see_other("day:record", pk)


def _record_page(request: StaffRequest, found: SessionRecord, form: AddendumForm) -> HttpResponse:
    course = found.session.course
    shown = record_shown(found, addenda=addenda_of(found), coming=next_session_of(course))
    context = {**_about(request, course), "shown": shown, "record": found, "form": form}
    return render(request, "day/record.html", context, status=422 if form.errors else 200)


# An outage ------------------------------------------------------------------------------------------------------------------
@roles_allowed(*PLAN)
def outage(request: StaffRequest, pk: int, number: int) -> HttpResponse:
    """A session that was given while the program could not be used, entered afterwards."""
    course = course_or_404(request.clinic, pk)
    session = session_or_404(course, number)
    if hasattr(session, "record"):
        if request.method == "POST":
            _say_signed(request, session.record)
        return see_other("day:record", session.record.pk)
    coming = records_of(course).count() + 1
    if number != coming and request.method != "POST" and coming <= course.session_count:
        return see_other("day:outage", pk, coming)
    note_look(request, course.patient)
    day = _likely_day(session, today(request))
    given = all_planned(row["seconds"] for row in session.plan["rows"])
    sheet = sheet_of(session.plan, given, course=course, on=None)
    form = OutageForm(request.POST or None, sheet=sheet, clinic=request.clinic, day=day, by=course.therapist or request.user)
    if form.is_bound and form.is_valid() and (made := _entered(request, session, form, given)):
        messages.success(request, _("Session %(number)s is entered, with its mark.") % {"number": number})
        return see_other("day:record", made.pk)
    note_refused(request, course.patient)
    context = {**_about(request, course), "number": number, "form": form, "signing": signing_words(request.actor)}
    return render(request, "day/outage.html", context, status=422 if form.errors else 200)


def _likely_day(session: Session, on: date) -> date:
    """The day that the session was booked for, where it has come."""
    booked = session.booking.day if session.state == SessionState.BOOKED and session.booking else on
    return min(booked, on)


def _entered(request: StaffRequest, session: Session, form: OutageForm, given: Played) -> SessionRecord | None:
    try:
        return actions.record_outage(
            course=session.course,
            number=session.number,
            felt=form.felt(),
            outage=form.outage(),
            played=form.told(given),
            actor=request.actor,
        )
    except ActionDenied as denied:
        form.add_error(None, denied.sentence)
        return None


@roles_allowed(Role.CLINICAL_LEAD)
@require_safe
def outages(request: StaffRequest) -> HttpResponse:
    """Every session that was entered after an outage, for the clinical lead to look through."""
    return render(request, "day/outages.html", {"records": outages_of(request.clinic)})
