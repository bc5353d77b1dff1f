"""The answer of the command, field for field as method.md section 6 promises it to scripts."""

from collections.abc import Mapping
from typing import Any

from protocols.method.barring import LEFT_OUT
from protocols.method.entries import Stage
from protocols.method.findings import Finding
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.planning import PlannedCourse, PlannedSession
from protocols.method.plans import Dose, Omission, PlannedSupplement, Row, SessionPlan
from protocols.method.reasons import Reason
from protocols.method.setting import Setting
from protocols.method.vocabulary import Outcome
from protocols.method.wording import in_english

Json = dict[str, Any]

# Omissions of these kinds are objects of `omitted`; the others (a position, a chosen supplement, a variant) are told in `advice`.
_BARRED_BY = {code: source for source, code in LEFT_OUT.items()}
_OMITTED_KINDS = ("zone", "technique", "family")


def session_as_json(planned: PlannedSession) -> Json:
    """One session for ``manage.py plan``: JSON values only, every reason an English sentence."""
    return _session(planned.session, planned.setting)


def course_as_json(planned: PlannedCourse) -> Json:
    """A course for ``manage.py plan --course``: every dose; the first, middle and last session in full, keyed by their numbers."""
    count = len(planned.sessions)
    shown = dict.fromkeys((1, (count + 1) // 2, count)) if count else {}
    return {
        "doses": [_dose(dose, planned.setting) for dose in planned.course.doses],
        "review_after": planned.course.review_after,
        "sessions": {str(number): _session(planned.sessions[number - 1], planned.setting) for number in shown},
    }


def _dose(dose: Dose, setting: Setting) -> Json:
    return {
        "number": dose.number,
        "phase": dose.phase,
        "seconds": dose.seconds,
        "pressure_max": highest_pressure(dose, setting),
        "percussion": percussion_is_open(dose, setting),
    }


def highest_pressure(dose: Dose, setting: Setting) -> int:
    """The highest level that a row of this session may have: the stage's for the phase, shifted, under every ceiling without zones."""
    treatment = setting.stage.treatment
    if treatment is None:
        return dose.pressure_max
    level = treatment.pressure_max
    if treatment.pressure is not None:
        level = treatment.pressure.build_up if dose.phase == "build-up" else treatment.pressure.working
    return min(max(1, level + dose.pressure_shift), dose.pressure_max)


def percussion_is_open(dose: Dose, setting: Setting) -> bool:
    """Whether a row of this session may be percussion at all: open by dose, and neither stage nor findings bar it everywhere."""
    treatment, limits = setting.stage.treatment, setting.screening.limits
    if treatment is None or not dose.percussion:
        return False
    by_stage = any(row.family == "percussion" and (row.zone, row.side, row.scope) == ("all", "both", None) for row in treatment.forbid)
    by_findings = any(out.family == "percussion" and out.places is None for out in limits.families_out)
    return not by_findings and (not by_stage or bool(limits.variants_open))


def _session(plan: SessionPlan, setting: Setting) -> Json:
    screening, library = setting.screening, setting.library
    return {
        "library": {"edition": library.edition, "digest": library.digest},
        "outcome": plan.outcome.code,
        "may_start": plan.may_start,
        "blocking": _blocking(plan, setting),
        "findings": [_finding(finding) for finding in screening.findings],
        "open": [{"rule": rule.rule, "facts": list(rule.facts)} for rule in screening.open_rules],
        "session": {"number": plan.number, "of": plan.of, "phase": plan.phase},
        "replanned": plan.replanned,
        "positions": list(plan.positions),
        "steps": [_row(row, library) for row in plan.rows],
        "supplements": [_supplement(supplement, library) for supplement in plan.supplements],
        "omitted": [_omission(omission, library) for omission in plan.omissions if omission.kind in _OMITTED_KINDS],
        "advice": _advice(plan, setting),
        "stop_rules": stop_rules(setting),
        "measures": measures(setting),
        "total_seconds": plan.total_seconds,
    }


def _blocking(plan: SessionPlan, setting: Setting) -> list[Json]:
    """Each document, fact or rule in the way. Where too little of the session is left, what took it: rules, unanswered facts, bars."""
    screening, library = setting.screening, setting.library
    found: list[Json] = [
        {obstacle.kind: obstacle.code, "because": in_english(obstacle.because, library)} for obstacle in screening.obstacles
    ]
    found += [_held_up(omission.because, library) for omission in plan.omissions if omission.because.code == "course-suspended"]
    if screening.outcome < Outcome.DOCTOR <= plan.outcome:
        taken = {_taker(omission.because): omission.because for omission in plan.omissions}
        found += [{key[0]: key[1], "because": in_english(reason, library)} for key, reason in taken.items() if key is not None]
    return found


def _held_up(reason: Reason, library: Library) -> Json:
    """The fact, told by the records of earlier sessions, that holds the course up."""
    suspend = dict(reason.about)["suspend"]
    fact = next(row.fact for row in library.course.suspend if row.code == suspend)
    return {"fact": fact, "because": in_english(reason, library)}


def _taker(reason: Reason) -> tuple[str, str] | None:
    """The rule, the fact without an answer, or whoever bars a zone or technique, that a reason names."""
    about = dict(reason.about)
    if reason.code == "unknown-leaves-zones-out":
        return "fact", about["fact"]
    if reason.code in _BARRED_BY:
        return "bar", _BARRED_BY[reason.code]
    return ("rule", about["rule"]) if "rule" in about else None


def _finding(finding: Finding) -> Json:
    return {
        "rule": finding.rule,
        "kind": finding.kind,
        "outcome": finding.outcome.code,
        "cleared": finding.cleared,
        "explanation": finding.explanation,
        "sources": list(finding.sources),
    }


def _row(row: Row, library: Library) -> Json:
    return {
        "part": row.part,
        "zone": row.zone,
        "side": row.side,
        "technique": row.technique,
        "family": row.family,
        "seconds": row.seconds,
        "pressure": row.pressure,
        "tempo": row.tempo,
        "position": row.position,
        "avoid": [_place(place) for place in row.avoid],
        "because": [in_english(reason, library) for reason in row.because],
    }


def _place(place: Place) -> Json:
    return {"zone": place.zone, "side": place.side}


def _supplement(planned: PlannedSupplement, library: Library) -> Json:
    return {
        "supplement": planned.supplement,
        "seconds": planned.seconds,
        "points": list(planned.points),
        "side": planned.side,
        "levels": list(planned.levels),
        "because": [in_english(reason, library) for reason in planned.because],
    }


def _omission(omission: Omission, library: Library) -> Json:
    side: Mapping[str, object] = {"side": omission.side} if omission.side is not None else {}
    return {omission.kind: omission.code, **side, "because": in_english(omission.because, library)}


def _advice(plan: SessionPlan, setting: Setting) -> list[str]:
    """Advice of the findings and what ends them, then of the stage, then what was left out that is no zone, technique or family."""
    screening, library = setting.screening, setting.library
    said = [advice.text for advice in screening.advice]
    said += [f"{finding.rule} ends when: {finding.ends_when}" for finding in screening.findings if finding.ends_when]
    said += _of_stage(setting.stage)
    if screening.stage_barred is not None:
        said.append(in_english(screening.stage_barred, library))
    said += [in_english(omission.because, library) for omission in plan.omissions if omission.kind not in _OMITTED_KINDS]
    return list(dict.fromkeys(said))


def _of_stage(stage: Stage) -> list[str]:
    warnings = stage.treatment.warnings if stage.treatment else ()
    ends = [f"allowed again when: {stage.becomes_allowed_when}"] if stage.becomes_allowed_when else []
    return [*stage.advice, *stage.notes, *(f"not here: {warning}" for warning in warnings), *ends]


def stop_rules(setting: Setting) -> list[str]:
    """What ends a session at once: the signs of the set for every session and of the stage's own sets, each set with what to do then."""
    treatment = setting.stage.treatment
    wanted = {"any", *(treatment.stop_sets if treatment else ())}
    sets = [stop for stop in setting.library.course.stop_set if stop.code in wanted]
    return [line for stop in sets for line in (*stop.stop, f"then: {stop.then}")]


def measures(setting: Setting) -> list[str]:
    """Codes of what is measured: facts that the findings ask for, then the outcome measures of the stage or, without any, the condition."""
    treatment = setting.stage.treatment
    of_stage = (treatment.measures if treatment else ()) or setting.condition.measures
    return list(dict.fromkeys((*setting.screening.measures_required, *of_stage)))
