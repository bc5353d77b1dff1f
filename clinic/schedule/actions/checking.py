"""What is wrong with a place although nobody else has it: another clinic's people and rooms, what is out of use, what is past."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from clinic.schedule.actions.times import day_words
from clinic.schedule.models import Booking, Device, Room
from clinic.schedule.permissions import check_can_book
from clinic.schedule.states import BookingReason
from clinic.schedule.wall_clock import wall_of
from clinic.staff.models import Clinic, Role, User
from clinic.staff.permissions import ActionDenied, Actor
from patients.models import Patient


def check_may_change(bookings: Sequence[Booking], reason: str, actor: Actor) -> None:
    """Raises ``ActionDenied`` for who may not book and for another clinic's bookings, ``ValueError`` for a reason of no list."""
    check_can_book(actor)
    if reason not in BookingReason.values:
        raise ValueError(f"{reason!r} is not a reason of the list")
    if any(each.clinic_id != actor.clinic.pk for each in bookings):
        raise ActionDenied(_("Choose bookings of this clinic."))


def check_not_past(wanted: Iterable[Booking], now: datetime) -> None:
    """Raises ``ActionDenied`` for the first that would have begun already."""
    for each in wanted:
        if each.starts_at < now:
            day, clock = wall_of(each.starts_at, each.clinic.zone)
            about = {"day": day_words(day), "time": f"{clock:%H:%M}"}
            raise ActionDenied(_("%(day)s, %(time)s has passed already. Choose a later time.") % about)


def check_resources(clinic: Clinic, wanted: Sequence[Booking]) -> None:
    """Raises ``ActionDenied`` unless patients, therapists, rooms and devices are this clinic's, in use, fit together and are qualified."""
    _check_patients(clinic, wanted)
    _check_therapists(clinic, wanted)
    rooms = Room.objects.order_by().in_bulk({each.room_id for each in wanted})
    devices = Device.objects.order_by().in_bulk({each.device_id for each in wanted} - {None})
    for each in wanted:
        room = rooms.get(each.room_id)
        if room is None or room.clinic_id != clinic.pk or not room.is_active:
            raise ActionDenied(_("Choose a room of this clinic that is in use."))
        if each.device_id is not None and not _stands_in(devices.get(each.device_id), room):
            raise ActionDenied(_("Choose a device that can be used in this room."))


def _stands_in(device: Device | None, room: Room) -> bool:
    return device is not None and device.is_active and device.site_id == room.site_id and device.room_id in (None, room.pk)


def _check_patients(clinic: Clinic, wanted: Iterable[Booking]) -> None:
    patients = Patient.objects.order_by().in_bulk({each.patient_id for each in wanted})
    for each in wanted:
        patient = patients.get(each.patient_id)
        if patient is None or patient.clinic_id != clinic.pk:
            raise ActionDenied(_("Choose a patient of this clinic."))
        if patient.merged_into_id:
            raise ActionDenied(_("The record of %(name)s was merged into another one. Book there.") % {"name": patient.full_name})
        if patient.died_on is not None and each.day > patient.died_on:
            raise ActionDenied(_("%(name)s has died. Nothing is booked any more.") % {"name": patient.full_name})


def _check_therapists(clinic: Clinic, wanted: Sequence[Booking]) -> None:
    numbers = {each.therapist_id for each in wanted}
    here = User.objects.filter(pk__in=numbers, is_active=True, staff_roles__clinic=clinic, staff_roles__role=Role.THERAPIST)
    names = dict(here.order_by().values_list("pk", "full_name"))
    if names.keys() != numbers:
        raise ActionDenied(_("Choose somebody who works as a therapist at this clinic."))
    needing = [each for each in wanted if each.needs]
    learned = dict(clinic.profiles.filter(user__in=numbers).values_list("user_id", "qualifications")) if needing else {}
    for each in needing:
        if not set(each.needs) <= set(learned.get(each.therapist_id, ())):
            about = {"name": names[each.therapist_id]}
            raise ActionDenied(_("%(name)s does not have the qualification that this session needs.") % about)
