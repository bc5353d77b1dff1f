"""What the pages of the schedule share: who may open them, the tabs between them, the bookings that a change hits."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.schedule.models import Booking
from clinic.schedule.permissions import can_manage_schedule
from clinic.staff.models import Role
from clinic.staff.requests import StaffRequest

READ: Final = (Role.ADMIN, Role.CLINICAL_LEAD)
SHOWN_AT_MOST: Final = 40


@dataclass(frozen=True, slots=True)
class Hits:
    """Bookings that an absence or a closure hits: the first of them, how many there are, and where they get new dates."""

    bookings: tuple[Booking, ...]
    count: int
    address: str

    @property
    def more(self) -> int:
        return self.count - len(self.bookings)


def hits_of(bookings: Iterable[Booking], wizard: str, pk: int) -> Hits:
    """``wizard`` is the name of the page that finds new dates; it lies in an app above this one, so it is named here."""
    found = tuple(bookings)
    return Hits(found[:SHOWN_AT_MOST], len(found), reverse(wizard, kwargs={"pk": pk}))


def schedule_page(request: StaffRequest, template: str, current: str, context: dict[str, Any]) -> HttpResponse:
    """A page of the schedule under its tab: 422 with a form that was refused."""
    refused = getattr(context.get("form"), "errors", None)
    may_change = can_manage_schedule(request.actor)
    shown = {"tabs": _tabs(current, may_change=may_change), "may_change": may_change, **context}
    return render(request, template, shown, status=422 if refused else 200)


def _tabs(current: str, *, may_change: bool) -> list[dict[str, object]]:
    names = (
        ("overview", _("Overview")),
        ("hours", _("Working hours")),
        ("absences", _("Absences")),
        ("places", _("Rooms and devices")),
        ("closures", _("Closures")),
    )
    own = (("rules", _("Rules")), ("norms", _("Norms"))) if may_change else ()
    return [{"label": label, "url": reverse(f"schedule:{name}"), "is_current": name == current} for name, label in (*names, *own)]
