"""A clinic's own texts and their versions, and the bookings by which they are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from django.db.models import QuerySet
from django.http import Http404

from clinic.reminders.models import MessageTemplate
from clinic.reminders.queries.composing import newest_templates
from clinic.reminders.states import Channel, Text
from clinic.schedule.models import Booking
from clinic.schedule.states import BookingState
from clinic.staff.models import Clinic, Language

AROUND = timedelta(days=120)  # of a patient's dates, those that a digest would tell together
MOST_DATES = 12


@dataclass(frozen=True, slots=True)
class Spot:
    """Which text: what it is for, by which channel and in which language."""

    code: str
    channel: str
    language: str

    @property
    def is_known(self) -> bool:
        return self.code in Text.values and self.channel in Channel.values and self.language in Language.values


@dataclass(frozen=True, slots=True)
class Version:
    """One saved version beside the one before it (``None``: the shipped text)."""

    saved: MessageTemplate
    before: MessageTemplate | None


def own_texts(clinic: Clinic) -> Mapping[Spot, MessageTemplate]:
    """The texts that this clinic uses instead of the shipped ones. One query."""
    found = newest_templates([clinic.pk])
    return {Spot(code, channel, language): template for (_clinic, code, channel, language), template in found.items()}


def versions_of(clinic: Clinic, spot: Spot) -> Sequence[Version]:
    """Every version of one text, the newest first. One query."""
    saved = list(_saved(clinic, spot).select_related("made_by"))
    return [Version(each, before) for each, before in pairwise([*saved, None]) if each is not None]


def version_or_404(clinic: Clinic, spot: Spot, number: int) -> Version:
    """One version with the one before it. One query."""
    found = list(_saved(clinic, spot).filter(version__lte=number).select_related("made_by")[:2])
    if not found or found[0].version != number:
        raise Http404
    return Version(found[0], found[1] if len(found) > 1 else None)


def newest_version(clinic: Clinic, spot: Spot) -> MessageTemplate | None:
    """The newest version, also one that went back to the shipped text. One query."""
    return _saved(clinic, spot).first()


def _saved(clinic: Clinic, spot: Spot) -> QuerySet[MessageTemplate]:
    chosen = {"code": spot.code, "channel": spot.channel, "language": spot.language}
    return MessageTemplate.objects.filter(clinic=clinic, **chosen).order_by("-version")


def booking_to_show(clinic: Clinic, number: int | None) -> Booking | None:
    """The booking of this clinic with that number, else the one that was booked last. One query."""
    booked = Booking.objects.filter(clinic=clinic, state=BookingState.BOOKED).select_related("clinic", "room__site")
    return booked.filter(pk=number).first() if number else booked.order_by("-pk").first()


def dates_with(booking: Booking) -> Sequence[Booking]:
    """This booking first, then others of the same patient near it, as one message about dates tells them. One query."""
    same = Booking.objects.filter(clinic=booking.clinic_id, patient=booking.patient_id, state=BookingState.BOOKED).exclude(pk=booking.pk)
    near = same.filter(starts_at__gt=booking.starts_at - AROUND, starts_at__lt=booking.starts_at + AROUND).select_related("room__site")
    return [booking, *near.order_by("-starts_at")[: MOST_DATES - 1]]
