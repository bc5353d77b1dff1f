"""The first page of the schedule, and a therapist's own hours."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic.schedule.permissions import BOOK
from clinic.schedule.queries.setting_up import coming_up, setting_up
from clinic.schedule.queries.weeks import day_exceptions, weeks_of
from clinic.schedule.queries.years import absences_from
from clinic.schedule.views.common import READ, schedule_page
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today


@roles_allowed(*READ)
@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """What is set, what is missing, and what comes up."""
    on = today(request)
    context = {"state": setting_up(request.clinic, on), "coming": coming_up(request.clinic, on), "country": request.clinic.country}
    return schedule_page(request, "schedule/overview.html", "overview", context)


@roles_allowed(*BOOK)
@require_safe
def mine(request: StaffRequest) -> HttpResponse:
    """One's own hours and absences, to read."""
    on = today(request)
    weeks = weeks_of(request.clinic, request.user)
    context = {
        "current": [week for week in weeks if week.holds_on(on)],
        "coming": [week for week in weeks if week.valid_from and week.valid_from > on],
        "days": day_exceptions(request.clinic, request.user, since=on),
        "absences": absences_from(request.clinic, on, request.user),
    }
    return render(request, "schedule/mine.html", context)
