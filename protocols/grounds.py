"""Why an entry of the library must be looked at by a clinician, and how soon. The order is that of the risk, not of the files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from protocols.method.entries import Condition, Rule, Stage
from protocols.method.vocabulary import Outcome

Band = Literal["first", "next", "then"]
GENERAL: Final = frozenset({"general", "general-articles"})
# The grounds in their order, each with its band.
GROUNDS: Final[Mapping[str, Band]] = {
    "at-once": "first",
    "at-all": "first",
    "blows": "first",
    "heart-and-brain": "first",
    "absolute": "first",
    "fresh-injury": "next",
    "disagreement": "next",
    "barred": "next",
    "with-document": "next",
    "curves": "next",
    "implied": "next",
    "days": "next",
    "rule-general": "next",
    "stage-general": "then",
    "stage-derived": "then",
    "mix": "then",
    "danger": "then",
    "hands": "then",
    "reach": "then",
    "norm": "then",
    "rule-sourced": "then",
}
# Stages and rules that the library's own list of weaknesses names.
AT_ALL: Final = frozenset({"bronchial-asthma/near-attack", "facial-palsy/acute"})
FRESH: Final = frozenset({"orthopaedic-operation/middle", "limb-fracture/post-immobilisation"})
PRESSURE_BANDS: Final = frozenset(f"ca-0{number}" for number in range(1, 10))
CLOTS: Final = frozenset({"vessels", "pregnancy"})
BLOOD_THINNERS: Final = "bl-03"


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason with its place in the order."""

    code: str
    band: Band
    rank: int


def ground(code: str) -> Ground:
    """The ground with this code. Raises ``KeyError`` for any other word."""
    return Ground(code, GROUNDS[code], tuple(GROUNDS).index(code))


def ground_of_rule(rule: Rule) -> Ground:
    """The gravest reason to look at a rule."""
    if rule.outcome is Outcome.EMERGENCY or rule.code in {*PRESSURE_BANDS, BLOOD_THINNERS} or rule.group in CLOTS:
        return ground("at-once")
    if rule.outcome is Outcome.ABSOLUTE or (rule.clearance is not None and rule.clearance.lifts == "nothing"):
        return ground("absolute")
    if rule.disagreement:
        return ground("disagreement")
    return ground("rule-general" if GENERAL & set(rule.sources) else "rule-sourced")


def ground_of_stage(condition: Condition, stage: Stage) -> Ground:
    """The gravest reason to look at a stage."""
    code = f"{condition.code}/{stage.code}"
    if code in AT_ALL or code in FRESH:
        return ground("at-all" if code in AT_ALL else "fresh-injury")
    if condition.code in ("post-infarction", "post-stroke"):
        return ground("heart-and-brain")
    if stage.treatment is None:
        return ground("barred")
    if stage.treatment.percussion is not None or stage.treatment.variants:
        return ground("blows")
    return _ground_of_course(condition, stage)


def _ground_of_course(condition: Condition, stage: Stage) -> Ground:
    if stage.local != "allowed":
        return ground("with-document")
    if condition.curve_sides is not None:
        return ground("curves")
    provenance = stage.treatment.provenance if stage.treatment else None
    values = [getattr(provenance, name) for name in provenance.__slots__] if provenance else []
    return ground("stage-general" if "general" in values else "stage-derived")


def ground_of_condition(condition: Condition) -> Ground | None:
    """Why the condition itself, apart from its stages, must be looked at; None when it judges nothing."""
    if condition.curve_sides is not None:
        return ground("curves")
    return ground("implied") if any(row.when is not None for row in condition.implies) else None
