"""Absences: who is away, a new one, what it hits, and taking it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.schedule.actions.absences import add_absence, withdraw_absence
from clinic.schedule.forms.resources import AbsenceForm
from clinic.schedule.permissions import MANAGE
from clinic.schedule.queries.future import bookings_hit_by_absence
from clinic.schedule.queries.people import therapists_for
from clinic.schedule.queries.places import absence_or_404
from clinic.schedule.queries.years import absences_before, absences_from
from clinic.schedule.views.common import READ, hits_of, schedule_page
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.sending import SentDifferently, made_before, once
from clinic.web.replies import see_other, see_other_address


@roles_allowed(*READ)
@require_safe
def absences(request: StaffRequest) -> HttpResponse:
    """Who is away now and later, and what is over."""
    on = today(request)
    context = {"absences": absences_from(request.clinic, on), "over": absences_before(request.clinic, on)}
    return schedule_page(request, "schedule/absences.html", "absences", context)


@roles_allowed(*MANAGE)
@require_http_methods(["GET", "POST"])
def absence_new(request: StaffRequest) -> HttpResponse:
    """A new absence; the next page shows what it hits."""
    if address := made_before(request):
        return see_other_address(address)
    known = {"therapist": request.GET.get("therapist", ""), "first_on": today(request), "reason": "ill"}
    sent = request.POST if request.method == "POST" else None
    form = AbsenceForm(sent, therapists=therapists_for(request.clinic), today=today(request), initial=known)
    if form.is_bound and form.is_valid():
        try:
            return see_other_address(once(request, lambda: _added(request, form)))
        except SentDifferently as refused:
            form.add_error(None, refused.sentence)
    return schedule_page(request, "schedule/absence_form.html", "absences", {"form": form})


def _added(request: StaffRequest, form: AbsenceForm) -> str:
    made = add_absence(therapist=form.cleaned_data["therapist"], away=form.away(), actor=request.actor)
    messages.success(request, _("The absence of %(name)s is written down.") % {"name": made.therapist.full_name})
    return reverse("schedule:absence", args=[made.pk])


@roles_allowed(*READ)
@require_safe
def absence(request: StaffRequest, pk: int) -> HttpResponse:
    """One absence and the sessions that it hits."""
    found = absence_or_404(request.clinic, pk)
    context = {"absence": found, "hits": hits_of(bookings_hit_by_absence(found), "calendar:absent", pk)}
    return schedule_page(request, "schedule/absence.html", "absences", context)


@roles_allowed(*MANAGE)
@require_POST
def absence_withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes an absence back."""
    withdraw_absence(absence=absence_or_404(request.clinic, pk), actor=request.actor)
    messages.success(request, _("The absence is taken back: the working hours count again."))
    return see_other("schedule:absences")
