"""One part of the rules of a course: its numbers, each only as strict as shipped or stricter."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from clinic.web.typed import check_lines_can_be_seen
from protocols.presentation.reader import number
from protocols.rulebook.changing import NotStricter
from protocols.rulebook.changing_course import CourseTexts, value_of, with_values, with_words
from protocols.rulebook.course_numbers import Section, Slot, bounds_in_words
from protocols.rulebook.forms.stricter import check_pair

SUSPEND = "suspend/"
RUSSIAN = "_ru"


class CourseForm(forms.Form):
    """The slots of one section. ``made`` of a valid form are the entries with what was written."""

    def __init__(self, data: Any = None, *, section: Section, now: CourseTexts, shipped: Mapping[str, Any]) -> None:
        super().__init__(data, prefix=section.code)
        self.section, self.now, self.shipped = section, now, shipped
        for slot in section.slots:
            self.fields[slot.name] = _choice(slot) if slot.options else _number(slot)
            value = value_of(now.entries, slot)
            self.initial[slot.name] = str(value) if slot.options else int(value) if float(value).is_integer() else value
        self.texts = tuple(code for code in now.entries if code.startswith(SUSPEND)) if section.code == "stops" else ()
        for place, code in enumerate(self.texts):
            self._say(code, now.entries[code]["text"], now.russian["suspend"][place])

    def _say(self, code: str, english: str, russian: str) -> None:
        for ending, text in (("", english), (RUSSIAN, russian)):
            widget = forms.Textarea(attrs={"rows": 2, "class": "form-control short-area"})
            field = forms.CharField(label=_("The course pauses"), max_length=200, widget=widget, validators=[check_lines_can_be_seen])
            self.fields[code.replace("/", "-") + ending], self.initial[code.replace("/", "-") + ending] = field, text

    def rows(self) -> Iterator[tuple[str, list[tuple[Slot, forms.BoundField, str]]]]:
        """The slots by their rows, each with its field and its bounds."""
        for row in dict.fromkeys(str(slot.row) for slot in self.section.slots):
            slots = [slot for slot in self.section.slots if str(slot.row) == row]
            yield row, [(slot, self[slot.name], _bounds(slot)) for slot in slots]

    def word_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        """What pauses the course, English and Russian."""
        return ((self[code.replace("/", "-")], self[code.replace("/", "-") + RUSSIAN]) for code in self.texts)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for code in self.texts:
            check_pair(self, code.replace("/", "-"), code.replace("/", "-") + RUSSIAN)
        if not self.errors:
            try:
                self.made()
            except NotStricter as refused:
                self.add_error(None, str(refused))
        return data

    def made(self) -> CourseTexts:
        """The entries and their Russian as the form asks for them. Raises ``NotStricter``."""
        values = {slot: _typed(slot, self.cleaned_data[slot.name]) for slot in self.section.slots}
        found = with_values(self.now, self.shipped, values)
        for code in self.texts:
            english, russian = (self.cleaned_data[code.replace("/", "-") + ending] for ending in ("", RUSSIAN))
            if english != self.initial[code.replace("/", "-")] or russian != self.initial[code.replace("/", "-") + RUSSIAN]:
                found = with_words(found, code.removeprefix(SUSPEND), english, russian)
        return found


def _number(slot: Slot) -> forms.Field:
    kind: Any = forms.IntegerField if slot.is_whole else forms.FloatField
    widget = forms.NumberInput(attrs={"class": "form-control", "inputmode": "decimal", "step": "any"})
    return kind(label=str(slot.label), min_value=slot.low, max_value=slot.high, localize=False, widget=widget)  # type: ignore[no-any-return]


def _choice(slot: Slot) -> forms.Field:
    choices = [(str(option), _option(option)) for option in slot.options]
    return forms.ChoiceField(label=str(slot.label), choices=choices, widget=forms.Select(attrs={"class": "form-select"}))


def _option(option: Any) -> str:
    if isinstance(option, bool):
        return _("allowed") if option else _("not allowed")
    return {"never": _("never"), "light": _("only light techniques"), "profile": _("as the step says")}[option]


def _typed(slot: Slot, value: Any) -> Any:
    return next(option for option in slot.options if str(option) == value) if slot.options else value


def _bounds(slot: Slot) -> str:
    if slot.options:
        return _("shipped: %(value)s") % {"value": _option(slot.shipped)}
    return bounds_in_words(slot) if slot.low != slot.high else _("shipped %(value)s; as strict as can be") % {"value": number(slot.shipped)}
