"""Forms about people. Only the fields named here can be set by a request."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.staff.models import Role
from clinic.web.typed import check_can_be_seen


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles at this clinic"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False
    )


class NewStaffForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), max_length=254, help_text=_("Used to sign in."))
    full_name = forms.CharField(label=_("Full name"), max_length=150, validators=[check_can_be_seen])
    roles = forms.MultipleChoiceField(label=_("Roles at this clinic"), choices=Role.choices, widget=forms.CheckboxSelectMultiple)


class ClinicForm(forms.Form):
    """Choosing among the clinics where the person holds a role."""

    clinic = forms.TypedChoiceField(label=_("Clinic"), coerce=int)

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clinic"].choices = choices  # type: ignore[attr-defined]
