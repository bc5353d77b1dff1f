"""What a patient wishes: days, hours, and by whom."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.schedule.actions.wishes import set_wishes
from clinic.schedule.forms.settings import WishesForm
from clinic.schedule.permissions import BOOK
from clinic.schedule.queries.people import therapists_for, wishes_of
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.staff.turns import saved_in_turn
from clinic.web.replies import see_other
from clinic.web.seen import is_stale
from patients.views import form_page, patient_seen, who


@roles_allowed(*BOOK)
@require_http_methods(["GET", "POST"])
@saved_in_turn
def wishes(request: StaffRequest, pk: int) -> HttpResponse:
    """The wishes of one patient, as they were said last."""
    patient = patient_seen(request, pk)
    said = wishes_of(patient)
    form = WishesForm(request.POST if request.method == "POST" else None, therapists=therapists_for(request.clinic), wishes=said)
    if form.is_bound and form.is_valid() and not is_stale(request, form):
        set_wishes(patient=patient, wished=form.wished(), actor=request.actor)
        messages.success(request, _("The wishes are saved. Proposed dates keep to them."))
        return see_other("patients:detail", pk)
    return form_page(request, "schedule/wishes.html", {"form": form, "said": said, **who(request, patient)})
