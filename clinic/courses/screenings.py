"""What a screening forbids for longer than a day, and what changed from one screening to another."""

from dataclasses import dataclass

from patients.questionnaire import day_facts
from protocols.method.findings import Finding, OpenRule, Screening
from protocols.method.roles import planned_places
from protocols.method.setting import Setting
from protocols.method.truth import Evidence, decide
from protocols.method.vocabulary import Outcome

STAGE = "stage"
PAPER = "document:"


def barring(setting: Setting, screening: Screening | None = None) -> frozenset[str]:
    """What forbids the course beyond the day: codes of rules, ``stage`` for one that is barred, ``document:CODE`` for its paper.

    A rule counts when it says doctor or worse, or could not be read, and does not rest on the day's answers alone. What only the
    day brought counts from *absolute* on: that does not pass overnight by not being asked about. ``screening`` is an earlier one,
    read with the same library; without it the setting's own. Source: trust.md H2.
    """
    told = setting.screening if screening is None else screening
    codes = {finding.rule for finding in told.findings if _forbids(finding, told, setting)}
    codes |= {trial.rule for trial in told.trials if trial.verdict == "broken"}
    codes |= {PAPER + each.code for each in told.obstacles if each.kind == "document" and "rule" not in dict(each.because.about)}
    return frozenset(codes | ({STAGE} if told.stage_barred is not None else set()))


def _forbids(finding: Finding, screening: Screening, setting: Setting) -> bool:
    if finding.outcome >= Outcome.ABSOLUTE:
        return True
    return finding.outcome >= Outcome.DOCTOR and not _is_of_the_day(finding.rule, screening, setting)


def _is_of_the_day(rule: str, screening: Screening, setting: Setting) -> bool:
    """Whether a rule that fired would not have fired without what was answered for that day only: yesterday's fever is not asked about."""
    library = setting.library
    if rule not in library.rules:  # of another edition: what cannot be read is not passed over
        return False
    of_a_day = frozenset(day_facts(library.intake))
    zones = tuple(sorted(planned_places(library, setting.condition, setting.stage, setting.inputs)))
    known = {code: value for code, value in screening.facts.items() if code not in of_a_day} | {"plan.zones": zones}
    evidence = Evidence(known, of_a_day, library.facts, library.tree)  # type: ignore[arg-type]  # facts are stored as they were known
    return decide(library.rules[rule].when, evidence) is not True


@dataclass(frozen=True, slots=True)
class Difference:
    """From one screening to a later one. Findings are told apart by rule, outcome and whether a document lifts them."""

    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    changed: tuple[tuple[Finding, Finding], ...]
    opened: tuple[OpenRule, ...]
    closed: tuple[OpenRule, ...]
    facts: tuple[tuple[str, object, object], ...]  # code, value then, value now; None where it was not known
    before: Outcome
    after: Outcome

    @property
    def is_empty(self) -> bool:
        """Nothing of what was found differs; answers may."""
        return not (self.new or self.gone or self.changed or self.opened or self.closed) and self.before == self.after


def difference(before: Screening, after: Screening) -> Difference:
    """What changed from one screening to another."""
    then, now = ({finding.rule: finding for finding in each.findings} for each in (before, after))
    open_then, open_now = ({rule.rule: rule for rule in each.open_rules} for each in (before, after))
    codes = sorted(before.facts.keys() | after.facts.keys())
    return Difference(
        new=tuple(finding for code, finding in now.items() if code not in then),
        gone=tuple(finding for code, finding in then.items() if code not in now),
        changed=tuple((then[code], finding) for code, finding in now.items() if code in then and _weight(then[code]) != _weight(finding)),
        opened=tuple(rule for code, rule in open_now.items() if code not in open_then and code not in then),
        closed=tuple(rule for code, rule in open_then.items() if code not in open_now and code not in now),
        facts=tuple((code, before.facts.get(code), after.facts.get(code)) for code in codes if _differs(code, before, after)),
        before=before.outcome,
        after=after.outcome,
    )


def _weight(finding: Finding) -> tuple[Outcome, bool]:
    return finding.outcome, finding.cleared


def _differs(code: str, before: Screening, after: Screening) -> bool:
    return before.facts.get(code) != after.facts.get(code)
