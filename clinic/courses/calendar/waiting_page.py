"""The waiting list in words: who waits for what, what is free for whom, and what is offered now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.courses.calendar.forms.dates import weekday_names
from clinic.courses.calendar.forms.waiting import written_place
from clinic.courses.calendar.queries.sessions import counter_of
from clinic.courses.calendar.queries.waiting import Fitting
from clinic.courses.calendar.reason_words import ReasonWords
from clinic.courses.calendar.waiting import Match
from clinic.courses.models import Offer, Session, Waiting
from clinic.schedule.cells import clock_of
from patients.models import Patient


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One who waits. ``booked`` is the date that an earlier one would replace."""

    waiting: Waiting
    session: Session | None
    wishes: str
    days: int  # for so many days
    is_offered: bool

    @property
    def patient(self) -> Patient:
        return self.waiting.course.patient

    @property
    def counter(self) -> str:
        return counter_of(self.session) if self.session else ""

    @property
    def waits(self) -> str:
        return waits_words(self.days)

    @property
    def age(self) -> str:
        """The same for a column that says already that it is about waiting."""
        return ngettext("%(count)s day", "%(count)s days", self.days) % {"count": self.days} if self.days else _("since today")


@dataclass(frozen=True, slots=True)
class MatchRow:
    """One whom a place fits: why, and what of the course it misses."""

    row: WaitingRow
    clock: time
    why: tuple[str, ...]
    but: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A free place and whom it fits."""

    day: date
    clock: time
    minutes: int
    therapist: str
    sent: str  # as the button sends it
    matches: tuple[MatchRow, ...]


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A place that is offered now."""

    offer: Offer
    minutes_left: int

    @property
    def patient(self) -> Patient:
        return self.offer.waiting.course.patient

    @property
    def counter(self) -> str:
        return f"{self.offer.session.number}/{self.offer.waiting.course.session_count}"

    @property
    def left(self) -> str:
        return left_words(self.minutes_left)


def waits_words(days: int) -> str:
    """For how long somebody waits."""
    if days == 0:
        return _("waits since today")
    return ngettext("waits %(count)s day", "waits %(count)s days", days) % {"count": days}


def left_words(minutes: int) -> str:
    """How much time is left for an answer."""
    if minutes < 1:
        return _("less than a minute left")
    return ngettext("%(count)s minute left", "%(count)s minutes left", minutes) % {"count": minutes}


def wishes_words(waiting: Waiting) -> str:
    """Days, hours and therapist, as far as something is wished."""
    return " · ".join(_wishes(waiting)) or _("any day, any time")


def _wishes(waiting: Waiting) -> Iterator[str]:
    names = dict(weekday_names())
    if waiting.weekdays:
        yield ", ".join(names[str(day)] for day in waiting.weekdays)
    if waiting.earliest and waiting.latest:
        yield f"{waiting.earliest:%H:%M}–{waiting.latest:%H:%M}"
    elif waiting.earliest:
        yield _("not before %(time)s") % {"time": f"{waiting.earliest:%H:%M}"}
    elif waiting.latest:
        yield _("over by %(time)s") % {"time": f"{waiting.latest:%H:%M}"}
    if waiting.therapist:
        yield waiting.therapist.full_name


def waiting_rows(waitings: Sequence[Waiting], sessions: Mapping[int, Session], today: date) -> tuple[WaitingRow, ...]:
    """The list. ``sessions`` are the next ones by the number of their course."""
    return tuple(
        WaitingRow(
            each,
            sessions.get(each.course_id),
            wishes_words(each),
            max((today - each.added_at.astimezone(each.course.clinic.zone).date()).days, 0),
            any(offer.answer == "" for offer in each.offers.all()),
        )
        for each in waitings
    )


def place_rows(fitting: Sequence[Fitting], rows: Sequence[WaitingRow], names: Mapping[int, str]) -> tuple[PlaceRow, ...]:
    """The free places, each with the people of the list whom it fits."""
    by_number, words = {row.waiting.pk: row for row in rows}, ReasonWords(names)
    return tuple(
        PlaceRow(
            each.place.day,
            clock_of(each.place.cell),
            each.place.cells * 5,
            names.get(each.place.therapist, ""),
            written_place(each.place),
            tuple(
                MatchRow(
                    by_number[match.wait.number],
                    clock_of(match.slot.cell),
                    tuple(_why(match, by_number[match.wait.number])),
                    words.say_all(match.reasons),
                )
                for match in each.matches
            ),
        )
        for each in fitting
    )


def _why(match: Match, row: WaitingRow) -> Iterator[str]:
    booking = row.session.booking if row.session else None
    if match.days_sooner is None or booking is None:
        yield _("has no date for this session yet")
    else:
        date_words = {"date": f"{date_format(booking.day, 'D j E')}, {booking.clock:%H:%M}"}
        if match.days_sooner == 0:
            yield _("earlier on the same day, instead of %(date)s") % date_words
        else:
            said = ngettext("%(count)s day earlier, instead of %(date)s", "%(count)s days earlier, instead of %(date)s", match.days_sooner)
            yield said % (date_words | {"count": match.days_sooner})
    if match.gap is not None:
        yield ngettext("%(count)s open day after the session before", "%(count)s open days after the session before", match.gap) % {
            "count": match.gap
        }
    if row.waiting.weekdays or row.waiting.earliest or row.waiting.latest or row.waiting.therapist:
        yield _("wishes %(wishes)s") % {"wishes": row.wishes}
    yield row.waits


def offer_rows(offers: Sequence[Offer], now: datetime) -> tuple[OfferRow, ...]:
    """What is offered now, the one that ends first in front."""
    return tuple(OfferRow(each, max(int((each.expires_at - now).total_seconds()) // 60, 0)) for each in offers)
