"""Who waits for a place, what fell free, and whom it fits. Every query starts at a clinic."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.shortcuts import get_object_or_404

from clinic.courses.calendar.slots import slot_of
from clinic.courses.calendar.standing import CourseDates, dates_of, movable, why_no_dates
from clinic.courses.calendar.waiting import ANY_DAY, SHOWN, Candidate, FreePlace, Match, Wait, best_matches, is_still_free, may_suit
from clinic.courses.calendar.wanting import pattern_of, wanted_again, wanted_of
from clinic.courses.models import Course, Offer, Session, Waiting
from clinic.courses.states import SessionState
from clinic.schedule.cells import cells_touched, minute_of
from clinic.schedule.models import Booking, BookingChange
from clinic.schedule.proposing.values import CELL_MINUTES, CELLS, Calendar, Wanted
from clinic.schedule.queries import calendar_of, therapists_for
from clinic.schedule.queries.taken import standing_at
from clinic.schedule.wall_clock import wall_of
from clinic.staff.models import Clinic, Qualification

FELL_FREE_LATELY: Final = timedelta(hours=48)
MOST_PLACES: Final = 12
MOST_LOOKED_AT: Final = 25  # of those who wait, the longest waiting first
WITH_A_COURSE: Final = ("course__patient", "course__clinic", "course__therapist", "course__referral", "therapist", "added_by")
PLANS: Final = ("course__screening",)
BACK: Final = timedelta(days=35)  # gaps are counted over open days, from the session before


# Rows ------------------------------------------------------------------------------------------------------------------------
def open_waitings(clinic: Clinic) -> QuerySet[Waiting]:
    """Everybody who waits at this clinic, the longest waiting first."""
    return (
        Waiting.objects.filter(course__clinic=clinic, closed_at=None)
        .select_related(*WITH_A_COURSE)
        .defer(*PLANS)
        .prefetch_related("offers")
    )


def is_offered_one(waiting: Waiting) -> bool:
    """Whether a place is offered to this one now."""
    return any(offer.answer == "" for offer in waiting.offers.all())


def open_waiting_of(course: Course) -> Waiting | None:
    """The wait of this course that is open now."""
    return Waiting.objects.filter(course=course, closed_at=None).select_related(*WITH_A_COURSE).first()


def waiting_or_404(clinic: Clinic, pk: int) -> Waiting:
    """A wait at this clinic, open or over."""
    return get_object_or_404(Waiting.objects.select_related(*WITH_A_COURSE), course__clinic=clinic, pk=pk)


def offers_of(clinic: Clinic) -> QuerySet[Offer]:
    """Every offer of this clinic with the place, the session and the patient."""
    whose = tuple(f"waiting__{name}" for name in ("course__patient", "course__clinic", "therapist"))
    found = Offer.objects.filter(waiting__course__clinic=clinic)
    return found.select_related(
        "session__booking", "booking__therapist", "booking__room__site", "booking__clinic", "booking__created_by", *whose
    ).defer("session__plan", "waiting__course__plan", "waiting__course__screening", "waiting__course__request")


def open_offers(clinic: Clinic) -> QuerySet[Offer]:
    """Offers that nobody has answered, the one that ends first in front."""
    return offers_of(clinic).filter(answer="").order_by("expires_at", "pk")


def offer_or_404(clinic: Clinic, pk: int) -> Offer:
    """An offer of this clinic, open or answered."""
    return get_object_or_404(offers_of(clinic), pk=pk)


def now_offered(offer: Offer) -> Offer | None:
    """The open offer of the same place to somebody else."""
    booking = offer.booking
    same = {"booking__therapist": booking.therapist_id, "booking__day": booking.day, "booking__clock": booking.clock}
    return open_offers(booking.clinic).filter(**same).exclude(pk=offer.pk).first()


def place_of_offer(offer: Offer) -> FreePlace:
    """The place that is offered."""
    booking = offer.booking
    return FreePlace(booking.day, minute_of(booking.clock) // CELL_MINUTES, booking.minutes // CELL_MINUTES, booking.therapist_id)


# What fell free ----------------------------------------------------------------------------------------------------------------
def fallen_free(clinic: Clinic, *, now: datetime) -> tuple[FreePlace, ...]:
    """Places that were booked and were released or left by a move in the last 48 hours, and are still to come; by day. One query.

    Whether nobody else has taken them since is not asked here. Holds that end are no news: nobody was to come.
    """
    was_booked = BookingChange.objects.filter(booking=OuterRef("booking"), kind="booked")
    changes = BookingChange.objects.filter(
        Exists(was_booked), booking__clinic=clinic, kind__in=("released", "moved"), at__gt=now - FELL_FREE_LATELY
    )
    found: dict[tuple[int, date, int], FreePlace] = {}
    for change in changes.select_related("booking").order_by("-pk"):
        before = change.before
        if datetime.fromisoformat(before["starts_at"]) > now:
            cell = minute_of(time.fromisoformat(before["clock"])) // CELL_MINUTES
            place = FreePlace(date.fromisoformat(before["day"]), cell, change.booking.minutes // CELL_MINUTES, before["therapist"])
            found.setdefault(place.key, place)
    return tuple(sorted(found.values(), key=lambda place: (place.day, place.cell, place.therapist)))


@dataclass(frozen=True, slots=True)
class Fitting:
    """A free place and whom it fits best."""

    place: FreePlace
    matches: tuple[Match, ...]


def free_places(clinic: Clinic, *, now: datetime, waitings: Sequence[Waiting] | None = None) -> tuple[Fitting, ...]:
    """What fell free and is still free, each with the best three of those who wait."""
    those = open_waitings(clinic) if waitings is None else waitings
    return whom_they_fit(fallen_free(clinic, now=now), [each for each in those if not is_offered_one(each)], clinic=clinic, now=now)


def whom_they_fit(
    places: Iterable[FreePlace], waitings: Sequence[Waiting], *, clinic: Clinic, now: datetime, limit: int | None = SHOWN, **ground: Any
) -> tuple[Fitting, ...]:
    """The places among these that are free, each with whom of these it fits. ``ignoring`` (bookings) stand nowhere.

    Nine queries for the calendar, four for the rest, and some twenty for each of those who wait whose wishes allow one of the places.
    """
    here = {each.pk for each in therapists_for(clinic)}
    wanted = [place for place in places if place.therapist in here][: MOST_PLACES * 2]
    if not wanted:
        return ()
    known = Ground.of(clinic, wanted, waitings, now=now, ignoring=tuple(ground.get("ignoring", ())))
    free = [place for place in wanted if is_still_free(known.calendar, place)][:MOST_PLACES]
    found = [Fitting(place, known.matches(place, limit=limit)) for place in free]
    return tuple(sorted(found, key=lambda each: not each.matches))  # what nobody can take comes last


@dataclass(frozen=True, slots=True)
class Ground:
    """One calendar for all the places, and those who might want one of them."""

    calendar: Calendar
    candidates: tuple[Candidate, ...]
    refused: frozenset[tuple[int, tuple[int, date, int]]]  # (who, place): offered before, and not taken

    def matches(self, place: FreePlace, *, limit: int | None) -> tuple[Match, ...]:
        asked = [each for each in self.candidates if (each.wait.number, place.key) not in self.refused]
        return best_matches(self.calendar, place, asked, limit=limit)

    @classmethod
    def of(
        cls, clinic: Clinic, places: Sequence[FreePlace], waitings: Sequence[Waiting], *, now: datetime, ignoring: Sequence[Booking]
    ) -> "Ground":
        asked = [each for each in waitings if any(may_suit(wait_of(each), place, None) for place in places)][:MOST_LOOKED_AT]
        found = tuple(each for waiting in asked if (each := candidate_of(waiting, now=now)) is not None)
        busy = _busy(clinic, asked, {place.day for place in places}, ignoring, now)
        patients = {each.pk: each.course.patient_id for each in asked}
        candidates = tuple(_with_busy(each, busy.get(patients[each.wait.number], {})) for each in found)
        return cls(_calendar(clinic, places, candidates, now, ignoring), candidates, _refused(asked))


# Those who wait ----------------------------------------------------------------------------------------------------------------
def wait_of(waiting: Waiting) -> Wait:
    """The wishes with which somebody waits."""
    return Wait(
        waiting.pk,
        waiting.added_at,
        waiting.first_on,
        waiting.last_on,
        frozenset(waiting.weekdays) or ANY_DAY,
        -(-minute_of(waiting.earliest) // CELL_MINUTES) if waiting.earliest else 0,
        minute_of(waiting.latest) // CELL_MINUTES if waiting.latest else CELLS,
        waiting.therapist_id,
    )


def next_session(dates: CourseDates, now: datetime) -> Session | None:
    """The session that gets an earlier date, or a first one: the next that is booked and to come, else the first without a date."""
    to_come = movable(dates, now)
    if to_come:
        return to_come[0]
    return dates.open_ones[0] if dates.wanted else None


def next_sessions(waitings: Iterable[Waiting], *, now: datetime) -> dict[int, Session]:
    """For each course of those who wait, the session that would move or get its first date. One query."""
    to_come = Session.objects.filter(course__in=[each.course_id for each in waitings], record=None).defer("plan")
    found: dict[int, Session] = {}
    open_ones: dict[int, Session] = {}
    for session in to_come.select_related("booking__therapist", "course").order_by("course", "number"):
        if session.state == SessionState.BOOKED and session.booking:
            if session.booking.starts_at > now:
                found.setdefault(session.course_id, session)
        elif session.state != SessionState.IN_PROGRESS:
            open_ones.setdefault(session.course_id, session)
    return open_ones | found


def candidate_of(waiting: Waiting, *, now: datetime) -> Candidate | None:
    """What has to hold for this one; ``None`` where the course gets no dates now, or every session has been given. About twenty queries."""
    course = waiting.course
    dates = dates_of(course)
    if why_no_dates(course) or next_session(dates, now) is None:
        return None
    to_come, pattern = movable(dates, now), pattern_of(course, dates)
    wanted: Wanted
    if to_come:
        wanted = wanted_again(course, dates, to_come, pattern, on=course.clinic.today())
    else:
        wanted = wanted_of(course, pattern, count=1, dates=dates)
    booked = {session.booking.day for session in to_come if session.booking}
    chosen = tuple(slot_of(session.booking) for session in to_come if session.booking)
    return Candidate(wait_of(waiting), wanted, chosen, max((day for day in dates.days if day not in booked), default=None))


def _with_busy(candidate: Candidate, busy: Mapping[date, int]) -> Candidate:
    return Candidate(candidate.wait, candidate.wanted, candidate.chosen, candidate.last_on, busy)


def _busy(
    clinic: Clinic, waitings: Sequence[Waiting], days: Iterable[date], ignoring: Sequence[Booking], now: datetime
) -> dict[int, dict[date, int]]:
    """(patient) -> day -> cells in which that patient is somewhere else. The session that would move is somewhere else only until then."""
    patients = {each.course_id: each.course.patient_id for each in waitings}
    gone = {each.pk for each in ignoring}
    found: dict[int, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    taken = Booking.objects.filter(standing_at(now), clinic=clinic, is_taken=True, patient__in=patients.values(), day__in=list(days))
    taken = taken.exclude(session__course__in=list(patients)).exclude(pk__in=gone)
    for each in taken:
        _day, ends = wall_of(each.ends_at, clinic.zone)
        found[each.patient_id][each.day] |= cells_touched(each.clock, ends)
    return found


def _refused(waitings: Sequence[Waiting]) -> frozenset[tuple[int, tuple[int, date, int]]]:
    """Whom a place was offered to before: nobody is asked twice."""
    offers = Offer.objects.filter(waiting__in=[each.pk for each in waitings]).exclude(answer="").select_related("booking")
    return frozenset((each.waiting_id, place_of_offer(each).key) for each in offers)


def _calendar(
    clinic: Clinic, places: Sequence[FreePlace], candidates: Sequence[Candidate], now: datetime, ignoring: Sequence[Booking]
) -> Calendar:
    """From the earliest session that a gap counts from to the latest that one counts to."""
    days = [place.day for place in places]
    before = [each.last_on for each in candidates if each.last_on is not None and each.last_on >= min(days) - BACK]
    after = [slot.day for each in candidates for slot in each.chosen[1:2]]
    needs = (Qualification.APPARATUS.value,) if any(each.wanted.needs_device for each in candidates) else ()
    return calendar_of(
        clinic, first=min([*days, *before]), last=max([*days, *after]), therapists={place.therapist for place in places},
        now=now, ignoring=ignoring, needs=needs,
    )  # fmt: skip
