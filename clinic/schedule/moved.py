"""What of the schedule goes over when two records of one person become one."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.schedule.models import Booking, Feed, Wishes
from patients.actions import MergeRefused
from patients.merging import register_moved
from patients.models import Patient


def bookings_move() -> None:
    """Says it once, when the app is ready."""
    register_moved(Booking, gettext_lazy("Dates in the calendar"), changed_since=_changed, going=_apart)
    register_moved(Wishes, gettext_lazy("Wishes about dates"), changed_since=_said, going=_unless_known)
    register_moved(Feed, gettext_lazy("Calendar addresses"), changed_since=_revoked)


def _apart(rows: QuerySet[Any], target: Patient) -> QuerySet[Any]:
    """All bookings, unless the person would then be in two places at one time: that is for people to settle, and only they know how."""
    ours = list(rows.filter(is_taken=True).order_by("starts_at"))
    meeting = Q(pk__in=())
    for each in ours:
        meeting |= Q(starts_at__lt=each.ends_at, ends_at__gt=each.starts_at)
    clash = Booking.objects.filter(meeting, patient=target, is_taken=True).order_by("starts_at").first()
    if clash is not None:
        about = {"day": date_format(clash.day, "SHORT_DATE_FORMAT"), "time": f"{clash.clock:%H:%M}"}
        raise MergeRefused(_("Both records have a session on %(day)s at %(time)s. Release or move one of them first.") % about)
    return rows


def _unless_known(rows: QuerySet[Any], target: Patient) -> QuerySet[Any]:
    """A patient wishes one thing: where both said something, what the kept record says stays."""
    return rows.none() if Wishes.objects.filter(patient=target).exists() else rows


def _changed(rows: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    return rows.filter(changes__at__gt=at)


def _said(rows: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    """A day begins by the clinic's clock: late in the evening elsewhere it is tomorrow there."""
    later = (each.pk for each in rows.select_related("patient__clinic") if each.said_on > timezone.localdate(at, each.patient.clinic.zone))
    return rows.filter(pk__in=tuple(later))


def _revoked(rows: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    return rows.filter(revoked_at__gt=at)
