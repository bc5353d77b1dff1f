"""The course: one dose per session, its review and its massage units. Every number comes from ``course-rules.toml`` and the stage.

Seconds are whole. Rounding is half up (``floor(x + 0.5)``) so that it is the same in every version of every language.
"""

from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from protocols.method.entries import CourseRules, Gap, PhaseRule, PhaseShare
from protocols.method.library import Library
from protocols.method.plans import NO_ADAPTATION, Adaptation, CoursePlan, Dose
from protocols.method.reasons import Reason, because
from protocols.method.session.bars import AIRWAY_CLEARANCE, age_row
from protocols.method.setting import Setting
from protocols.method.vocabulary import Phase


def round_half_up(value: float) -> int:
    """The nearest whole number; a half goes up. A billionth is added so that 0.7 x 90 s is 63 s whatever the float says."""
    return floor(value + 0.5 + 1e-9)


# Phases ---------------------------------------------------------------------------------------------------------------------
@lru_cache(maxsize=256)
def _sessions_of(share: PhaseShare, count: int) -> int:
    exact = Fraction(str(share.share)) * count
    return min(share.cap, ceil(exact) if share.round == "up" else floor(exact))


def phase_of(course: CourseRules, number: int, count: int) -> Phase:
    """The phase of session ``number`` (from 1) of ``count``: build-up first, taper last, working between; one session is build-up."""
    if number <= _sessions_of(course.phases.build_up, count):
        return "build-up"
    return "taper" if number > count - _sessions_of(course.phases.taper, count) else "working"


def phase_rule(course: CourseRules, phase: Phase) -> PhaseRule:
    """The row of the phase table."""
    return next(row for row in course.phase if row.code == phase)


def review_after(course: CourseRules, count: int) -> int:
    """The session after which the course is reviewed: the earlier of the fixed session and the share of the course, at most ``count``."""
    return min(course.review.session, ceil(Fraction(str(course.review.share)) * count), count)


def _phase_factor(course: CourseRules, number: int, count: int) -> float:
    phase = phase_of(course, number, count)
    factors = phase_rule(course, phase).minutes_factor
    return factors[min(number, len(factors)) - 1] if phase == "build-up" else factors[0]


def step_down(course: CourseRules, factor: float, rungs: int) -> float:
    """The rung of the ladder ``rungs`` (at most ``max_down``) below the highest one that ``factor`` reaches; never below the first."""
    reached = max((place for place, rung in enumerate(course.ladder) if rung <= factor), default=0)
    return course.ladder[max(0, reached - min(max(rungs, 0), course.phases.max_down))]


def after_gap(library: Library, missed_days: int) -> Gap:
    """What missed days (open days of the clinic beyond ``every_days_max``) ask for: go on, repeat the load, rungs down, or reassess."""
    return next(row for row in library.course.gap if row.missed_days_min <= max(missed_days, 0) <= row.missed_days_max)


# Doses ----------------------------------------------------------------------------------------------------------------------
def plan_course(setting: Setting, *, count: int, adaptation: Adaptation = NO_ADAPTATION) -> CoursePlan:
    """The doses of ``count`` sessions under today's findings.

    ``adaptation`` lowers every dose that it leaves: its rungs, its minutes factor and its pressure. ``repeat_load_of`` keeps the
    sessions after that one at its load until a later record lets the load rise again. A barred stage has doses of no seconds.
    Raises ``ValueError`` when ``count`` is below 1.
    """
    if count < 1:
        raise ValueError("a course has at least one session")
    doses = tuple(_dose(setting, number, count, adaptation) for number in range(1, count + 1))
    # The area may follow the region; the units stay the stage's own plan (README, "Stages, steps, positions").
    units = setting.stage.treatment.units if setting.stage.treatment else 0.0
    return CoursePlan(doses, review_after(setting.library.course, count), procedure_area(setting), units)


def procedure_area(setting: Setting) -> str:
    """The procedure area that is billed: from the region's row where the stage says so; empty for a barred stage."""
    treatment = setting.stage.treatment
    if treatment is None:
        return ""
    row = setting.library.resolutions.get(str(setting.inputs.get("region")))
    if treatment.area_by_region is None or row is None:
        return treatment.procedure_area
    return row.areas[treatment.area_by_region]


def _dose(setting: Setting, number: int, count: int, adaptation: Adaptation) -> Dose:
    phase = phase_of(setting.library.course, number, count)
    if setting.stage.treatment is None:
        return Dose(number, count, phase, seconds=0, pressure_shift=0, pressure_max=1, percussion=False)
    seconds = _seconds(setting, number, count, adaptation)
    if adaptation.repeat_load_of is not None and number > adaptation.repeat_load_of >= 1:
        seconds = min(seconds, _seconds(setting, adaptation.repeat_load_of, count, adaptation))
    return Dose(
        number=number,
        of=count,
        phase=phase,
        seconds=seconds,
        pressure_shift=_pressure_shift(setting, phase) + min(0, adaptation.pressure_shift),
        pressure_max=max(1, _pressure_max(setting) + min(0, adaptation.pressure_shift)),
        percussion=_percussion_open(setting, phase, number),
        because=_reasons(setting, phase, adaptation),
    )


def _seconds(setting: Setting, number: int, count: int, adaptation: Adaptation) -> int:
    course, treatment, limits = setting.library.course, setting.treatment, setting.screening.limits
    factor = step_down(course, _phase_factor(course, number, count), limits.rungs_down + adaptation.rungs_down)
    age = age_row(setting).minutes_factor
    minutes = _full_minutes(setting, age) * factor
    if number == 1:
        minutes = min(minutes, treatment.minutes.first * age)
    minutes = min(minutes, treatment.minutes.max) * min(1.0, adaptation.minutes_factor)
    return round_half_up(60 * min([minutes, *(cap.minutes for cap in limits.minutes_caps)]))


def full_seconds(setting: Setting) -> int:
    """Whole seconds of a full session of the stage at this age, before phase and findings: what a dose by hand counts in percent of."""
    minutes = _full_minutes(setting, age_row(setting).minutes_factor)
    return round_half_up(60 * min(minutes, setting.treatment.minutes.max))


def _full_minutes(setting: Setting, age_factor: float) -> float:
    for row in setting.treatment.minutes_by_age:
        if row.age_min <= setting.age <= row.age_max:
            return row.minutes
    return setting.treatment.minutes.full * age_factor


def _pressure_shift(setting: Setting, phase: Phase) -> int:
    """A stage with its own ``pressure`` table takes that instead of the phase's shift."""
    return 0 if setting.treatment.pressure else phase_rule(setting.library.course, phase).pressure_shift


def _pressure_max(setting: Setting) -> int:
    everywhere = (cap.level for cap in setting.screening.limits.pressure_caps if cap.places is None)
    return max(1, min([setting.treatment.pressure_max, age_row(setting).pressure_max, *everywhere]))


def _percussion_open(setting: Setting, phase: Phase, number: int) -> bool:
    """Whether the phase, the stage's calm beginning, a calm forced everywhere and the age leave percussion open at all."""
    limits = setting.screening.limits
    calm = any(row.places is None for row in limits.calm) or number <= setting.treatment.calm_until_session
    prescribed = limits.airway_clearance and any(
        named is not None and named.requires == AIRWAY_CLEARANCE
        for named in (setting.treatment.percussion, *(row.percussion for row in setting.treatment.variants))
    )
    aged = age_row(setting).percussion == "never" and not prescribed
    return phase_rule(setting.library.course, phase).percussion and not calm and not aged


def _reasons(setting: Setting, phase: Phase, adaptation: Adaptation) -> tuple[Reason, ...]:
    limits = setting.screening.limits
    found = [because("dose-phase", phase=phase)]
    if age_row(setting).minutes_factor != 1.0:
        found.append(because("dose-age", age=setting.age, factor=age_row(setting).minutes_factor))
    found.extend(limits.rungs_because)
    found.extend(cap.because for cap in limits.minutes_caps)
    found.extend(adaptation.because)
    return tuple(dict.fromkeys(found))
