"""Building the calendar that somebody subscribed to (RFC 5545 and 7986): the clinic's own wall time, and no name of a patient.

A therapist's calendar shows initials or only "Busy"; a patient's says "Appointment" and where. Nothing else of the record goes in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_OID, uuid5
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from clinic.schedule.models import Booking, Feed
from clinic.schedule.states import BookingState
from clinic.staff.models import Clinic
from patients.models import Patient

if TYPE_CHECKING:
    from icalendar import Calendar, Event, Timezone

PRODUCT: Final = "-//Tactus//Calendar//EN"
FORM: Final = 3  # grows when the file is built differently, so that nobody keeps the old one
FETCH_EVERY: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Words:
    """What one event says."""

    summary: str
    location: str = ""


def calendar_file(feed: Feed, bookings: Iterable[Any], *, today: date) -> bytes:
    """The whole calendar as a file; the same bytes as long as nothing changed. In the language that is active.

    ``bookings`` as ``queries.feeds.bookings_of_feed`` gives them.
    """
    calendar = _empty(feed.clinic)
    _name(calendar, feed)
    return _filled(calendar, ((booking, words_of(feed, booking)) for booking in bookings), feed.clinic, today)


def dates_file(*, clinic: Clinic, bookings: Iterable[tuple[Any, str]], name: str, today: date) -> bytes:
    """Dates of one patient as a file that goes with a message; a calendar that has them by the feed or by an earlier file renews them.

    ``bookings`` are bookings with ``changed_at`` and where they are; what is released stands there as cancelled. ``name`` is what the
    clinic is called in messages. In the language that is active.
    """
    summary = _("Appointment: %(clinic)s") % {"clinic": name}
    return _filled(_empty(clinic), ((booking, Words(summary, place)) for booking, place in bookings), clinic, today)


def fingerprint_of(feed: Feed, bookings: Iterable[Any], *, today: date) -> str:
    """The same as long as ``calendar_file`` would give the same bytes, and much cheaper: most who ask have the calendar already."""
    rows = [
        (each.pk, each.sequence, each.state, each.day, each.clock, each.starts_at, each.ends_at, each.changed_at, words_of(feed, each))
        for each in bookings
    ]
    seen = (FORM, feed.pk, feed.shows_initials, feed.clinic.name, feed.clinic.time_zone, today.year, rows)
    return sha256(repr(seen).encode()).hexdigest()[:32]


def words_of(feed: Feed, booking: Booking) -> Words:
    """What a feed tells of one booking: never a name, a telephone of a patient, or what is treated."""
    if feed.patient_id:
        return Words(_("Appointment: %(clinic)s") % {"clinic": feed.clinic.name}, booking.room.site.address or feed.clinic.name)
    if feed.shows_initials:
        return Words(initials_of(booking.patient), f"{booking.room.name}, {booking.room.site.name}")
    return Words(_("Busy"))


def initials_of(patient: Patient) -> str:
    """First letters of the given and the family name: "A. W."."""
    return " ".join(f"{name.strip()[0].upper()}." for name in (patient.given_name, patient.family_name) if name.strip())


def _empty(clinic: Clinic) -> "Calendar":
    from icalendar import Calendar  # here: few need it, and every process would hold it (docs/adr/0027)

    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-TIMEZONE", clinic.time_zone)
    return calendar


def _name(calendar: "Calendar", feed: Feed) -> None:
    """What a calendar that is fetched again and again is called, and how often to fetch it."""
    from icalendar import vText

    # As text, since icalendar escapes what it takes for text only: a comma, and a line break that would begin a line of its own.
    name = vText(feed.clinic.name if feed.patient_id else f"Tactus: {feed.clinic.name}")
    calendar.add("NAME", name)
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", FETCH_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")


def _filled(calendar: "Calendar", events: Iterable[tuple[Any, Words]], clinic: Clinic, today: date) -> bytes:
    if clinic.time_zone != "UTC":
        calendar.add_component(_zone_rules(clinic.time_zone, today.year))
    zone = clinic.zone
    for booking, words in events:
        calendar.add_component(_event(booking, words, zone, clinic))
    return bytes(calendar.to_ical())


def _event(booking: Any, words: Words, zone: ZoneInfo, clinic: Clinic) -> "Event":
    from icalendar import Event

    is_cancelled = booking.state == BookingState.RELEASED
    changed = (booking.changed_at or booking.created_at).astimezone(UTC).replace(microsecond=0)
    event, begins = Event(), wall_time(booking, zone)
    event.add("UID", uid_of(booking, clinic))
    event.add("SEQUENCE", booking.sequence)
    event.add("DTSTAMP", changed)
    event.add("LAST-MODIFIED", changed)
    event.add("DTSTART", begins)
    event.add("DTEND", begins + timedelta(minutes=booking.minutes))
    event.add("SUMMARY", words.summary)
    if words.location:
        event.add("LOCATION", words.location)
    event.add("STATUS", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if is_cancelled else "OPAQUE")
    event.add("CLASS", "PRIVATE")
    return event


def uid_of(booking: Booking, clinic: Clinic) -> str:
    """The same for a booking as long as it exists, and another one for every booking of every installation."""
    return str(uuid5(NAMESPACE_OID, f"tactus:{clinic.pk}:{clinic.created_at.isoformat()}:{booking.pk}"))


def wall_time(booking: Booking, zone: ZoneInfo) -> datetime:
    """When it begins by the clinic's clock; the second of a time that comes twice is told in UTC, since with a zone the first is meant."""
    begins = datetime.combine(booking.day, booking.clock, tzinfo=zone)
    is_second = booking.starts_at.astimezone(zone).fold == 1
    return booking.starts_at.astimezone(UTC) if is_second else begins


@lru_cache(maxsize=32)
def _zone_rules(zone: str, year: int) -> "Timezone":
    """The clock changes from a year before to a year after: more than any feed shows."""
    from icalendar import Timezone

    rules = Timezone.from_tzinfo(ZoneInfo(zone), zone, date(year - 1, 1, 1), date(year + 2, 1, 1))
    rules.pop("COMMENT", None)
    return rules
