"""The first page of whoever treats: the own day as one list, and what is left of earlier days."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from clinic.courses.calendar import loads
from clinic.courses.calendar.asked import Asked, asked_for, in_reach
from clinic.courses.calendar.queries.days import bookings_between
from clinic.courses.calendar.views.common import desk_for, note_named, scaled
from clinic.courses.day.lines import Day, day_of
from clinic.courses.day.queries.today import of_day
from clinic.courses.permissions import PLAN
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.staff.requests import today as day_there
from protocols.publishing.waiting import waiting_variants
from protocols.queries import overdue_for_review
from protocols.variants.permissions import can_change_library


@roles_allowed(*PLAN)
@require_safe
def today_page(request: StaffRequest) -> HttpResponse:
    """The sessions of the reader on one day with what must be seen of each, and what waits for a word or a signature."""
    asked = _asked(request)
    desk = desk_for(request, asked, asked.day, asked.day)
    now, is_today = desk.reader.now, asked.day == asked.today
    bookings = bookings_between(request.clinic, asked.day, asked.day, now=now, therapist=asked.therapist)
    known = of_day(request.actor, [each.pk for each in bookings], now=now, looks_back=is_today)
    shown = day_of(scaled(desk, bookings, (asked.day,)), bookings, known)
    note_named(request, {each.patient for each in bookings} | _named_besides(shown, is_today=is_today))
    context: dict[str, Any] = {
        **_steps(asked),
        "day": asked.day,
        "is_today": is_today,
        "is_past": asked.day < asked.today,
        "shown": shown,
        "bookings": bookings,
        "now": now,
        "load": loads.load_of(desk.known, asked.therapist, asked.day, bookings),
        "closed": desk.known.closed.get(asked.day, ""),
        "calendar": asked.url("day", therapist=0),
        **(_of_the_library(request) if is_today and can_change_library(request.actor) else {}),
    }
    return render(request, "day/today.html", context)


def _of_the_library(request: StaffRequest) -> dict[str, Any]:
    """For the lead, whose day begins here: variants that lie with the doctor or came back, and what is overdue for review."""
    overdue = overdue_for_review(request.clinic, day_there(request))
    return {"variants": waiting_variants(request.clinic, request.actor), "overdue": overdue}


def _asked(request: StaffRequest) -> Asked:
    said = {"date": request.GET.get("day", "")}
    return asked_for("mine", said, day_there(request)).changed(therapist=request.user.pk)


def _named_besides(shown: Day, *, is_today: bool) -> set[int]:
    """Of whom the lists under the day tell."""
    left = (*shown.unresolved, *shown.unsigned, *shown.late) if is_today else ()
    return {each.session.course.patient_id for each in left}


def _steps(asked: Asked) -> dict[str, str]:
    """The addresses of the days before and after, and of today."""
    return {"previous": address_of(asked, -1), "next": address_of(asked, 1), "today_url": reverse("day:today")}


def address_of(asked: Asked, days: int) -> str:
    """The same page so many days on."""
    return day_address(in_reach(asked.day + timedelta(days=days)), asked.today)


def day_address(day: date, today: date) -> str:
    """The page of that day; today's has nothing in its address."""
    return reverse("day:today") + ("" if day == today else f"?day={day.isoformat()}")
