"""What the worker does for patients' papers."""

from celery import shared_task
from django.utils import timezone

from patients.actions.files import remove_orphan_files as remove_orphans
from patients.actions.referrals import end_if_over
from patients.models import Referral
from patients.states import ReferralState


@shared_task
def end_referrals() -> int:
    """Writes down which signed referrals have expired or are used up; answers how many. Each at its clinic's day. Safe to run twice.

    Nobody waits for this: whoever reads a referral judges it by the day and the count.
    """
    now = timezone.now()
    signed = Referral.objects.filter(state__in=(ReferralState.SIGNED, ReferralState.EXHAUSTED)).select_related("patient__clinic")
    return sum(end_if_over(referral=each, on=timezone.localdate(now, each.patient.clinic.zone)) for each in signed.iterator())


@shared_task
def remove_orphan_files() -> int:
    """Removes uploaded files whose record was never kept; answers how many. Safe to run at any time and twice."""
    return remove_orphans()
