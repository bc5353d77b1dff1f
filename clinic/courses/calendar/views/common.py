"""What the pages of the calendar share: what is known of the days, who is booked on them, filters, and ways to the other pages."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.audit.actions import search_seen
from clinic.courses.calendar import lanes
from clinic.courses.calendar.asked import ROOM, Asked
from clinic.courses.calendar.drawing import Desk
from clinic.courses.calendar.queries import days
from clinic.courses.calendar.queries.days import Booked, Span
from clinic.courses.calendar.tiles import Scale, reader_of
from clinic.courses.permissions import can_plan
from clinic.schedule.permissions import can_manage_schedule
from clinic.staff.models import Role
from clinic.staff.requests import StaffRequest


def desk_for(request: StaffRequest, asked: Asked, first: date, last: date) -> Desk:
    """All that is known of these days, for this reader; the scale is the usual one yet."""
    known = days.days_known(request.clinic, first, last)
    is_of_room = asked.by == ROOM if asked.page == "day" else bool(asked.room)
    reader = reader_of(request.actor, reads_plans=can_plan(request.actor), by_room=is_of_room)
    return Desk(known, reader, asked, Scale(*lanes.USUAL), reverse("calendar:to-do"), can_manage_schedule(request.actor))


def bookings_for(request: StaffRequest, desk: Desk) -> list[Booked]:
    """Who is booked on the days of the desk. A page that names patients leaves a line of whom it named."""
    asked, known = desk.asked, desk.known
    narrow = {"therapist": asked.therapist, "room": asked.room, "site": asked.site}
    found = days.bookings_between(request.clinic, known.first, known.last, now=desk.reader.now, **narrow)
    note_named(request, {each.patient for each in found})
    return found


def note_named(request: StaffRequest, patients: Iterable[int]) -> None:
    """A list that was shown, also in answer to a form, leaves one line of whose names it showed; an empty one shows nobody's."""
    named = sorted(patients)
    if request.method != "HEAD" and named:
        search_seen(actor=request.actor, found=named)


def scaled(desk: Desk, bookings: Sequence[Booked], shown: Iterable[date]) -> Desk:
    """The same desk over the hours that are worked or booked on the days shown."""
    wanted = set(shown)
    whose = desk.asked.therapist if desk.asked.page != "day" else 0
    spans: list[Span] = [
        span for (person, day), each in desk.known.works.items() if day in wanted and whose in (0, person) for span in each
    ]
    return replace(desk, scale=lanes.scale_of(bookings, spans))


def board_of(desk: Desk, shown: tuple[lanes.Lane, ...]) -> lanes.Board:
    """The columns over their scale."""
    return lanes.Board(shown, desk.scale, desk.known.rules.grid_minutes, desk.reader.clock)


def frame(request: StaffRequest, desk: Desk) -> dict[str, Any]:
    """Filters, ways to the other pages, and what is missing before a calendar can show anything."""
    asked, known = desk.asked, desk.known
    return {
        "asked": asked,
        "is_today": asked.day == asked.today,
        "today_url": asked.url(day=asked.today),
        "tabs": tabs(request, asked),
        "sites": list(known.sites.items()) if len(known.sites) > 1 else [],
        "therapists": list(known.therapists.items()),
        "rooms": known.rooms,
        "lacks_rooms": not known.rooms,
        "lacks_hours": not known.has_hours,
        "can_manage": desk.tells_reasons,
        "can_plan": desk.reader.reads_plans,
    }


def tabs(request: StaffRequest, asked: Asked) -> list[dict[str, Any]]:
    """Day, week, month, and the own day of whoever treats."""
    alone: dict[str, Any] = {"by": "", "therapist": 0, "room": 0}
    pages: list[tuple[str, str, dict[str, Any]]] = [("day", _("Day"), {}), ("week", _("Week"), {"by": ""}), ("month", _("Month"), alone)]
    if Role.THERAPIST in request.roles:
        pages.insert(0, ("mine", _("My day"), alone))
    return [{"label": words, "url": asked.url(page, **kept), "is_current": page == asked.page} for page, words, kept in pages]


def steps(asked: Asked, size: int) -> dict[str, str]:
    """The addresses of the days or weeks before and after."""
    return {"previous": asked.beside(-size), "next": asked.beside(size)}
