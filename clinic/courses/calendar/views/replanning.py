"""A day planned anew: asked for, watched, stopped, looked at and confirmed."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.courses.calendar.actions.replanning import ask_replanning, confirm_replanning, steps_of_run, stop_replanning
from clinic.courses.calendar.asked import asked_for
from clinic.courses.calendar.optimising import figures_of
from clinic.courses.calendar.queries.choosing import names_at
from clinic.courses.calendar.queries.rehomed import number_of
from clinic.courses.calendar.queries.replanning import day_asked, replanning_or_404, replannings_of
from clinic.courses.calendar.rehoming_page import Told, change_words
from clinic.courses.calendar.tasks import replan
from clinic.courses.calendar.views.common import note_named
from clinic.courses.models import Replanning
from clinic.schedule.cells import clock_of
from clinic.schedule.permissions import MANAGE
from clinic.schedule.proposing.optimise import is_available
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest, today
from clinic.web.replies import see_other
from patients.models import Patient


@roles_allowed(*MANAGE)
def replan_day_page(request: StaffRequest) -> HttpResponse:
    """What planning a day anew means, and the button that asks for it."""
    day = asked_for("day", request.POST if request.method == "POST" else request.GET, today(request)).day
    refused = ""
    if request.method == "POST":
        try:
            run = ask_replanning(day=day, now=timezone.now(), actor=request.actor)
        except ActionDenied as denied:
            refused = denied.sentence
        else:
            transaction.on_commit(lambda: replan.delay(run.pk))
            return see_other("calendar:replanning", run.pk)
    context = {"day": day, "earlier": replannings_of(request.clinic, day)[:5], "is_proving": is_available(), "refused": refused}
    return render(request, "calendar/optimise.html", context, status=422 if refused else 200)


@roles_allowed(*MANAGE)
def replanning(request: StaffRequest, pk: int) -> HttpResponse:
    """How far a run is, or what it proposes. The buttons stop it or confirm it."""
    run, refused = replanning_or_404(request.clinic, pk), ""
    if request.method == "POST":
        try:
            if request.POST.get("step") == "confirm":
                key = confirm_replanning(replanning=run, now=timezone.now(), actor=request.actor)
                return see_other("calendar:rehomed", number_of(request.clinic, key))
            stop_replanning(replanning=run, actor=request.actor)
        except ActionDenied as denied:
            refused = denied.sentence
        else:
            messages.success(request, _("The run ends in a moment with the best that it has found."))
            return see_other("calendar:replanning", pk)
    lines, stays, stale = _lines(request, run)
    note_named(request, {patient.pk for patient, _words in (*lines, *stays)})
    figures = {name: figures_of(getattr(run, name)) for name in ("cost_before", "cost", "bound")}
    context = {"run": run, "lines": lines, "stays": stays, "refused": refused or stale, "figures": figures}
    return render(request, "calendar/optimise_run.html", context, status=422 if refused else 200)


Lines = list[tuple[Patient, tuple[str, ...]]]


def _lines(request: StaffRequest, run: Replanning) -> tuple[Lines, Lines, str]:
    """Who would come at another time or to somebody else, who finds no place, and why it can be confirmed no more."""
    asked = day_asked(request.clinic, run.day, now=timezone.now()) if run.state == Replanning.State.DONE else None
    if asked is None:
        return [], [], ""
    try:
        steps = steps_of_run(run, asked)
    except ActionDenied as denied:
        return [], [], denied.sentence
    names = names_at(request.clinic)
    moved: Lines = []
    for step in steps:
        booking, slot = asked.bookings[step.session.booking], step.slot
        before = Told(booking.day, booking.clock, booking.therapist.full_name, booking.room.name)
        after = Told(slot.day, clock_of(slot.cell), names.therapists.get(slot.therapist, ""), names.rooms.get(slot.room, ""))
        moved.append((booking.patient, (change_words(before, after),)))
    left = [each.patient for pk, each in asked.bookings.items() if str(pk) not in run.places]
    stays: Lines = [(patient, (_("No place was found: the booking stays until you have called."),)) for patient in left]
    return moved, stays, ""
