"""Absences: written down and taken back. What was booked stays booked until somebody re-homes it."""

from dataclasses import dataclass
from datetime import date, time

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.schedule.actions.hours import check_treats_here
from clinic.schedule.actions.taking_back import take_back
from clinic.schedule.models import Absence
from clinic.schedule.permissions import check_can_manage_schedule
from clinic.schedule.states import AbsenceReason
from clinic.staff.models import User
from clinic.staff.permissions import ActionDenied, Actor


@dataclass(frozen=True, slots=True)
class Away:
    """From the first to the last day, whole days; or, on one day, between two times."""

    first_on: date
    last_on: date
    reason: str
    starts: time | None = None
    ends: time | None = None
    note: str = ""


@transaction.atomic
def add_absence(*, therapist: User, away: Away, actor: Actor) -> Absence:
    """The therapist is away. Raises ``ActionDenied`` for everybody but administrators, for people who do not treat at this clinic,
    for days or times in the wrong order, and for times of several days.
    """
    check_can_manage_schedule(actor)
    check_treats_here(therapist, actor)
    _check(away)
    User.objects.select_for_update(no_key=True).get(pk=therapist.pk)  # as whoever books this therapist now
    absence = Absence.objects.create(
        clinic=actor.clinic, therapist=therapist, first_on=away.first_on, last_on=away.last_on, starts=away.starts, ends=away.ends,
        reason=away.reason, note=away.note.strip(), created_by=actor.user,
    )  # fmt: skip
    # The reason is the person's own affair; it stays in the absence and out of the audit.
    details = {"therapist": therapist.pk, "first": away.first_on.isoformat(), "last": away.last_on.isoformat()}
    record(actor=actor, verb="added-absence", subject=absence, details=details)
    return absence


@transaction.atomic
def withdraw_absence(*, absence: Absence, actor: Actor) -> None:
    """Takes it back: the hours count again. A second time does nothing. Raises ``ActionDenied`` for an absence of another clinic."""
    check_can_manage_schedule(actor)
    if absence.clinic_id != actor.clinic.pk:
        raise ActionDenied(_("This absence belongs to another clinic."))
    if locked := take_back(absence, actor):
        record(actor=actor, verb="withdrew-absence", subject=locked, details={"therapist": locked.therapist_id})


def _check(away: Away) -> None:
    if away.last_on < away.first_on:
        raise ActionDenied(_("The last day comes before the first one."))
    if (away.starts is None) != (away.ends is None):
        raise ActionDenied(_("Write both times, or none for whole days."))
    if away.starts is not None and away.ends is not None and (away.first_on != away.last_on or away.ends <= away.starts):
        raise ActionDenied(_("Times are of one day, and the second one is later. For several days leave the times empty."))
    if away.reason not in AbsenceReason.values:
        raise ActionDenied(_("Choose a reason of the list."))
