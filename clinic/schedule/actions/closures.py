"""Closures: days on which the clinic or one site does not treat, and public holidays on which it does."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.schedule.actions.taking_back import take_back
from clinic.schedule.models import Closure, Site
from clinic.schedule.permissions import check_can_manage_schedule
from clinic.staff.models import Clinic
from clinic.staff.permissions import ActionDenied, Actor


@dataclass(frozen=True, slots=True)
class Closing:
    """Days with a name, of the whole clinic or of one site. ``is_open``: open although these are public holidays."""

    first_on: date
    last_on: date
    name: str
    site: Site | None = None
    is_open: bool = False


@transaction.atomic
def add_closure(*, closing: Closing, actor: Actor) -> Closure:
    """The clinic or the site is closed on these days, or open on these holidays. What was booked stays booked.

    What opens the same days already is answered instead of a second one. Raises ``ActionDenied`` for everybody but administrators, for
    days in the wrong order, without a name, and for a site of another clinic.
    """
    check_can_manage_schedule(actor)
    if closing.last_on < closing.first_on:
        raise ActionDenied(_("The last day comes before the first one."))
    if not closing.name.strip():
        raise ActionDenied(_("Give it a name: it is what people read in the calendar."))
    if closing.site is not None and closing.site.clinic_id != actor.clinic.pk:
        raise ActionDenied(_("This is a place of another clinic."))
    Clinic.objects.select_for_update(no_key=True).get(pk=actor.clinic.pk)
    if closing.is_open and (opened := _opened(closing, actor.clinic)):
        return opened
    closure = Closure.objects.create(
        clinic=actor.clinic, site=closing.site, first_on=closing.first_on, last_on=closing.last_on, name=closing.name.strip(),
        is_open=closing.is_open, created_by=actor.user,
    )  # fmt: skip
    details = {"name": closure.name, "first": closing.first_on.isoformat(), "last": closing.last_on.isoformat(), "is_open": closing.is_open}
    record(actor=actor, verb="added-closure", subject=closure, details=details)
    return closure


def _opened(closing: Closing, clinic: Clinic) -> Closure | None:
    """What opens these days already: twice open would still be open when it is taken back."""
    return Closure.objects.filter(
        clinic=clinic, site=closing.site, is_open=True, first_on=closing.first_on, last_on=closing.last_on, withdrawn_at=None
    ).first()


@transaction.atomic
def withdraw_closure(*, closure: Closure, actor: Actor) -> None:
    """Takes it back. A second time does nothing. Raises ``ActionDenied`` for a closure of another clinic."""
    check_can_manage_schedule(actor)
    if closure.clinic_id != actor.clinic.pk:
        raise ActionDenied(_("This closure belongs to another clinic."))
    if locked := take_back(closure, actor):
        record(actor=actor, verb="withdrew-closure", subject=locked, details={"name": locked.name})
