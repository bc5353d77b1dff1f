"""Working hours: the weekly pattern of a therapist from a day on, and what differs on one day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise

from django.db import transaction
from django.db.models import Min, Q
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.schedule.models import DayHours, Site, WorkingHours
from clinic.schedule.permissions import check_can_manage_schedule
from clinic.staff.models import Role, User
from clinic.staff.permissions import ActionDenied, Actor


@dataclass(frozen=True, slots=True)
class WeekShift:
    """From when to when, at which site; on a weekday (Monday is 0) of the pattern. For one day the weekday says nothing."""

    site: Site
    starts: time
    ends: time
    weekday: int = 0

    def written(self) -> str:
        """For the audit: weekday, times and the number of the site."""
        return f"{self.weekday} {self.starts:%H:%M}-{self.ends:%H:%M} @{self.site.pk}"


@transaction.atomic
def set_week(*, therapist: User, shifts: Sequence[WeekShift], valid_from: date, actor: Actor) -> list[WorkingHours]:
    """A new weekly pattern from ``valid_from`` on; the one that held then ends the day before, in the same act.

    It holds until the day before the next pattern that is planned already, if there is one. No shifts at all: the therapist does not
    work from that day on. Raises ``ActionDenied`` for everybody but administrators, for people who do not treat at this clinic, for
    sites of another clinic, and for shifts of one day that overlap or end before they begin.
    """
    _check(therapist, shifts, actor)
    lines = WorkingHours.objects.filter(clinic=actor.clinic, therapist=therapist)
    following = lines.filter(valid_from__gt=valid_from).aggregate(first=Min("valid_from"))["first"]
    lines.filter(valid_from=valid_from).delete()
    still = Q(valid_until=None) | Q(valid_until__gte=valid_from)
    lines.filter(still, valid_from__lt=valid_from).update(valid_until=valid_from - timedelta(days=1))
    until = following - timedelta(days=1) if following else None
    made = WorkingHours.objects.bulk_create(
        WorkingHours(
            clinic=actor.clinic, therapist=therapist, site=each.site, weekday=each.weekday, starts=each.starts, ends=each.ends,
            valid_from=valid_from, valid_until=until,
        )
        for each in shifts
    )  # fmt: skip
    details = {"valid_from": valid_from.isoformat(), "shifts": [each.written() for each in shifts]}
    record(actor=actor, verb="set-working-hours", subject=therapist, details=details)
    return made


@transaction.atomic
def set_day(*, therapist: User, day: date, shifts: Sequence[WeekShift], actor: Actor) -> None:
    """On this one day the therapist works like this and not by the weekly pattern; without shifts, not at all. Raises as ``set_week``."""
    _check(therapist, shifts, actor)
    DayHours.objects.filter(clinic=actor.clinic, therapist=therapist, day=day).delete()
    rows = [
        DayHours(clinic=actor.clinic, therapist=therapist, day=day, site=each.site, starts=each.starts, ends=each.ends) for each in shifts
    ]
    DayHours.objects.bulk_create(rows or [DayHours(clinic=actor.clinic, therapist=therapist, day=day)])
    details = {"day": day.isoformat(), "shifts": [each.written() for each in shifts]}
    record(actor=actor, verb="set-hours-of-day", subject=therapist, details=details)


@transaction.atomic
def clear_day(*, therapist: User, day: date, actor: Actor) -> None:
    """The weekly pattern holds on this day again. Nothing happens where nothing differed."""
    _check(therapist, (), actor)
    gone, _kinds = DayHours.objects.filter(clinic=actor.clinic, therapist=therapist, day=day).delete()
    if gone:
        record(actor=actor, verb="cleared-hours-of-day", subject=therapist, details={"day": day.isoformat()})


def _check(therapist: User, shifts: Sequence[WeekShift], actor: Actor) -> None:
    check_can_manage_schedule(actor)
    check_treats_here(therapist, actor)
    if any(each.site.clinic_id != actor.clinic.pk for each in shifts):
        raise ActionDenied(_("This is a place of another clinic."))
    if any(each.starts >= each.ends for each in shifts):
        raise ActionDenied(_("A shift ends after it begins."))
    if any(_overlap(day) for day in _days(shifts)):
        raise ActionDenied(_("Two shifts of one day overlap. Let the second one begin when the first has ended."))
    # Whoever books this therapist at this moment holds the same row.
    User.objects.select_for_update(no_key=True).get(pk=therapist.pk)


def check_treats_here(therapist: User, actor: Actor) -> None:
    """Raises ``ActionDenied`` for somebody who is no therapist of the actor's clinic."""
    if not actor.clinic.staff_roles.filter(user=therapist, role=Role.THERAPIST).exists():
        raise ActionDenied(_("This person does not treat at this clinic."))


def _days(shifts: Sequence[WeekShift]) -> Iterable[list[WeekShift]]:
    return (sorted((each for each in shifts if each.weekday == weekday), key=lambda each: each.starts) for weekday in range(7))


def _overlap(shifts: list[WeekShift]) -> bool:
    return any(second.starts < first.ends for first, second in pairwise(shifts))
