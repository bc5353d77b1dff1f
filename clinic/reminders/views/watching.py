"""Numbers of the messages, and whether they go out."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clinic.reminders import health_page as health
from clinic.reminders.numbers_page import numbers_page as shown
from clinic.reminders.permissions import READ_MESSAGES
from clinic.reminders.queries.health import backlog_of, signs_of_life, troubles_of
from clinic.reminders.queries.numbers import SPANS, numbers_of
from clinic.reminders.text_page import broken_texts
from clinic.reminders.views.common import number_of
from clinic.staff.permissions import roles_allowed
from clinic.staff.requests import StaffRequest, today


@roles_allowed(*READ_MESSAGES)
@require_safe
def numbers_page(request: StaffRequest) -> HttpResponse:
    """What became of the messages of the last days, by kind and way and day by day."""
    asked = number_of(request, "days")
    days = asked if asked in SPANS else SPANS[1]
    numbers = numbers_of(request.clinic, days=days, today=today(request))
    return render(request, "reminders/numbers.html", shown(numbers, days))


@roles_allowed(*READ_MESSAGES)
@require_safe
def health_page(request: StaffRequest) -> HttpResponse:
    """Whether messages go out, in plain sentences, and what to do where they do not."""
    now = timezone.now()
    parts = health.parts_of(signs_of_life(now), backlog_of(request.clinic, now), now, broken=broken_texts(request.clinic))
    tone = health.worst_of(parts)
    context = {"parts": parts, "tone": tone, "sentence": health.sentence_of(tone), "now": now}
    return render(request, "reminders/health.html", context | {"troubles": health.trouble_words(troubles_of(request.clinic, now))})
