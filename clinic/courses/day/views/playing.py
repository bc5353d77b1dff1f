"""The player: its page, what it sends, and the hand-over to another device."""

import json
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from clinic.courses.day.actions.playing import claim_start, keep_events, take_over
from clinic.courses.day.event_rules import EventSent
from clinic.courses.day.forms.playing import NotReadable, event_of_form, message_of
from clinic.courses.day.player_page import GRAVE, player_page
from clinic.courses.day.queries import playing as queries
from clinic.courses.models import SessionStart
from clinic.courses.permissions import PLAN
from clinic.courses.states import EventKind, SkipReason, StopReason
from clinic.courses.views.common import note_look
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other, see_other_address
from patients.views import who


@roles_allowed(*PLAN)
@require_safe
@never_cache
def player(request: StaffRequest, pk: int) -> HttpResponse:
    start, now = queries.start_or_404(request.clinic, pk), timezone.now()
    if start.closed_at is not None:
        return redirect(_address_after(start))
    course = start.session.course
    note_look(request, course.patient)
    context = {
        **who(request, course.patient),
        "start": start,
        "course": course,
        "view": player_page(start, queries.played_now(start, now)),
        "told": json.dumps(queries.events_told(start)),
        "now_ms": queries.milliseconds_since(start, now),
        "warnings": queries.warnings_of(start),
        "skip_reasons": SkipReason.choices,
        "stop_reasons": [(code, words, code in GRAVE) for code, words in StopReason.choices],
        "key": uuid4().hex,
        "finish_address": _finish(start),
        "emergency_address": _emergency(start),
    }
    return render(request, "day/player.html", context)


@roles_allowed(*PLAN)
@require_POST
def events(request: StaffRequest, pk: int) -> HttpResponse:
    """Keeps events: many as JSON from the script, or the one of a form, after which the page is shown anew."""
    start = queries.start_or_404(request.clinic, pk)
    if request.content_type != "application/json":
        return _by_form(request, start)
    try:
        sent = message_of(request.body)
    except NotReadable:
        return JsonResponse({"said": _("This is no list of events.")}, status=400)
    start = claim_start(start=start, device=sent.device, actor=request.actor)
    kept = keep_events(start=start, sent=sent.events, actor=request.actor)
    return JsonResponse(
        {
            "kept": kept.keys,
            "refused": dict(kept.refused),
            "warnings": [{"code": each.code, "sentence": each.sentence} for each in kept.warnings],
            "events": queries.events_told(start),
            "now_ms": queries.milliseconds_since(start, timezone.now()),
            "device": start.device,
            "is_closed": start.closed_at is not None,
        }
    )


def _by_form(request: StaffRequest, start: SessionStart) -> HttpResponse:
    sent = event_of_form(request.POST, at_ms=queries.milliseconds_since(start, timezone.now()))
    kept = keep_events(start=start, sent=[sent], actor=request.actor)
    if sent.key not in kept.keys:
        messages.error(request, kept.refused.get(sent.key) or _("That could not be kept. Try again."))
        return see_other("day:player", start.pk)
    return see_other_address(_address_of_next(start, sent))


def _address_of_next(start: SessionStart, sent: EventSent) -> str:
    """Where a form leads: a session that was stopped or finished to its record, after a grave sign to the emergency page first."""
    if sent.kind == EventKind.STOPPED and sent.value.get("reason") in GRAVE:
        return _emergency(start)
    ends = sent.kind in (EventKind.STOPPED, EventKind.FINISHED)
    return _finish(start) if ends else reverse("day:player", args=[start.pk])


def _finish(start: SessionStart) -> str:
    return reverse("day:finish", args=[start.pk])


def _emergency(start: SessionStart) -> str:
    return reverse("day:emergency", args=[start.session.course_id, start.session.number])


def _address_after(start: SessionStart) -> str:
    """The page that shows what became of a session that is over: its record, or its course where the start was taken back."""
    record = queries.record_of(start)
    return reverse("courses:detail", args=[start.session.course_id]) if record is None else reverse("day:record", args=[record])


@roles_allowed(*PLAN)
@require_POST
def taken_over(request: StaffRequest, pk: int) -> HttpResponse:
    start = queries.start_or_404(request.clinic, pk)
    try:
        take_over(start=start, device=request.POST.get("device", ""), now=timezone.now(), actor=request.actor)
    except ActionDenied as denied:
        messages.error(request, denied.sentence)
    return see_other("day:player", start.pk)
