"""One booking, the patient's slip of dates, the sheet of a day, and what waits at the desk."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.audit.actions import read_seen
from clinic.audit.models import Look
from clinic.courses.calendar.asked import asked_for
from clinic.courses.calendar.drawing import Desk
from clinic.courses.calendar.history import history_of
from clinic.courses.calendar.queries import courses, sessions, to_do
from clinic.courses.calendar.queries.affected import Conflict, Trouble, conflicts
from clinic.courses.calendar.queries.days import Booked, bookings_between
from clinic.courses.calendar.sheet import sheets_of
from clinic.courses.calendar.slip import slip_pdf
from clinic.courses.calendar.tiles import Flag, clock_words, flags_of, may_be_moved
from clinic.courses.calendar.views.common import bookings_for, desk_for, frame, note_named, steps
from clinic.courses.queries import course_or_404
from clinic.courses.views.prints import language_asked, shown
from clinic.reminders.permissions import can_read_messages
from clinic.reminders.queries.answers import ABOUT_A_DATE
from clinic.reminders.queries.of_patient import deliveries_of
from clinic.reminders.queries.outbox import cannot_come_count, undelivered_count
from clinic.schedule.permissions import BOOK, can_manage_schedule
from clinic.schedule.queries.rules import rules_of
from clinic.schedule.states import AbsenceReason
from clinic.staff.permissions import Actor, roles_allowed
from clinic.staff.requests import StaffRequest, today
from patients.care.guard import may_open


@roles_allowed(*BOOK)
@require_safe
def booking_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Who comes when, to whom and where, the other dates of the course, and what can be done about it."""
    booking = sessions.booking_or_404(request.clinic, pk)
    if request.method == "GET":
        read_seen(actor=request.actor, patient=booking.patient)
    asked = asked_for("day", {"date": booking.day.isoformat()}, today(request))
    desk = desk_for(request, asked, booking.day, booking.day)
    now, session = desk.reader.now, sessions.session_of(booking)
    there = bookings_between(request.clinic, booking.day, booking.day, now=now, therapist=booking.therapist_id)
    booked = next((each for each in there if each.pk == pk), None)
    context: dict[str, Any] = {
        "booking": booking,
        "session": session,
        "booked": booked,
        "ends": clock_words(booked.end) if booked else "",
        "flags": _flags(booked, desk) if booked else (),
        "can_move": booked is not None and may_be_moved(booked, desk.reader),
        "is_unresolved": booked is not None and booked.session_state == "booked" and booked.ends_at <= now,
        "dates": courses.dates_of(session.course, now=now) if session else (),
        "history": history_of(sessions.changes_of(booking), request.clinic, tells_reasons=desk.tells_reasons),
        "can_plan": may_open(request, booking.patient),
        "day_url": asked.url("day"),
        "told": deliveries_of([booking.pk]).get(booking.pk),
    }
    return render(request, "calendar/booking.html", context)


def _flags(booked: Booked, desk: Desk) -> list[Flag]:
    """What the patient said by a link stands beside the reminders, with when it was said."""
    found = flags_of(booked, desk.reader, is_hindered=desk.known.hinders(booked))
    return [flag for flag in found if flag.code not in ABOUT_A_DATE]


@roles_allowed(*BOOK)
@require_safe
def date_slip(request: StaffRequest, pk: int) -> HttpResponse:
    """The dates to come on A6, in the language of the page or the one that the address asks for."""
    course = course_or_404(request.clinic, pk)
    if request.method == "GET":
        read_seen(actor=request.actor, patient=course.patient, kind=Look.PRINTED)
    dates = courses.dates_to_come(course, now=timezone.now())
    with translation.override(language_asked(request)):
        return shown(slip_pdf(course, dates, rules_of(request.clinic)), f"dates-{course.pk}.pdf")


@roles_allowed(*BOOK)
@require_safe
def day_sheet(request: StaffRequest) -> HttpResponse:
    """A day for paper: a table for each therapist with time, patient, room and counter, and room to write."""
    asked = asked_for("day-sheet", request.GET, today(request))
    desk = desk_for(request, asked, asked.day, asked.day)
    bookings = bookings_for(request, desk)
    about = {"sheets": sheets_of(desk, bookings), "closed": desk.known.closed.get(asked.day, ""), "printed_at": desk.reader.now}
    return render(request, "calendar/day_sheet.html", frame(request, desk) | about | steps(asked, 1))


@roles_allowed(*BOOK)
@require_safe
def to_do_page(request: StaffRequest) -> HttpResponse:
    """What waits at the desk, in lists; only the numbers where a page asks for the strip at its top."""
    clinic, now = request.clinic, timezone.now()
    if request.GET.get("part") == "strip":
        return render(
            request, "calendar/_strip.html", {"counts": [*named_counts(to_do.to_do_counts(clinic, now=now)), *_of_messages(request)]}
        )
    undated, held = to_do.courses_without_dates(clinic)[: to_do.MOST], to_do.holds_that_end(clinic, now=now)[: to_do.MOST]
    unresolved, troubled = sessions.unresolved_at(clinic, now, limit=to_do.MOST), conflicts(clinic, now=now)[: to_do.MOST]
    ending = to_do.referrals_that_end(clinic, today(request))[: to_do.MOST]
    waiting = [*(each.booking for each in unresolved), *(each.booking for each in troubled), *held]
    note_named(request, {*(each.patient_id for each in (*undated, *ending)), *(each.patient_id for each in waiting)})
    context = {
        "ending": ending,
        "undated": undated,
        "unresolved": unresolved,
        "conflicts": [(each.booking, why_words(each, request.actor)) for each in troubled],
        "held": held,
        "waiting": to_do.waiting_count(clinic),
        "wanted": asked_for("day", request.GET, today(request)),
        "clock": request.GET.get("clock", "")[:5],
        "of_messages": _of_messages(request),
    }
    return render(request, "calendar/to_do.html", context)


def _of_messages(request: StaffRequest) -> list[dict[str, Any]]:
    """What is to be done about messages, for those who deal with them. Two queries."""
    if not can_read_messages(request.actor):
        return []
    return [
        {"code": "undelivered", "label": _("Not delivered"), "icon": "mail-x", "count": undelivered_count(request.clinic)},
        {"code": "cannot-come", "label": _("Cannot come"), "icon": "calendar-x", "count": cannot_come_count(request.clinic)},
    ]


def why_words(conflict: Conflict, reader: Actor) -> str:
    """Why nobody can treat at that time; the reason of an absence is for those who manage the calendar."""
    if conflict.trouble == Trouble.GONE:
        return _("%(name)s does not treat here any more") % {"name": conflict.booking.therapist.full_name}
    if conflict.absence is None:
        return _("Closed: %(name)s") % {"name": conflict.name}
    reason = AbsenceReason(conflict.absence.reason).label if can_manage_schedule(reader) else _("Away")
    return f"{conflict.booking.therapist.full_name}: {reason}"


def named_counts(counts: to_do.ToDo) -> list[dict[str, Any]]:
    """Each list of the desk with its name, sign and number."""
    names = {
        "needs-dates": (_("Need dates"), "calendar-plus"),
        "unresolved": (_("Unresolved"), "circle-question-mark"),
        "conflicts": (_("Conflicts"), "triangle-alert"),
        "holds": (_("Holds that end"), "hourglass"),
        "waiting": (_("Waiting list"), "users"),
    }
    return [{"code": code, "label": names[code][0], "icon": names[code][1], "count": count} for code, count in counts]
