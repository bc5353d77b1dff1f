"""Form fields for what only one condition asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from clinic.web.typed import check_can_be_seen
from protocols.asking.fact_fields import ZoneGroup, zone_groups
from protocols.asking.replies import NO, YES
from protocols.method.answers import Fault
from protocols.method.entries import Condition, ConditionInput, Stage
from protocols.method.inputs import input_is_required
from protocols.method.library import Library
from protocols.method.names import Names

# An S bends to opposite sides. The same side twice is a slip of the finger that would swap the sides of half the plan.
OPPOSITE_SIDES: Final = ("curve_shape", "s", "convex_side", "lumbar_convex_side")


@dataclass(frozen=True, slots=True)
class InputQuestion:
    """What the template needs to ask one input of the condition."""

    kind: str  # choice | number | text | zones
    field: forms.BoundField
    unit: str
    zones: tuple[ZoneGroup, ...]
    is_optional: bool


class InputsForm(forms.Form):
    """The inputs that this condition and stage ask."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        condition: Condition,
        stage: Stage,
        library: Library,
        names: Names,
        inputs: Mapping[str, Any] | None = None,
    ) -> None:
        """``inputs`` are what to begin with, as raw values."""
        self.condition, self.stage, self.library, self.names = condition, stage, library, names
        self.rows = tuple(row for row in condition.inputs if is_asked(row, stage.code))
        super().__init__(data, initial={row.code: typed(row, inputs[row.code]) for row in self.rows if inputs and row.code in inputs})
        for row in self.rows:
            self.fields[row.code] = self._input_field(row)

    def _input_field(self, row: ConditionInput) -> forms.Field:
        label = self.names.of("inputs", f"{self.condition.code}/{row.code}", "question")
        needed = row.required or (row.required_when is not None and input_is_required(row, self.stage.code, {}))
        messages = {"required": _("The plan needs this answer."), "invalid_choice": _("Choose one of the answers.")}
        if row.type == "zones":
            choices = [(f"{code}|{side}", code) for code in self.library.zones for side in ("left", "right", "both")]
            return forms.MultipleChoiceField(label=label, choices=choices, required=needed, error_messages=messages)
        if row.type in ("enum", "bool"):
            return forms.ChoiceField(
                label=label, choices=self._choices(row), widget=forms.RadioSelect, required=needed, error_messages=messages
            )
        if row.type == "int":
            return self._number_field(row, label, required=needed)
        return forms.CharField(label=label, max_length=200, required=needed, error_messages=messages, validators=[check_can_be_seen])

    def _number_field(self, row: ConditionInput, label: str, *, required: bool) -> forms.Field:
        """A whole number; an input that answers a fact, such as the pain, has the limits of that fact."""
        answers = (item.fact for item in self.condition.implies if item.from_input == row.code and not item.map and item.divide == 1)
        fact = self.library.facts.get(next(answers, ""))
        low, high = -360 if row.unit == "degrees" else 0, 100_000
        if fact is not None and fact.min is not None and fact.max is not None:
            low, high = int(fact.min), int(fact.max)
        widget, messages = forms.NumberInput(attrs={"inputmode": "numeric"}), wanted_number(low, high)
        messages["required"] = _("The plan needs this answer.")
        return forms.IntegerField(label=label, min_value=low, max_value=high, widget=widget, required=required, error_messages=messages)

    def _choices(self, row: ConditionInput) -> list[tuple[str, str]]:
        if row.type == "bool":
            return [(YES, _("Yes")), (NO, _("No"))]
        code = f"{self.condition.code}/{row.code}"
        named = ((value, self.names.value("inputs", code, value, row.values)) for value in row.values)
        words = ((value, word.replace("-", " ") if word in row.values else word) for value, word in named)  # a code, or real words
        return [(value, word.upper() if len(word) == 1 else word) for value, word in words]  # the letter of a C- or S-shaped curve

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        shape, bent_twice, upper, lower = OPPOSITE_SIDES
        if cleaned.get(shape) == bent_twice and cleaned.get(upper) and cleaned.get(upper) == cleaned.get(lower):
            self.add_error(lower, _("The two curves of an S bend to opposite sides. Check both answers."))
        return cleaned

    def questions(self) -> tuple[InputQuestion, ...]:
        """The inputs in order, for the template."""
        return tuple(self._question(row) for row in self.rows)

    def _question(self, row: ConditionInput) -> InputQuestion:
        kind = {"enum": "choice", "bool": "choice", "int": "number", "zones": "zones"}.get(row.type, "text")
        field = self[row.code]
        unit = self.names.of("inputs", f"{self.condition.code}/{row.code}", "unit")
        zones = zone_groups(self.library, self.names, field.value() or ()) if kind == "zones" else ()
        # What hangs on another answer is neither needed always nor optional.
        return InputQuestion(kind, field, unit, zones, is_optional=not field.field.required and row.required_when is None)

    def raw_inputs(self) -> dict[str, Any]:
        """The inputs that were answered, as raw values; of a form with errors, those that are right."""
        self.is_valid()  # cleans once; what was refused later stays refused
        found = {row.code: self.cleaned_data.get(row.code) for row in self.rows}
        return {row.code: _raw(row, found[row.code]) for row in self.rows if found.get(row.code) not in (None, "", [])}

    def add_faults(self, faults: tuple[Fault, ...]) -> None:
        """Puts what the method refused beside its field, in the words of the method."""
        for fault in faults:
            name = fault.field.removeprefix("inputs.")
            self.add_error(name if name in self.fields else None, self._in_words(fault, name))

    def _in_words(self, fault: Fault, name: str) -> str:
        if fault.message.startswith("is missing"):
            return _("The plan needs this answer.")
        row = next((row for row in self.rows if row.code == name), None)
        if row is not None and row.stage_of:
            return _("This answer belongs to another stage. Go back and choose that stage, or correct the answer.")
        if fault.field.startswith("facts."):
            question = self.names.of("facts", fault.field.removeprefix("facts."), "question")
            return _("The record says something else about “%(question)s”. Correct the record or this form.") % {"question": question}
        return _("This answer does not fit the chosen stage. Correct it, or choose another stage.")


def wanted_number(low: int, high: int) -> dict[str, str]:
    """What to say instead of the framework's own words when a number is none, or off its limits."""
    words = _("Write a whole number from %(min)s to %(max)s.") % {"min": low, "max": high}
    return {"invalid": words, "min_value": words, "max_value": words}


def is_asked(row: ConditionInput, stage: str) -> bool:
    """Inputs required for other stages only are not asked; those that hang on another input are."""
    tree = row.required_when
    return row.required or tree is None or getattr(tree, "input", None) is not None or input_is_required(row, stage, {})


def typed(row: ConditionInput, raw: Any) -> Any:
    if row.type == "bool":
        return YES if raw else NO
    if row.type == "zones":
        return [f"{item['zone']}|{item['side']}" for item in raw]
    return raw


def _raw(row: ConditionInput, value: Any) -> Any:
    if row.type == "bool":
        return value == YES
    if row.type == "zones":
        return [dict(zip(("zone", "side"), item.split("|"), strict=True)) for item in value]
    return value
