"""The houses of a clinic with their rooms and devices."""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404

from clinic.schedule.models import Absence, Closure, Device, Room, Site
from clinic.staff.models import Clinic


@dataclass(frozen=True, slots=True)
class House:
    """One site with everything in it, what is out of use included."""

    site: Site
    rooms: tuple[Room, ...]
    devices: tuple[Device, ...]


def houses_of(clinic: Clinic) -> tuple[House, ...]:
    """Every site of the clinic, those in use first, with its rooms and devices. Three queries."""
    sites = sorted(Site.objects.filter(clinic=clinic), key=lambda each: (not each.is_active, each.name))
    rooms = list(Room.objects.filter(clinic=clinic).order_by("-is_active", "name", "pk"))
    devices = list(Device.objects.filter(clinic=clinic).select_related("room").order_by("-is_active", "name", "pk"))
    return tuple(
        House(site, tuple(each for each in rooms if each.site_id == site.pk), tuple(each for each in devices if each.site_id == site.pk))
        for site in sites
    )


def sites_in_use(clinic: Clinic) -> list[Site]:
    """The sites of the clinic that are in use, by name. One query."""
    return list(Site.objects.filter(clinic=clinic, is_active=True).order_by("name", "pk"))


def rooms_in_use(clinic: Clinic) -> list[Room]:
    """The rooms in use of sites in use, by site and name. One query."""
    found = Room.objects.filter(clinic=clinic, is_active=True, site__is_active=True).select_related("site")
    return list(found.order_by("site__name", "name", "pk"))


def site_or_404(clinic: Clinic, pk: int) -> Site:
    """This clinic's site. A site of another clinic does not exist here."""
    return get_object_or_404(Site.objects.select_related("clinic"), clinic=clinic, pk=pk)


def room_or_404(clinic: Clinic, pk: int) -> Room:
    """This clinic's room, with its site."""
    return get_object_or_404(Room.objects.select_related("clinic", "site"), clinic=clinic, pk=pk)


def device_or_404(clinic: Clinic, pk: int) -> Device:
    """This clinic's device, with its site and room."""
    return get_object_or_404(Device.objects.select_related("clinic", "site", "room"), clinic=clinic, pk=pk)


def absence_or_404(clinic: Clinic, pk: int) -> Absence:
    """This clinic's absence, taken back or not, with its therapist."""
    return get_object_or_404(Absence.objects.select_related("clinic", "therapist", "created_by", "withdrawn_by"), clinic=clinic, pk=pk)


def closure_or_404(clinic: Clinic, pk: int) -> Closure:
    """This clinic's closure, taken back or not."""
    return get_object_or_404(Closure.objects.select_related("clinic", "site", "created_by", "withdrawn_by"), clinic=clinic, pk=pk)
