"""What must hold of a library that is said to be as strict as another, whatever was changed in it: read from plans, never from tables.

Three witnesses that share nothing with the comparison of the tables: its plans pass the independent check; the same answers are judged
no more mildly by its rules; and what it plans, the independent check accepts under the other library too, as far as safety goes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from protocols.method.answers import Faults
from protocols.method.case import Case, parse_case
from protocols.method.checking import check_plan
from protocols.method.findings import Limits, Screening
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.planning import PlannedSession, plan_session, plan_whole_course, setting_of
from protocols.method.plans import UnsafePlan
from protocols.method.roles import RoleUnresolved, planned_places
from protocols.method.setting import Setting
from protocols.method.vocabulary import MAX_PRESSURE, Outcome

# What of the check is about safety; the rest asks whether these are the steps of that protocol, which a variant may change.
SAFETY: Final = frozenset({
    "dose-too-long", "supplements-over-cap", "zone-excluded", "zone-barred", "zone-never-worked", "family-excluded", "technique-excluded",
    "technique-barred", "technique-avoided", "technique-left-out", "technique-never", "stage-forbids", "danger-map", "percussion-policy",
    "percussion-closed", "percussion-age", "percussion-strong", "family-too-early", "pressure-too-strong", "tempo-not-calm",
    "rows-under-refusal", "may-not-start", "outcome-too-mild", "position-not-allowed", "position-excluded", "supplement-not-planned",
    "supplement-excluded", "supplement-barred", "supplement-avoided",
})  # fmt: skip
ROUNDING: Final = 1  # second


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a case could be planned with both libraries, and what must not be in what came of it."""

    is_planned: bool
    problems: tuple[str, ...] = ()


def judged(stated: Mapping[str, Any], shipped: Library, own: Library, *, whole: bool = False) -> Judged:
    """One case under both libraries, ``whole``: with every session of its course. A case that either cannot read is no case."""
    try:
        before, after = parse_case(stated, shipped), parse_case(stated, own)
        there = plan_session(before, shipped)
    except (Faults, UnsafePlan, RoleUnresolved):
        return Judged(is_planned=False)
    try:
        here = plan_session(after, own)
        if whole:
            plan_whole_course(after, own)
    except UnsafePlan as refused:
        return Judged(is_planned=True, problems=(f"refused: {refused}",))
    except Exception as wrong:
        return Judged(is_planned=True, problems=(f"not-built: {type(wrong).__name__} {wrong}",))
    setting = _as_there(before, after, there, own)
    return Judged(is_planned=True, problems=(*_judged_more_mildly(before, shipped, own), *_done_more(setting, there, here)))


def _done_more(setting: Setting, there: PlannedSession, here: PlannedSession) -> Iterator[str]:
    if here.session.may_start and not setting.screening.may_start:
        yield "more: the session may start, and could not"
    if not _is_stopped_anew(setting.screening, here.screening):
        yield from _dosed_more(there, here)
        yield from _unsafe_there(setting, there, here)


def _is_stopped_anew(there: Screening, here: Screening) -> bool:
    """Whether a document lifts a rule there and not here, and the rule stops the session. What stays of a rule that a document lifts
    need not hold while nothing lifts it: nobody is massaged."""
    lifted = {finding.rule for finding in there.findings if finding.cleared}
    return any(finding.rule in lifted and not finding.cleared and finding.outcome >= Outcome.DOCTOR for finding in here.findings)


def _as_there(before: Case, after: Case, there: PlannedSession, own: Library) -> Setting:
    """The stage, rules and course of the release. What its rules ask of the places that are planned, they ask of those planned now."""
    library = there.setting.library
    old = planned_places(library, before.condition, before.stage, before.inputs)
    new = planned_places(own, after.condition, after.stage, after.inputs)
    if old == new:
        return there.setting
    rules_of_release = replace(own, rules=library.rules, course=library.course)
    screening = setting_of(replace(before, condition=after.condition, stage=after.stage), rules_of_release).screening
    return replace(there.setting, screening=screening)


# Rules ----------------------------------------------------------------------------------------------------------------------
def _judged_more_mildly(case: Case, shipped: Library, own: Library) -> Iterator[str]:
    """The same answers, the same stage and steps, screened with the rules of each."""
    there = setting_of(case, shipped).screening
    here = setting_of(case, replace(own, conditions=shipped.conditions)).screening
    if here.outcome < there.outcome:
        yield f"milder: the outcome is {here.outcome.code} instead of {there.outcome.code}"
    if here.may_start and not there.may_start:
        yield "milder: it may start, and could not"
    if here.limits != there.limits and not _is_stopped_anew(there, here):
        yield from (f"milder: {name}" for name, is_kept in _limits_kept(there, here, shipped).items() if not is_kept)


def _limits_kept(there: Screening, here: Screening, library: Library) -> dict[str, bool]:
    old, new = _Drawn(there.limits, library), _Drawn(here.limits, library)
    return {
        "places out": old.places <= new.places,
        "families out": old.families <= new.families,
        "techniques out": old.techniques <= new.techniques,
        "calm": old.calm <= new.calm,
        "positions out": old.positions <= new.positions,
        "supplements out": old.supplements <= new.supplements,
        "pressure": all(new.pressure[place] <= level for place, level in old.pressure.items()),
        "minutes": new.minutes <= old.minutes,
        "steps back": there.limits.rungs_down <= here.limits.rungs_down,
        "spots": old.spots <= new.spots | new.places,
        "to be measured": set(there.measures_required) <= set(here.measures_required),
    }


class _Drawn:
    """The limits of a screening, place by place, so that it does not count how they are written."""

    def __init__(self, limits: Limits, library: Library) -> None:
        self.everywhere = library.tree.all_places()
        self.places = frozenset[Place]().union(*(out.places for out in limits.places_out))
        self.families = {(out.family, place) for out in limits.families_out for place in self.or_all(out.places)}
        self.techniques = {out.technique for out in limits.techniques_out}
        self.calm = {place for out in limits.calm for place in self.or_all(out.places)}
        self.positions = {out.position for out in limits.positions_out}
        self.supplements = {(out.supplement, out.points, out.places) for out in limits.supplements_out}
        self.minutes = min((cap.minutes for cap in limits.minutes_caps), default=24 * 60)
        self.spots = frozenset[Place]().union(*(spot.places for spot in limits.spots))
        self.pressure = dict.fromkeys(self.everywhere, MAX_PRESSURE)
        for cap in limits.pressure_caps:
            for place in self.or_all(cap.places):
                self.pressure[place] = min(self.pressure[place], cap.level)

    def or_all(self, places: frozenset[Place] | None) -> frozenset[Place]:
        return self.everywhere if places is None else places


# Dose and plan --------------------------------------------------------------------------------------------------------------
def _dosed_more(there: PlannedSession, here: PlannedSession) -> Iterator[str]:
    for old, new in zip(there.course.doses, here.course.doses, strict=True):
        if new.seconds > old.seconds + ROUNDING:
            yield f"more: session {new.number} takes {new.seconds} s instead of {old.seconds} s"
        if new.pressure_max > old.pressure_max and new.seconds:
            yield f"more: session {new.number} reaches pressure {new.pressure_max} instead of {old.pressure_max}"
        if new.percussion and not old.percussion and new.seconds:
            yield f"more: session {new.number} has percussion"
    if here.course.review_after > there.course.review_after:
        yield f"more: the review falls at session {here.course.review_after} instead of {there.course.review_after}"


def _unsafe_there(setting: Setting, there: PlannedSession, here: PlannedSession) -> Iterator[str]:
    """What the check says of the session when it is held against the stage, the rules and the course of the other library."""
    dose = here.session.dose or here.course.doses[here.session.number - 1]
    for problem in check_plan(here.session, setting, dose=dose, adaptation=there.adaptation, edited=False):
        if problem.code in SAFETY:
            yield f"unsafe: {problem.sentence} ({problem.code})"
