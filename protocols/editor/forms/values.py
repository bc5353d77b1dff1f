"""The values of a stage, a group at a time: limits, dose, course."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from protocols.editor.forms.base import VersionedForm, select, whole
from protocols.editor.value_words import bounds_words, label_of, level_words, said
from protocols.editor.values import LEVELS, Value, bounds, read_at, tempos, values_of, written_at
from protocols.method.inspection.stages import UNIT_TOLERANCE_MINUTES
from protocols.presentation.reader import number
from protocols.wording_codes import WORDS

Stage = Mapping[str, Any]
MODES: Final = {"calm": "calming", "neutral": "neutral", "tonic": "tonic"}


@dataclass(frozen=True, slots=True)
class ValueRow:
    """One value on the page: its field, what ships, what is allowed, whether ours differs."""

    field: forms.BoundField
    shipped: str
    allowed: str
    is_changed: bool


class ValuesForm(VersionedForm):
    """One group of values of a stage beside what ships. ``minutes_per_unit`` is the length of a massage unit."""

    def __init__(self, data: Any = None, *, group: str, own: Stage, shipped: Stage, version: int, minutes_per_unit: float = 10) -> None:
        super().__init__(data, version=version, place=group)
        self.group, self.own, self.shipped, self.minutes_per_unit = group, own, shipped, minutes_per_unit
        self.values = values_of(group, shipped)
        for value in self.values:
            self.fields[value.name] = self._field(value)
            self.initial[value.name] = read_at(own, value.path)

    def _field(self, value: Value) -> forms.Field:
        label, ships = label_of(value, self.shipped), read_at(self.shipped, value.path)
        if value.kind == "tempo":
            return select(label, [(code, WORDS[code]()) for code in tempos(ships)])
        if value.kind == "level":
            levels = [(level, level_words(level)) for level in range(1, LEVELS + 1)]
            widget = forms.Select(attrs={"class": "form-select"})
            return forms.TypedChoiceField(label=label, choices=levels, coerce=int, widget=widget)
        low, high = bounds(value, ships)
        if value.kind == "number":
            attrs = {"class": "form-control num", "inputmode": "decimal", "step": "0.5", "min": str(low), "max": str(high)}
            return forms.FloatField(label=label, localize=False, widget=forms.NumberInput(attrs=attrs))
        return whole(label, low=low, high=high)

    def rows(self) -> Iterator[ValueRow]:
        """The values with what stands beside each."""
        for value in self.values:
            ships = read_at(self.shipped, value.path)
            is_changed = read_at(self.own, value.path) != ships
            yield ValueRow(self[value.name], said(value, ships), bounds_words(value, ships), is_changed)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for value in self.values:
            if (typed := data.get(value.name)) is not None:
                self._check_bounds(value, typed)
        if not self.errors:
            checks = {"limits": self._check_limits, "dose": self._check_dose, "course": self._check_course}
            checks[self.group](data)
        return data

    def _check_bounds(self, value: Value, typed: Any) -> None:
        ships = read_at(self.shipped, value.path)
        if value.kind == "tempo" or (value.word == "repeat" and typed == 0):
            return
        low, high = bounds(value, ships)
        if value.word == "repeat" and ships == 0:
            self.add_error(value.name, _("This course is looked at again, not repeated. A clinic may not shorten that: leave 0."))
        elif high is not None and typed > high:
            self.add_error(value.name, _("The shipped protocol allows %(most)s at most.") % {"most": said(value, high)})
        elif typed < low:
            self.add_error(value.name, _("It must be %(least)s at least.") % {"least": said(value, low)})

    def _check_limits(self, data: Mapping[str, Any]) -> None:
        build_up, working = data.get("pressure-build_up"), data.get("pressure-working")
        if build_up is not None and working is not None and not build_up <= working <= data["pressure_max"]:
            self.add_error("pressure-working", _("Pressure rises from the beginning of the course on, up to the highest level."))

    def _check_dose(self, data: Mapping[str, Any]) -> None:
        first, full, most = (data[f"minutes-{word}"] for word in ("first", "full", "max"))
        if not first <= full <= most:
            self.add_error("minutes-full", _("The first session is the shortest, and none is longer than the highest value."))
        room = UNIT_TOLERANCE_MINUTES
        wanted = self.minutes_per_unit * data["units"]
        if abs(full - wanted) > room:
            words = {"units": number(data["units"]), "low": number(wanted - room), "high": number(wanted + room)}
            self.add_error(
                "units", _("%(units)s units stand for a full session of %(low)s to %(high)s minutes. Change one of the two.") % words
            )

    def _check_course(self, data: Mapping[str, Any]) -> None:
        if not data["sessions-min"] <= data["sessions-usual"] <= data["sessions-max"]:
            self.add_error("sessions-usual", _("The usual number of sessions lies between the least and the most."))
        if data["cadence-every_days_min"] > data["cadence-every_days_max"]:
            self.add_error("cadence-every_days_max", _("The longest pause cannot be shorter than the shortest."))

    def stage(self) -> dict[str, Any]:
        """The stage with the values as typed; of a form that is valid."""
        found = dict(self.own)
        for value in self.values:
            found = written_at(found, value.path, self.cleaned_data[value.name])
        return fitted(found, self.own, self.shipped) if self.group == "limits" else found

    def said(self) -> str:
        """What changed, in a few words for the history."""
        found = []
        for value in self.values:
            old, new = read_at(self.own, value.path), self.cleaned_data[value.name]
            if old != new:
                found.append(f"{label_of(value, self.shipped)}: {said(value, old)} → {said(value, new)}")
        return "; ".join(found)


def fitted(stage: Stage, before: Stage, shipped: Stage) -> dict[str, Any]:
    """The stage with what follows from its limits: no place is pressed harder than the stage, and its aim goes with its tempo."""
    found = dict(stage)
    if "pressure_max_at" in stage:
        found["pressure_max_at"] = [{**row, "level": min(row["level"], stage["pressure_max"])} for row in stage["pressure_max_at"]]
    if stage["tempo"] != before["tempo"]:
        found["mode"] = shipped["mode"] if stage["tempo"] == shipped["tempo"] else MODES[stage["tempo"]]
    return found
