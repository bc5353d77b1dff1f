"""A record is opened from outside of care with a reason, given back, and judged by somebody else.

The reason in words may tell about health. It stays with the row, which goes with the record; the audit keeps its code alone.
"""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.staff.permissions import ActionDenied, Actor
from patients.care.permissions import check_can_close, check_can_judge, check_can_open_from_outside
from patients.care.relation import open_glass
from patients.models import BreakGlass, Patient
from patients.models.care import LEAST_WORDS

# Long enough for a session and its record, short enough that nobody keeps a record open for the day.
OPEN_FOR: Final = timedelta(hours=1)


def check_says_why(words: str) -> str:
    """The words without what nobody sees. Raises ``ActionDenied`` for less than a sentence."""
    if len("".join(words.split())) < LEAST_WORDS:
        raise ActionDenied(_("Say in a sentence why the record is needed: at least %(count)s letters.") % {"count": LEAST_WORDS})
    return words.strip()


@transaction.atomic
def open_record(*, patient: Patient, reason: str, words: str, actor: Actor) -> BreakGlass:
    """Opens what the record says about health to the actor for an hour; while it is open, asking again gives the same opening.

    Raises ``ActionDenied`` for whoever may not, for whoever is in care, and without a sentence.
    """
    locked = Patient.objects.select_for_update(no_key=True).get(pk=patient.pk, clinic=actor.clinic)
    check_can_open_from_outside(actor, locked)
    said, now = check_says_why(words), timezone.now()
    already = open_glass(actor.user.pk, now).filter(patient=locked).first()
    if already:
        return already
    made = BreakGlass.objects.create(
        patient=locked, user=actor.user, reason=BreakGlass.Reason(reason), words=said, opened_at=now, ends_at=now + OPEN_FOR
    )
    details = {"opening": made.pk, "reason": made.reason, "until": made.ends_at.isoformat(timespec="seconds")}
    record(actor=actor, verb="opened-record", subject=locked, details=details)
    return made


@transaction.atomic
def close_record(*, glass: BreakGlass, actor: Actor) -> BreakGlass:
    """Gives a record back before its time; one that is closed already stays as it is. Raises ``ActionDenied`` for anybody else."""
    check_can_close(glass, actor)
    locked, now = BreakGlass.objects.select_for_update().get(pk=glass.pk), timezone.now()
    if locked.closed_at is None and now < locked.ends_at:
        locked.closed_at = now
        locked.save(update_fields=["closed_at"])
        record(actor=actor, verb="closed-record", subject=locked.patient, details={"opening": locked.pk})
    return locked


@transaction.atomic
def judge_opening(*, glass: BreakGlass, is_justified: bool, words: str, actor: Actor) -> BreakGlass:
    """Says whether it was right to open the record, in words. Raises ``ActionDenied`` for who may not, and where it was judged."""
    locked = BreakGlass.objects.select_for_update().get(pk=glass.pk)
    check_can_judge(locked, actor)
    if not words.strip():
        raise ActionDenied(_("Say in words how you come to it."))
    locked.reviewed_at, locked.reviewed_by = timezone.now(), actor.user
    locked.is_justified, locked.review_words = is_justified, words.strip()
    locked.save(update_fields=["reviewed_at", "reviewed_by", "is_justified", "review_words"])
    details = {"opening": locked.pk, "justified": is_justified}
    record(actor=actor, verb="judged-opening", subject=locked.patient, details=details)
    return locked
