"""The rows of this app that go over when two records are merged, and how to tell that something was done with them since."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from patients.merging import register_moved
from patients.models import Attachment, BreakGlass, CareMember, Document, FactAnswer, Intake, IntakeLink, Patient, Referral


def own_rows_move() -> None:
    """Says it once, when the app is ready."""
    register_moved(FactAnswer, _("Answers about health"), changed_since=_never)
    register_moved(Intake, _("Intake forms"), changed_since=_closed)
    register_moved(IntakeLink, _("Links to the intake form"), changed_since=_used)
    register_moved(Document, _("Documents"), changed_since=_withdrawn)
    register_moved(Attachment, _("Files"), changed_since=_never)
    register_moved(CareMember, _("Colleagues in care"), changed_since=_never, going=_not_in_care, is_added=False)
    register_moved(BreakGlass, _("Records opened from outside"), changed_since=_never, is_added=False)
    register_moved(Referral, _("Referrals"), changed_since=_went_on)


def _never(rows: QuerySet[Any], _at: datetime) -> QuerySet[Any]:
    return rows.none()


def _not_in_care(rows: QuerySet[Any], target: Patient) -> QuerySet[Any]:
    """All but those who are in the care of the kept record already."""
    inside = CareMember.objects.filter(patient=target, removed_at=None).values("user")
    return rows.exclude(user__in=inside, removed_at=None)


def _closed(rows: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    return rows.filter(Q(completed_at__gt=at) | Q(submitted_at__gt=at))


def _used(rows: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    return rows.filter(used_at__gt=at)


def _withdrawn(rows: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    return rows.filter(withdrawn_at__gt=at)


def _went_on(rows: QuerySet[Any], at: datetime) -> QuerySet[Any]:
    return rows.filter(moves__at__gt=at)
