"""The form that closes a session: what was given otherwise than planned, how it was, and what to remember. Everything may stay empty."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clinic.courses.actions import Felt
from clinic.courses.given import HurtAt, Played
from clinic.courses.record_content import corrected
from clinic.courses.record_sheet import SEPARATOR, RecordSheet, hurt_value
from clinic.courses.states import EXPECTED_REACTIONS, Reaction, Reading, SkipReason, StopReason, Warmth
from clinic.web.typed import check_lines_can_be_seen
from protocols.method.places import Place

NOT_ASKED: Final = ("", gettext_lazy("Not asked"))
MARKS: Final = [NOT_ASKED, *((str(mark), str(mark)) for mark in range(11))]
LEFT: Final = "left-"
READING: Final = "reading-"
LONGEST_NOTE: Final = 2000


class ScaleField(forms.IntegerField):
    """A mark from 0 to 10 as a row of keys; ``low`` and ``high`` say what the ends mean. Empty is: nobody asked."""

    def __init__(self, label: Any, low: Any, high: Any) -> None:
        wanted = gettext_lazy("Write a whole number from 0 to 10, or leave it empty.")
        messages = {"invalid": wanted, "min_value": wanted, "max_value": wanted}
        widget = forms.RadioSelect(choices=MARKS)
        super().__init__(label=label, min_value=0, max_value=10, required=False, error_messages=messages, widget=widget)
        self.low, self.high = low, high


def _pain(label: Any) -> ScaleField:
    return ScaleField(label, gettext_lazy("none"), gettext_lazy("the worst imaginable"))


class RecordForm(forms.Form):
    """How a session was. ``sheet`` says what is asked beside the marks."""

    comfort = ScaleField(gettext_lazy("Comfort of the session"), gettext_lazy("very unpleasant"), gettext_lazy("very pleasant"))
    pain_before = _pain(gettext_lazy("Pain before"))
    pain_after = _pain(gettext_lazy("Pain after"))
    wellbeing = ScaleField(gettext_lazy("Well-being after"), gettext_lazy("very bad"), gettext_lazy("very good"))
    warmth = forms.ChoiceField(
        label=gettext_lazy("Warmth of the skin after"), choices=[NOT_ASKED, *Warmth.choices], widget=forms.RadioSelect, required=False
    )
    reactions = forms.MultipleChoiceField(
        label=gettext_lazy("Reactions"), choices=Reaction.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    bad_reaction = forms.BooleanField(label=gettext_lazy("Count it as a bad reaction"), required=False)
    stop_reason = forms.ChoiceField(
        label=gettext_lazy("Stopped before its end, because"),
        choices=[("", pgettext_lazy("session", "not stopped")), *StopReason.choices],
        widget=forms.Select(attrs={"class": "form-select"}),
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("In words"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        validators=[check_lines_can_be_seen],
    )

    def __init__(self, data: QueryDict | None = None, *, sheet: RecordSheet, initial: Mapping[str, Any] | None = None) -> None:
        self.sheet = sheet
        first = {"pain_before": sheet.pain_before, "stop_reason": sheet.stop_reason}
        super().__init__(data, initial={**first, **(initial or {})})
        self.fields["hurts"] = forms.MultipleChoiceField(
            label=_("Where it hurt"), choices=sheet.places, widget=forms.CheckboxSelectMultiple, required=False
        )
        self.fields["slips"] = forms.MultipleChoiceField(
            label=_("Pressed by mistake"), choices=sheet.hurt_marks, widget=forms.CheckboxSelectMultiple, required=False
        )
        stop_reason = self.fields["stop_reason"]
        if sheet.stop_reason and isinstance(stop_reason, forms.ChoiceField):
            stop_reason.choices = StopReason.choices
        for row in sheet.rows:
            self._add_row(row.index, f"{row.place}: {row.technique}")
        for code, (before, low, high) in sheet.readings.items():
            self._add_reading(code, before, low, high)

    def _add_row(self, index: int, label: str) -> None:
        choices = [("", _("as shown")), *((code, _("left out: %(why)s") % {"why": word}) for code, word in SkipReason.choices)]
        select = forms.Select(attrs={"class": "form-select"})
        self.fields[f"{LEFT}{index}"] = forms.ChoiceField(label=label, choices=choices, required=False, widget=select)

    def _add_reading(self, code: str, before: int | None, low: int, high: int) -> None:
        wanted = _("Write a whole number from %(min)s to %(max)s, or leave it empty.") % {"min": low, "max": high}
        self.fields[f"{READING}{code}"] = forms.IntegerField(
            label=Reading(code).label,
            min_value=low,
            max_value=high,
            initial=before,
            required=False,
            widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "form-control"}),
            error_messages={"invalid": wanted, "min_value": wanted, "max_value": wanted},
        )

    # For the template -----------------------------------------------------------------------------------------------------
    def rows(self) -> Iterable[tuple[Any, forms.BoundField]]:
        """Each row of the plan with its field; one that the player knows was left out has none."""
        return [(row, self[f"{LEFT}{row.index}"]) for row in self.sheet.rows if not row.reason]

    def readings(self) -> list[forms.BoundField]:
        """The fields of what is measured."""
        return [self[f"{READING}{code}"] for code in self.sheet.readings]

    def expected(self) -> list[Any]:
        """The keys of the reactions that are expected and pass."""
        return [each for each in self["reactions"] if each.data["value"] in EXPECTED_REACTIONS]

    def bad(self) -> list[Any]:
        """The keys of the others."""
        return [each for each in self["reactions"] if each.data["value"] not in EXPECTED_REACTIONS]

    def is_told_otherwise(self) -> bool:
        """Whether something is said that stands behind the fold of what was given otherwise."""
        names = [f"{LEFT}{row.index}" for row in self.sheet.rows]
        return any(self[name].value() for name in names) or (self["stop_reason"].value() or "") != self.sheet.stop_reason

    # For the action -------------------------------------------------------------------------------------------------------
    def felt(self) -> Felt:
        """How it was, of a valid form."""
        said = self.cleaned_data
        readings = {code: said[f"{READING}{code}"] for code in self.sheet.readings}
        return Felt(
            **{name: said[name] for name in ("comfort", "pain_before", "pain_after", "wellbeing", "warmth", "bad_reaction", "note")},
            reactions=tuple(said["reactions"]),
            readings={code: value for code, value in readings.items() if value is not None},
            hurts=tuple(HurtAt(_place(value)) for value in said["hurts"]),
        )

    def put_right(self, given: Played) -> Played:
        """What was given, with what the form says of it."""
        told = {row.index: self.cleaned_data[f"{LEFT}{row.index}"] for row in self.sheet.rows}
        left_out = {index: reason for index, reason in told.items() if reason}
        hurts = tuple(hurt for hurt in given.hurts if hurt_value(hurt) not in self.cleaned_data["slips"])
        right = replace(given, hurts=hurts)
        return corrected(right, left_out, self.cleaned_data["stop_reason"] or given.stop_reason)  # a stop is never unsaid

    def told(self, given: Played) -> Played | None:
        """The same of a session without the player; None where nobody said that anything was different: no rows are made up for it."""
        right = self.put_right(given)
        return None if right.is_as_planned else right


def _place(value: str) -> Place:
    """The place of a choice that the form offered."""
    zone, _separator, side = value.partition(SEPARATOR)
    told: Any = side
    return Place(zone, told)


def draft_of(data: QueryDict, names: Iterable[str]) -> dict[str, Any]:
    """What is typed so far, to be kept and shown again: a list where several answers were sent. Nothing else of what was sent is kept."""
    kept = {}
    for name in names:
        said = [whole[:LONGEST_NOTE] for each in data.getlist(name)[:60] if (whole := each.replace("\0", ""))]  # which PostgreSQL refuses
        if said:
            kept[name] = said if name in ("reactions", "hurts", "slips") else said[0]
    return kept
