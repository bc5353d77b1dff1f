"""Somebody is away, or a day is closed: what happens to each session, seen once, confirmed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.courses.calendar.absent_form import AbsentForm
from clinic.courses.calendar.actions.rehoming import Rehomed, done_before, rehome_sessions
from clinic.courses.calendar.queries.affected import (
    Conflict,
    absence_or_404,
    closure_or_404,
    conflicts,
    conflicts_of_absence,
    conflicts_of_closure,
)
from clinic.courses.calendar.queries.choosing import names_at
from clinic.courses.calendar.queries.rehomed import confirmations, done_or_404, names_in, number_of
from clinic.courses.calendar.queries.rehoming_cases import Rehoming, first_of, rehoming_of
from clinic.courses.calendar.rehomed_page import lines_of
from clinic.courses.calendar.rehoming import Way
from clinic.courses.calendar.rehoming_page import FIELD_BEGINS, Picked, Writer, by_way, counts_of, picked_from
from clinic.courses.calendar.views.common import note_named
from clinic.schedule.actions.absences import add_absence
from clinic.schedule.models import Absence, Closure
from clinic.schedule.permissions import BOOK, MANAGE, can_manage_schedule
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.staff.sending import made_before, once
from clinic.web.once import token_for_page, token_sent
from clinic.web.replies import see_other, see_other_address

KEPT_OF_A_TOKEN = 20  # of 32 hexadecimal figures; a key has room for 40 characters


@dataclass(frozen=True, slots=True)
class Cause:
    """What brings the sessions on the page. ``mark`` begins the keys of its confirmations."""

    mark: str
    url: str
    about: dict[str, Any]
    found: Sequence[Conflict]


@roles_allowed(*MANAGE)
def absent_new(request: StaffRequest) -> HttpResponse:
    """Writes down that somebody is away and goes on to the sessions that this hits."""
    if address := made_before(request):
        return see_other_address(address)
    form = AbsentForm(request.POST or None, clinic=request.clinic, asked=request.GET, today=today(request))
    if form.is_bound and form.is_valid():
        try:
            return see_other_address(once(request, lambda: _written_down(request, form)))
        except ActionDenied as denied:
            form.add_error(None, denied.sentence)
    return render(request, "calendar/absent_new.html", {"form": form}, status=422 if form.errors else 200)


def _written_down(request: StaffRequest, form: AbsentForm) -> str:
    absence = add_absence(therapist=form.cleaned_data["therapist"], away=form.away(), actor=request.actor)
    return reverse("calendar:absent", args=[absence.pk])


@roles_allowed(*BOOK)
def absent(request: StaffRequest, pk: int) -> HttpResponse:
    """The sessions of somebody who is away."""
    absence = absence_or_404(request.clinic, pk)
    found = conflicts_of_absence(absence)
    return _rehoming_page(request, Cause(f"ra{pk}-", reverse("calendar:absent", args=[pk]), _about_absence(request, absence), found))


@roles_allowed(*BOOK)
def closed(request: StaffRequest, pk: int) -> HttpResponse:
    """The sessions on days that were closed."""
    closure = closure_or_404(request.clinic, pk)
    found = conflicts_of_closure(closure)
    return _rehoming_page(request, Cause(f"rc{pk}-", reverse("calendar:closed", args=[pk]), _about_closure(closure), found))


@roles_allowed(*BOOK)
def all_conflicts(request: StaffRequest) -> HttpResponse:
    """Every session that cannot take place as booked, whatever the cause."""
    about = {"kind": "conflicts", "heading": _("Conflicts"), "first_on": None, "last_on": None}
    return _rehoming_page(request, Cause("rx-", reverse("calendar:conflicts"), about, conflicts(request.clinic)))


def _about_absence(request: StaffRequest, absence: Absence) -> dict[str, Any]:
    """The reason is the therapist's own affair: only who writes absences down reads it here."""
    heading = _("%(name)s is away") % {"name": absence.therapist.full_name}
    why = absence.get_reason_display() if can_manage_schedule(request.actor) else ""
    return {"kind": "absent", "heading": heading, "first_on": absence.first_on, "last_on": absence.last_on, "absence": absence, "why": why}


def _about_closure(closure: Closure) -> dict[str, Any]:
    heading = _("Closed: %(name)s") % {"name": closure.name}
    return {"kind": "closed", "heading": heading, "first_on": closure.first_on, "last_on": closure.last_on, "site": closure.site}


def _rehoming_page(request: StaffRequest, cause: Cause) -> HttpResponse:
    sent = {name: code for name, code in request.POST.items() if name.startswith(FIELD_BEGINS) and isinstance(code, str)}
    key, is_last = cause.mark + token_sent(request)[:KEPT_OF_A_TOKEN], request.POST.get("step") == "confirm"
    if is_last and token_sent(request) and done_before(key=key, asked=sent, actor=request.actor) is not None:
        return see_other("calendar:rehomed", number_of(request.clinic, key))
    shown = first_of(cause.found)
    rehoming = rehoming_of(request.clinic, shown, now=timezone.now())
    picked = picked_from(rehoming, sent)
    if is_last and sent and token_sent(request) and not picked.faults:
        try:
            _rehome(request, key, sent, (rehoming, picked))
        except ActionDenied as denied:
            messages.error(request, denied.sentence)
        else:
            return see_other("calendar:rehomed", number_of(request.clinic, key))
    return _page(request, cause, (rehoming, picked), is_preview=bool(sent) and request.POST.get("step") == "preview")


def _rehome(request: StaffRequest, key: str, sent: dict[str, str], plan: tuple[Rehoming, Picked]) -> None:
    rehoming, picked = plan
    moves = [Rehomed(rehoming.move_of(step), rehoming.reason_of(choice)) for choice in picked.choices for step in choice.moves]
    calls = [rehoming.bookings[step.session.booking] for choice in picked.choices if choice.way == Way.CALL for step in choice.steps]
    rehome_sessions(key=key, asked=sent, moves=moves, calls=calls, actor=request.actor)


def _page(request: StaffRequest, cause: Cause, plan: tuple[Rehoming, Picked], *, is_preview: bool) -> HttpResponse:
    rehoming, picked = plan
    rows = Writer(rehoming, names_at(request.clinic)).rows(picked)
    note_named(request, {row.patient.pk for row in rows})
    is_preview = is_preview and not picked.faults
    context = {
        **cause.about,
        "url": cause.url,
        "may_manage": can_manage_schedule(request.actor),
        "rows": rows,
        "groups": by_way(rows),
        "counts": counts_of(picked.choices),
        "moved": sum(len(choice.moves) for choice in picked.choices),
        "later": len(cause.found) - len(rehoming.conflicts),
        "token": token_for_page(request),
        "earlier": confirmations(request.clinic, cause.mark)[:5],
        "faults": len(picked.faults),
    }
    template = "calendar/absent_preview.html" if is_preview else "calendar/absent.html"
    return render(request, template, context, status=422 if picked.faults else 200)


@roles_allowed(*BOOK)
@require_safe
def rehomed(request: StaffRequest, pk: int) -> HttpResponse:
    """What was done, and what each patient must be told: to be printed and ticked off by telephone."""
    done = done_or_404(request.clinic, pk)
    lines = lines_of(done, names_in(request.clinic, done), {each.booking.pk: each for each in conflicts(request.clinic)})
    note_named(request, {line.patient.pk for line in lines})
    return render(request, "calendar/rehomed.html", {"done": done, "lines": lines})
