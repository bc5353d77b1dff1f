"""What a case of a rule says, in both languages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from clinic.web.typed import check_can_be_seen
from protocols.rulebook.forms.stricter import check_pair

LONGEST = 190


class SaysForm(forms.Form):
    """One sentence in English and in Russian."""

    says = forms.CharField(
        label=gettext_lazy("The case in one sentence, English"), min_length=16, max_length=LONGEST, validators=[check_can_be_seen],
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )  # fmt: skip
    says_ru = forms.CharField(
        label=gettext_lazy("The case in one sentence, Russian"), min_length=12, max_length=LONGEST, validators=[check_can_be_seen],
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        check_pair(self, "says", "says_ru")
        return data
