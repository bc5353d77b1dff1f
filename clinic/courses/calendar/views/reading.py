"""The pages of the calendar that show: a day, a week, a month. Everything they show is asked for in the address."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from clinic.courses.calendar import lanes, loads
from clinic.courses.calendar.asked import ROOM, Asked, asked_for
from clinic.courses.calendar.queries import days
from clinic.courses.calendar.queries.days import Booked, Known
from clinic.courses.calendar.views.common import board_of, bookings_for, desk_for, frame, scaled, steps
from clinic.courses.permissions import PLAN
from clinic.schedule.permissions import BOOK
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today

WEEK: Final = 7
FRIDAY: Final = 4


@roles_allowed(*BOOK)
@require_safe
def day_page(request: StaffRequest) -> HttpResponse:
    """One day, a column for each therapist or each room."""
    asked = asked_for("day", request.GET, today(request))
    desk = desk_for(request, asked, asked.day, asked.day)
    bookings = bookings_for(request, desk)
    desk = scaled(desk, bookings, (asked.day,))
    shown = lanes.lanes_of_rooms(desk, bookings) if asked.by == ROOM else lanes.lanes_of_day(desk, bookings)
    there = {lane.therapist for lane in shown}
    later = None if bookings else days.next_booked_day(request.clinic, asked.day, now=desk.reader.now)
    about = {
        "board": board_of(desk, shown),
        "closed": desk.known.closed.get(asked.day, ""),
        "is_named": asked.day in desk.known.named,
        "not_there": [] if asked.by or asked.therapist else [name for pk, name in desk.known.therapists.items() if pk not in there],
        "is_to_come": desk.tells_reasons and asked.day >= asked.today,
        "later": later and {"day": later, "url": asked.url(day=later)},
        "ways": {"therapist": asked.url(by="", room=0), "room": asked.url(by=ROOM, therapist=0)},
    }
    return render(request, "calendar/day.html", frame(request, desk) | about | steps(asked, 1))


@roles_allowed(*BOOK)
@require_safe
def week_page(request: StaffRequest) -> HttpResponse:
    """One week of a therapist or of a room; where the address names nobody, of the reader or of the first by name."""
    asked = asked_for("week", request.GET, today(request))
    desk = desk_for(request, asked, asked.monday, asked.monday + timedelta(days=WEEK - 1))
    desk = replace(desk, asked=_of_somebody(request, asked, desk.known))
    bookings = bookings_for(request, desk)
    shown = _days_of_week(desk.known, desk.asked, bookings)
    desk = scaled(desk, bookings, shown)
    about = {
        "board": board_of(desk, lanes.lanes_of_week(desk, shown, bookings)),
        "whose": _whose(desk.asked, desk.known),
        "first": desk.known.first,
        "last": desk.known.last,
        "is_today": desk.known.first <= asked.today <= desk.known.last,
    }
    return render(request, "calendar/week.html", frame(request, desk) | about | steps(asked, WEEK))


def _of_somebody(request: StaffRequest, asked: Asked, known: Known) -> Asked:
    if asked.room:
        return asked.changed(therapist=0)
    usual = request.user.pk if request.user.pk in known.therapists else next(iter(known.therapists), 0)
    return asked if asked.therapist else asked.changed(therapist=usual)


def _whose(asked: Asked, known: Known) -> str:
    if asked.room:
        return next((room.name for room in known.rooms if room.pk == asked.room), "")
    return known.therapists.get(asked.therapist, "")


def _days_of_week(known: Known, asked: Asked, bookings: Sequence[Booked]) -> list[date]:
    """Monday to Friday, and of the weekend what is worked or booked."""
    worked = {day for (person, day), spans in known.works.items() if spans and day not in known.closed and asked.therapist in (0, person)}
    worked |= {each.day for each in bookings}
    week = [known.first + timedelta(days=number) for number in range(WEEK)]
    return [day for day in week if day.weekday() <= FRIDAY or day in worked]


@roles_allowed(*PLAN)
@require_safe
def my_day(request: StaffRequest) -> HttpResponse:
    """The own day is a page of the session day, which lies above the calendar; the way to it keeps the day."""
    asked = asked_for("mine", request.GET, today(request))
    wanted = "" if asked.day == asked.today else f"?day={asked.day.isoformat()}"
    return redirect(reverse("day:today") + wanted)


@roles_allowed(*BOOK)
@require_safe
def month_page(request: StaffRequest) -> HttpResponse:
    """How full each day of a month is, against what the clinic can give."""
    asked = asked_for("month", request.GET, today(request)).changed(therapist=0, room=0, by="")
    desk = desk_for(request, asked, *loads.month_bounds(asked.day))
    known = desk.known
    booked = days.loads_between(request.clinic, known.first, known.last, now=desk.reader.now, site=asked.site or None)
    month, first = loads.Month(known, asked, booked), asked.day.replace(day=1)
    about = {
        "weeks": month.weeks(),
        "total": month.total(),
        "previous": asked.url(day=(first - timedelta(days=1)).replace(day=1)),
        "next": asked.url(day=(first + timedelta(days=31)).replace(day=1)),
    }
    return render(request, "calendar/month.html", frame(request, desk) | about)
