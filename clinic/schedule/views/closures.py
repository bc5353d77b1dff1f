"""Closures and public holidays of a year."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.schedule.actions.closures import Closing, add_closure, withdraw_closure
from clinic.schedule.forms.resources import ClosureForm, OneDayForm
from clinic.schedule.holidays import knows_country, public_holidays
from clinic.schedule.permissions import MANAGE
from clinic.schedule.queries.future import bookings_hit_by_closure
from clinic.schedule.queries.places import closure_or_404, sites_in_use
from clinic.schedule.queries.rules import rules_of
from clinic.schedule.queries.years import year_of
from clinic.schedule.views.common import READ, hits_of, schedule_page
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.sending import SentDifferently, made_before, once
from clinic.web.replies import see_other_address

YEARS_AROUND = 3


@roles_allowed(*READ)
@require_safe
def closures(request: StaffRequest) -> HttpResponse:
    """One year: public holidays and the clinic's own closures in order."""
    this, rules = today(request).year, rules_of(request.clinic)
    around = {str(year): year for year in range(this - YEARS_AROUND, this + YEARS_AROUND + 1)}
    year = around.get(request.GET.get("year", ""), this)
    context = {
        "year": year,
        "years": [{"label": str(each), "url": f"?year={each}", "is_current": each == year} for each in range(this, this + 3)],
        "lines": year_of(request.clinic, rules, year),
        "rules": rules,
        "knows_country": knows_country(request.clinic.country),
        "today": today(request),
    }
    return schedule_page(request, "schedule/closures.html", "closures", context)


@roles_allowed(*MANAGE)
@require_http_methods(["GET", "POST"])
def closure_new(request: StaffRequest) -> HttpResponse:
    """A closure of the clinic's own; the next page shows what it hits."""
    if address := made_before(request):
        return see_other_address(address)
    form = ClosureForm(request.POST if request.method == "POST" else None, sites=sites_in_use(request.clinic), today=today(request))
    if form.is_bound and form.is_valid():
        try:
            return see_other_address(once(request, lambda: _added(request, form)))
        except SentDifferently as refused:
            form.add_error(None, refused.sentence)
    return schedule_page(request, "schedule/closure_form.html", "closures", {"form": form})


def _added(request: StaffRequest, form: ClosureForm) -> str:
    made = add_closure(closing=form.closing(), actor=request.actor)
    messages.success(request, _("“%(name)s” is written down.") % {"name": made.name})
    return reverse("schedule:closure", args=[made.pk])


@roles_allowed(*READ)
@require_safe
def closure(request: StaffRequest, pk: int) -> HttpResponse:
    """One closure and the sessions that it hits."""
    found = closure_or_404(request.clinic, pk)
    context = {"closure": found, "hits": hits_of(bookings_hit_by_closure(found), "calendar:closed", pk)}
    return schedule_page(request, "schedule/closure.html", "closures", context)


@roles_allowed(*MANAGE)
@require_POST
def closure_withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Takes a closure, or being open on a holiday, back."""
    found = closure_or_404(request.clinic, pk)
    withdraw_closure(closure=found, actor=request.actor)
    messages.success(request, _("“%(name)s” is taken back.") % {"name": found.name})
    return see_other_address(f"{reverse('schedule:closures')}?year={found.first_on.year}")


@roles_allowed(*MANAGE)
@require_POST
def holiday_open(request: StaffRequest) -> HttpResponse:
    """The clinic is open on one public holiday."""
    form = OneDayForm(request.POST)
    if not form.is_valid():
        raise ActionDenied(_("Choose one of the holidays of the list."))
    day = form.cleaned_data["day"]
    name = _holiday(request, day)
    add_closure(closing=Closing(day, day, name, is_open=True), actor=request.actor)
    messages.success(request, _("Open on %(day)s (%(name)s).") % {"day": date_format(day, "DATE_FORMAT"), "name": name})
    return see_other_address(f"{reverse('schedule:closures')}?year={day.year}")


def _holiday(request: StaffRequest, day: date) -> str:
    found = public_holidays(request.clinic.country, rules_of(request.clinic).subdivision, [day.year])
    if day not in found:
        raise ActionDenied(_("Choose one of the holidays of the list."))
    return found[day][:80]
