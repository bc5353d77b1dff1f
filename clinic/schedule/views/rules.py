"""The rules of the clinic's calendar, and its norms for procedure areas."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.schedule.actions.rules import set_norms, set_rules
from clinic.schedule.forms.settings import NormsForm, RulesForm
from clinic.schedule.holidays import knows_country
from clinic.schedule.permissions import MANAGE
from clinic.schedule.queries.rules import area_rows, rules_of
from clinic.schedule.views.common import schedule_page
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.staff.turns import saved_in_turn
from clinic.web.replies import see_other
from clinic.web.seen import is_stale
from protocols.editions.queries import library_in_force, names_in_force


@roles_allowed(*MANAGE)
@require_http_methods(["GET", "POST"])
@saved_in_turn
def rules(request: StaffRequest) -> HttpResponse:
    """Grid, minutes, load, holds and holidays."""
    form = RulesForm(request.POST if request.method == "POST" else None, rules=rules_of(request.clinic))
    if form.is_bound and form.is_valid() and not is_stale(request, form):
        set_rules(values=form.cleaned_data, actor=request.actor)
        messages.success(request, _("The rules are saved. They count from the next proposal on."))
        return see_other("schedule:rules")
    capacity = library_in_force(request.clinic).course.capacity
    context = {"form": form, "knows_country": knows_country(request.clinic.country), "capacity": capacity}
    return schedule_page(request, "schedule/rules.html", "rules", context)


@roles_allowed(*MANAGE)
@require_http_methods(["GET", "POST"])
@saved_in_turn
def norms(request: StaffRequest) -> HttpResponse:
    """Units and turnover for each procedure area of the library."""
    sent, names = request.POST if request.method == "POST" else None, names_in_force(request.clinic)
    form = NormsForm(sent, areas=area_rows(request.clinic), names=names)
    if form.is_bound and form.is_valid() and not is_stale(request, form):
        set_norms(norms=form.norms(), actor=request.actor)
        messages.success(request, _("The norms are saved. They count from the next proposal on."))
        return see_other("schedule:norms")
    context = {"form": form, "turnover": rules_of(request.clinic).turnover_minutes}
    return schedule_page(request, "schedule/norms.html", "norms", context)
