"""Bookings that cannot take place as they stand are found by what is true now: nothing has to be marked, so nothing is forgotten."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from clinic.courses.calendar.queries.affected import Trouble, absence_or_404, conflicts, conflicts_of_absence, conflicts_of_closure
from clinic.courses.calendar.queries.days import bookings_between, days_known
from clinic.schedule.models import Absence, Closure, ScheduleRules, Site
from clinic.schedule.states import BookingReason
from clinic.staff.actions import disable_staff, set_roles
from clinic.staff.models import User
from clinic.staff.permissions import Actor
from tests.clinic.schedule.booked import a_booking, a_room
from tests.factories import a_member, a_patient
from tests.fixtures import counted_queries

pytestmark = pytest.mark.django_db
REASONS = {"ill": BookingReason.THERAPIST_ILL, "holiday": BookingReason.THERAPIST_AWAY}


def a_day(actor: Actor) -> date:
    """A Wednesday to come that is no public holiday in Germany."""
    today = actor.clinic.today()
    day = today + timedelta(days=14 + (2 - today.weekday()) % 7)
    return day if (day.month, day.day) not in {(1, 1), (12, 25), (12, 26), (5, 1), (10, 3)} else day + timedelta(days=7)


def away(therapist: User, actor: Actor, day: date, *, starts: time | None = None, ends: time | None = None, reason: str = "ill") -> Absence:
    return Absence.objects.create(
        clinic=actor.clinic, therapist=therapist, first_on=day, last_on=day, starts=starts, ends=ends, reason=reason, created_by=actor.user
    )


def closed(actor: Actor, day: date, site: Site | None = None) -> Closure:
    return Closure.objects.create(clinic=actor.clinic, site=site, first_on=day, last_on=day, name="Water damage", created_by=actor.user)


@pytest.mark.parametrize("reason", ["ill", "holiday"])
def test_a_session_with_somebody_who_is_away_is_a_conflict_until_it_is_moved_or_the_absence_is_taken_back(
    therapist: Actor, clinic_admin: Actor, reason: str
) -> None:
    booking = a_booking(patient=a_patient(clinic=therapist.clinic), therapist=therapist.user, day=a_day(therapist))
    assert conflicts(therapist.clinic) == ()
    absence = away(therapist.user, clinic_admin, booking.day, reason=reason)
    (found,) = conflicts(therapist.clinic)
    assert (found.booking, found.trouble, found.reason) == (booking, Trouble.ABSENT, REASONS[reason])
    assert [each.booking for each in conflicts_of_absence(absence)] == [booking]
    absence.withdrawn_at, absence.withdrawn_by = timezone.now(), clinic_admin.user
    absence.save()
    assert conflicts(therapist.clinic) == conflicts_of_absence(absence) == ()
    with pytest.raises(Http404):
        absence_or_404(therapist.clinic, absence.pk)


@pytest.mark.parametrize("taken", ["account", "role"])
def test_a_session_with_somebody_who_treats_here_no_more_is_a_conflict(therapist: Actor, clinic_admin: Actor, taken: str) -> None:
    booking = a_booking(patient=a_patient(clinic=therapist.clinic), therapist=therapist.user, day=a_day(therapist))
    if taken == "account":
        disable_staff(user=therapist.user, actor=clinic_admin)
    else:
        set_roles(clinic=therapist.clinic, user=therapist.user, roles=["doctor"], actor=clinic_admin)
    (found,) = conflicts(therapist.clinic)
    assert (found.booking, found.trouble, found.reason) == (booking, Trouble.GONE, BookingReason.THERAPIST_AWAY)
    known = days_known(therapist.clinic, booking.day, booking.day)
    (booked,) = bookings_between(therapist.clinic, booking.day, booking.day, now=timezone.now())
    assert known.hinders(booked)


@pytest.mark.parametrize(("starts", "hit"), [(time(10, 30), 0), (time(10, 29), 1), (time(8), 1)])
def test_part_of_a_day_hits_only_what_it_touches_and_not_the_airing_of_the_room(therapist: Actor, starts: time, hit: int) -> None:
    booking = a_booking(patient=a_patient(clinic=therapist.clinic), therapist=therapist.user, day=a_day(therapist), clock=time(10))
    absence = away(therapist.user, therapist, booking.day, starts=starts, ends=time(18))
    assert len(conflicts_of_absence(absence)) == len(conflicts(therapist.clinic)) == hit


def test_a_closed_site_hits_its_own_rooms_only_and_a_closed_clinic_all(therapist: Actor, clinic_admin: Actor) -> None:
    here, there = a_room(therapist.clinic), a_room(therapist.clinic, name="Room 2", site="Annex")
    day, other = a_day(therapist), a_member(clinic=therapist.clinic)
    first = a_booking(patient=a_patient(clinic=therapist.clinic), therapist=therapist.user, day=day, room=here)
    second = a_booking(patient=a_patient(clinic=therapist.clinic), therapist=other, day=day, room=there)
    annex = closed(clinic_admin, day, there.site)
    assert [each.booking for each in conflicts_of_closure(annex)] == [each.booking for each in conflicts(therapist.clinic)] == [second]
    whole = closed(clinic_admin, day)
    assert {each.booking for each in conflicts_of_closure(whole)} == {each.booking for each in conflicts(therapist.clinic)}
    assert {(each.booking, each.name, each.reason) for each in conflicts(therapist.clinic)} == {
        (booking, "Water damage", BookingReason.CLOSED) for booking in (first, second)
    }


def test_a_public_holiday_that_the_clinic_begins_to_keep_makes_conflicts(therapist: Actor) -> None:
    rules = ScheduleRules.objects.create(clinic=therapist.clinic, keeps_public_holidays=False)
    christmas = date(therapist.clinic.today().year + 1, 12, 25)
    a_booking(patient=a_patient(clinic=therapist.clinic), therapist=therapist.user, day=christmas)
    assert conflicts(therapist.clinic) == ()
    rules.keeps_public_holidays = True
    rules.save()
    assert [(each.trouble, each.name) for each in conflicts(therapist.clinic)] == [(Trouble.CLOSED, "Christmas Day")]


def test_what_is_past_held_or_released_and_another_clinic_s_is_no_conflict(therapist: Actor, clinic_admin: Actor, stranger: Actor) -> None:
    day, patient = a_day(therapist), a_patient(clinic=therapist.clinic)
    now = timezone.now()
    a_booking(patient=patient, therapist=therapist.user, day=therapist.clinic.today() - timedelta(days=1))
    a_booking(patient=patient, therapist=therapist.user, day=day, state="held", held_until=now + timedelta(minutes=9))
    gone: dict[str, Any] = {"state": "released", "is_taken": False, "released_at": now, "release_reason": "other"}
    a_booking(patient=patient, therapist=therapist.user, day=day, clock=time(14), **gone)
    a_booking(patient=a_patient(clinic=stranger.clinic), therapist=stranger.user, day=day)
    for when in (therapist.clinic.today() - timedelta(days=1), day):
        away(therapist.user, clinic_admin, when)
    assert conflicts(therapist.clinic) == ()


def test_conflicts_are_counted_in_a_fixed_number_of_queries(therapist: Actor, clinic_admin: Actor) -> None:
    day = a_day(therapist)
    for hour in (9, 11, 13, 15):
        a_booking(patient=a_patient(clinic=therapist.clinic), therapist=therapist.user, day=day, clock=time(hour))
    away(therapist.user, clinic_admin, day)
    with counted_queries(8):
        assert len(conflicts(therapist.clinic)) == 4
