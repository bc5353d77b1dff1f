"""The period of a report."""

from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.audit.queries import Period

_NO_DAY: Final = {"invalid": gettext_lazy("This is not a day. Write it like 2026-05-17.")}
# Beyond these a day has no moment in every zone, and nobody kept a record.
_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)
_WRONG_YEAR: Final = gettext_lazy("Check the year: it lies before 1900 or after 2199.")


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=_NO_DAY,
        validators=[MinValueValidator(_FIRST, _WRONG_YEAR), MaxValueValidator(_LAST, _WRONG_YEAR)],
    )


class PeriodForm(forms.Form):
    """From one day to another, both included; either may be left open."""

    since = _day(gettext_lazy("From"))
    until = _day(gettext_lazy("Until"))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("since") and found.get("until") and found["since"] > found["until"]:
            raise forms.ValidationError(_("The period ends before it begins. Exchange the two days."))
        return found

    def query(self) -> str:
        """The period of a valid form as it stands in the address of another page, ready for more to follow."""
        chosen = {name: day.isoformat() for name, day in self.cleaned_data.items() if day}
        return f"{urlencode(chosen)}&" if chosen else ""

    def period(self) -> Period:
        """The period of a valid form."""
        return Period(self.cleaned_data["since"], self.cleaned_data["until"])
