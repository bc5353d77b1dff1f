"""The small forms on which a course or a session is moved: a reason, words, or another therapist."""

from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.courses.actions import Lost, Why
from clinic.courses.queries import therapists_of
from clinic.courses.states import CourseReason, SessionState
from clinic.staff.models import Clinic, User
from clinic.web.typed import check_lines_can_be_seen

LONGEST_NOTE: Final = 1000
# A finding suspends by itself and the doctor decides on a page of the doctor's: nobody gives these as a reason of their own.
NOBODYS: Final = (CourseReason.FINDING, CourseReason.DOCTOR, CourseReason.EDITION)
OF_STAFF: Final = [(code, label) for code, label in CourseReason.choices if code not in NOBODYS]
ENDING: Final = [*OF_STAFF[:-1], (CourseReason.DOCTOR.value, CourseReason.DOCTOR.label), OF_STAFF[-1]]
PAUSING: Final = [(code, label) for code, label in OF_STAFF if code not in (CourseReason.GOAL, CourseReason.NO_EFFECT)]


def _words(label: Any, *, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, max_length=LONGEST_NOTE, required=required, widget=forms.Textarea(attrs={"rows": 3}),
        validators=[check_lines_can_be_seen],
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why a course is paused or ended."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    note = _words(_("In a few words"), help_text=_("Needed for another reason than those listed."))

    def __init__(self, data: QueryDict | None, *, reasons: list[tuple[str, Any]]) -> None:
        super().__init__(data)
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]  # a choice field

    def why(self) -> Why:
        """What was entered, for the action."""
        return Why(self.cleaned_data["reason"], self.cleaned_data["note"])


class PauseForm(ReasonForm):
    """Why a course is paused, and what becomes of the dates that are booked (``dates`` of them)."""

    gives_dates_up = forms.BooleanField(label=_("Give up the dates that are booked"), required=False)

    def __init__(self, data: QueryDict | None, *, dates: int) -> None:
        super().__init__(data, reasons=PAUSING)
        if not dates:
            del self.fields["gives_dates_up"]


class NoteForm(forms.Form):
    """One field of words, which must be filled in."""

    note = _words(_("Reason"), required=True)


class QuestionForm(forms.Form):
    """What a therapist asks the doctor."""

    question = _words(_("Question to the doctor"), required=True, help_text=_("The doctor sees the course and what was felt beside it."))


class LostForm(forms.Form):
    """What became of a session that was not given."""

    state = forms.ChoiceField(
        label=_("What happened"),
        choices=[
            (SessionState.MISSED.value, pgettext_lazy("session", "The patient did not come")),
            (SessionState.CANCELLED.value, pgettext_lazy("session", "Cancelled too late")),
        ],
        widget=forms.RadioSelect,
    )
    note = _words(_("In a few words"))

    def lost(self) -> Lost:
        """What was entered, for the action."""
        return Lost(SessionState(self.cleaned_data["state"]), self.cleaned_data["note"])


class TherapistForm(forms.Form):
    """Who gives the course from now on."""

    therapist = forms.ModelChoiceField(queryset=User.objects.none(), label=_("Therapist"), widget=forms.RadioSelect, empty_label=None)
    note = _words(_("What the next therapist should know"))

    def __init__(self, data: QueryDict | None, *, clinic: Clinic, but: int | None) -> None:
        super().__init__(data)
        field = self.fields["therapist"]
        field.queryset = therapists_of(clinic).exclude(pk=but or 0)  # type: ignore[attr-defined]  # a model choice field
        field.label_from_instance = lambda user: user.full_name  # type: ignore[attr-defined]  # the same
        if not field.queryset.exists():  # type: ignore[attr-defined]  # the same
            field.help_text = _("Nobody else at this clinic gives courses. An administrator can invite a colleague.")
