"""Forms of lists of patients: the file, and how its columns are read."""

import hashlib
from pathlib import PurePath
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.exchange.importing.checked import Columns
from clinic.exchange.importing.columns import FIELDS, LEFT_OUT, LEFT_OUT_WORDS, told_apart
from clinic.exchange.importing.days import ASK, DAY_FIRST, MONTH_FIRST
from clinic.exchange.importing.reading import MOST_BYTES, Listed, NotAList, read_list

LONGEST_NAME: Final = 200
ORDERS: Final = (
    (DAY_FIRST, gettext_lazy("The day, as in 31.12.1980")),
    (MONTH_FIRST, gettext_lazy("The month, as in 12/31/1980")),
)


class ListField(forms.FileField):
    """Gives a file as it was read; the sentence of one that is no list stands at the field."""

    def clean(self, data: Any, initial: Any = None) -> tuple[Listed, bytes, str]:
        file = super().clean(data, initial)
        content = file.read(MOST_BYTES + 1)
        try:
            return read_list(content), content, PurePath(file.name or "").name[-LONGEST_NAME:]
        except NotAList as broken:
            raise forms.ValidationError(broken.sentence) from broken


class UploadForm(forms.Form):
    """The file with the list."""

    file = ListField(
        label=gettext_lazy("File with the list"),
        help_text=gettext_lazy("CSV with a line of headings, up to 5,000 patients and 2 MB. Nobody is registered by choosing it."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
        allow_empty_file=True,
    )

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the file. Only after ``is_valid``."""
        return hashlib.sha256(self.cleaned_data["file"][1]).hexdigest()


class ColumnsForm(forms.Form):
    """One choice for each column of the file, and which number of a date is the day."""

    def __init__(self, data: Any, *, columns: Columns) -> None:
        super().__init__(data)
        self.columns = columns
        choices = [(LEFT_OUT, LEFT_OUT_WORDS), *FIELDS.items()]
        for place, name in enumerate(told_apart(columns.headings)):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=name,
                choices=choices,
                required=False,
                initial=columns.fields[place],
                widget=forms.Select(attrs={"class": "form-select"}),
            )
        self.fields["order"] = forms.ChoiceField(
            label=_("Which number comes first in the dates of birth?"),
            choices=ORDERS,
            required=False,
            initial="" if columns.order == ASK else columns.order,
            widget=forms.RadioSelect,
        )

    def chosen(self) -> tuple[str, ...]:
        """The field of each column. Only after ``is_valid``."""
        return tuple(self.cleaned_data[f"column-{place}"] for place in range(len(self.columns.headings)))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        found: dict[str, int] = {}
        for place in range(len(self.columns.headings)):
            name = cleaned.get(f"column-{place}") or LEFT_OUT
            if name != LEFT_OUT and name in found:
                other = told_apart(self.columns.headings)[found[name]]
                self.add_error(f"column-{place}", _("“%(heading)s” is this already. Leave one of them out.") % {"heading": other})
            found.setdefault(name, place)
        return cleaned
