"""The forms about care: why a record is opened, whether that was right, whom to put in, and the clinic's rule."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from clinic.staff.models import RecordAccess, User
from clinic.staff.permissions import ActionDenied
from clinic.web.typed import check_lines_can_be_seen
from patients.care.actions.opening import check_says_why
from patients.care.queries import colleagues_to_put_in
from patients.models import BreakGlass, Patient


class OpenForm(forms.Form):
    """Why somebody outside of care needs the record."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why do you need it?"),
        choices=BreakGlass.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a reason.")},
    )
    words = forms.CharField(
        label=gettext_lazy("In a sentence"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[check_lines_can_be_seen],
        help_text=gettext_lazy("The clinical lead reads this, and the patient when asking who opened the record."),
        error_messages={"required": gettext_lazy("Say in a sentence why the record is needed.")},
    )

    def clean_words(self) -> str:
        try:
            return check_says_why(self.cleaned_data["words"])
        except ActionDenied as short:
            raise forms.ValidationError(short.sentence, code="short") from short


class JudgeForm(forms.Form):
    """Whether it was right to open the record."""

    verdict = forms.TypedChoiceField(
        label=gettext_lazy("Was there a good reason?"),
        choices=[
            ("yes", pgettext_lazy("opening of a record", "Justified")),
            ("no", pgettext_lazy("opening of a record", "Not justified")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say whether there was a good reason.")},
    )
    words = forms.CharField(
        label=gettext_lazy("In words"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        validators=[check_lines_can_be_seen],
        error_messages={"required": gettext_lazy("Say in words how you come to it.")},
    )


class MemberForm(forms.Form):
    """A colleague to put into care."""

    user = forms.ModelChoiceField(
        label=gettext_lazy("Colleague"), queryset=User.objects.none(), error_messages={"required": gettext_lazy("Choose a colleague.")}
    )

    def __init__(self, data: Any, *, patient: Patient, actor: User) -> None:
        super().__init__(data)
        field: Any = self.fields["user"]
        field.queryset = colleagues_to_put_in(patient, but=actor)
        field.label_from_instance = lambda user: user.full_name


class RuleForm(forms.Form):
    """Who opens records at the clinic; ``before`` is what the page showed."""

    rule = forms.ChoiceField(label=gettext_lazy("Who opens records"), choices=RecordAccess.choices, widget=forms.RadioSelect)
    before = forms.CharField(widget=forms.HiddenInput)
