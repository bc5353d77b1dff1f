"""The rules of a clinic's calendar, the norms of procedure areas, and a patient's wishes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Final

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from clinic.schedule.actions.rules import Norm
from clinic.schedule.actions.wishes import Wished
from clinic.schedule.forms.fields import ThingField, time_field, words_field
from clinic.schedule.holidays import knows_country, subdivisions_of
from clinic.schedule.models import ScheduleRules, Wishes
from clinic.schedule.queries.rules import AreaRow
from clinic.staff.models import Clinic, Sex, User
from protocols.method.names import Names

GRIDS: Final = (5, 10, 15, 20, 30)
BOUNDS: Final[Mapping[str, tuple[int, int]]] = {
    "preparation_minutes": (0, 60),
    "turnover_minutes": (0, 60),
    "units_per_day": (1, 200),
    "hands_on_minutes_per_day": (30, 900),
    "hold_minutes": (1, 120),
    "offer_minutes": (1, 1440),
    "late_cancellation_hours": (0, 336),
}


class RulesForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    """Every field of the rules, with bounds, and the clinic's country, from which its public holidays follow."""

    country = forms.CharField(max_length=2, required=False)

    class Meta:
        model = ScheduleRules
        fields: ClassVar = [
            "grid_minutes", "preparation_minutes", "turnover_minutes", "units_per_day", "hands_on_minutes_per_day", "hold_minutes",
            "offer_minutes", "late_cancellation_hours", "keeps_public_holidays", "subdivision",
        ]  # fmt: skip

    def __init__(self, data: Any = None, *, rules: ScheduleRules) -> None:
        super().__init__(data, instance=rules)
        words = ngettext_lazy("%(n)d minute", "%(n)d minutes", "n")
        self.fields["grid_minutes"] = forms.TypedChoiceField(
            label=_("Sessions begin every"), choices=[(each, words % {"n": each}) for each in GRIDS], coerce=int, widget=forms.RadioSelect
        )
        for name, (least, most) in BOUNDS.items():
            field = self.fields[name]
            field.validators += [MinValueValidator(least), MaxValueValidator(most)]
            field.widget.attrs |= {"min": least, "max": most}
        self._ask_country(rules.clinic)
        self._ask_region(rules.clinic.country)

    def _ask_country(self, clinic: Clinic) -> None:
        field, of_clinic = self.fields["country"], Clinic._meta.get_field("country")
        field.label, field.help_text = capfirst(of_clinic.verbose_name), of_clinic.help_text
        self.initial["country"] = clinic.country
        field.widget.attrs |= {"autocomplete": "off", "class": "form-control", "size": "2"}

    def clean_country(self) -> str:
        if self.add_prefix("country") not in self.data:
            return str(self.initial["country"])  # a page that did not ask takes nothing away
        code: str = self.cleaned_data["country"].strip().upper()
        if code and not knows_country(code) and code != self.initial["country"]:
            raise forms.ValidationError(_("No country with public holidays that Tactus knows has these two letters."))
        return code

    def clean(self) -> dict[str, Any]:
        """A region is one of its country: with another country nobody has chosen one yet."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("country", self.initial["country"]) != self.initial["country"]:
            cleaned["subdivision"] = ""
        return cleaned

    def _ask_region(self, country: str) -> None:
        regions = subdivisions_of(country)
        if not regions:
            del self.fields["subdivision"]
            return
        choices = [("", _("The whole country")), *regions]
        words = _("Some holidays are kept in one state or region only.")
        self.fields["subdivision"] = forms.ChoiceField(label=_("State or region"), choices=choices, required=False, help_text=words)


@dataclass(frozen=True, slots=True)
class NormRow:
    """One procedure area of the page: the library's figures and two fields."""

    name: str
    area: AreaRow
    units: forms.BoundField
    turnover: forms.BoundField


class NormsForm(forms.Form):
    """Units and turnover for each procedure area; empty takes the library's units, and the clinic's own turnover."""

    def __init__(self, data: Any = None, *, areas: Sequence[AreaRow], names: Names) -> None:
        super().__init__(data)
        self.areas, self.names = areas, names
        for area in areas:
            name, norm = names.of("areas", area.code), area.norm
            self.fields[f"{area.code}-units"] = forms.DecimalField(
                label=_("Units: %(area)s") % {"area": name}, required=False, min_value=Decimal("0.5"), max_value=Decimal(20), max_digits=3,
                decimal_places=1, initial=norm.units, widget=forms.NumberInput(attrs={"step": "0.5", "class": "form-control"}),
            )  # fmt: skip
            label = _("Minutes after the session: %(area)s") % {"area": name}
            field = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=60, initial=norm.turnover_minutes,
                widget=forms.NumberInput(attrs={"class": "form-control"}),
            )  # fmt: skip
            self.fields[f"{area.code}-turnover"] = field

    def rows(self) -> Iterator[NormRow]:
        """The areas in the library's order."""
        for area in self.areas:
            yield NormRow(self.names.of("areas", area.code), area, self[f"{area.code}-units"], self[f"{area.code}-turnover"])

    def norms(self) -> list[Norm]:
        """What was written, for the action."""
        data = self.cleaned_data
        return [Norm(area.code, data[f"{area.code}-units"], data[f"{area.code}-turnover"]) for area in self.areas]


class WishesForm(forms.Form):
    """When and by whom somebody would like to be treated."""

    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: any day."),
    )
    earliest = time_field(gettext_lazy("Not before"))
    latest = time_field(gettext_lazy("Over by"))
    preferred = time_field(gettext_lazy("Best at"), help_text=gettext_lazy("Dates near this time are proposed first."))
    therapist = ThingField(
        label=gettext_lazy("Therapist"),
        named="full_name",
        empty=gettext_lazy("Whoever is free"),
        required=False,
        help_text=gettext_lazy("Proposed first; others only where it is not possible."),
    )
    therapist_sex = forms.ChoiceField(
        label=gettext_lazy("Treated by"),
        choices=[("", gettext_lazy("A woman or a man")), (Sex.FEMALE, gettext_lazy("A woman")), (Sex.MALE, gettext_lazy("A man"))],
        widget=forms.RadioSelect,
        required=False,
    )
    note = words_field(gettext_lazy("Note"), 200, required=False, help_text=gettext_lazy("Nothing about health: reception reads this too."))

    def __init__(self, data: Any = None, *, therapists: Sequence[User], wishes: Wishes | None) -> None:
        names = [name for name in self.base_fields if wishes is not None]
        super().__init__(data, initial={name: getattr(wishes, name) for name in names})
        chosen = self.fields["therapist"]
        if isinstance(chosen, ThingField):
            kept = [wishes.therapist] if wishes and wishes.therapist and wishes.therapist not in therapists else []
            chosen.offer([*therapists, *kept], named="full_name", empty=_("Whoever is free"))

    def clean(self) -> None:
        earliest, latest, best = (self.cleaned_data.get(name) for name in ("earliest", "latest", "preferred"))
        if earliest and latest and latest <= earliest:
            self.add_error("latest", _("“Over by” comes after “not before”."))
        elif best and ((earliest and best < earliest) or (latest and best >= latest)):
            self.add_error("preferred", _("This time lies outside of the hours above."))

    def wished(self) -> Wished:
        """What was written, for the action."""
        data = self.cleaned_data
        return Wished(tuple(data["weekdays"]), **{name: data[name] for name in self.base_fields if name != "weekdays"})
