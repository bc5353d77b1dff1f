"""Screening: every rule is tried against the evidence of one moment, and what was found is merged into limits.

Fails closed: an unknown code is refused, a rule that cannot be evaluated counts as found, an unanswered question is never "no".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from protocols.method.answers import Answers, Fault, Faults
from protocols.method.barring import check_bars, gather_barred, in_order
from protocols.method.bars import gather_bars
from protocols.method.chosen import Chosen
from protocols.method.clearances import Papers, check_codes, cleared_outcome, effects_left, effects_without_document
from protocols.method.entries import Rule, Stage
from protocols.method.evidence import PlanFacts, check_answers, weigh
from protocols.method.findings import Clearance, Finding, Obstacle, OpenRule, Screening, Trial
from protocols.method.inputs import Inputs, with_implied
from protocols.method.library import Library
from protocols.method.limits import Gathered, gather_effects, unanswered_exclusions
from protocols.method.reasons import Reason, because
from protocols.method.truth import Evidence, decide, facts_of, undecided_facts
from protocols.method.vocabulary import Outcome

__all__ = ["PlanFacts", "screen"]

LONG_AGO = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Case:
    """What every rule is read against."""

    library: Library
    evidence: Evidence
    papers: Papers


@dataclass(frozen=True, slots=True)
class Tried:
    """What one rule came to. ``outcome`` is what it adds to the whole; limits and obstacles are in ``gathered``."""

    verdict: str
    outcome: Outcome = Outcome.CLEAR
    finding: Finding | None = None
    open_rule: OpenRule | None = None
    gathered: Gathered = field(default_factory=Gathered)


def screen(
    answers: Answers, *, library: Library, chosen: Chosen, plan: PlanFacts, clearances: tuple[Clearance, ...], on: date
) -> Screening:
    """All findings of one day, merged: worst outcome, union of what is out, minimum of caps.

    ``answers`` are the stated facts, with ``patient.age`` and ``patient.sex``; what the condition and its inputs imply is added here.
    A barred stage counts as ``absolute`` (no steps), as ``emergency`` where it says so; a stage whose document does not stand counts
    as ``doctor``. A document dated after ``on`` does nothing. What referral or patient bar is left out as a finding's exclusion is, and
    kept in ``bars``. Raises ``Faults`` for an unknown code, a fact that only the planner makes,
    or a clash with an implied fact. Source: library README, "Rules, facts, clearances".
    """
    _check_codes(answers, clearances, library)
    check_bars(chosen.bars, library)
    condition, stage, inputs = chosen.condition, chosen.stage, chosen.inputs
    stated = with_implied(library, condition, stage.code, inputs, answers)
    papers = Papers(clearances, on, health_changed=stated.known.get("today.health-change") is True)
    age = papers.referral_age()
    evidence, gathered = weigh(stated if age is None else stated.with_known({"document.referral-age-days": age}), plan, library)
    tried = _try_rules(Case(library, evidence, papers))
    for trial in tried.values():
        gathered.add(trial.gathered)
    gathered.add(gather_bars(library, condition, stage, evidence))
    gathered.add(gather_barred(chosen.bars, library))
    barred = because("stage-barred", stage=f"{condition.code}/{stage.code}") if stage.local == "barred" else None
    gathered.obstacles += _missing_document(stage, papers, library)
    found = _merged(tried, gathered, Case(library, evidence, papers), stage=stage, inputs=inputs, barred=barred)
    return replace(found, bars=in_order(chosen.bars))


def _check_codes(answers: Answers, clearances: tuple[Clearance, ...], library: Library) -> None:
    if not library.rules or not library.facts:
        raise Faults((Fault("library", "holds no rules: nobody can be screened"),))
    check_answers(answers, library)
    check_codes(clearances, library)


# Rules ----------------------------------------------------------------------------------------------------------------------
def _try_rules(case: Case) -> Mapping[str, Tried]:
    """The rules that came to anything, in the order of the library. A rule none of whose facts is mentioned is silent."""
    mentioned = case.evidence.known.keys() | case.evidence.unknown
    readings = _readings(case.library)
    wanted = readings.always.union(*(readings.by_fact[fact] for fact in mentioned if fact in readings.by_fact))
    return {rule.code: _try_rule(rule, case) for rule in case.library.rules.values() if rule.code in wanted}


@dataclass(frozen=True, slots=True)
class Readings:
    """Which rules read which fact, and which must be tried whatever is mentioned (they hold, or cannot be read, without any answer)."""

    by_fact: Mapping[str, frozenset[str]]
    always: frozenset[str]
    silent: Mapping[str, Trial]


@lru_cache(maxsize=8)
def _readings(library: Library) -> Readings:
    nothing_said = Case(library, Evidence({}, frozenset(), library.facts, library.tree), Papers((), LONG_AGO))
    by_fact: dict[str, set[str]] = {}
    always = {rule.code for rule in library.rules.values() if _try_rule(rule, nothing_said).verdict != "silent"}
    for rule in (rule for rule in library.rules.values() if rule.code not in always):
        for fact in facts_of(rule.when):
            by_fact.setdefault(fact, set()).add(rule.code)
    silent = {code: Trial(code, "silent") for code in library.rules}
    return Readings({fact: frozenset(rules) for fact, rules in by_fact.items()}, frozenset(always), silent)


def _try_rule(rule: Rule, case: Case) -> Tried:
    """One rule, whatever happens in it. Anything that goes wrong is a refusal that names the rule, never "no finding"."""
    try:
        verdict = decide(rule.when, case.evidence)
        if verdict is False:
            return SILENT
        paper = case.papers.for_rule(rule)
        if paper is not None:
            return _cleared(rule, case, paper)
        return _fired(rule, case) if verdict else _open(rule, case)
    except Exception as error:  # every fault of a rule ends in the same refusal, reported as an obstacle
        return _broken(rule, error)


SILENT = Tried("silent")


def _broken(rule: Rule, error: Exception) -> Tried:
    reason = because("rule-broken", rule=rule.code, error=type(error).__name__)
    return Tried("broken", max(rule.outcome, Outcome.DEFER), gathered=Gathered(obstacles=[Obstacle("rule", rule.code, reason)]))


def _fired(rule: Rule, case: Case) -> Tried:
    effects = effects_without_document(rule)
    gathered = gather_effects(rule, effects, case.library, case.evidence)
    outcome = _outcome_without_document(rule, case.evidence, gathered)
    lifted_by = rule.clearance.document if rule.clearance is not None and rule.clearance.lifts != "nothing" else None
    if rule.outcome is Outcome.EMERGENCY:
        lifted_by = None
    if outcome >= Outcome.DOCTOR:
        gathered.obstacles.append(_in_the_way(rule, lifted_by, case.papers))
    finding = Finding(
        rule=rule.code,
        kind=rule.kind,
        outcome=outcome,
        explanation=rule.explanation,
        sources=rule.sources,
        effects=effects,
        ends_when=rule.ends_when,
        may_be_lifted_by=lifted_by,
    )
    return Tried("fired", outcome, finding, gathered=gathered)


def _outcome_without_document(rule: Rule, evidence: Evidence, gathered: Gathered) -> Outcome:
    """The rule's outcome, or ``outcome_until`` while a required document is missing. Unknown facts that decide that must be answered."""
    terms = rule.clearance
    if terms is None or terms.required_when is None or terms.outcome_until is None:
        return rule.outcome
    required = decide(terms.required_when, evidence)
    if required is None:
        gathered.obstacles += _questions(rule, undecided_facts(terms.required_when, evidence))
    return max(rule.outcome, terms.outcome_until) if required else rule.outcome


def _in_the_way(rule: Rule, document: str | None, papers: Papers) -> Obstacle:
    """The document that would lift a rule, or the rule itself where none does."""
    if document is None or rule.clearance is None:
        return Obstacle("rule", rule.code, because("rule-in-the-way", sources=rule.sources, rule=rule.code))
    return Obstacle("document", document, papers.why_not(document, rule.clearance.valid_days, rule.code))


def _cleared(rule: Rule, case: Case, paper: Clearance) -> Tried:
    """A rule that a standing document lifts. One left open is treated as if it had fired: what stays of it stays, unknown is never "no"."""
    effects, outcome = effects_left(rule), cleared_outcome(rule)
    undecided = undecided_facts(rule.when, case.evidence)
    finding = Finding(
        rule=rule.code,
        kind=rule.kind,
        outcome=outcome,
        explanation=rule.explanation,
        sources=rule.sources,
        effects=effects,
        cleared=True,
        cleared_by=paper.document,
        ends_when=rule.ends_when,
        may_be_lifted_by=paper.document,
    )
    still_open = OpenRule(rule.code, rule.outcome, undecided, blocks_start=False) if undecided else None
    return Tried("cleared", outcome, finding, still_open, gather_effects(rule, effects, case.library, case.evidence))


def _open(rule: Rule, case: Case) -> Tried:
    """A rule left undecided keeps its outcome and is listed; from doctor on it keeps the session from starting."""
    facts = undecided_facts(rule.when, case.evidence)
    blocks = rule.outcome >= Outcome.DOCTOR and any(case.library.facts[fact].unknown != "open" for fact in facts)
    obstacles = unanswered_exclusions(rule, effects_without_document(rule), case.evidence)
    if blocks:
        obstacles += _questions(rule, facts)
    return Tried("open", open_rule=OpenRule(rule.code, rule.outcome, facts, blocks), gathered=Gathered(obstacles=obstacles))


def _questions(rule: Rule, facts: Iterable[str]) -> list[Obstacle]:
    return [Obstacle("fact", fact, because("rule-open", fact=fact, rule=rule.code)) for fact in facts]


# Stage and merging ----------------------------------------------------------------------------------------------------------
def _missing_document(stage: Stage, papers: Papers, library: Library) -> list[Obstacle]:
    """The document that the stage needs, if it does not stand at ``stage_valid_days``."""
    document = stage.treatment.needs_document if stage.treatment is not None else None
    if document is None:
        return []
    valid_days = library.documents[document].stage_valid_days
    if papers.for_stage(document, valid_days):
        return []
    return [Obstacle("document", document, papers.why_not(document, valid_days))]


def _stage_outcome(stage: Stage, papers: Papers, library: Library) -> Outcome:
    if stage.local == "barred":
        return Outcome.EMERGENCY if stage.emergency else Outcome.ABSOLUTE
    return Outcome.DOCTOR if _missing_document(stage, papers, library) else Outcome.CLEAR


def _merged(
    tried: Mapping[str, Tried], gathered: Gathered, case: Case, *, stage: Stage, inputs: Inputs, barred: Reason | None
) -> Screening:
    silent = _readings(case.library).silent
    limits = gathered.freeze(
        max_down=case.library.course.phases.max_down,
        airway_clearance=case.evidence.is_true("history.airway-clearance-prescribed"),
        variants_open=_open_variants(stage, case),
        positions_ordered=_positions_ordered(stage, inputs),
    )
    return Screening(
        outcome=max(_stage_outcome(stage, case.papers, case.library), *(trial.outcome for trial in tried.values()), Outcome.CLEAR),
        findings=tuple(trial.finding for trial in tried.values() if trial.finding is not None),
        open_rules=tuple(trial.open_rule for trial in tried.values() if trial.open_rule is not None),
        obstacles=_once(gathered.obstacles),
        limits=limits,
        trials=tuple(Trial(code, tried[code].verdict) if code in tried else silent[code] for code in silent),
        advice=tuple(dict.fromkeys(gathered.advice)),
        measures_required=tuple(dict.fromkeys(gathered.measures)),
        stage_barred=barred,
        facts={code: value for code, value in case.evidence.known.items() if not code.startswith("plan.")},
    )


def _once(obstacles: Iterable[Obstacle]) -> tuple[Obstacle, ...]:
    """Each question, document for a rule, and rule once; of several reasons to answer a question the first."""
    kept: dict[tuple[object, ...], Obstacle] = {}
    for obstacle in obstacles:
        kept.setdefault((obstacle.kind, obstacle.code, obstacle.because if obstacle.kind == "document" else None), obstacle)
    return tuple(kept.values())


def _open_variants(stage: Stage, case: Case) -> frozenset[str]:
    """The variants whose fact is true and whose document stands; the session number is looked at when a session is built."""
    variants = stage.treatment.variants if stage.treatment is not None else ()
    wanted = (variant for variant in variants if case.evidence.is_true(variant.requires))
    return frozenset(variant.code for variant in wanted if _stands(variant.needs_document, case))


def _stands(document: str, case: Case) -> bool:
    return case.papers.for_stage(document, case.library.documents[document].stage_valid_days)


def _positions_ordered(stage: Stage, inputs: Inputs) -> bool:
    ordered_by = stage.treatment.positions_on_order_from if stage.treatment is not None else None
    return ordered_by is not None and inputs.get(ordered_by) is True
