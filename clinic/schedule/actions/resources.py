"""Sites, rooms and devices: added, renamed, taken out of use and back. Nothing is deleted: old bookings keep their place."""

from typing import Final, TypeVar

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.audit.actions import record
from clinic.schedule.models import Booking, Device, Room, Site
from clinic.schedule.permissions import check_can_manage_schedule
from clinic.schedule.queries.future import future_bookings_at
from clinic.staff.permissions import ActionDenied, Actor

NAMED_AT_ONCE: Final = 3
Placed = TypeVar("Placed", Site, Room, Device)


class NameTaken(ActionDenied):
    """Something else there has this name already."""


class StillBooked(ActionDenied):
    """A place that future bookings use cannot go out of use. ``bookings`` are these, the earliest first."""

    def __init__(self, bookings: tuple[Booking, ...]) -> None:
        super().__init__(_still_booked(bookings))
        self.bookings = bookings


@transaction.atomic
def add_site(*, name: str, address: str, actor: Actor) -> Site:
    """A new site of the actor's clinic. Raises ``ActionDenied`` for everybody but its administrators, ``NameTaken`` for a used name."""
    check_can_manage_schedule(actor)
    site = _saved(Site(clinic=actor.clinic, name=name.strip(), address=address.strip()))
    record(actor=actor, verb="added-place", subject=site, details={"name": site.name})
    return site


@transaction.atomic
def change_site(*, site: Site, name: str, address: str, actor: Actor) -> None:
    """Writes another name or address. Raises as adding does."""
    _check_own(site, actor)
    before, site.name, site.address = site.name, name.strip(), address.strip()
    _saved(site)
    record(actor=actor, verb="renamed-place", subject=site, details={"before": before, "after": site.name})


@transaction.atomic
def add_room(*, site: Site, name: str, actor: Actor) -> Room:
    """A new room of one of the clinic's sites. Raises ``ActionDenied`` for a site of another clinic, and as adding a site does."""
    _check_own(site, actor)
    room = _saved(Room(clinic=actor.clinic, site=site, name=name.strip()))
    record(actor=actor, verb="added-place", subject=room, details={"name": room.name, "site": site.name})
    return room


@transaction.atomic
def add_device(*, site: Site, room: Room | None, name: str, actor: Actor) -> Device:
    """A new device that stands in one room, or is carried through its site. Raises as adding a room does."""
    _check_own(site, actor)
    _check_room_of(site, room)
    device = _saved(Device(clinic=actor.clinic, site=site, room=room, name=name.strip()))
    record(actor=actor, verb="added-place", subject=device, details={"name": device.name, "site": site.name})
    return device


@transaction.atomic
def rename_room(*, room: Room, name: str, actor: Actor) -> None:
    """Writes another name. Raises as adding does."""
    _check_own(room, actor)
    before, room.name = room.name, name.strip()
    _saved(room)
    record(actor=actor, verb="renamed-place", subject=room, details={"before": before, "after": room.name})


@transaction.atomic
def change_device(*, device: Device, room: Room | None, name: str, actor: Actor) -> None:
    """Writes another name, or another room in which it stands. Raises as adding does."""
    _check_own(device, actor)
    _check_room_of(device.site, room)
    before, device.name, device.room = device.name, name.strip(), room
    _saved(device)
    record(actor=actor, verb="renamed-place", subject=device, details={"before": before, "after": device.name})


@transaction.atomic
def set_in_use(*, place: Site | Room | Device, in_use: bool, actor: Actor) -> None:
    """Takes a site, a room or a device out of use, or back into it.

    Raises ``StillBooked`` while bookings to come use it: they are to be moved first. Raises ``ActionDenied`` for a place of another clinic.
    """
    _check_own(place, actor)
    # Whoever books there at this moment holds the same row, and is seen here as soon as that is done.
    locked = type(place)._default_manager.select_for_update(no_key=True).get(pk=place.pk)
    if locked.is_active == in_use:
        return
    if not in_use and (booked := tuple(future_bookings_at(place))):
        raise StillBooked(booked)
    locked.is_active = place.is_active = in_use
    locked.save(update_fields=["is_active"])
    record(actor=actor, verb="took-place-into-use" if in_use else "took-place-out-of-use", subject=place, details={"name": place.name})


def _check_own(place: Site | Room | Device, actor: Actor) -> None:
    check_can_manage_schedule(actor)
    if place.clinic_id != actor.clinic.pk:
        raise ActionDenied(_("This is a place of another clinic."))


def _check_room_of(site: Site, room: Room | None) -> None:
    if room is not None and room.site_id != site.pk:
        raise ActionDenied(_("This room is at another site than the device. Choose a room of the same site."))


def _saved(place: Placed) -> Placed:
    try:
        with transaction.atomic():
            place.save()
    except IntegrityError as wrong:
        raise NameTaken(_("This name is in use already. Choose another one, or take the other back into use.")) from wrong
    return place


def _still_booked(bookings: tuple[Booking, ...]) -> str:
    named = ", ".join(
        f"{date_format(each.day, 'SHORT_DATE_FORMAT')} {each.clock:%H:%M} ({each.therapist.full_name})" for each in bookings[:NAMED_AT_ONCE]
    )
    more = len(bookings) - NAMED_AT_ONCE
    sentence = ngettext(
        "%(count)d session to come is booked here: %(named)s. Move it first.",
        "%(count)d sessions to come are booked here: %(named)s. Move them first.",
        len(bookings),
    )
    return sentence % {"count": len(bookings), "named": f"{named}, …" if more > 0 else named}
