"""The large clinic's people and days follow from a seed, and nobody is in two places at one time."""

from collections import Counter
from datetime import date

from clinic.benchmark.days import GIVEN, IN_BLOCK, SESSIONS, THERAPISTS, course_days
from clinic.benchmark.people import invented
from patients.search import in_latin

TODAY = date(2026, 11, 22)


def test_the_same_seed_invents_the_same_people_in_both_scripts() -> None:
    first, again = list(invented(400)), list(invented(400))
    assert first == again
    assert len({each.card_number for each in first}) == len({each.phone for each in first}) == 400
    cyrillic = [each for each in first if each.language == "ru"]
    assert 100 < len(cyrillic) < 300
    assert all(in_latin(each.family_name) != each.family_name.casefold() for each in cyrillic)


def test_more_people_begin_with_the_same_ones() -> None:
    assert list(invented(50)) == list(invented(60))[:50]


def test_no_therapist_has_two_sessions_at_one_time_and_today_is_the_middle_of_a_course() -> None:
    count = 2 * IN_BLOCK + 300
    places = [course_days(turn, count, TODAY) for turn in range(count)]
    taken = Counter((each.therapist, each.minute, day) for each in places for day in each.days)
    assert set(taken.values()) == {1}
    assert Counter(each.block for each in places) == {-1: 300, 0: IN_BLOCK, 1: IN_BLOCK}
    assert {sum(day < TODAY for day in each.days) for each in places if each.block == 0} == {GIVEN}
    assert {each.therapist for each in places} == set(range(THERAPISTS))
    assert all(len(each.days) == SESSIONS for each in places)
