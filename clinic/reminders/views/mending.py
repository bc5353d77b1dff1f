"""What did not arrive: the queue, and dealing with it."""

from collections.abc import Callable, Mapping
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clinic.reminders.actions import mending
from clinic.reminders.models import Message
from clinic.reminders.permissions import MANAGE_MESSAGES, READ_MESSAGES
from clinic.reminders.queries import outbox as queries
from clinic.reminders.undelivered import rows_of
from clinic.reminders.views.common import note_named
from clinic.staff.permissions import ActionDenied, roles_allowed
from clinic.staff.requests import StaffRequest
from clinic.staff.steps import take_step
from clinic.web.replies import see_other

MOST: Final = 50
WAYS: Final[Mapping[str, Callable[..., Message]]] = {
    "again": mending.send_again,
    "called": mending.told_by_telephone,
    "nothing": mending.nothing_to_do,
}


@roles_allowed(*READ_MESSAGES)
@require_safe
def undelivered_page(request: StaffRequest) -> HttpResponse:
    """What did not arrive, with why and what to do; and what was dealt with lately."""
    now = timezone.now()
    waiting, done = list(queries.to_deal_with(request.clinic)[: MOST + 1]), queries.dealt_with(request.clinic, now)
    note_named(request, [*waiting[:MOST], *done])
    context = {
        "rows": rows_of(waiting[:MOST], now=now, actor=request.actor),
        "has_more": len(waiting) > MOST,
        "done": [(each, mending.can_be_undone(each)) for each in done],
    }
    return render(request, "reminders/undelivered.html", context)


@roles_allowed(*MANAGE_MESSAGES)
@require_POST
def mend(request: StaffRequest, pk: int) -> HttpResponse:
    """Sends one again, or keeps that somebody was told or that nothing needs to be done."""
    message, way = queries.message_or_404(request.clinic, pk), WAYS.get(request.POST.get("way", ""))
    if way is None:
        messages.info(request, _("Choose what is to be done with this message."))
        return see_other("reminders:undelivered")
    try:
        found = way(message=message, now=timezone.now(), actor=request.actor)
    except ActionDenied as refusal:
        messages.warning(request, refusal.sentence)
    else:
        done = found.get_handled_display() if found.handled else _("It goes out again")
        messages.success(request, _("%(what)s: %(who)s") % {"what": done, "who": _who(found)})
    return see_other("reminders:undelivered")


@roles_allowed(*MANAGE_MESSAGES)
@require_POST
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    """Puts a message back into the queue."""
    message = queries.message_or_404(request.clinic, pk)
    done = _("It is in the queue again: %(who)s") % {"who": _who(message)}
    take_step(request, lambda: mending.undo_dealt_with(message=message, actor=request.actor), done)
    return see_other("reminders:undelivered")


def _who(message: Message) -> str:
    person = message.patient or message.user
    return person.full_name if person else ""
