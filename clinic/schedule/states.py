"""The states of a booking, the only ways from one to another, and the closed lists of reasons."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BookingState(models.TextChoices):
    HELD = "held", pgettext_lazy("booking", "Held")
    BOOKED = "booked", pgettext_lazy("booking", "Booked")
    RELEASED = "released", pgettext_lazy("booking", "Released")


BOOKING_TRANSITIONS: Final[Mapping[str, frozenset[str]]] = {
    BookingState.HELD: frozenset({BookingState.BOOKED, BookingState.RELEASED}),
    BookingState.BOOKED: frozenset({BookingState.RELEASED}),
    BookingState.RELEASED: frozenset(),
}
TAKEN: Final = (BookingState.HELD, BookingState.BOOKED)


class BookingReason(models.TextChoices):
    """Why a booking was moved or released; the list is closed so that it can be counted."""

    PATIENT_WISH = "patient-wish", _("The patient's wish")
    PATIENT_ILL = "patient-ill", _("The patient is ill")
    THERAPIST_ILL = "therapist-ill", _("The therapist is ill")
    THERAPIST_AWAY = "therapist-away", _("The therapist is away")
    CLOSED = "closed", _("The clinic is closed")
    ROOM = "room", _("The room or a device is not available")
    COURSE = "course", _("The course was changed or ended")
    MISSED = "missed", _("An earlier session did not take place")
    EARLIER = "earlier", _("An earlier place fell free")
    EXPIRED = "expired", _("Nobody confirmed in time")
    MISTAKE = "mistake", _("Booked by mistake")
    OTHER = "other", _("Another reason")


class AbsenceReason(models.TextChoices):
    ILL = "ill", _("Ill")
    HOLIDAY = "holiday", _("Holiday")
    TRAINING = "training", _("Training")
    OTHER = "other", _("Another reason")
