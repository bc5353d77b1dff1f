"""The forms of the doctor's pages: what is decided about a review, and a plan that was signed on paper."""

from datetime import date
from typing import Any, Final, cast

from django import forms
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.courses.models import CourseReview
from clinic.web.typed import check_can_be_seen, check_lines_can_be_seen
from patients.upload_fields import UploadField
from patients.uploads import Upload

LONGEST_NOTE: Final = 1000


class DecisionForm(forms.Form):
    """The doctor's own words with a decision that lifts findings: rules ask the document to name the medicine or the reason."""

    words = forms.CharField(
        label=gettext_lazy("What your decision rests on"), max_length=600, validators=[check_lines_can_be_seen],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The medicine, the reason, what you saw yourself. It stands with the document for everybody who treats."),
        error_messages={"required": gettext_lazy("Write what the decision rests on: the medicine, the reason, or what you saw yourself.")},
    )  # fmt: skip


class ReviewForm(forms.Form):
    """What the doctor decides about a review or a question; words are needed for a change and a stop."""

    decision = forms.ChoiceField(label=gettext_lazy("Decision"), choices=CourseReview.Decision.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("In a few words"), required=False, max_length=LONGEST_NOTE, validators=[check_lines_can_be_seen],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Needed for a change or a stop: the therapist reads it."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        decision = cleaned.get("decision")
        if decision and decision != CourseReview.Decision.GO_ON and not cleaned.get("note", "").strip():
            self.add_error("note", _("Write what is to be changed, or why the course stops."))
        return cleaned


class SignedPrintForm(forms.Form):
    """What stands on a printed plan that came back signed."""

    doctor = forms.CharField(
        label=gettext_lazy("Doctor who signed on paper"), max_length=160, validators=[check_can_be_seen],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    licence = forms.CharField(
        label=gettext_lazy("Licence or stamp number"), max_length=120, required=False, validators=[check_can_be_seen],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    signed_on = forms.DateField(
        label=gettext_lazy("Signed on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )  # fmt: skip
    fingerprint = forms.CharField(
        label=gettext_lazy("Plan number on the paper"), max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("The twelve characters after the word “plan” at the foot of each page."),
    )  # fmt: skip
    file = UploadField()

    def __init__(self, data: QueryDict | None, files: MultiValueDict[str, Any] | None, *, today: date) -> None:
        super().__init__(data, files)
        self.today = today

    def clean_signed_on(self) -> date:
        signed_on = cast("date", self.cleaned_data["signed_on"])
        if signed_on > self.today:
            raise forms.ValidationError(_("A paper cannot have been signed on a day that is still ahead."))
        return signed_on

    def upload(self) -> Upload:
        """The scan, made harmless."""
        return cast("Upload", self.cleaned_data["file"])
