"""Forms about people. Only the fields named here can be set by a request."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.staff.models import Language, Qualification, Role, Sex, User
from clinic.web.typed import check_can_be_seen


def _licence() -> forms.CharField:
    words = gettext_lazy("Stands under the signature of a doctor.")
    return forms.CharField(
        label=gettext_lazy("Licence number"), max_length=60, required=False, help_text=words, validators=[check_can_be_seen]
    )


def _title() -> forms.CharField:
    words = gettext_lazy("As it stands before the name on paper, for example Dr.")
    return forms.CharField(label=gettext_lazy("Title"), max_length=40, required=False, help_text=words, validators=[check_can_be_seen])


def _qualifications() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=gettext_lazy("Qualifications"),
        choices=Qualification.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Only what you have seen a certificate of."),
    )


def _sex() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=[("", gettext_lazy("Not said")), *Sex.choices],
        required=False,
        help_text=gettext_lazy("Some patients wish to be treated by a woman, or by a man. Used for nothing else."),
    )


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles at this clinic"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False
    )


class ProfileForm(forms.Form):
    """What the clinic has seen of a person's papers."""

    title = _title()
    licence = _licence()
    qualifications = _qualifications()
    sex = _sex()


class InvitationForm(forms.Form):
    full_name = forms.CharField(label=gettext_lazy("Full name"), max_length=150, validators=[check_can_be_seen])
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, help_text=gettext_lazy("The link goes there, and it is used to sign in.")
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the letter"), choices=Language.choices)
    roles = forms.MultipleChoiceField(label=gettext_lazy("Roles at this clinic"), choices=Role.choices, widget=forms.CheckboxSelectMultiple)
    title = _title()
    licence = _licence()
    qualifications = _qualifications()


class FirstPasswordForm(forms.Form):
    """The password of an account that is being opened; the rules are those of every password here."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("The same once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.rules = password_validators_help_texts()

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.person)
        return password

    def clean(self) -> None:
        data = self.cleaned_data
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("The two passwords differ."))


class ClinicForm(forms.Form):
    """Choosing among the clinics where the person holds a role."""

    clinic = forms.TypedChoiceField(label=gettext_lazy("Clinic"), coerce=int)

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clinic"].choices = choices  # type: ignore[attr-defined]
