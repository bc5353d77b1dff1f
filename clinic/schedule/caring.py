"""Who has a date with a patient is in the patient's care, from before the date until a month after it."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy

from clinic.schedule.models import Booking
from clinic.schedule.states import BookingState
from patients.care.guard import by_path, register_way, to_the_kept_record
from patients.care.relation import Source, register_relation

# A record is finished, asked about and reported on for some weeks after the session; a month, as for the intake.
AFTER_A_DATE: Final = timedelta(days=30)
LONGEST: Final = timedelta(days=2)  # than any date is long


def dates_are_care() -> None:
    """Says it once, when the app is ready."""
    register_way("feeds/patients/", to_the_kept_record)
    register_way("calendar/bookings/", by_path(Booking, "patient"))
    register_relation("booking", Source(_booked, pgettext_lazy("in care", "has a date with the patient"), user="therapist", day="day"))


def _booked(since: datetime) -> QuerySet[Any]:
    """What is booked, not what is only held: a proposal ends by itself. Moments, not days: the clinic's zone is of no matter then."""
    begun = since - AFTER_A_DATE - LONGEST  # the same, said of the column that the index of a therapist's bookings has
    return Booking.objects.filter(state=BookingState.BOOKED, ends_at__gt=since - AFTER_A_DATE, starts_at__gt=begun)
