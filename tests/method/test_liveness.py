"""Liveness (invariant 16): a plan is refused only for a listed reason, and exists whenever the independent oracle says that it must."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.method.plans import NO_ADAPTATION
from protocols.method.roles import planned_places
from protocols.method.vocabulary import Outcome
from protocols.oracle import firing, forecast
from protocols.proving import narrowed, plans_of, signatures
from protocols.proving import settings as all_settings
from tests.method.strategies import LIBRARY, cases
from tests.method.test_invariants import EXAMPLES, planned, usual

SETTINGS = all_settings(LIBRARY)
SIGNATURES = signatures(LIBRARY)


@settings(usual, max_examples=2 * EXAMPLES)
@given(cases(milder=True, most_rules=4))
def test_steps_exist_exactly_when_the_oracle_says_so(case):
    setting, plan, dose, adaptation = planned(case)
    expected = forecast(setting, dose, adaptation)
    if expected.steps is not None:
        assert bool(plan.rows) == expected.steps, expected.because
    if expected.steps is False:
        assert plan.outcome >= Outcome.DEFER
        assert plan.omissions or setting.screening.findings or setting.screening.stage_barred


@settings(usual, max_examples=2 * EXAMPLES)
@given(st.sampled_from(SETTINGS), st.sampled_from(SIGNATURES), st.sampled_from(SIGNATURES))
def test_steps_exist_under_two_effects_exactly_when_the_oracle_says_so(setting, one, other):
    for signature in (one, replace(other, limits=replace(other.limits, places_out=one.limits.places_out + other.limits.places_out))):
        for plan, narrow in plans_of(narrowed(setting, signature)):
            assert plan.dose is not None
            expected = forecast(narrow, plan.dose, adaptation=NO_ADAPTATION)
            assert expected.steps is None or bool(plan.rows) == expected.steps, expected.because


@settings(usual, max_examples=EXAMPLES)
@given(cases(most_rules=4))
def test_the_screening_finds_what_the_oracle_finds(case):
    setting, _, _, _ = planned(case)
    places = planned_places(LIBRARY, case.condition, case.stage, case.inputs)
    screening = setting.screening
    unknown = frozenset(case.answers.unknown) - screening.facts.keys()
    fired, left_open = firing(setting, unknown, places, first=case.number == 1)
    found = {finding.rule for finding in screening.findings}
    listed = {rule.rule for rule in screening.open_rules}
    assert {rule.code for rule in fired} <= found
    assert {rule.code for rule in left_open} <= found | listed
    uncleared = {finding.rule for finding in screening.findings if not finding.cleared}
    worst = max((rule.outcome for rule in fired if rule.code in uncleared), default=Outcome.CLEAR)
    assert screening.outcome >= worst


@settings(usual, max_examples=EXAMPLES)
@given(cases(most_rules=2))
def test_a_session_that_may_not_start_says_what_is_in_the_way(case):
    setting, plan, _, _ = planned(case)
    if not plan.may_start:
        told = setting.screening.obstacles or setting.screening.stage_barred or plan.omissions
        assert told or setting.screening.outcome >= Outcome.DOCTOR
    if plan.outcome > setting.screening.outcome:
        assert any(row.kind in ("zone", "position", "step") for row in plan.omissions)
