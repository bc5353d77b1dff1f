"""A few walks of ``manage.py verify life``: whatever people do, in whatever order, no session is given that the day does not allow."""

import pytest

from clinic.courses.life.breaks import BREAKS, broken
from clinic.courses.life.proving_life import controls_hold, report
from clinic.courses.life.scene import Clock, a_scene, of_its_own_time
from clinic.courses.life.walking import nothing_stays, walked

pytestmark = pytest.mark.django_db


def test_no_session_is_given_that_the_day_does_not_allow_and_a_gate_that_is_out_is_found() -> None:
    clock, said = Clock(), list[str]()
    with of_its_own_time(clock), nothing_stays():
        scene = a_scene(clock)
        tally = walked(scene, clock, runs=3, steps=30, seed=14)
        assert not tally.wrong
        assert controls_hold(scene, clock, seed=1, write=said.append, names=("delivered",))
    report(tally, 1, said.append)
    assert {"a_session_is_begun", "todays_questions_are_quiet", "what_was_begun_is_recorded"} <= tally.done.keys()
    assert {"an_edition_is_published", "it_is_moved"} <= tally.done.keys()
    assert tally.delivered >= 3
    assert tally.refused.total() >= 10
    assert any("the delivered session 1 has changed" in line for line in said)


@pytest.mark.same_everywhere
@pytest.mark.parametrize("name", BREAKS)
def test_every_gate_can_still_be_taken_out(name: str) -> None:
    with broken(name):
        pass  # it raises where what it takes out is no longer there
