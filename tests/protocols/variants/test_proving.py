"""Random changes of protocols and rules: what is let through is as safe as the release, and the proof would notice if it were not."""

import pytest

from protocols.proving_variant_controls import CONTROLS, is_noticed
from protocols.proving_variants import Tally, prove_draw
from protocols.shelf import shipped_library

DRAWS, PLANS, SEED = 6, 4, 2


@pytest.mark.parametrize("name", CONTROLS)
def test_what_a_comparison_that_was_left_out_would_have_stopped_is_seen_in_the_plans(name: str) -> None:
    assert is_noticed(CONTROLS[name], shipped_library())


def test_no_random_change_that_may_be_published_makes_an_unsafe_plan() -> None:
    tally = Tally()
    for number in range(DRAWS):
        tally.add(prove_draw((number, PLANS, SEED)))
    assert tally.violations == []
    assert tally.let_through > 1
    assert tally.loosened + tally.unsound > 1
    assert tally.plans > PLANS


def test_a_draw_comes_out_the_same_again() -> None:
    assert prove_draw((3, 1, 1)) == prove_draw((3, 1, 1))
