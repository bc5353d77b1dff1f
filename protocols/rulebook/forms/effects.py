"""One more effect of a rule, out of the closed set that only narrows a plan: a form for each kind."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.web.typed import check_lines_can_be_seen
from protocols.presentation.reader import LibraryReader
from protocols.rulebook.changing import Raw
from protocols.rulebook.changing_rules import ADDABLE
from protocols.rulebook.forms.stricter import check_pair

# Shown as headings, in the order of the page.
KINDS: Final = {
    "exclude-zones": gettext_lazy("Leave zones out"),
    "exclude-families": gettext_lazy("Leave families of techniques out"),
    "exclude-techniques": gettext_lazy("Leave single techniques out"),
    "exclude-supplements": gettext_lazy("Leave supplementary methods out"),
    "max-pressure": gettext_lazy("Cap the pressure"),
    "max-minutes": gettext_lazy("Cap the minutes"),
    "force-mode": gettext_lazy("Calm work only"),
    "forbid-positions": gettext_lazy("Bar positions"),
    "lower-dose": gettext_lazy("Step back on the ladder of doses"),
    "require-measure": gettext_lazy("Ask for a reading first"),
    "advice": gettext_lazy("Give advice"),
}
TOPICS: Final = {
    "note": gettext_lazy("Note"),
    "aftercare": gettext_lazy("Aftercare"),
    "monitor": gettext_lazy("To be watched"),
    "product": gettext_lazy("Oils and creams"),
    "consent": gettext_lazy("Consent"),
    "position": gettext_lazy("Position"),
}
LEVELS: Final = [(level, level) for level in (1, 2, 3, 4)]
LONGEST_SESSION: Final = 90
RUSSIAN: Final = "text_ru"


class EffectForm(forms.Form):
    """The fields of one kind of effect. ``effect`` of a valid form is the raw effect."""

    def __init__(self, data: Any = None, *, kind: str, reader: LibraryReader) -> None:
        super().__init__(data, prefix=kind)
        self.kind, self.reader = kind, reader
        self.title = KINDS[kind]
        FIELDS[kind](self)

    def pick(self, name: str, label: str, choices: Iterable[tuple[str, Any]], *, required: bool = True) -> None:
        """Several of a list, to be ticked."""
        self.fields[name] = forms.MultipleChoiceField(
            label=label, choices=list(choices), required=required, widget=forms.CheckboxSelectMultiple
        )

    def choose(self, name: str, label: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """One of a list."""
        self.fields[name] = forms.ChoiceField(label=label, choices=list(choices), widget=forms.Select(attrs={"class": "form-select"}))

    def count(self, name: str, label: str, most: int) -> None:
        """A whole number from 1."""
        widget = forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"})
        self.fields[name] = forms.IntegerField(label=label, min_value=1, max_value=most, widget=widget)

    def write(self, name: str, label: str) -> None:
        """A sentence."""
        widget = forms.Textarea(attrs={"rows": 2, "class": "form-control short-area"})
        self.fields[name] = forms.CharField(label=label, max_length=200, widget=widget, validators=[check_lines_can_be_seen])

    def zones(self, *, required: bool) -> None:
        """Zones in the order of the body."""
        label = _("Zones") if required else _("Only in these zones (none: everywhere)")
        self.pick("zones", label, ((code, self.reader.names.of("zones", code)) for code in self.reader.library.zones), required=required)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if RUSSIAN in self.fields:
            check_pair(self, "text", RUSSIAN)
        return data

    def effect(self) -> Raw:
        """The raw effect of a valid form."""
        data = {name: value for name, value in self.cleaned_data.items() if value not in ("", [], None) and name != RUSSIAN}
        if "level" in data:
            data["level"] = int(data["level"])
        return {"type": self.kind, **({"mode": "calming"} if self.kind == "force-mode" else {}), **data}

    def russian(self) -> str:
        """The Russian of a piece of advice."""
        return str(self.cleaned_data.get(RUSSIAN, ""))


def _named(form: EffectForm, kind: str, table: Iterable[str]) -> Iterable[tuple[str, str]]:
    return ((code, form.reader.names.of(kind, code)) for code in table)


def _families(form: EffectForm) -> None:
    form.pick("families", _("Families of techniques"), _named(form, "families", form.reader.library.families))
    form.zones(required=False)


def _supplements(form: EffectForm) -> None:
    library = form.reader.library
    classes = _named(form, "supplement-classes", library.supplement_classes)
    single = (row for row in _named(form, "supplements", library.supplements) if row[0] not in library.supplement_classes)
    form.pick("supplements", _("Supplementary methods and their classes"), [*classes, *single])


def _pressure(form: EffectForm) -> None:
    form.choose("level", _("Pressure at most"), LEVELS)
    form.zones(required=False)


def _measures(form: EffectForm) -> None:
    facts = (code for code, fact in form.reader.library.facts.items() if fact.asked == "measured")
    form.pick("facts", _("Readings"), ((code, form.reader.names.of("facts", code, "question")) for code in facts))


def _advice(form: EffectForm) -> None:
    form.choose("topic", _("What it is about"), TOPICS.items())
    form.write("text", _("Advice, English"))
    form.write(RUSSIAN, _("Advice, Russian"))


FIELDS: Final[Mapping[str, Callable[[EffectForm], None]]] = {
    "exclude-zones": lambda form: form.zones(required=True),
    "exclude-families": _families,
    "exclude-techniques": lambda form: form.pick("techniques", _("Techniques"), _named(form, "techniques", form.reader.library.techniques)),
    "exclude-supplements": _supplements,
    "max-pressure": _pressure,
    "max-minutes": lambda form: form.count("minutes", _("Minutes at most"), LONGEST_SESSION),
    "force-mode": lambda form: form.zones(required=False),
    "forbid-positions": lambda form: form.pick("positions", _("Positions"), _named(form, "positions", form.reader.library.positions)),
    "lower-dose": lambda form: form.count("steps", _("Steps back"), form.reader.library.course.phases.max_down),
    "require-measure": _measures,
    "advice": _advice,
}


def effect_forms(reader: LibraryReader, bound: EffectForm | None = None) -> tuple[EffectForm, ...]:
    """A form for each kind that can be added, with the one that was sent in its place."""
    return tuple(bound if bound is not None and bound.kind == kind else EffectForm(kind=kind, reader=reader) for kind in ADDABLE)
