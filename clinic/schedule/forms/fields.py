"""Fields that several forms share: a day, a time, a name, an empty first choice."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from clinic.web.typed import check_can_be_seen

Words = Any  # translated now, or when it is shown
# Nobody plans or looks back further; a day beyond would only make dates overflow.
REACH: Final = (MinValueValidator(date(1990, 1, 1)), MaxValueValidator(date(2100, 12, 31)))


def day_field(label: Words, *, required: bool = True, **more: Any) -> forms.DateField:
    """A day, by the browser's own calendar where it has one."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, validators=REACH, **more)


def time_field(label: Words, *, required: bool = False, **more: Any) -> forms.TimeField:
    """A time of the clinic's clock, in steps of five minutes."""
    widget = forms.TimeInput(attrs={"type": "time", "step": 300, "class": "form-control"}, format="%H:%M")
    return forms.TimeField(label=label, required=required, widget=widget, **more)


def words_field(label: Words, longest: int, *, required: bool = True, **more: Any) -> forms.CharField:
    """One line of words that everybody who reads them can see."""
    return forms.CharField(label=label, max_length=longest, required=required, validators=[check_can_be_seen], **more)


class ThingField(forms.ChoiceField):
    """A choice among things that were read already; no query of its own, and nothing of another clinic can be sent."""

    def __init__(self, *, things: Iterable[Any] = (), named: str = "name", empty: Words | None = None, **more: Any) -> None:
        super().__init__(**more)
        self.offer(things, named=named, empty=empty)

    def offer(self, things: Iterable[Any], *, named: str = "name", empty: Words | None = None) -> None:
        """These are the things to choose from now."""
        self.things = {str(each.pk): each for each in things}
        first: list[tuple[str, Words]] = [] if empty is None else [("", empty)]
        self.choices = [*first, *((pk, getattr(each, named)) for pk, each in self.things.items())]

    def clean(self, value: Any) -> Any:
        return self.things.get(super().clean(value))

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, "pk", value)
