"""Forms of the pages by which a patient fills in the intake form alone, and of staff who read what came in."""

from datetime import date
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clinic.web.typed import check_can_be_seen
from patients.actions import unread_sentence

OLDEST_YEAR: Final = 1900


class BirthDateForm(forms.Form):
    """The birth date in three numbers: a calendar is slow for a year long ago, and its order differs from country to country."""

    day = forms.IntegerField(label=pgettext_lazy("of a birth date", "Day"), min_value=1, max_value=31)
    month = forms.IntegerField(label=pgettext_lazy("of a birth date", "Month"), min_value=1, max_value=12)
    year = forms.IntegerField(label=pgettext_lazy("of a birth date", "Year"), min_value=OLDEST_YEAR, max_value=2100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, digits in (("day", 2), ("month", 2), ("year", 4)):
            field = self.fields[name]
            field.widget = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": digits, "autocomplete": "off"})
            field.error_messages |= dict.fromkeys(
                ("required", "invalid", "min_value", "max_value"), _("Write the date of birth in numbers.")
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            try:
                cleaned["born_on"] = date(cleaned["year"], cleaned["month"], cleaned["day"])
            except ValueError:
                raise forms.ValidationError(_("There is no such day. Check the date.")) from None
        return cleaned


class AloneDeclarationForm(forms.Form):
    """The patient's own declaration. ``seen`` tells which answers the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    given_by = forms.ChoiceField(
        label=gettext_lazy("Who answered?"),
        choices=(("patient", gettext_lazy("I, for myself")), ("guardian", gettext_lazy("I, as a parent, guardian or representative"))),
        widget=forms.RadioSelect,
    )
    declared = forms.BooleanField(
        label=gettext_lazy("These answers are true as far as I know, and I will tell the clinic when something changes."),
        error_messages={"required": gettext_lazy("Tick this to send your answers.")},
    )

    def __init__(self, data: Any, *, seen: str, is_child: bool) -> None:
        super().__init__(data)
        self.seen_now = seen
        if is_child:  # for a child a parent or guardian answers: library, intake.toml, "who"
            given_by = self.fields["given_by"]
            given_by.choices = given_by.choices[1:]  # type: ignore[attr-defined]
            given_by.error_messages["required"] = _("For a child, a parent or guardian must answer.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("seen") != self.seen_now:
            raise forms.ValidationError(unread_sentence())
        return cleaned


class PutAsideForm(forms.Form):
    """Why a form that the patient sent in is put aside."""

    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=400, validators=[check_can_be_seen], widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class FactSourceForm(forms.Form):
    """Who gave single answers outside of the intake form."""

    given_by = forms.ChoiceField(
        label=gettext_lazy("Who says so"),
        choices=(
            ("patient", gettext_lazy("The patient")),
            ("guardian", gettext_lazy("A parent, guardian or legal representative")),
            ("doctor", gettext_lazy("A doctor, on a document")),
            ("measured", gettext_lazy("Measured here")),
        ),
        widget=forms.RadioSelect,
    )
