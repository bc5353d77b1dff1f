"""How one patient wishes to be written to."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.reminders.actions.wishes import note_wishes
from clinic.reminders.forms.wishes import MessageWishesForm
from clinic.reminders.permissions import OF_A_PATIENT
from clinic.reminders.queries.of_patient import wishes_of
from clinic.reminders.queries.rules import rules_of
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.staff.turns import saved_in_turn
from clinic.web.replies import see_other
from clinic.web.seen import is_stale
from patients.views import form_page, patient_seen, who


@roles_allowed(*OF_A_PATIENT)
@require_http_methods(["GET", "POST"])
@saved_in_turn
def wishes_page(request: StaffRequest, pk: int) -> HttpResponse:
    """What the patient said about messages: the way that comes first, and quiet hours."""
    patient = patient_seen(request, pk)
    said = wishes_of(patient)
    form = MessageWishesForm(request.POST if request.method == "POST" else None, wishes=said)
    if form.is_bound and form.is_valid() and not is_stale(request, form):
        try:
            note_wishes(patient=patient, wished=form.wished(), actor=request.actor)
        except ActionDenied as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The wishes about messages are saved."))
            return see_other("patients:detail", pk)
    return form_page(
        request, "reminders/wishes.html", {"form": form, "said": said, "rules": rules_of(request.clinic), **who(request, patient)}
    )
