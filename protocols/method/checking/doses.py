"""The longest and strongest session that stage, phase, age, findings and earlier sessions allow, reckoned a second time."""

from fractions import Fraction
from math import ceil, floor

from protocols.method.checking.bars import age_row
from protocols.method.entries import CourseRules, Treatment
from protocols.method.plans import Adaptation
from protocols.method.setting import Setting
from protocols.method.vocabulary import Phase


def phase_of(course: CourseRules, number: int, of: int) -> Phase:
    """The phase of session ``number`` in a course of ``of`` sessions."""
    build_up = min(course.phases.build_up.cap, ceil(Fraction(str(course.phases.build_up.share)) * of))
    taper = min(course.phases.taper.cap, floor(Fraction(str(course.phases.taper.share)) * of))
    if number <= build_up:
        return "build-up"
    return "taper" if number > of - taper else "working"


def phase_factor(course: CourseRules, number: int, of: int, rungs_down: int) -> float:
    """The share of the full time that this session takes after going down the ladder."""
    phase = phase_of(course, number, of)
    factors = next(row.minutes_factor for row in course.phase if row.code == phase)
    factor = factors[min(number, len(factors)) - 1] if phase == "build-up" else factors[0]
    rung = course.ladder.index(factor) - min(rungs_down, course.phases.max_down)
    return course.ladder[max(rung, 0)]


def longest_seconds(setting: Setting, treatment: Treatment, number: int, of: int, adaptation: Adaptation) -> int:
    """Whole seconds that the dose of this session may not exceed."""
    course, limits = setting.library.course, setting.screening.limits
    age = age_row(course.age_factor, setting.age)
    by_age = next((row.minutes for row in treatment.minutes_by_age if row.age_min <= setting.age <= row.age_max), None)
    minutes = treatment.minutes.full * age.minutes_factor if by_age is None else by_age
    minutes *= phase_factor(course, number, of, limits.rungs_down + adaptation.rungs_down)
    if number == 1:
        minutes = min(minutes, treatment.minutes.first * age.minutes_factor)
    minutes = min([minutes * adaptation.minutes_factor, *(cap.minutes for cap in limits.minutes_caps)])
    # Rounding half up at the most: a dose of exactly half a second may go either way.
    return floor(60 * minutes + 0.5 + 1e-6)


def heaviest_dose(setting: Setting, treatment: Treatment, number: int, of: int, adaptation: Adaptation) -> int:
    """The same where the load of an earlier session is repeated: no more than that session."""
    own, repeated = longest_seconds(setting, treatment, number, of, adaptation), adaptation.repeat_load_of
    if repeated is None or not 1 <= repeated < number:
        return own
    return min(own, longest_seconds(setting, treatment, repeated, of, adaptation))


def full_seconds(setting: Setting, treatment: Treatment) -> float:
    """Seconds of the stage's full dose at this age, before any cap."""
    by_age = next((row.minutes for row in treatment.minutes_by_age if row.age_min <= setting.age <= row.age_max), None)
    age = age_row(setting.library.course.age_factor, setting.age).minutes_factor
    return 60 * (treatment.minutes.full * age if by_age is None else by_age)


def lowers(adaptation: Adaptation) -> bool:
    """Whether earlier sessions take minutes off the course."""
    return adaptation.rungs_down > 0 or adaptation.minutes_factor < 1.0 or adaptation.repeat_load_of is not None


def longest_by_hand(setting: Setting, treatment: Treatment, number: int, of: int, adaptation: Adaptation) -> int:
    """The seconds that no hand may exceed in this session, whatever the session before it took.

    The full dose at the rung that the findings leave, ``minutes.first`` in session 1, every cap; what earlier sessions lowered stays.
    """
    if lowers(adaptation):
        return heaviest_dose(setting, treatment, number, of, adaptation)
    course, limits = setting.library.course, setting.screening.limits
    rung = max(0, course.ladder.index(1.0) - min(limits.rungs_down, course.phases.max_down))
    caps = (60 * cap.minutes for cap in limits.minutes_caps)
    seconds = [full_seconds(setting, treatment) * course.ladder[rung], 60 * treatment.minutes.max, *caps]
    if number == 1:
        seconds.append(60 * treatment.minutes.first * age_row(course.age_factor, setting.age).minutes_factor)
    return floor(min(seconds) + 0.5 + 1e-6)


def widest_gap(course: CourseRules) -> float:
    """The widest gap between two rungs of the ladder, as a share of the full dose."""
    return max(above - below for below, above in zip(course.ladder, course.ladder[1:], strict=False))


def stage_level(treatment: Treatment, phase: Phase, course: CourseRules) -> tuple[int, int]:
    """The stage's level in this phase and the phase's shift, which a stage with its own ``pressure`` table does not take."""
    if treatment.pressure is not None:
        return (treatment.pressure.build_up if phase == "build-up" else treatment.pressure.working), 0
    return treatment.pressure_max, next(row.pressure_shift for row in course.phase if row.code == phase)
