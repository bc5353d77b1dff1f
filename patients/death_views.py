"""The page on which it is written down that a patient died, and taken back."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.steps import take_step
from clinic.web.replies import see_other
from clinic.web.typed import check_lines_can_be_seen
from patients import queries
from patients.actions.dying import DeathRefused, note_death
from patients.actions.dying import undo_death as take_back
from patients.models import Patient
from patients.permissions import REGISTER
from patients.views import form_page, patient_seen, who


class DeathForm(forms.Form):
    """The day."""

    died_on = forms.DateField(label=gettext_lazy("Died on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class UndoForm(forms.Form):
    """Why it is taken back."""

    reason = forms.CharField(label=gettext_lazy("Why it is taken back"), max_length=200, validators=[check_lines_can_be_seen])


@roles_allowed(*REGISTER)
@require_http_methods(["GET", "POST"])
def patient_died(request: StaffRequest, pk: int) -> HttpResponse:
    """The day on which the patient died; once it is written down, the way to take it back."""
    patient = patient_seen(request, pk)
    if patient.died_on is not None:
        return _page(request, patient, UndoForm())
    form = DeathForm(request.POST if request.method == "POST" else None, initial={"died_on": today(request)})
    if form.is_bound and form.is_valid():
        try:
            note_death(patient=patient, died_on=form.cleaned_data["died_on"], actor=request.actor)
        except DeathRefused as refusal:
            form.add_error("died_on", refusal.sentence)
        else:
            messages.success(request, _("It is written down. No message goes to this patient any more."))
            return see_other("patients:detail", pk)
    return _page(request, patient, form)


@roles_allowed(*REGISTER)
@require_POST
def undo_death(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes it back, with a reason."""
    patient, form = queries.patient_or_404(request.clinic, pk), UndoForm(request.POST)
    if form.is_valid():
        undo = partial(take_back, patient=patient, reason=form.cleaned_data["reason"], actor=request.actor)
        take_step(request, undo, _("It is taken back."), unless=DeathRefused)
        return see_other("patients:detail", pk)
    # Somebody who lives has another form on that page: it is opened, not shown with this one.
    return _page(request, patient, form) if patient.died_on else see_other("patients:died", pk)


def _page(request: StaffRequest, patient: Patient, form: forms.Form) -> HttpResponse:
    context: dict[str, Any] = {"form": form, **who(request, patient)}
    return form_page(request, "patients/died.html", context)
