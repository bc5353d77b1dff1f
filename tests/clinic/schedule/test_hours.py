"""A weekly pattern follows another without a gap, one day may differ, and somebody away is away only while nobody takes it back."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest

from clinic.audit.models import AuditLine
from clinic.schedule.actions.absences import Away, add_absence, withdraw_absence
from clinic.schedule.actions.hours import WeekShift, clear_day, set_day, set_week
from clinic.schedule.models import Absence, DayHours, Site, WorkingHours
from clinic.schedule.queries import bookings_hit_by_absence
from clinic.schedule.queries.future import bookings_outside_hours
from clinic.schedule.queries.weeks import day_exceptions, weeks_of, weeks_on
from clinic.staff.models import Clinic, User
from clinic.staff.permissions import ActionDenied, Actor
from tests.factories import a_member
from tests.schedule_factories import a_booking, a_room, a_site, a_workday

SPRING, SUMMER, AUTUMN = date(2027, 3, 1), date(2027, 6, 1), date(2027, 9, 1)


@pytest.fixture
def site(clinic: Clinic) -> Site:
    return a_site(clinic=clinic)


@pytest.fixture
def hands(clinic: Clinic, member: Callable[..., User]) -> User:
    return member("therapist")


def shift(site: Site, starts: int, ends: int, weekday: int = 0) -> WeekShift:
    return WeekShift(site, time(starts), time(ends), weekday)


def validity(person: User) -> list[tuple[date, date | None, time]]:
    return list(WorkingHours.objects.filter(therapist=person).order_by("valid_from").values_list("valid_from", "valid_until", "starts"))


def test_a_new_pattern_ends_the_old_one_the_day_before_and_its_own_day_before_the_next(
    site: Site, hands: User, clinic_admin: Actor
) -> None:
    for day, hour in ((SPRING, 8), (AUTUMN, 10), (SUMMER, 9)):
        set_week(therapist=hands, shifts=[shift(site, hour, 12)], valid_from=day, actor=clinic_admin)
    one = timedelta(days=1)
    assert validity(hands) == [(SPRING, SUMMER - one, time(8)), (SUMMER, AUTUMN - one, time(9)), (AUTUMN, None, time(10))]
    set_week(therapist=hands, shifts=[shift(site, 7, 12)], valid_from=SUMMER, actor=clinic_admin)
    assert validity(hands)[1] == (SUMMER, AUTUMN - one, time(7))
    assert AuditLine.objects.filter(verb="set-working-hours").count() == 4


def test_no_shifts_at_all_end_the_work(site: Site, hands: User, clinic: Clinic, clinic_admin: Actor) -> None:
    set_week(therapist=hands, shifts=[shift(site, 8, 12), shift(site, 13, 17)], valid_from=SPRING, actor=clinic_admin)
    set_week(therapist=hands, shifts=[], valid_from=SUMMER, actor=clinic_admin)
    (week,) = weeks_of(clinic, hands)
    assert (week.hours, week.valid_until, week.holds_on(SUMMER)) == ("8:00", SUMMER - timedelta(days=1), False)
    assert [line.week.minutes for line in weeks_on(clinic, SPRING)] == [480]
    assert [line.week.minutes for line in weeks_on(clinic, SUMMER)] == [0]


@pytest.mark.parametrize("wrong", [[(8, 12), (11, 13)], [(12, 8)]])
def test_shifts_that_overlap_or_run_backwards_are_refused(
    site: Site, hands: User, clinic_admin: Actor, wrong: list[tuple[int, int]]
) -> None:
    with pytest.raises(ActionDenied):
        set_week(therapist=hands, shifts=[shift(site, *each) for each in wrong], valid_from=SPRING, actor=clinic_admin)
    assert not WorkingHours.objects.exists()


def test_hours_are_of_therapists_of_the_clinic_in_its_own_sites_and_written_by_its_administrators(
    site: Site, hands: User, therapist: Actor, clinic_admin: Actor, other_clinic: Clinic
) -> None:
    theirs = a_site(clinic=other_clinic)
    for person, place, actor in ((hands, theirs, clinic_admin), (clinic_admin.user, site, clinic_admin), (hands, site, therapist)):
        with pytest.raises(ActionDenied):
            set_day(therapist=person, day=SPRING, shifts=[shift(place, 8, 12)], actor=actor)
    assert not DayHours.objects.exists()


def test_one_day_differs_until_it_is_put_back(site: Site, hands: User, clinic: Clinic, clinic_admin: Actor) -> None:
    set_day(therapist=hands, day=SPRING, shifts=[shift(site, 8, 12)], actor=clinic_admin)
    set_day(therapist=hands, day=SPRING, shifts=[], actor=clinic_admin)
    assert day_exceptions(clinic, hands, since=SPRING) == ((SPRING, ()),)
    clear_day(therapist=hands, day=SPRING, actor=clinic_admin)
    clear_day(therapist=hands, day=SPRING, actor=clinic_admin)
    assert day_exceptions(clinic, hands, since=SPRING) == ()
    assert AuditLine.objects.filter(verb="cleared-hours-of-day").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"last_on": SPRING - timedelta(days=1)},
        {"starts": time(9)},
        {"starts": time(9), "ends": time(8)},
        {"starts": time(9), "ends": time(10), "last_on": SUMMER},
        {"reason": "bored"},
    ],
)
def test_an_absence_that_makes_no_sense_is_refused(hands: User, clinic_admin: Actor, wrong: dict[str, Any]) -> None:
    said: dict[str, Any] = {"first_on": SPRING, "last_on": SPRING, "reason": "ill"} | wrong
    with pytest.raises(ActionDenied):
        add_absence(therapist=hands, away=Away(**said), actor=clinic_admin)


def test_an_absence_hits_what_it_touches_and_nothing_when_it_is_taken_back(
    site: Site, hands: User, clinic: Clinic, clinic_admin: Actor, stranger: Actor
) -> None:
    day, room = a_workday(clinic=clinic), a_room(site=site)
    before, into, after = (a_booking(therapist=hands, room=room, day=day, clock=time(*at)) for at in ((8, 30), (9, 35), (11, 0)))
    a_booking(therapist=a_member(clinic=clinic), room=a_room(site=site), day=day, clock=time(10))
    part = add_absence(therapist=hands, away=Away(day, day, "training", time(10), time(11)), actor=clinic_admin)
    whole = add_absence(therapist=hands, away=Away(day, day + timedelta(days=2), "ill"), actor=clinic_admin)
    assert list(bookings_hit_by_absence(part)) == [into]
    assert list(bookings_hit_by_absence(whole)) == [before, into, after]
    with pytest.raises(ActionDenied):
        withdraw_absence(absence=whole, actor=stranger)
    for _twice in range(2):
        withdraw_absence(absence=whole, actor=clinic_admin)
    assert not bookings_hit_by_absence(Absence.objects.get(pk=whole.pk)).exists()
    assert AuditLine.objects.filter(verb="withdrew-absence").count() == 1


@pytest.mark.same_everywhere
def test_what_is_booked_outside_of_new_hours_is_told(site: Site, hands: User, clinic: Clinic, clinic_admin: Actor) -> None:
    day, room = a_workday(clinic=clinic), a_room(site=site)
    early, late = (a_booking(therapist=hands, room=room, day=day, clock=time(hour)) for hour in (9, 15))
    elsewhere = a_booking(therapist=hands, room=a_room(site=a_site(clinic=clinic)), day=day, clock=time(10))
    everyday = [shift(site, 8, 17, weekday) for weekday in range(7)]
    set_week(therapist=hands, shifts=everyday, valid_from=clinic.today(), actor=clinic_admin)
    assert bookings_outside_hours(clinic, hands) == (elsewhere,)
    set_day(therapist=hands, day=day, shifts=[shift(site, 12, 17)], actor=clinic_admin)
    assert bookings_outside_hours(clinic, hands) == (early, elsewhere)
    set_day(therapist=hands, day=day, shifts=[], actor=clinic_admin)
    assert bookings_outside_hours(clinic, hands) == (early, elsewhere, late)
