"""A week of working hours, and one day that differs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.schedule.actions.hours import WeekShift
from clinic.schedule.forms.fields import ThingField, day_field, time_field
from clinic.schedule.models import Site
from clinic.schedule.queries.weeks import Week

SHIFTS: Final = ("first", "second")
MONDAY: Final = 0
LIKE_MONDAY: Final = range(1, 5)


class ShiftsForm(forms.Form):
    """Two shifts of one or several days: ``prefix-first-from``, ``prefix-first-to`` and so on, all empty for a day off."""

    def __init__(self, data: Any = None, *, sites: Sequence[Site], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.sites = sites

    def add_shifts(self, prefix: str, shifts: Sequence[tuple[time, time]] = ()) -> None:
        """The four times of one day, filled with what is known."""
        for number, shift in enumerate(SHIFTS):
            known = shifts[number] if number < len(shifts) else (None, None)
            for edge, label, value in zip(("from", "to"), (gettext_lazy("from"), gettext_lazy("to")), known, strict=True):
                self.fields[f"{prefix}-{shift}-{edge}"] = time_field(label, initial=value)

    def add_site(self, name: str, site: Site | None) -> None:
        """Which site; not asked where there is only one."""
        if len(self.sites) > 1:
            self.fields[name] = ThingField(label=gettext_lazy("Site"), things=self.sites, initial=site or self.sites[0])
            self.fields[name].widget.attrs["class"] = "form-select"

    def site_of(self, name: str) -> Site:
        return self.cleaned_data.get(name) or self.sites[0]

    def shifts_of(self, prefix: str, site: Site, weekday: int = 0) -> list[WeekShift]:
        """The shifts of one day. What is wrong becomes an error of the field that it is about."""
        shifts = [found for shift in SHIFTS if (found := self._shift(f"{prefix}-{shift}", site, weekday))]
        if len(shifts) == len(SHIFTS) and shifts[1].starts < shifts[0].ends:
            self.add_error(f"{prefix}-second-from", _("The second shift begins before the first one ends."))
        return shifts

    def _shift(self, name: str, site: Site, weekday: int) -> WeekShift | None:
        starts, ends = self.cleaned_data.get(f"{name}-from"), self.cleaned_data.get(f"{name}-to")
        if not starts and not ends:
            return None
        if not starts or not ends:
            missing = f"{name}-to" if starts else f"{name}-from"
            if missing not in self.errors:
                self.add_error(missing, _("Write both times, or none."))
            return None
        if ends <= starts:
            self.add_error(f"{name}-to", _("A shift ends after it begins."))
            return None
        return WeekShift(site, starts, ends, weekday)


@dataclass(frozen=True, slots=True)
class Row:
    """One weekday of the form as the page draws it."""

    name: str
    first: tuple[forms.BoundField, forms.BoundField]
    second: tuple[forms.BoundField, forms.BoundField]
    site: forms.BoundField | None

    @property
    def errors(self) -> list[str]:
        return [str(error) for field in (*self.first, *self.second) for error in field.errors]


class WeekForm(ShiftsForm):
    """A new weekly pattern from a day on. ``week`` fills in what holds now."""

    not_compared = frozenset({"valid_from", "like_monday"})  # nothing that is saved

    def __init__(self, data: Any = None, *, sites: Sequence[Site], week: Week | None, today: date) -> None:
        super().__init__(data, sites=sites)
        words = _("The hours that hold until then end the day before.")
        self.fields["valid_from"] = day_field(_("Valid from"), initial=today, help_text=words)
        label = _("Tuesday to Friday as on Monday")
        self.fields["like_monday"] = forms.BooleanField(label=label, required=False)
        for number in range(7):
            lines = week.days[number].lines if week else ()
            self.add_shifts(f"day{number}", [(each.starts, each.ends) for each in lines])
            self.add_site(f"day{number}-site", lines[0].site if lines else None)
        self.shifts: list[WeekShift] = []

    def rows(self) -> Iterator[Row]:
        """The seven days."""
        for number in range(7):
            first, second = ((self[f"day{number}-{shift}-from"], self[f"day{number}-{shift}-to"]) for shift in SHIFTS)
            site = self[f"day{number}-site"] if f"day{number}-site" in self.fields else None
            yield Row(str(WEEKDAYS[number]), first, second, site)

    def clean(self) -> None:
        for number in range(7):
            copied = MONDAY if self.cleaned_data.get("like_monday") and number in LIKE_MONDAY else number
            if copied == number:
                self.shifts += self.shifts_of(f"day{number}", self.site_of(f"day{number}-site"), number)
            else:
                self.shifts += [WeekShift(each.site, each.starts, each.ends, number) for each in self.shifts if each.weekday == MONDAY]


class DayForm(ShiftsForm):
    """One day that differs from the pattern; no times at all: not at work."""

    def __init__(self, data: Any = None, *, sites: Sequence[Site], today: date, **kwargs: Any) -> None:
        super().__init__(data, sites=sites, **kwargs)
        self.today = today
        self.fields["day"] = day_field(_("Day"))
        self.add_shifts("day")
        self.add_site("site", None)
        self.shifts: list[WeekShift] = []

    def clean(self) -> None:
        self.shifts = self.shifts_of("day", self.site_of("site"))
        day = self.cleaned_data.get("day")
        if day and day < self.today:
            self.add_error("day", _("This day is over. Choose today or a day to come."))
