"""The outbox, one message, and everything that went to one patient."""

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.audit.actions import read_seen
from clinic.reminders.asked import PAST, TO_COME, Asked, asked_for
from clinic.reminders.message_page import page_of
from clinic.reminders.permissions import OF_A_PATIENT, READ_MESSAGES, can_read_messages, check_can_read_messages
from clinic.reminders.queries import outbox as queries
from clinic.reminders.states import Channel, Kind, MessageState
from clinic.reminders.views.common import by_day, note_look, note_named, number_of
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today
from patients.queries import patient_or_404
from patients.views import who


@roles_allowed(*READ_MESSAGES)
@require_safe
def outbox_page(request: StaffRequest) -> HttpResponse:
    """What was due and what is to come, by filters from closed lists."""
    asked = asked_for(request.GET)
    found = queries.outbox(request.clinic, asked, timezone.now())
    note_named(request, found.messages)
    context = {
        "asked": asked,
        "days": by_day(found.messages, request.clinic),
        "today": today(request),
        "choices": _choices(asked),
        "times": _times(asked),
        "is_filtered": asked.is_narrow or asked.day is not None,
        "next_url": asked.url(after=found.after) if found.after else "",
        "first_url": asked.url(),
        "back": urlencode({"from": asked.url(after=asked.after).partition("?")[2]}) if request.GET else "",
    }
    return render(request, "reminders/outbox.html", context)


def _choices(asked: Asked) -> list[dict[str, Any]]:
    return [
        {"name": "state", "label": _("State"), "options": MessageState.choices, "chosen": asked.state},
        {"name": "kind", "label": _("About"), "options": Kind.choices, "chosen": asked.kind},
        {"name": "channel", "label": _("Way"), "options": Channel.choices, "chosen": asked.channel},
    ]


def _times(asked: Asked) -> list[dict[str, Any]]:
    names = {PAST: _("Until now"), TO_COME: _("To come")}
    return [
        {"label": name, "url": asked.url(when=when, day=None), "is_current": asked.day is None and asked.when == when, "count": None}
        for when, name in names.items()
    ]


@roles_allowed(*OF_A_PATIENT)
@require_safe
def message_page(request: StaffRequest, pk: int) -> HttpResponse:
    """One message step by step, and what was sent. What goes to staff is for those who read the outbox."""
    message = queries.message_or_404(request.clinic, pk)
    if message.patient is None:
        check_can_read_messages(request.actor)
    note_look(request, message)
    context = page_of(message, now=timezone.now(), actor=request.actor)
    # Back to the outbox as it was filtered; what is on no list is left out of the way back, as it is there.
    asked = asked_for(QueryDict(request.GET.get("from", "")))
    way_back = {"reads_all": can_read_messages(request.actor), "outbox_url": asked.url(after=asked.after)}
    return render(request, "reminders/message.html", context | way_back)


@roles_allowed(*OF_A_PATIENT)
@require_safe
def patient_messages(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything that went or is to go to one patient."""
    patient = patient_or_404(request.clinic, pk)
    if request.method == "GET":
        read_seen(actor=request.actor, patient=patient)
    after = number_of(request, "after")
    found = queries.messages_to(patient, after)
    here = reverse("reminders:patient", args=[patient.pk])
    context = {
        "messages_found": found.messages,
        "next_url": f"{here}?after={found.after}" if found.after else "",
        "first_url": here if after else "",
    }
    return render(request, "reminders/patient.html", {**who(request, patient), **context})
