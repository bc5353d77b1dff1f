"""Doses changed by hand, one by one and as the curve they make: hard bounds are errors, more than the protocol gives is a warning."""

from collections.abc import Iterator, Sequence
from math import floor

from protocols.method.checking.bars import age_row
from protocols.method.checking.doses import full_seconds, heaviest_dose, longest_by_hand, widest_gap
from protocols.method.checking.problems import Problem, problem
from protocols.method.plans import NO_ADAPTATION, Adaptation, Dose, SessionPlan
from protocols.method.setting import Setting

# By hand no session falls below this share of the stage's full dose: less is another stage, or no session.
LEAST_SHARE = 0.5


def check_curve(doses: Sequence[Dose], setting: Setting, adaptation: Adaptation = NO_ADAPTATION) -> tuple[Problem, ...]:
    """Every breach in the doses of a course that was edited by hand, all of them errors; ``()`` for a good curve.

    ``doses`` are those of the whole course in order, in whole seconds. No dose is above what a hand may give, none below half of the
    stage's full dose unless the protocol itself gives less, and none rises by more than the widest gap of the ladder (course-rules.toml:
    each session starts at the load reached in the one before), except where the protocol's own course does.
    """
    treatment = setting.stage.treatment
    if treatment is None:
        return tuple(problem("dose-too-long", dose=dose.seconds, ceiling=0) for dose in doses if dose.seconds > 0)
    alone = (found for dose in doses for found in _bounds(dose, setting, adaptation))
    return (*alone, *_jumps(doses, setting, adaptation))


def hand_dose_problems(plan: SessionPlan, setting: Setting, dose: Dose, adaptation: Adaptation) -> Iterator[Problem]:
    """What is wrong with the dose of one session that was edited by hand; above the protocol's own dose it needs a reason."""
    if plan.dose is not None and _load(plan.dose) != _load(dose):
        yield problem("dose-mismatch", plan=plan.number, dose=dose.number)
    yield from _bounds(dose, setting, adaptation)
    protocol = heaviest_dose(setting, setting.treatment, dose.number, dose.of, adaptation)
    if dose.seconds > protocol:
        yield problem("dose-above-protocol", severity="warning", dose=dose.seconds, protocol=protocol)
    strongest = _strongest(setting, adaptation)
    if dose.pressure_max > strongest:
        yield problem("dose-too-strong", pressure=dose.pressure_max, limit=strongest)


def _load(dose: Dose) -> tuple[object, ...]:
    return dose.number, dose.of, dose.phase, dose.seconds, dose.pressure_shift, dose.pressure_max, dose.percussion


def _bounds(dose: Dose, setting: Setting, adaptation: Adaptation) -> Iterator[Problem]:
    most = longest_by_hand(setting, setting.treatment, dose.number, dose.of, adaptation)
    if dose.seconds > most:
        yield problem("dose-too-long", dose=dose.seconds, ceiling=most)
    own = heaviest_dose(setting, setting.treatment, dose.number, dose.of, adaptation)
    least = min(floor(LEAST_SHARE * full_seconds(setting, setting.treatment) + 1e-6), own - 1)
    if dose.seconds < least:
        yield problem("dose-too-short", dose=dose.seconds, least=least)


def _jumps(doses: Sequence[Dose], setting: Setting, adaptation: Adaptation) -> Iterator[Problem]:
    rise = widest_gap(setting.library.course) * full_seconds(setting, setting.treatment)
    own = [heaviest_dose(setting, setting.treatment, dose.number, dose.of, adaptation) for dose in doses]
    for place in range(1, len(doses)):
        before, dose = doses[place - 1], doses[place]
        # A second on either side is rounding.
        kept = before.seconds >= own[place - 1] - 1
        most = max(before.seconds + rise + 1, own[place] if kept else 0)
        if dose.seconds > most:
            yield problem("curve-jump", number=dose.number, seconds=dose.seconds, before=before.seconds)


def _strongest(setting: Setting, adaptation: Adaptation) -> int:
    """The pressure that stage, age, what holds everywhere and earlier sessions leave for a whole session."""
    age = age_row(setting.library.course.age_factor, setting.age).pressure_max
    everywhere = (cap.level for cap in setting.screening.limits.pressure_caps if cap.places is None)
    return max(1, min([setting.treatment.pressure_max, age, *everywhere]) + min(0, adaptation.pressure_shift))
