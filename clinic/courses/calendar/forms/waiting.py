"""What is entered for somebody who waits, and what a button sends of a free place."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.courses.calendar.actions.waiting import WaitingWishes
from clinic.courses.calendar.asked import in_reach
from clinic.courses.calendar.forms.dates import weekday_names
from clinic.courses.calendar.waiting import FreePlace
from clinic.schedule.proposing.values import CELLS
from clinic.staff.models import User
from clinic.web.typed import check_lines_can_be_seen

LONGEST_WAIT: Final = timedelta(days=183)
_WRITTEN: Final = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,3})\.(\d{1,3})\.(\d{1,9})")


def written_place(place: FreePlace) -> str:
    """A free place as a form carries it."""
    return f"{place.day.isoformat()}.{place.cell}.{place.cells}.{place.therapist}"


def read_place(text: str) -> FreePlace | None:
    """The place that a form carries; ``None`` for anything else. That it is free is only believed after the calendar was asked."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    day, cell, cells, therapist = found.groups()
    try:
        place = FreePlace(date.fromisoformat(day), int(cell), int(cells), int(therapist))
    except ValueError:
        return None
    is_a_time = place.cells and place.cell + place.cells <= CELLS and in_reach(place.day) == place.day
    return place if is_a_time else None


def _clock(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class WaitingForm(forms.Form):
    """When and by whom somebody would take an earlier place."""

    first_on = _day(gettext_lazy("From"))
    last_on = _day(gettext_lazy("Until"))
    weekdays = forms.MultipleChoiceField(label=gettext_lazy("Days of the week"), required=False, widget=forms.CheckboxSelectMultiple)
    earliest = _clock(gettext_lazy("Not before"))
    latest = _clock(gettext_lazy("Over by"))
    therapist = forms.ChoiceField(label=gettext_lazy("Therapist"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False, validators=[check_lines_can_be_seen])

    def __init__(self, data: Mapping[str, Any] | None, *, therapists: Mapping[int, User], today: date, initial: Mapping[str, Any]) -> None:
        super().__init__(data, initial=dict(initial))
        self.today, self.therapists = today, therapists
        self.fields["weekdays"].choices = weekday_names()  # type: ignore[attr-defined]  # a choice field
        names = [(str(pk), person.full_name) for pk, person in therapists.items()]
        self.fields["therapist"].choices = [("", _("Whoever has time")), *names]  # type: ignore[attr-defined]  # the same

    def clean(self) -> dict[str, Any]:
        """A last day that can still come, and hours that fit together."""
        said = super().clean() or {}
        first, last, begin, end = (said.get(name) for name in ("first_on", "last_on", "earliest", "latest"))
        if first and last and last < max(first, self.today):
            self.add_error("last_on", _("This lies before the first day, or has passed."))
        elif last and last - self.today > LONGEST_WAIT:
            self.add_error("last_on", _("Nobody waits longer than half a year."))
        if begin and end and end <= begin:
            self.add_error("latest", _("This is not after the earliest time."))
        return said

    def wishes(self) -> WaitingWishes:
        """What was entered."""
        said = self.cleaned_data
        whom = self.therapists.get(int(said["therapist"])) if said["therapist"] else None
        days = tuple(sorted(map(int, said["weekdays"])))
        return WaitingWishes(said["first_on"], said["last_on"], days, said["earliest"], said["latest"], whom, said["note"])
