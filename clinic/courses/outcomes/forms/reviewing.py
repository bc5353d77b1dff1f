"""What the doctor decides about a review, with the stage that a change leads to."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.courses.doctor_forms import ReviewForm
from clinic.courses.models import CourseReview


class StageReviewForm(ReviewForm):
    """The decision; a change may name a neighbouring stage, which then stands first in the note that the therapist reads."""

    field_order = ("decision", "stage", "note")
    stage = forms.ChoiceField(label=gettext_lazy("Stage from now on"), required=False, widget=forms.RadioSelect)

    def __init__(self, data: QueryDict | None, *, stages: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.names = dict(stages)
        if stages:
            self.fields["stage"].choices = [("", _("as now")), *stages]  # type: ignore[attr-defined]  # a choice field
        else:
            del self.fields["stage"]

    def clean(self) -> dict[str, object]:
        """A stage is words enough for a change; with another decision it would be lost, so it is refused."""
        stage = self.cleaned_data.get("stage", "")
        if not stage:
            return super().clean()
        if self.cleaned_data.get("decision") not in (None, CourseReview.Decision.CHANGE):
            self.add_error("stage", _("A stage goes with the decision to change the plan."))
        named = _("Stage: %(stage)s") % {"stage": self.names[stage]}
        note = str(self.cleaned_data.get("note", "")).strip()
        self.cleaned_data["note"] = f"{named}\n{note}".strip()
        return super().clean()
