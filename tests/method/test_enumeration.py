"""The finite domain: every stage under every distinct effect of a rule, one session per phase, read by the checker and the oracle."""

from functools import cache

import pytest

from protocols.method.setting import Setting
from protocols.method.vocabulary import Outcome
from protocols.proving import narrowed, plans_of, settings, signatures, together
from protocols.proving_safety import Wish, report, verified
from protocols.shelf import shipped_library


@cache
def first_settings():
    """One setting of each stage: its first combination of sides and regions."""
    chosen: dict[tuple[str, str], Setting] = {}
    for setting in settings(shipped_library()):
        chosen.setdefault((setting.condition.code, setting.stage.code), setting)
    return tuple(chosen.values())


@pytest.mark.slow
def test_no_stage_under_any_single_effect_breaks_an_invariant_or_refuses_without_need():
    verdict = verified(Wish(singles=True, processes=2))
    assert not verdict.breaches, report(verdict.breaches)
    # A builder that makes nothing would pass the line above.
    assert verdict.plans >= 3 * 82 * 100 * 0.9


def test_every_stage_and_every_place_of_its_inputs_is_planned_without_a_finding():
    library = shipped_library()
    everything = settings(library)
    assert {setting.condition.code for setting in everything} == set(library.conditions)
    for setting in everything:
        # Steps on the healthy side fall away when both sides are affected; a stage of nothing else is deferred with that reason.
        healthy_only = setting.inputs.get("affected_side") == "both" and all(step.side == "healthy" for step in setting.treatment.steps)
        for plan, _ in plans_of(setting):
            assert bool(plan.rows) != healthy_only, (setting.condition.code, setting.stage.code, dict(setting.inputs), plan.number)
            assert not healthy_only or (plan.outcome is Outcome.DEFER and plan.omissions)


def test_effects_are_told_apart_and_two_of_them_bind_together():
    library = shipped_library()
    singles = signatures(library)
    assert len({signature.limits for signature in singles}) == len(singles)
    one, other = singles[0], singles[-1]
    both = narrowed(first_settings()[0], together(one, other, library.course.phases.max_down)).screening.limits
    assert set(one.limits.places_out) <= set(both.places_out)
    assert set(other.limits.techniques_out) <= set(both.techniques_out)
