"""The messages of a patient go over when two records are merged."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clinic.reminders.models import Message, MessageWishes
from clinic.reminders.states import Kind, MessageState
from patients.merging import register_moved
from patients.models import Patient


def messages_move() -> None:
    """Says it once, when the app is ready."""
    register_moved(Message, _("Messages"), changed_since=_never, going=_with_one_word_about_dates, is_added=False)
    register_moved(MessageWishes, _("Wishes about messages"), changed_since=_said, going=_unless_known)


def _with_one_word_about_dates(rows: QuerySet[Any], target: Patient) -> QuerySet[Any]:
    """All messages. Where new dates of both records wait to be told, the message to the kept one tells them all; the other stays behind."""
    waits = {"kind": Kind.DATES, "state": MessageState.WAITING}
    return rows.exclude(**waits) if Message.objects.filter(patient=target, **waits).exists() else rows


def _unless_known(rows: QuerySet[Any], target: Patient) -> QuerySet[Any]:
    """One person has one wish: where both records say something, what the kept record says stays."""
    return rows.none() if MessageWishes.objects.filter(patient=target).exists() else rows


def _never(rows: QuerySet[Any], _at: datetime) -> QuerySet[Any]:
    """That a message was sent since does not tie it to either record: it goes with its booking, and bookings say what was done."""
    return rows.none()


def _said(rows: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    later = (each.pk for each in rows.select_related("patient__clinic") if each.said_on > at.astimezone(each.patient.clinic.zone).date())
    return rows.filter(pk__in=tuple(later))
