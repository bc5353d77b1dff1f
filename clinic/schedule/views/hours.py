"""Working hours: everybody's week, one therapist's patterns and exceptions, and the forms that change them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.schedule.actions.hours import clear_day, set_day, set_week
from clinic.schedule.forms.hours import DayForm, WeekForm
from clinic.schedule.forms.resources import OneDayForm
from clinic.schedule.permissions import MANAGE, can_manage_schedule
from clinic.schedule.queries.future import bookings_outside_hours
from clinic.schedule.queries.people import therapists_for
from clinic.schedule.queries.places import sites_in_use
from clinic.schedule.queries.weeks import day_exceptions, weeks_of, weeks_on
from clinic.schedule.queries.years import absences_from
from clinic.schedule.views.common import READ, schedule_page
from clinic.staff.models import Clinic, Role, User
from clinic.staff.permissions import roles_allowed
from clinic.staff.queries import open_invitations
from clinic.staff.requests import StaffRequest, today
from clinic.staff.turns import saved_in_turn
from clinic.web.replies import see_other
from clinic.web.seen import is_stale


def therapist_or_404(request: StaffRequest, pk: int) -> User:
    """The therapist of this clinic with this number, who may sign in. Raises ``Http404`` for anybody else."""
    found = [each for each in therapists_for(request.clinic) if each.pk == pk]
    if not found:
        raise Http404
    return found[0]


@roles_allowed(*READ)
@require_safe
def hours(request: StaffRequest) -> HttpResponse:
    """Everybody's week as it is today."""
    weeks = weeks_on(request.clinic, today(request))
    context = {"weeks": weeks, "has_sites": bool(sites_in_use(request.clinic)), "invited": () if weeks else _invited(request.clinic)}
    return schedule_page(request, "schedule/hours.html", "hours", context)


def _invited(clinic: Clinic) -> list[str]:
    """The names of the therapists who were invited and have not joined, as a new clinic has them."""
    return [each.full_name for each in open_invitations(clinic) if Role.THERAPIST in each.roles]


@roles_allowed(*READ)
@require_safe
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """One therapist: the week that holds, those to come and those that are over, single days, absences."""
    therapist, on = therapist_or_404(request, pk), today(request)
    weeks = weeks_of(request.clinic, therapist)
    context = {
        "therapist": therapist,
        "current": [week for week in weeks if week.holds_on(on)],
        "coming": [week for week in weeks if week.valid_from and week.valid_from > on],
        "over": [week for week in weeks if week.valid_until and week.valid_until < on],
        "days": day_exceptions(request.clinic, therapist, since=on),
        "absences": absences_from(request.clinic, on, therapist),
        "has_sites": bool(sites_in_use(request.clinic)),
        "outside": bookings_outside_hours(request.clinic, therapist) if can_manage_schedule(request.actor) else (),
    }
    return schedule_page(request, "schedule/person.html", "hours", context)


@roles_allowed(*MANAGE)
@require_http_methods(["GET", "POST"])
@saved_in_turn
def week(request: StaffRequest, pk: int) -> HttpResponse:
    """A new weekly pattern from a day on."""
    therapist, sites = therapist_or_404(request, pk), sites_in_use(request.clinic)
    if not sites:
        return _no_site(request)
    known = next((each for each in weeks_of(request.clinic, therapist) if each.holds_on(today(request))), None)
    form = WeekForm(request.POST if request.method == "POST" else None, sites=sites, week=known, today=today(request))
    if form.is_bound and form.is_valid() and not is_stale(request, form):
        valid_from = form.cleaned_data["valid_from"]
        set_week(therapist=therapist, shifts=form.shifts, valid_from=valid_from, actor=request.actor)
        words = {"name": therapist.full_name, "day": date_format(valid_from, "DATE_FORMAT")}
        messages.success(request, _("The hours of %(name)s hold from %(day)s.") % words)
        return see_other("schedule:person", pk)
    context = {"form": form, "therapist": therapist, "is_first": known is None}
    return schedule_page(request, "schedule/week_form.html", "hours", context)


@roles_allowed(*MANAGE)
@require_http_methods(["GET", "POST"])
def day(request: StaffRequest, pk: int) -> HttpResponse:
    """One day that differs from the pattern."""
    therapist, sites = therapist_or_404(request, pk), sites_in_use(request.clinic)
    if not sites:
        return _no_site(request)
    form = DayForm(request.POST if request.method == "POST" else None, sites=sites, today=today(request))
    if form.is_bound and form.is_valid():
        on = form.cleaned_data["day"]
        set_day(therapist=therapist, day=on, shifts=form.shifts, actor=request.actor)
        messages.success(request, _("%(day)s is saved.") % {"day": date_format(on, "DATE_FORMAT")})
        return see_other("schedule:person", pk)
    return schedule_page(request, "schedule/day_form.html", "hours", {"form": form, "therapist": therapist})


@roles_allowed(*MANAGE)
@require_POST
def day_clear(request: StaffRequest, pk: int) -> HttpResponse:
    """The pattern holds on one day again."""
    therapist = therapist_or_404(request, pk)
    form = OneDayForm(request.POST)
    if form.is_valid():
        clear_day(therapist=therapist, day=form.cleaned_data["day"], actor=request.actor)
        messages.success(request, _("The weekly hours hold on this day again."))
    return see_other("schedule:person", pk)


def _no_site(request: StaffRequest) -> HttpResponse:
    messages.info(request, _("Hours are worked at a site. Add the first one, then write the hours."))
    return see_other("schedule:place-new", "site")
