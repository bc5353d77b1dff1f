"""Which backups are kept (trust.md §3.4): 7 days, 4 weeks, 12 months, whatever the clock does."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as some

from clinic.keeping.backups.naming import backup_name, backups_in, taken_at_of
from clinic.keeping.backups.retention import STANDARD, Keep, read_keep, superseded

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def nightly(count: int) -> list[datetime]:
    return [NOW - timedelta(days=number) for number in range(count)]


def kept(moments: list[datetime], keep: Keep = STANDARD, now: datetime = NOW) -> list[datetime]:
    return sorted(set(moments) - superseded(moments, keep=keep, now=now), reverse=True)


def test_of_two_years_of_nights_seven_days_four_weeks_and_twelve_months_are_kept() -> None:
    left = kept(nightly(730))
    assert left[:7] == nightly(7)
    assert {moment.strftime("%G-%V") for moment in left} >= {"2026-47", "2026-46", "2026-45", "2026-44"}
    assert {moment.strftime("%Y-%m") for moment in left} == {f"2026-{month:02}" for month in range(1, 12)} | {"2025-12"}
    assert len(left) <= 7 + 4 + 12


def test_a_pause_removes_nothing_because_only_days_with_a_backup_count() -> None:
    moments = [NOW - timedelta(days=400 + number) for number in range(5)]
    assert kept(moments) == sorted(moments, reverse=True)


def test_the_newest_is_kept_even_by_who_wants_none() -> None:
    assert kept(nightly(9), Keep(0, 0, 0)) == [NOW]


def test_of_one_day_the_last_is_kept() -> None:
    morning, evening = NOW.replace(hour=6), NOW.replace(hour=11)
    assert kept([morning, evening], Keep(7, 0, 0)) == [evening]


def test_a_backup_of_a_clock_that_ran_ahead_is_neither_removed_nor_takes_the_place_of_a_true_one() -> None:
    ahead = [NOW + timedelta(days=365 + number) for number in range(9)]
    assert kept([*nightly(7), *ahead]) == sorted([*nightly(7), *ahead], reverse=True)


def test_the_last_days_of_december_and_the_first_of_january_are_one_week_and_two_months() -> None:
    december, january = datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    assert kept([december, january], Keep(0, 9, 0), now=january) == [january]
    assert kept([december, january], Keep(0, 0, 9), now=january) == [january, december]


def test_days_are_counted_in_utc_wherever_the_clinic_is() -> None:
    there = timezone(timedelta(hours=13))
    late, next_day = (
        datetime(2026, 11, 21, 23, 30, tzinfo=UTC).astimezone(there),
        datetime(2026, 11, 22, 0, 30, tzinfo=UTC).astimezone(there),
    )
    assert kept([late, next_day], Keep(2, 0, 0)) == [next_day, late]


@given(some.sets(some.integers(-50, 1500), max_size=60), some.tuples(*[some.integers(0, 15)] * 3))
def test_what_is_removed_is_never_the_newest_and_a_second_look_removes_nothing_more(hours: set[int], numbers: tuple[int, int, int]) -> None:
    moments, keep = [NOW - timedelta(hours=11 * hour) for hour in hours], Keep(*numbers)
    left = kept(moments, keep)
    assert kept(left, keep) == left
    assert not moments or left[0] == max(moments)
    past = [moment for moment in moments if moment <= NOW]
    assert not past or max(past) in left


def test_how_long_is_said_by_three_numbers() -> None:
    assert read_keep("7, 4,12") == STANDARD
    for wrong in ("7", "7,4,x", "7,4,-1", ""):
        with pytest.raises(ValueError, match="7,4,12"):
            read_keep(wrong)


def test_only_what_has_the_name_of_a_backup_is_one(tmp_path) -> None:
    right = backup_name(NOW)
    assert right == "tactus-20261122T120000Z.tar.age"
    for name in (right, ".tactus-20261122T120000Z.tar.age.host.unfinished", "tactus-20261322T120000Z.tar.age", f"{right}.bak", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "tactus-20261121T120000Z.tar.age").symlink_to(tmp_path / "notes.txt")
    assert [each.path.name for each in backups_in(tmp_path)] == [right]
    assert taken_at_of(right) == NOW
    assert backups_in(tmp_path / "nowhere") == []
