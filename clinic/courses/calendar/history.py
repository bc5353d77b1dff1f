"""What happened to a booking, in words."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from clinic.schedule.models import BookingChange
from clinic.schedule.states import BookingReason
from clinic.staff.models import Clinic

KINDS: Final[Mapping[str, str | Promise]] = {
    "held": pgettext_lazy("booking", "Held"),
    "booked": pgettext_lazy("booking", "Booked"),
    "moved": pgettext_lazy("booking", "Moved"),
    "released": pgettext_lazy("booking", "Released"),
}


class Happened(NamedTuple):
    """One line of the history of a booking."""

    at: datetime
    what: str
    by: str
    why: str
    where: str


def history_of(changes: Iterable[BookingChange], clinic: Clinic, *, tells_reasons: bool) -> list[Happened]:
    """The changes in words, in the order in which they are given. Why a therapist was away is told to whoever enters absences."""
    return [
        Happened(
            timezone.localtime(each.at, clinic.zone),
            str(KINDS[each.kind]),
            each.by.full_name if each.by else "",
            " · ".join(filter(None, (_reason(each.reason, tells_reasons=tells_reasons), each.note))),
            _places(each),
        )
        for each in changes
    ]


def _reason(code: str, *, tells_reasons: bool) -> str:
    """An illness of a colleague is nobody's business but of those who manage the calendar: to others he is away."""
    if not code:
        return ""
    is_told = tells_reasons or code != BookingReason.THERAPIST_ILL
    return str(BookingReason(code if is_told else BookingReason.THERAPIST_AWAY).label)


def _places(change: BookingChange) -> str:
    before, after = _place(change.before), _place(change.after)
    if before and after and before != after:
        return _("from %(before)s to %(after)s") % {"before": before, "after": after}
    return after or before


def _place(kept: Mapping[str, Any]) -> str:
    """Day and time of a kept place; "" where it says none."""
    if not kept.get("day") or not kept.get("clock"):
        return ""
    return f"{date_format(date.fromisoformat(kept['day']), 'SHORT_DATE_FORMAT')} {str(kept['clock'])[:5]}"
