"""Sites, rooms and devices: one form for each kind, and taking one out of use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.schedule.actions import resources
from clinic.schedule.forms.resources import DeviceForm, RoomForm, SiteForm
from clinic.schedule.models import Device, Room, Site
from clinic.schedule.permissions import MANAGE
from clinic.schedule.queries import places as queries
from clinic.schedule.queries.future import future_bookings_at
from clinic.schedule.views.common import READ, SHOWN_AT_MOST, schedule_page
from clinic.staff.models import Clinic
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.staff.sending import SentDifferently, made_before, once
from clinic.staff.turns import saved_in_turn
from clinic.web.replies import see_other, see_other_address
from clinic.web.seen import is_stale

Place = Site | Room | Device


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of place: its words, how it is found, and which fields of it the form shows."""

    new: Promise | str
    find: Callable[[Clinic, int], Place]
    fields: tuple[str, ...]


KINDS: Final[Mapping[str, Kind]] = {
    "site": Kind(gettext_lazy("New site"), queries.site_or_404, ("name", "address")),
    "room": Kind(gettext_lazy("New room"), queries.room_or_404, ("name",)),
    "device": Kind(gettext_lazy("New device"), queries.device_or_404, ("name", "room")),
}


@roles_allowed(*READ)
@require_safe
def places(request: StaffRequest) -> HttpResponse:
    """Every site with its rooms and devices."""
    return schedule_page(request, "schedule/places.html", "places", {"houses": queries.houses_of(request.clinic)})


@roles_allowed(*MANAGE)
@require_http_methods(["GET", "POST"])
def place_new(request: StaffRequest, kind: str) -> HttpResponse:
    """A new site, room or device. A clinic without a site begins with one."""
    if address := made_before(request):
        return see_other_address(address)
    found = _kind(kind)
    if kind != "site" and not queries.sites_in_use(request.clinic):
        messages.info(request, _("Rooms and devices are at a site. Add the first one."))
        return see_other("schedule:place-new", "site")
    form = _form(request, kind)
    if form.is_bound and form.is_valid():
        try:
            return see_other_address(once(request, lambda: _added(request, kind, form)))
        except resources.NameTaken as taken:
            form.add_error("name", taken.sentence)
        except SentDifferently as refused:
            form.add_error(None, refused.sentence)
    return schedule_page(request, "schedule/place_form.html", "places", {"form": form, "heading": found.new, "kind": kind})


def _added(request: StaffRequest, kind: str, form: forms.Form) -> str:
    made = _add(request, kind, form)
    messages.success(request, _("“%(name)s” is added.") % {"name": made.name})
    return reverse("schedule:places")


@roles_allowed(*MANAGE)
@require_http_methods(["GET", "POST"])
@saved_in_turn
def place(request: StaffRequest, kind: str, pk: int) -> HttpResponse:
    """One place: its name, and whether it is in use."""
    found = _kind(kind).find(request.clinic, pk)
    form = _form(request, kind, found)
    name = found.name
    if form.is_bound and form.is_valid() and not is_stale(request, form):
        try:
            _change(request, found, form)
        except resources.NameTaken as taken:
            form.add_error("name", taken.sentence)
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": found.name})
            return see_other("schedule:places")
    return _place_page(request, {"form": form, "place": found, "heading": name, "kind": kind})


@roles_allowed(*MANAGE)
@require_POST
def place_use(request: StaffRequest, kind: str, pk: int) -> HttpResponse:
    """Takes a place out of use, or back into it. Where sessions to come use it, the page names them."""
    found, in_use = _kind(kind).find(request.clinic, pk), request.POST.get("in_use") == "yes"
    try:
        resources.set_in_use(place=found, in_use=in_use, actor=request.actor)
    except resources.StillBooked as refused:
        shown = {"form": _form(request, kind, found, sent=False), "place": found, "heading": found.name, "kind": kind}
        page = _place_page(request, {**shown, "refused": refused.sentence})
        page.status_code = 409
        return page
    words = _("“%(name)s” is in use again.") if in_use else _("“%(name)s” is out of use: nothing new can be booked there.")
    messages.success(request, words % {"name": found.name})
    return see_other("schedule:places")


def _place_page(request: StaffRequest, context: dict[str, Any]) -> HttpResponse:
    booked = list(future_bookings_at(context["place"])[: SHOWN_AT_MOST + 1])
    return schedule_page(request, "schedule/place_form.html", "places", {**context, "booked": booked})


def _kind(kind: str) -> Kind:
    if kind not in KINDS:
        raise Http404
    return KINDS[kind]


def _form(request: StaffRequest, kind: str, place: Place | None = None, *, sent: bool = True) -> forms.Form:
    data = request.POST if sent and request.method == "POST" else None
    known = {name: getattr(place, name) for name in KINDS[kind].fields} if place else None
    if kind == "site":
        return SiteForm(data, initial=known)
    sites = () if place else queries.sites_in_use(request.clinic)
    if kind == "room":
        return RoomForm(data, sites=sites, initial=known)
    rooms = [each for each in queries.rooms_in_use(request.clinic) if not isinstance(place, Device) or each.site_id == place.site_id]
    return DeviceForm(data, rooms=rooms, sites=sites, initial=known)


def _add(request: StaffRequest, kind: str, form: forms.Form) -> Place:
    data = form.cleaned_data
    if kind == "site":
        return resources.add_site(name=data["name"], address=data["address"], actor=request.actor)
    site = data.get("site") or queries.sites_in_use(request.clinic)[0]
    if kind == "room":
        return resources.add_room(site=site, name=data["name"], actor=request.actor)
    return resources.add_device(site=site, room=data["room"], name=data["name"], actor=request.actor)


def _change(request: StaffRequest, place: Place, form: forms.Form) -> None:
    data = form.cleaned_data
    if isinstance(place, Site):
        resources.change_site(site=place, name=data["name"], address=data["address"], actor=request.actor)
    elif isinstance(place, Room):
        resources.rename_room(room=place, name=data["name"], actor=request.actor)
    else:
        resources.change_device(device=place, room=data["room"], name=data["name"], actor=request.actor)
