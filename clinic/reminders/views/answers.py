"""Patients who cannot come: the queue of the desk, and dealing with it."""

from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.audit.actions import search_seen
from clinic.reminders.actions import answering as actions
from clinic.reminders.answer_page import free_times
from clinic.reminders.permissions import MANAGE_MESSAGES, READ_MESSAGES
from clinic.reminders.queries import answers as queries
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.web.replies import see_other

MOST: Final = 50


@roles_allowed(*READ_MESSAGES)
@require_safe
def answers_page(request: StaffRequest) -> HttpResponse:
    """Who said that they cannot come, when they could, and the way to another date; and who was dealt with lately."""
    now = timezone.now()
    waiting, done = list(queries.those_who_cannot_come(request.clinic)[: MOST + 1]), list(queries.dealt_with(request.clinic))
    named = sorted({each.booking.patient_id for each in (*waiting[:MOST], *done) if each.booking})
    if request.method != "HEAD" and named:
        search_seen(actor=request.actor, found=named)
    rows = [
        {
            "answer": each,
            "booking": each.booking,
            "suits": free_times(each.suits),
            "is_over": bool(each.starts_at and each.starts_at <= now),
        }
        for each in waiting[:MOST]
    ]
    return render(request, "reminders/answers.html", {"rows": rows, "has_more": len(waiting) > MOST, "done": done})


@roles_allowed(*MANAGE_MESSAGES)
@require_POST
def deal_with(request: StaffRequest, pk: int) -> HttpResponse:
    """Keeps that the date stays, or that nothing needs to be done; moving and giving up are seen by themselves."""
    answer = queries.answer_or_404(request.clinic, pk)
    try:
        found = actions.deal_with(answer, handled=request.POST.get("handled", ""), actor=request.actor, now=timezone.now())
    except ActionDenied as refusal:
        messages.warning(request, refusal.sentence)
    else:
        who = answer.booking.patient.full_name if answer.booking else ""
        messages.success(request, _("%(what)s: %(who)s") % {"what": found.get_handled_display(), "who": who})
    return see_other("reminders:answers")
