"""What every page about messages shows: the ways between the pages of the section, and the state of a message."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clinic.reminders.marks import CHANNEL_ICONS, mark_of
from clinic.reminders.models import Message
from clinic.reminders.queries.mailbox import is_mailbox_used
from clinic.reminders.queries.of_patient import Delivery
from clinic.reminders.queries.outbox import cannot_come_count, undelivered_count
from clinic.staff.models import Clinic

register = template.Library()
register.filter("message_mark", mark_of)


@register.inclusion_tag("reminders/_section.html", takes_context=True)
def message_section(context: dict[str, Any], current: str) -> dict[str, Any]:
    """Ways between the pages about messages; ``current`` is the name of the one that is open. Two queries, for what is to be done."""
    request: HttpRequest = context["request"]
    clinic: Clinic = request.clinic  # type: ignore[attr-defined]  # the middleware has filled it before such a page is shown
    counts = {"undelivered": undelivered_count(clinic), "answers": cannot_come_count(clinic)}
    links = [
        {"label": label, "url": reverse(f"reminders:{name}"), "is_current": name == current, "count": counts.get(name) or None}
        for name, label in _names().items()
    ]
    return {"links": links}


def _names() -> dict[str, str]:
    names = {
        "outbox": _("Outbox"),
        "undelivered": _("Not delivered"),
        "answers": _("Cannot come"),
        "texts": pgettext("messages", "Texts"),
        "rules": pgettext("messages", "Rules"),
        "numbers": pgettext("messages", "Numbers"),
        "health": pgettext("messages", "Health"),
    }
    return {**names, "mailbox": _("Mailbox")} if is_mailbox_used() else names


@register.filter
def channel_icon(message: Message) -> str:
    """The icon of the way by which a message goes."""
    return CHANNEL_ICONS[message.channel]


@register.filter
def delivery_of(told: Mapping[int, Delivery], booking: int) -> Delivery | None:
    """What is known of the messages about one booking."""
    return told.get(booking)
