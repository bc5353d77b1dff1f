"""Writing new bookings: held for a while, or booked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.schedule.actions.checking import check_not_past, check_resources
from clinic.schedule.actions.expiring import end_holds
from clinic.schedule.actions.locking import lock_for
from clinic.schedule.actions.noting import keep_changes, record_each_patient
from clinic.schedule.actions.once import kept_result, the_request
from clinic.schedule.actions.taken import check_free, told_when_taken
from clinic.schedule.actions.times import agreed_moment
from clinic.schedule.actions.turns import booking_transaction
from clinic.schedule.actions.wanting import Place
from clinic.schedule.models import Booking, Placement
from clinic.schedule.permissions import check_can_book, check_takes_nobody_alone
from clinic.schedule.states import BookingState
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor


@dataclass(frozen=True, slots=True)
class Request:
    """Places asked for at once: all are written or none is. ``until`` makes them holds."""

    clinic: Clinic
    key: str
    places: Sequence[Place]
    until: datetime | None = None
    allow_past: bool = False

    @property
    def kind(self) -> str:
        return "booked" if self.until is None else "held"

    @property
    def once_key(self) -> str:
        """A proposal that is held, confirmed or booked has one key; these are three requests."""
        return f"{self.kind[0]}:{self.key}"

    def asked(self) -> dict[str, Any]:
        """The whole request as JSON. Until when is left out: it comes from the clock, not from the person."""
        return {"what": self.kind, "places": [_spelled(place) for place in self.places]}


def _spelled(place: Place) -> list[Any]:
    who = [place.patient.pk, place.therapist_id, place.room_id, place.device_id]
    when = [place.day.isoformat(), place.clock.isoformat(), place.second, place.minutes, place.turnover_minutes]
    return [*who, *when, place.hands_on_minutes, str(place.units), place.is_heavy, sorted(place.needs), place.label]


def place_all(request: Request, actor: Actor) -> list[Booking]:
    """Writes the bookings of a request, in its order, or gives back those that the same request made before."""
    check_can_book(actor)
    if actor.clinic != request.clinic or not request.places:
        raise ActionDenied(_("Choose at least one place at this clinic."))
    check_takes_nobody_alone(((place.patient.pk, place.therapist_id) for place in request.places), actor)
    placement = the_request(request.clinic, request.once_key, request.asked(), actor)
    wanted = [_new(request, place, actor) for place in request.places]
    try:
        _place(request, wanted, placement, actor)
    except (ActionDenied, IntegrityError):
        # Perhaps it was done by this very request, sent twice: then there is an answer.
        kept = kept_result(placement)
        if kept is None:
            raise
        return _bookings(kept["made"])
    return wanted


@told_when_taken()
def _place(request: Request, wanted: list[Booking], placement: Placement, actor: Actor) -> None:
    """First a look without waiting: most who come too late are told so here, and keep nobody waiting behind them."""
    check_free(wanted, now=timezone.now())
    with booking_transaction():
        lock_for(*wanted)
        _write(request, wanted, placement, actor)


def _write(request: Request, wanted: list[Booking], placement: Placement, actor: Actor) -> None:
    now = timezone.now()
    over = check_free(wanted, now=now)  # before all else: whoever wanted the same waits for this
    if not request.allow_past:
        check_not_past(wanted, now)
    check_resources(request.clinic, wanted)
    ended = end_holds(over, now)
    Booking.objects.bulk_create(wanted)
    keep_changes(request.kind, wanted, by=actor.user)
    # A key that was used before is refused here, by its constraint.
    placement.result = {"made": [each.pk for each in wanted]}
    placement.save(force_insert=True)
    said = {"ended": [each.pk for each in ended]} if ended else {}
    record_each_patient(f"{request.kind}-dates", wanted, actor, said)


def _new(request: Request, place: Place, actor: Actor) -> Booking:
    if place.minutes < 1 or place.turnover_minutes < 0:
        raise ValueError("a session lasts a minute at least, and what comes after it is no less than nothing")
    starts_at = agreed_moment(place.day, place.clock, request.clinic.zone, second=place.second)
    ends_at = starts_at + timedelta(minutes=place.minutes)
    return Booking(
        clinic=request.clinic,
        patient=place.patient,
        therapist_id=place.therapist_id,
        room_id=place.room_id,
        device_id=place.device_id,
        day=place.day,
        clock=place.clock,
        starts_at=starts_at,
        ends_at=ends_at,
        free_at=ends_at + timedelta(minutes=place.turnover_minutes),
        state=BookingState.BOOKED if request.until is None else BookingState.HELD,
        held_until=request.until,
        key=request.key,
        label=place.label,
        hands_on_minutes=place.hands_on_minutes,
        units=Decimal(place.units),
        is_heavy=place.is_heavy,
        needs=list(place.needs),
        created_by=actor.user,
    )


def _bookings(numbers: Collection[int]) -> list[Booking]:
    found = Booking.objects.select_related("clinic", "patient", "therapist", "room", "device").in_bulk(numbers)
    return [found[number] for number in numbers]
