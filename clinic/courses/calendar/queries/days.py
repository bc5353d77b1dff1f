"""What the calendar pages read of a span of days: who works when and where, what is closed, who is booked. A fixed number of queries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from clinic.courses.models import SessionMove
from clinic.courses.queries import therapists_of
from clinic.courses.states import SessionState
from clinic.reminders.queries.answers import newest_word
from clinic.schedule.cells import days_between, minute_of
from clinic.schedule.models import Booking, DayHours, ScheduleRules, Site
from clinic.schedule.queries import standing_absences
from clinic.schedule.queries.days import DaysKnown, HoursLine, day_hours_between, days_of_line, hours_lines, in_the_span, standing_closures
from clinic.schedule.queries.rules import rules_of
from clinic.schedule.queries.taken import standing_at
from clinic.staff.models import Clinic
from clinic.web.prepared import Prepared

MIDNIGHT: Final = 24 * 60
DAY: Final = timedelta(days=1)
ONE_CALENDAR: Final = "of one"  # of one therapist or room


class Span(NamedTuple):
    """Minutes of a day by the clinic's clock, at a site (0: wherever)."""

    start: int
    end: int
    site: int = 0


class Away(NamedTuple):
    """An absence on one day; the whole of it from 0 to midnight."""

    start: int
    end: int
    reason: str


class Booked(NamedTuple):
    """One booking as the tiles need it: plain values, because a week has many and model objects are dear."""

    pk: int
    day: date
    clock: time
    starts_at: datetime
    ends_at: datetime
    free_at: datetime
    state: str
    held_until: datetime | None
    label: str
    hands_on: int
    units: Decimal
    is_heavy: bool
    therapist: int
    therapist_name: str
    room: int
    room_name: str
    site: int
    patient: int
    family: str
    given: str
    session: int | None
    number: int | None
    session_state: str | None
    course: int | None
    of: int | None
    course_state: str | None
    may_start: bool | None
    planned_on: date | None
    said: str | None = None  # by the link of a message: "confirmed" or "cannot-come"

    @property
    def start(self) -> int:
        return minute_of(self.clock)

    @property
    def end(self) -> int:
        """Where the session is over; a clock that changes in between does not make the tile longer."""
        return self.start + int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def free(self) -> int:
        """Where therapist and room are free again."""
        return self.start + int((self.free_at - self.starts_at).total_seconds()) // 60


COLUMNS: Final = (
    "pk", "day", "clock", "starts_at", "ends_at", "free_at", "state", "held_until", "label", "hands_on_minutes", "units", "is_heavy",
    "therapist_id", "therapist__full_name", "room_id", "room__name", "room__site_id", "patient_id", "patient__family_name",
    "patient__given_name", "session__pk", "session__number", "what_became", "session__course_id", "session__course__session_count",
    "session__course__state", "session__course__may_start", "session__course__planned_on", "said",
)  # fmt: skip


def bookings_between(clinic: Clinic, first: date, last: date, *, now: datetime, **of: int | None) -> list[Booked]:
    """Whoever is booked or held at this clinic on these days, in the order of time; a hold that is over counts as free. One query.

    ``of`` narrows to one ``therapist``, ``room`` or ``site``; None does not.
    """
    names = {"therapist": "therapist_id", "room": "room_id", "site": "room__site_id"}
    narrow = {names[name]: pk for name, pk in of.items() if pk}
    kind = ONE_CALENDAR if {"therapist_id", "room_id"} & set(narrow) else ""
    rows = _BETWEEN.rows(kind, clinic=clinic.pk, first=first, last=last, now=now, **_around(kind, first, last), **narrow)
    return [Booked(*row) for row in rows]


def _around(kind: str, first: date, last: date) -> dict[str, datetime]:
    """Moments before and after those days wherever the clock hangs."""
    if not kind:
        return {}
    begin, end = (datetime.combine(each, time(), tzinfo=UTC) for each in (first, last))
    return {"since": begin - 2 * DAY, "until": end + 3 * DAY}


def _between(kind: str, *, clinic: int, first: date, last: date, now: datetime, **narrow: Any) -> QuerySet[Any, Any]:
    if kind == ONE_CALENDAR:  # the moments lead into the index of that therapist or room, and no other index is offered:
        found = Booking.objects.filter(standing_at(now), is_taken=True)  # by the days alone everybody's would be read
        found = found.filter(starts_at__gte=narrow.pop("since"), starts_at__lt=narrow.pop("until"))
        found = found.alias(on=Coalesce("day", "day"), at=Coalesce("clinic_id", "clinic_id")).filter(at=clinic, on__gte=first, on__lte=last)
    else:
        found = standing(clinic, now=now).filter(day__gte=first, day__lte=last)
    told = found.filter(**narrow).annotate(what_became=_what_became(), said=newest_word())
    return told.order_by("starts_at", "pk").values_list(*COLUMNS)


_BETWEEN: Final = Prepared(_between)


def _what_became() -> Coalesce:
    """The state of the session; where it has taken another date since, that nobody came to this one, or that it was cancelled late."""
    lost = SessionMove.objects.filter(booking=OuterRef("pk"), after__in=(SessionState.MISSED, SessionState.CANCELLED)).order_by("-pk")
    return Coalesce(F("session__state"), Subquery(lost.values("after")[:1]))


def standing(clinic: Clinic | int, *, now: datetime) -> QuerySet[Booking]:
    """The bookings of a clinic that take their place at that moment."""
    return Booking.objects.filter(standing_at(now), clinic=clinic, is_taken=True)


class RoomKnown(NamedTuple):
    pk: int
    name: str
    site: int


@dataclass(frozen=True, slots=True)
class Known:
    """Hours, absences, closures, sites and rooms of a clinic for the days from ``first`` to ``last``."""

    clinic: Clinic
    first: date
    last: date
    rules: ScheduleRules
    sites: Mapping[int, str]
    rooms: tuple[RoomKnown, ...]
    therapists: Mapping[int, str]
    works: Mapping[tuple[int, date], tuple[Span, ...]]
    away: Mapping[tuple[int, date], tuple[Away, ...]]
    closed: Mapping[date, str]
    named: frozenset[date]  # days that a closure or a holiday closes
    sites_closed: Mapping[date, Mapping[int | None, str]]
    has_hours: bool

    def works_on(self, therapist: int, day: date, site: int | None = None) -> tuple[Span, ...]:
        """The shifts of a therapist on a day, without those at a site that is closed; none on a day that is closed, or of somebody gone."""
        if day in self.closed or therapist not in self.therapists:
            return ()
        shut = self.sites_closed.get(day, {})
        return tuple(span for span in self.works.get((therapist, day), ()) if span.site not in shut and site in (None, span.site))

    def away_on(self, therapist: int, day: date) -> tuple[Away, ...]:
        return self.away.get((therapist, day), ())

    def hinders(self, booked: Booked) -> bool:
        """Whether nobody can treat at that time as it stands: the day or the site is closed, or the therapist is away or gone."""
        if booked.therapist not in self.therapists or booked.day in self.closed or booked.site in self.sites_closed.get(booked.day, {}):
            return True
        return any(each.start < booked.end and each.end > booked.start for each in self.away_on(booked.therapist, booked.day))

    def minutes_on(self, therapist: int, day: date, site: int | None = None) -> int:
        """Minutes on which the therapist can be booked on that day: the shifts without what an absence takes of them."""
        absent = self.away_on(therapist, day)
        spans = self.works_on(therapist, day, site)
        return sum(max(span.end - span.start - _taken(span, absent), 0) for span in spans)


def _taken(span: Span, absences: Iterable[Away]) -> int:
    return sum(max(min(span.end, each.end) - max(span.start, each.start), 0) for each in absences)


def days_known(clinic: Clinic, first: date, last: date) -> Known:
    """All that the calendar shows besides bookings. Six queries, and one for the people."""
    rules, (sites, rooms) = rules_of(clinic), _sites_and_rooms(clinic)
    hours = hours_lines(clinic, first, last)
    day_hours, closures = (in_the_span(kind, clinic, first, last) for kind in (day_hours_between, standing_closures))
    known = DaysKnown(clinic, rules, frozenset(sites), closures, hours, day_hours)
    return Known(
        clinic=clinic,
        first=first,
        last=last,
        rules=rules,
        sites=sites,
        rooms=rooms,
        therapists=dict(_THERAPISTS.rows("", clinic=clinic.pk)),
        works=_works(hours, day_hours, first, last),
        away=_away(clinic, first, last),
        closed=known.closed(first, last),
        named=frozenset((*known.holidays(first, last), *known.closed_by_hand(first, last))),
        sites_closed=known.sites_closed(first, last),
        has_hours=bool(hours or day_hours),
    )


def _names_of_therapists(_kind: str, *, clinic: int) -> QuerySet[Any, Any]:
    return therapists_of(clinic).values_list("pk", "full_name")


_THERAPISTS: Final = Prepared(_names_of_therapists)


def _sites_and_rooms(clinic: Clinic) -> tuple[dict[int, str], tuple[RoomKnown, ...]]:
    """The sites and rooms in use, in one query: a site may have no room yet."""
    sites: dict[int, str] = {}
    rooms = []
    for site, name, room, room_name, in_use in _SITES.rows("", clinic=clinic.pk):
        sites[site] = name
        if in_use:
            rooms.append(RoomKnown(room, room_name, site))
    return sites, tuple(rooms)


def _sites(_kind: str, *, clinic: int) -> QuerySet[Any, Any]:
    found = Site.objects.filter(clinic=clinic, is_active=True).order_by("name", "pk", "rooms__name", "rooms__pk")
    return found.values_list("pk", "name", "rooms__pk", "rooms__name", "rooms__is_active")


_SITES: Final = Prepared(_sites)


def _works(hours: Iterable[HoursLine], day_hours: Iterable[DayHours], first: date, last: date) -> dict[tuple[int, date], tuple[Span, ...]]:
    """(therapist, day) -> the shifts in their order; what is said of one day replaces the weekly pattern on it."""
    weekly: dict[tuple[int, date], list[Span]] = {}
    for line in hours:
        span = Span(minute_of(line.starts), minute_of(line.ends), line.site_id)
        for day in days_of_line(line, first, last):
            weekly.setdefault((line.therapist_id, day), []).append(span)
    special: dict[tuple[int, date], list[Span]] = {}
    for each in day_hours:
        spans = special.setdefault((each.therapist_id, each.day), [])
        if each.starts and each.ends and each.site_id:
            spans.append(Span(minute_of(each.starts), minute_of(each.ends), each.site_id))
    return {key: tuple(sorted(spans)) for key, spans in {**weekly, **special}.items()}


def _away(clinic: Clinic, first: date, last: date) -> dict[tuple[int, date], tuple[Away, ...]]:
    found: dict[tuple[int, date], tuple[Away, ...]] = {}
    for each in in_the_span(standing_absences, clinic, first, last):
        away = Away(minute_of(each.starts) if each.starts else 0, minute_of(each.ends) if each.ends else MIDNIGHT, each.reason)
        for day in days_between(max(first, each.first_on), min(last, each.last_on)):
            found[each.therapist_id, day] = (*found.get((each.therapist_id, day), ()), away)
    return found


def breaks_of(spans: Iterable[Span]) -> Iterator[Span]:
    """What lies between two shifts of one day."""
    before: Span | None = None
    for span in spans:
        if before and before.end < span.start:
            yield Span(before.end, span.start)
        before = span


def free_between(spans: Iterable[Span], taken: Iterable[tuple[int, int]], *, least: int) -> Iterator[Span]:
    """The gaps of at least ``least`` minutes that ``taken`` spans of minutes leave in the shifts."""
    busy = sorted(taken)
    for span in spans:
        start = span.start
        for first, last in busy:
            if first >= span.end:
                break
            if first - start >= least:
                yield Span(start, first, span.site)
            start = max(start, last)
        if span.end - start >= least:
            yield Span(start, span.end, span.site)


def next_booked_day(clinic: Clinic, after: date, *, now: datetime) -> date | None:
    """The first later day on which somebody is booked; None where nobody is. One query."""
    return standing(clinic, now=now).filter(day__gt=after).order_by("day").values_list("day", flat=True).first()


class DayLoad(NamedTuple):
    """What is booked on one day."""

    sessions: int
    minutes: int
    units: Decimal


def loads_between(clinic: Clinic, first: date, last: date, *, now: datetime, site: int | None = None) -> dict[date, DayLoad]:
    """Sessions, hands-on minutes and massage units booked on each day. One query, whatever the number of bookings."""
    found = standing(clinic, now=now).filter(day__range=(first, last), **({"room__site_id": site} if site else {}))
    rows = found.order_by("day").values_list("day").annotate(Count("pk"), Sum("hands_on_minutes"), Sum("units"))
    return {day: DayLoad(count, minutes or 0, Decimal(units or 0)) for day, count, minutes, units in rows}
