"""Free time is what is left of the working hours, told in cells of five minutes of the clinic's own clock."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from clinic.schedule.cells import cells_from, cells_within
from clinic.schedule.holidays import public_holidays
from clinic.schedule.models import Absence, Closure, DayHours, Room, ScheduleRules, Site
from clinic.schedule.proposing import why_not
from clinic.schedule.proposing.values import CELLS, At, Calendar, Rhythm, Shift, Slot, Wanted
from clinic.schedule.queries import calendar_of, closed_days, open_days, therapists_for
from clinic.staff.models import Clinic, StaffProfile, User
from tests.factories import a_clinic, a_member, a_patient
from tests.fixtures import counted_queries
from tests.schedule_factories import a_booking, a_device, a_room, a_site, hours_of

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)
BEFORE = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def clinic() -> Clinic:
    return a_clinic()


@pytest.fixture
def site(clinic: Clinic) -> Site:
    return a_site(clinic=clinic)


@pytest.fixture
def room(site: Site) -> Room:
    return a_room(site=site)


@pytest.fixture
def therapist(clinic: Clinic, site: Site) -> User:
    person = a_member(clinic=clinic)
    hours_of(person, site=site)
    return person


def known(clinic: Clinic, *therapists: User, first: date = MONDAY, last: date = MONDAY, now: datetime = BEFORE, **more: Any) -> Calendar:
    return calendar_of(clinic, first=first, last=last, therapists=therapists, now=now, **more)


def shift(clinic: Clinic, therapist: User, day: date = MONDAY, **more: Any) -> Shift:
    (found,) = known(clinic, therapist, first=day, last=day, **more).shifts[therapist.pk, day]
    return found


def spans(cells: int) -> list[str]:
    """A set of cells as people read it: "08:00-12:00"."""
    edges = [c for c in range(CELLS + 1) if (cells >> c & 1) != (cells >> c - 1 & 1 if c else 0)]
    times = [f"{c // 12:02}:{c % 12 * 5:02}" for c in edges]
    return [f"{start}-{end}" for start, end in zip(times[::2], times[1::2], strict=True)]


def away(therapist: User, clinic: Clinic, first: date, last: date, **more: Any) -> Absence:
    details: dict[str, Any] = {
        "clinic": clinic,
        "therapist": therapist,
        "first_on": first,
        "last_on": last,
        "reason": "ill",
        "created_by": therapist,
    }
    return Absence.objects.create(**details | more)


def shut(therapist: User, clinic: Clinic, first: date, last: date, **more: Any) -> Closure:
    details: dict[str, Any] = {"clinic": clinic, "first_on": first, "last_on": last, "name": "Painting", "created_by": therapist}
    return Closure.objects.create(**details | more)


def test_two_shifts_leave_the_break_between_them(clinic: Clinic, therapist: User) -> None:
    found = shift(clinic, therapist)
    assert spans(found.works) == spans(found.free) == ["08:00-12:00", "13:00-17:00"]
    assert (found.units_left, found.minutes_left, found.heavy) == (30, 300, 0)


@pytest.mark.parametrize(("clock", "passed"), [(time(9, 59), False), (time(10), False), (time(10, 1), True)])
def test_a_time_that_has_passed_is_told_as_past_and_not_as_somebody_s_work(
    clinic: Clinic, therapist: User, room: Room, clock: time, *, passed: bool
) -> None:
    calendar = known(clinic, therapist, now=datetime.combine(MONDAY, clock, clinic.zone))
    wanted = Wanted(1, 6, 2, Rhythm(1, 3, 2), MONDAY, MONDAY, (therapist.pk,))
    reasons = why_not(calendar, wanted, [Slot(MONDAY, 9 * 12, therapist.pk, room.pk, room.site_id)], 1, At(MONDAY, 10 * 12, therapist.pk))
    assert [reason.code for reason in reasons] == ["past"] * passed


def test_a_booking_takes_therapist_and_room_until_the_turnover_is_over_and_the_patient_only_until_the_end(
    clinic: Clinic, therapist: User, room: Room
) -> None:
    patient = a_patient(clinic=clinic)
    a_booking(patient=patient, therapist=therapist, room=room, day=MONDAY, clock=time(9), units=2.5, is_heavy=True)
    found = known(clinic, therapist, patient=patient)
    (mine,) = found.shifts[therapist.pk, MONDAY]
    (place,) = found.places[room.site_id, MONDAY]
    assert spans(mine.free) == ["08:00-09:00", "09:35-12:00", "13:00-17:00"]
    assert spans(place.free) == ["00:00-09:00", "09:35-24:00"]
    assert spans(found.patient_busy[MONDAY]) == spans(mine.heavy) == ["09:00-09:30"]
    assert (mine.units_left, mine.minutes_left) == (27.5, 280)
    assert spans(mine.works) == ["08:00-12:00", "13:00-17:00"]


def test_what_is_ignored_released_or_held_too_long_takes_nothing(clinic: Clinic, therapist: User, room: Room) -> None:
    same: dict[str, Any] = {"therapist": therapist, "room": room, "day": MONDAY}
    ignored = a_booking(**same, clock=time(8))
    a_booking(**same, clock=time(9), state="released")
    a_booking(**same, clock=time(10), held_until=BEFORE)
    a_booking(**same, clock=time(11), held_until=BEFORE + timedelta(seconds=1))
    assert spans(shift(clinic, therapist, ignoring=[ignored]).free) == ["08:00-11:00", "11:35-12:00", "13:00-17:00"]


def test_a_booking_at_another_clinic_takes_the_therapist_here_too(clinic: Clinic, therapist: User, room: Room) -> None:
    a_booking(therapist=therapist, room=a_room(clinic=a_clinic(time_zone="UTC")), day=MONDAY, clock=time(9))
    found = known(clinic, therapist)
    assert spans(found.shifts[therapist.pk, MONDAY][0].free) == ["08:00-10:00", "10:35-12:00", "13:00-17:00"]
    assert spans(found.places[room.site_id, MONDAY][0].free) == ["00:00-24:00"]


def test_the_past_of_today_is_not_free_and_a_day_before_has_nothing(clinic: Clinic, therapist: User) -> None:
    now = datetime(2026, 11, 24, 9, 7, tzinfo=UTC)  # 10:07 by the clinic's clock
    assert spans(shift(clinic, therapist, MONDAY + timedelta(days=1), now=now).free) == ["10:10-12:00", "13:00-17:00"]
    assert shift(clinic, therapist, now=now).free == 0


def test_hours_of_a_day_replace_the_pattern_of_that_day(clinic: Clinic, therapist: User, site: Site) -> None:
    DayHours.objects.create(clinic=clinic, therapist=therapist, site=site, day=MONDAY, starts=time(14), ends=time(18))
    DayHours.objects.create(clinic=clinic, therapist=therapist, day=MONDAY + timedelta(days=1))
    found = known(clinic, therapist, last=MONDAY + timedelta(days=2))
    assert spans(found.shifts[therapist.pk, MONDAY][0].free) == ["14:00-18:00"]
    assert (therapist.pk, MONDAY + timedelta(days=1)) not in found.shifts
    assert (therapist.pk, MONDAY + timedelta(days=2)) in found.shifts


def test_a_new_pattern_holds_from_its_first_day(clinic: Clinic, site: Site) -> None:
    therapist = a_member(clinic=clinic)
    hours_of(therapist, site=site, valid_until=MONDAY)
    hours_of(therapist, site=site, shifts=[(time(10, 2), time(15, 59))], valid_from=MONDAY + timedelta(days=1))
    assert spans(shift(clinic, therapist).works) == ["08:00-12:00", "13:00-17:00"]
    assert spans(shift(clinic, therapist, MONDAY + timedelta(days=1)).works) == ["10:05-15:55"]


def test_an_absence_takes_days_or_a_part_of_one_and_says_why(clinic: Clinic, therapist: User) -> None:
    away(therapist, clinic, MONDAY, MONDAY, starts=time(9), ends=time(11), reason="training")
    away(therapist, clinic, MONDAY + timedelta(days=1), MONDAY + timedelta(days=40))
    away(therapist, clinic, MONDAY, MONDAY, withdrawn_at=BEFORE, withdrawn_by=therapist)
    found = known(clinic, therapist, last=MONDAY + timedelta(days=1))
    (part,), (whole,) = found.shifts.values()
    assert spans(part.free) == ["08:00-09:00", "11:00-12:00", "13:00-17:00"]
    assert (whole.free, spans(whole.works)) == (0, ["08:00-12:00", "13:00-17:00"])
    assert found.absent == {(therapist.pk, MONDAY): "training", (therapist.pk, MONDAY + timedelta(days=1)): "ill"}


def test_a_week_has_the_days_on_which_somebody_works(clinic: Clinic, therapist: User) -> None:
    week = MONDAY + timedelta(days=6)
    assert open_days(clinic, MONDAY, week) == tuple(MONDAY + timedelta(days=number) for number in range(5))
    assert list(closed_days(clinic, MONDAY, week)) == [MONDAY + timedelta(days=5), week]


def test_without_any_hours_there_are_open_days_and_nobody_to_treat(clinic: Clinic) -> None:
    found = known(clinic, a_member(clinic=clinic), last=MONDAY + timedelta(days=6))
    assert len(found.open_days) == 7
    assert found.shifts == {}


@pytest.mark.same_everywhere
@pytest.mark.same_everywhere
def test_a_holiday_that_the_readers_language_has_no_name_for_keeps_the_countrys_own() -> None:
    new_year = date(2026, 1, 1)
    for language, country, name in (("ru", "DE", "Neujahr"), ("ru", "BY", "Новый год"), ("en", "DE", "New Year's Day")):
        with override(language):
            assert public_holidays(country, "", [2026])[new_year].startswith(name)


def test_public_holidays_close_the_clinic_unless_it_says_otherwise(clinic: Clinic, therapist: User, site: Site) -> None:
    hours_of(therapist, site=site, weekdays=range(7))
    christmas = (date(2026, 12, 24), date(2026, 12, 27))
    with override("en"):
        assert closed_days(clinic, *christmas) == {date(2026, 12, 25): "Christmas Day", date(2026, 12, 26): "Second Day of Christmas"}
    shut(therapist, clinic, date(2026, 12, 26), date(2026, 12, 26), is_open=True)
    assert list(closed_days(clinic, *christmas)) == [date(2026, 12, 25)]
    ScheduleRules.objects.create(clinic=clinic, keeps_public_holidays=False)
    assert closed_days(clinic, *christmas) == {}


@pytest.mark.same_everywhere
@pytest.mark.parametrize(("country", "subdivision", "days"), [("DE", "", 0), ("DE", "BY", 1), ("DE", "XX", 0), ("ZZ", "", 0), ("", "", 0)])
def test_a_region_has_days_of_its_own_and_an_unknown_country_none(
    clinic: Clinic, therapist: User, country: str, subdivision: str, days: int
) -> None:
    clinic.country = country
    ScheduleRules.objects.create(clinic=clinic, subdivision=subdivision)
    assert len(closed_days(clinic, date(2027, 1, 6), date(2027, 1, 6))) == days  # Epiphany, a Wednesday


def test_a_closed_site_takes_its_own_people_and_rooms_and_the_last_open_one_the_day(clinic: Clinic, therapist: User, room: Room) -> None:
    other = a_room(site=a_site(clinic=clinic))
    hours_of(therapist, site=other.site, shifts=[(time(18), time(20))])
    shut(therapist, clinic, MONDAY, MONDAY, site=room.site)
    found = known(clinic, therapist)
    assert [spans(each.works) for each in found.shifts[therapist.pk, MONDAY]] == [["18:00-20:00"]]
    assert list(found.places) == [(other.site_id, MONDAY)]
    assert open_days(clinic, MONDAY, MONDAY, room.site_id) == ()
    shut(therapist, clinic, MONDAY, MONDAY, site=other.site, name="Moving")
    assert known(clinic, therapist).open_days == ()


def test_a_device_is_there_when_it_is_needed(clinic: Clinic, therapist: User, room: Room) -> None:
    fixed, carried = a_device(site=room.site, room=room, name="A"), a_device(site=room.site, name="B")
    a_booking(therapist=therapist, room=room, device=carried, day=MONDAY, clock=time(9))
    assert known(clinic, therapist).devices == {}
    found = known(clinic, therapist, needs=["apparatus"])
    assert spans(found.devices[carried.pk, MONDAY]) == ["00:00-09:00", "09:35-24:00"]
    assert (found.device_rooms, found.device_sites) == ({fixed.pk: room.pk}, dict.fromkeys([fixed.pk, carried.pk], room.site_id))


def test_rooms_out_of_use_are_no_places(clinic: Clinic, therapist: User, room: Room) -> None:
    a_room(site=room.site, is_active=False)
    assert [place.room for place in known(clinic, therapist).places[room.site_id, MONDAY]] == [room.pk]


def test_where_the_clocks_go_back_all_that_a_time_may_stand_for_is_taken(clinic: Clinic, therapist: User, room: Room, site: Site) -> None:
    sunday = date(2026, 10, 25)
    hours_of(therapist, site=site, weekdays=[6], shifts=[(time(0), time(6))])
    a_booking(therapist=therapist, room=room, day=sunday, clock=time(2, 30), turnover=0)  # one of two half past two, till 02:00
    before = datetime(2026, 10, 1, tzinfo=UTC)
    assert spans(shift(clinic, therapist, sunday, now=before).free) == ["00:00-01:30", "03:00-06:00"]


@pytest.mark.same_everywhere
def test_the_number_of_queries_does_not_grow_with_the_span(clinic: Clinic, therapist: User, room: Room) -> None:
    for number in range(8):
        a_booking(therapist=therapist, room=room, day=MONDAY + timedelta(days=number), clock=time(9))
    patient = a_patient(clinic=clinic)
    with counted_queries(9):
        known(clinic, therapist, last=MONDAY + timedelta(days=55), patient=patient, needs=["apparatus"])


def test_therapists_are_found_by_what_they_learned_and_by_sex(clinic: Clinic) -> None:
    plain, skilled = a_member(clinic=clinic, full_name="Beate"), a_member(clinic=clinic, full_name="Anton")
    StaffProfile.objects.create(clinic=clinic, user=skilled, qualifications=["children", "segmental"], sex="male")
    a_member(clinic=clinic, roles=["admin"])

    def named(**more: Any) -> Iterable[User]:
        return therapists_for(clinic, **more)

    assert named() == [skilled, plain]
    assert named(needs=["children"]) == named(sex="male") == [skilled]
    assert named(needs=["apparatus"]) == named(sex="female") == []


def test_cells_round_working_time_down_and_what_is_past_up() -> None:
    assert spans(cells_within(time(8, 1), time(8, 14))) == ["08:05-08:10"]
    assert cells_within(time(8, 1), time(8, 4)) == 0
    assert spans(cells_from(time(23, 56))) == []
