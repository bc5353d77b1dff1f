"""Doctors' documents: which of them stand today, and what they do to a rule or a stage.

Terms (document, days, what is lifted) stand in the rules of ``contraindications.toml``; validity days are policy of the library.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from protocols.method.answers import Fault, Faults
from protocols.method.entries import Effect, Rule
from protocols.method.findings import Clearance
from protocols.method.library import Library
from protocols.method.reasons import Reason
from protocols.method.vocabulary import Outcome

REFERRAL = "doctor-referral"
REPEATED_INTAKE = "intake-repeated"


@dataclass(frozen=True, slots=True)
class Papers:
    """The documents of a patient on one day. ``health_changed``: a change of health was reported on that day."""

    clearances: tuple[Clearance, ...]
    on: date
    health_changed: bool = False

    def for_rule(self, rule: Rule) -> Clearance | None:
        """The newest standing document that lifts this rule: it names it and is within its days. An emergency is never lifted."""
        terms = rule.clearance
        if terms is None or terms.lifts == "nothing" or rule.outcome is Outcome.EMERGENCY:
            return None
        naming = (paper for paper in self.clearances if rule.code in paper.rules)
        fitting = (paper for paper in naming if self._trouble(paper, terms.document, terms.valid_days) is None)
        return max(fitting, key=lambda paper: paper.issued_on, default=None)

    def for_stage(self, document: str, valid_days: int) -> bool:
        """True if a document of this kind stands, whatever rules it names, and is at most ``valid_days`` old."""
        return any(self._trouble(paper, document, valid_days) is None for paper in self.clearances)

    def why_not(self, document: str, valid_days: int, rule: str | None = None) -> Reason:
        """Why no document of this kind does its work: it is missing, too old, fallen, dated ahead, or does not name the rule."""
        about = (("document", document),) if rule is None else (("document", document), ("rule", rule))
        papers = sorted((paper for paper in self.clearances if paper.document == document), key=lambda paper: paper.issued_on)
        if not papers:
            return Reason("document-missing", about)
        naming = [paper for paper in papers if rule is None or rule in paper.rules]
        if not naming:
            return Reason("document-silent", about)
        return Reason(self._trouble(naming[-1], document, valid_days) or "document-missing", (("days", str(valid_days)), *about))

    def referral_age(self) -> int | None:
        """Days since the newest referral: the fact ``document.referral-age-days``, which is never asked twice."""
        ages = [(self.on - paper.issued_on).days for paper in self.clearances if paper.document == REFERRAL and paper.issued_on <= self.on]
        return min(ages, default=None)

    def _trouble(self, paper: Clearance, document: str, valid_days: int) -> str | None:
        """The code of what keeps a document from working today; None when it works. A document dated ahead never does."""
        if paper.document != document:
            return "document-missing"
        age = (self.on - paper.issued_on).days
        if age < 0:
            return "document-dated-ahead"
        if age > valid_days:
            return "document-expired"
        stands = not self.health_changed or (document == REPEATED_INTAKE and age == 0)
        return None if stands else "document-fallen"


def check_codes(clearances: Iterable[Clearance], library: Library) -> None:
    """Raises ``Faults`` for a document or a rule that the library does not hold."""
    faults: list[Fault] = []
    for paper in clearances:
        if paper.document not in library.documents:
            faults.append(Fault(f"clearances.{paper.document}", "is not a document of the library"))
        unknown = sorted(paper.rules - library.rules.keys())
        faults += [Fault(f"clearances.{paper.document}.rules", f"{rule} is not a rule of the library") for rule in unknown]
    if faults:
        raise Faults(tuple(faults))


def effects_left(rule: Rule) -> tuple[Effect, ...]:
    """What stays in force of a rule once its document is there: the residual if the rule has one, else its effects unless they fall too."""
    terms = rule.clearance
    if terms is None:
        return rule.effects
    if terms.residual is not None:
        return terms.residual
    return rule.effects if terms.lifts == "block" else ()


def effects_without_document(rule: Rule) -> tuple[Effect, ...]:
    """The effects of a rule that nothing clears, with those that only a missing document adds."""
    return rule.effects + (rule.clearance.if_missing if rule.clearance is not None else ())


def cleared_outcome(rule: Rule) -> Outcome:
    """What a cleared finding counts as: modify if anything of it remains, else caution; never more than the rule itself."""
    return min(rule.outcome, Outcome.MODIFY if effects_left(rule) else Outcome.CAUTION)
