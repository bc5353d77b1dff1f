"""Many who keep a change of one plan at one moment: one is accepted, the others are told (trust.md F6). Full size: ``verify edits``."""

import pytest

from clinic.audit.actions import verify_chain
from clinic.courses.studio.parallel import ACCEPTED, TOLD, a_table, all_keep, drafted, evening, windows_act, without_version

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 5


def test_of_many_who_keep_at_one_moment_one_is_accepted_and_in_the_end_nobodys_change_is_lost() -> None:
    tally = evening(a_table(PEOPLE))
    assert tally.holds, tally
    assert (tally.accepted, tally.told) == (PEOPLE, PEOPLE * (PEOPLE - 1) // 2)
    assert verify_chain() is None


def test_of_many_windows_of_one_person_one_acts_and_the_others_are_told() -> None:
    table = a_table(2)
    for _turn in range(2):
        assert windows_act(table, PEOPLE).ends == {ACCEPTED: 1, TOLD: PEOPLE - 1}


def test_without_the_version_more_than_one_is_accepted() -> None:
    """The positive control."""
    table = a_table(3)
    drafted(table)
    with without_version():
        assert all_keep(table).ends[ACCEPTED] > 1
