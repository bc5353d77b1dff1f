"""The forms on which measures are entered, all that are due on one page, and on which one value is put right."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.courses.outcomes.actions.measures import LONGEST_WORDS, Correction, Measured, limits_sentence
from clinic.courses.outcomes.asked import TENTHS, is_by_eye, sides_of, steps_of
from clinic.courses.outcomes.due import Due
from clinic.courses.outcomes.values import Valued
from clinic.web.marks import SIDES
from clinic.web.typed import check_lines_can_be_seen
from protocols.method.entries import Measure
from protocols.method.names import Names

DAY: Final = "measured_on"
NO_STEP: Final = ("", gettext_lazy("not asked"))


@dataclass(frozen=True, slots=True)
class AskedValue:
    """One field of a measure: the side it asks for in words ("" for none) and what was measured there before."""

    field: forms.BoundField
    kind: str  # steps | number | words
    side: str
    before: Valued | None


@dataclass(frozen=True, slots=True)
class AskedMeasure:
    """One measure on the page, with everything that its template shows."""

    code: str
    name: str
    unit: str
    range: str
    licence: str
    who: str
    due: Due | None
    values: tuple[AskedValue, ...]


class MeasuresForm(forms.Form):
    """Every measure that is asked for, none of them needed, and the day on which they were measured."""

    measured_on = forms.DateField(
        label=gettext_lazy("Measured on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None, *, measures: Sequence[Measure], names: Names, today: date) -> None:
        self.measures, self.names, self.today = measures, names, today
        super().__init__(data, initial={DAY: today})
        for measure in measures:
            for side in sides_of(measure):
                self.fields[_key(measure, side)] = value_field(measure, _label(names, measure, side))

    def clean_measured_on(self) -> date:
        day = cast("date", self.cleaned_data[DAY])
        if day > self.today:
            raise forms.ValidationError(_("Nothing can have been measured on a day that is still ahead."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.said({}):
            raise forms.ValidationError(_("Nothing was entered yet."))
        return cleaned

    def said(self, moments: Mapping[str, str]) -> list[Measured]:
        """What was entered; ``moments`` say of each measure which "when" it answers."""
        return [
            _measured(measure, side, given, moments.get(measure.code) or measure.when[0])
            for measure in self.measures
            for side in sides_of(measure)
            if (given := self.cleaned_data.get(_key(measure, side))) not in (None, "")
        ]

    def asked(self, due: Mapping[str, Due], before: Mapping[tuple[str, str], Valued]) -> Iterator[AskedMeasure]:
        """The measures as the page shows them; ``before`` are the last values by measure and side."""
        for measure in self.measures:
            names = self.names
            yield AskedMeasure(
                code=measure.code,
                name=names.of("measures", measure.code),
                unit=names.of("measures", measure.code, "unit"),
                range="" if is_by_eye(measure) else f"{measure.min:g}–{measure.max:g}",
                licence=names.of("measures", measure.code, "licence"),
                who=names.label("who", measure.who),
                due=due.get(measure.code),
                values=tuple(self._value(measure, side, before) for side in sides_of(measure)),
            )

    def _value(self, measure: Measure, side: str, before: Mapping[tuple[str, str], Valued]) -> AskedValue:
        word = str(SIDES[side]) if side else ""
        return AskedValue(self[_key(measure, side)], kind_of(measure), word, before.get((measure.code, side)))


class CorrectionForm(forms.Form):
    """What stands in place of a value, and why."""

    is_void = forms.BooleanField(label=gettext_lazy("Nothing was measured: take the value back"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why it is corrected"), max_length=LONGEST_WORDS, validators=[check_lines_can_be_seen],
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None, *, measure: Measure, label: str, stands: object) -> None:
        self.measure = measure
        super().__init__(data, initial={"value": stands})
        self.fields["value"] = value_field(measure, label)
        self.order_fields(("value", "is_void", "reason"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("is_void") and cleaned.get("value") in (None, ""):
            self.add_error("value", _("Enter what should stand, or take the value back."))
        return cleaned

    def correction(self) -> Correction:
        """What was entered, for the action."""
        data = self.cleaned_data
        said = _measured(self.measure, "", data["value"], "") if data["value"] not in (None, "") else Measured(self.measure.code)
        return Correction(data["reason"], said.value, said.words, data["is_void"])


def keys_of(measure: Measure) -> frozenset[str]:
    """The names of a measure's fields, one for each side."""
    return frozenset(_key(measure, side) for side in sides_of(measure))


def kind_of(measure: Measure) -> str:
    """How a value is entered: steps to tap on, a number, or words."""
    if is_by_eye(measure):
        return "words"
    return "steps" if steps_of(measure) else "number"


def value_field(measure: Measure, label: str) -> forms.Field:
    """The field for one value: never needed, and between the limits of the library."""
    kind, sentence = kind_of(measure), limits_sentence(measure)
    if kind == "words":
        attrs = {"rows": 2}
        return forms.CharField(
            label=label, required=False, max_length=LONGEST_WORDS, validators=[check_lines_can_be_seen], widget=forms.Textarea(attrs=attrs)
        )
    if kind == "steps":
        steps = [NO_STEP, *((str(step), str(step)) for step in steps_of(measure))]
        return forms.ChoiceField(
            label=label, required=False, choices=steps, widget=forms.RadioSelect, error_messages={"invalid_choice": sentence}
        )
    places = 1 if measure.unit in TENTHS else 0
    attrs_of_number = {"inputmode": "decimal" if places else "numeric", "autocomplete": "off"}
    return forms.DecimalField(
        label=label, required=False, min_value=Decimal(str(measure.min)), max_value=Decimal(str(measure.max)), decimal_places=places,
        localize=True, widget=forms.TextInput(attrs=attrs_of_number),
        error_messages={"min_value": sentence, "max_value": sentence, "invalid": sentence, "max_decimal_places": _places(places)},
    )  # fmt: skip


def _places(places: int) -> str:
    return _("One digit after the point is enough.") if places else _("Enter a whole number.")


def _key(measure: Measure, side: str) -> str:
    return f"{measure.code}-{side}" if side else measure.code


def _label(names: Names, measure: Measure, side: str) -> str:
    name = names.of("measures", measure.code)
    return f"{name}, {SIDES[side]}" if side else name


def _measured(measure: Measure, side: str, given: Any, moment: str) -> Measured:
    if is_by_eye(measure):
        return Measured(measure.code, None, str(given), side, moment)
    return Measured(measure.code, Decimal(str(given)), "", side, moment)
