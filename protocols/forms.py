"""What a clinician writes about an entry of the library."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.web.typed import check_lines_can_be_seen
from protocols.actions import Seen
from protocols.states import ReviewState

DIGEST_LENGTH = 64


class ReviewForm(forms.Form):
    """The new state with a note; ``seen`` and ``digest`` say what the person had in front of them."""

    state = forms.ChoiceField(label=gettext_lazy("State"), choices=ReviewState.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("What was checked, and against what. Needed when something must be changed."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "class": "form-control", "aria-describedby": "note-help"}),
        validators=[check_lines_can_be_seen],
    )
    review = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    digest = forms.CharField(widget=forms.HiddenInput, max_length=DIGEST_LENGTH)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("state") == ReviewState.TO_CHANGE and not data.get("note") and "note" not in self.errors:
            self.add_error("note", ValidationError(_("Write what must be changed."), code="required"))
        return data

    def seen(self) -> Seen:
        """What the person saw; of a form that is valid."""
        return Seen(self.cleaned_data["review"], self.cleaned_data["digest"])
