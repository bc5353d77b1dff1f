"""What a patient wishes, and what is still booked for one who died, on the patient's page."""

from typing import Any

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from clinic.schedule.models import Booking, Wishes
from clinic.schedule.permissions import can_book
from clinic.schedule.queries.people import wishes_of
from clinic.schedule.states import BookingState
from clinic.staff.models import Sex
from clinic.staff.permissions import Actor
from patients.models import Patient


def wishes_panel(patient: Patient, actor: Actor) -> dict[str, Any] | None:
    """The wishes as words, and since when they are known; None for whoever may not use the calendar."""
    if not can_book(actor):
        return None
    said = wishes_of(patient)
    return {"said": said, "words": words_of(said) if said else []}


def died_panel(patient: Patient, actor: Actor) -> dict[str, Any] | None:
    """The dates that are still booked for somebody who died, the next first; None for the living and where there are none. One query."""
    if patient.died_on is None or not can_book(actor):
        return None
    taken = (BookingState.BOOKED, BookingState.HELD)
    booked = Booking.objects.filter(patient=patient, state__in=taken, ends_at__gt=timezone.now()).select_related("therapist", "room")
    dates = list(booked.order_by("starts_at", "pk"))
    return {"dates": dates} if dates else None


def words_of(wishes: Wishes) -> list[str]:
    """The wishes, each in a few words; none where nothing in particular is wished."""
    found = [_days(wishes), _hours(wishes), _who(wishes)]
    if wishes.preferred:
        found.insert(2, _("best at %(time)s") % {"time": f"{wishes.preferred:%H:%M}"})
    return [words for words in found if words]


def _days(wishes: Wishes) -> str:
    return ", ".join(str(WEEKDAYS[number]) for number in wishes.weekdays if number in WEEKDAYS)


def _hours(wishes: Wishes) -> str:
    times = {"earliest": f"{wishes.earliest:%H:%M}" if wishes.earliest else "", "latest": f"{wishes.latest:%H:%M}" if wishes.latest else ""}
    if wishes.earliest and wishes.latest:
        return _("between %(earliest)s and %(latest)s") % times
    if wishes.earliest:
        return _("not before %(earliest)s") % times
    return _("over by %(latest)s") % times if wishes.latest else ""


def _who(wishes: Wishes) -> str:
    by = {Sex.FEMALE.value: _("treated by a woman"), Sex.MALE.value: _("treated by a man")}.get(wishes.therapist_sex, "")
    wished = _("preferably by %(name)s") % {"name": wishes.therapist.full_name} if wishes.therapist else ""
    return ", ".join(words for words in (by, wished) if words)
