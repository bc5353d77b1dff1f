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


def history_of(changes: Iterable[BookingChange], clinic: Clinic) -> list[Happened]:
    """The changes in words, in the order in which they are given."""
    return [
        Happened(
            timezone.localtime(each.at, clinic.zone),
            str(KINDS[each.kind]),
            each.by.full_name if each.by else "",
            " · ".join(filter(None, (str(BookingReason(each.reason).label) if each.reason else "", each.note))),
            _places(each),
        )
        for each in changes
    ]


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
