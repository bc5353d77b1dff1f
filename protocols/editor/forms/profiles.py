"""A mix of techniques of the clinic's own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from clinic.web.typed import check_can_be_seen
from protocols.editor.choices import level_choices, profile_choices
from protocols.editor.desk import VariantDesk
from protocols.editor.forms.base import VersionedForm, line, select
from protocols.editor.profiles import HUNDRED, in_order
from protocols.method.vocabulary import FAMILIES, TEMPOS
from protocols.presentation.words import upper_first
from protocols.wording_codes import WORDS

LONGEST_NAME: Final = 80
STRONGEST: Final = 4


class NewProfileForm(VersionedForm):
    """A copy of a mix under a name of its own, in both languages."""

    def __init__(self, data: Any = None, *, desk: VariantDesk) -> None:
        super().__init__(data, version=desk.variant.version, place="new")
        self.fields["source"] = select(_("Begin with"), profile_choices(desk))
        self.fields["name"] = line(_("English name"), max_length=LONGEST_NAME, validators=[check_can_be_seen])
        self.fields["name_ru"] = line(_("Russian name"), max_length=LONGEST_NAME, validators=[check_can_be_seen])


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One family of a mix: its field and its code for the drawing."""

    field: forms.BoundField
    code: str


class ProfileForm(VersionedForm):
    """Names, percent of each family, pressure and tempo of a mix of the clinic's own."""

    def __init__(self, data: Any = None, *, desk: VariantDesk, profile: Mapping[str, Any]) -> None:
        super().__init__(data, version=desk.variant.version, place="mix")
        self.profile = profile
        self.fields["name"] = line(_("English name"), max_length=LONGEST_NAME, validators=[check_can_be_seen])
        self.fields["name_ru"] = line(_("Russian name"), max_length=LONGEST_NAME, validators=[check_can_be_seen])
        for family in FAMILIES:
            attrs = {"class": "form-control num", "inputmode": "numeric", "min": 0, "max": HUNDRED}
            label = upper_first(desk.reader.names.of("families", family))
            widget = forms.NumberInput(attrs=attrs)
            self.fields[family] = forms.IntegerField(label=label, min_value=0, max_value=HUNDRED, required=False, widget=widget)
        for key, label in (("low", _("Pressure from")), ("high", _("Pressure to"))):
            widget_of_level = forms.Select(attrs={"class": "form-select"})
            self.fields[key] = forms.TypedChoiceField(label=label, choices=level_choices(STRONGEST), coerce=int, widget=widget_of_level)
        self.fields["tempo"] = select(_("Tempo"), [(code, WORDS[code]()) for code in TEMPOS])
        low, high = profile["pressure"]
        self.initial = {**self.initial, "name": profile["name"], "name_ru": desk.profile_words(profile["code"]), "low": low, "high": high}
        self.initial = {**self.initial, "tempo": profile["tempo"], **profile["shares"]}

    def shares(self) -> Iterator[ShareRow]:
        """The families in the clinical order."""
        return (ShareRow(self[family], family) for family in FAMILIES)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not any(family in self.errors for family in FAMILIES):
            total = sum(data.get(family) or 0 for family in FAMILIES)
            if total != HUNDRED:
                self.add_error(None, _("The percents must be 100 together. They are %(total)s.") % {"total": total})
        if data.get("low") and data.get("high") and data["low"] > data["high"]:
            self.add_error("high", _("The pressure ends below where it begins."))
        return data

    def row(self) -> dict[str, Any]:
        """The mix as typed; of a form that is valid."""
        data = self.cleaned_data
        shares = in_order({family: data.get(family) or 0 for family in FAMILIES})
        typed = {"name": data["name"], "shares": shares, "pressure": [data["low"], data["high"]], "tempo": data["tempo"]}
        return {**self.profile, **typed}
