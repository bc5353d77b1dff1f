"""What facts bar outside the rules: techniques and supplements with their own avoid lists, ages, the stage's list, unanswered questions."""

from collections.abc import Iterator
from functools import lru_cache

from protocols.method.entries import Condition, Fact, Stage, Supplement, Technique
from protocols.method.findings import PlacesOut, SupplementOut, TechniqueOut
from protocols.method.library import Library
from protocols.method.limits import Gathered, leaf_places_of, supplements_meant
from protocols.method.places import Place
from protocols.method.reasons import because
from protocols.method.truth import Evidence


def gather_bars(library: Library, condition: Condition, stage: Stage, evidence: Evidence) -> Gathered:
    """Techniques and supplements that the patient's facts, the age or the stage bar. An unknown fact bars like a present one."""
    gathered = Gathered()
    for technique in _choosy_techniques(library):
        gathered.techniques_out += _technique_bars(technique, evidence)
    for supplement in library.supplements.values():
        gathered.supplements_out += _supplement_bars(supplement, library, evidence)
    for word in stage.treatment.forbid_supplements if stage.treatment is not None else ():
        gathered.supplements_out += supplements_meant(
            word, library, because("stage-forbids-supplement", stage=f"{condition.code}/{stage.code}")
        )
    return gathered


def leave_zones_out(fact: Fact, library: Library) -> Gathered:
    """The zones and supplements that stay out while a required question is not answered (``unknown = "zones-out"``)."""
    gathered, reason = Gathered(), because("unknown-leaves-zones-out", fact=fact.code)
    gathered.places_out.append(PlacesOut(leaf_places_of(library.tree, fact.zones_out), reason))
    for word in fact.supplements_out:
        gathered.supplements_out += supplements_meant(word, library, reason)
    return gathered


@lru_cache(maxsize=8)
def _choosy_techniques(library: Library) -> tuple[Technique, ...]:
    return tuple(technique for technique in library.techniques.values() if technique.avoid_when or technique.avoid_at)


def _technique_bars(technique: Technique, evidence: Evidence) -> Iterator[TechniqueOut]:
    for fact in technique.avoid_when:
        if evidence.may_be_present(fact):
            yield TechniqueOut(technique.code, None, because("fact-bars-technique", technique=technique.code, fact=fact))
    for fact in technique.avoid_at:
        if evidence.may_be_present(fact):
            yield TechniqueOut(technique.code, _marked(fact, evidence), because("fact-bars-technique", technique=technique.code, fact=fact))


def _marked(fact: str, evidence: Evidence) -> frozenset[Place] | None:
    """The zones that a fact names; None (everywhere) while they are unknown."""
    return None if fact in evidence.unknown else evidence.places(fact)


def _supplement_bars(supplement: Supplement, library: Library, evidence: Evidence) -> Iterator[SupplementOut]:
    code = supplement.code
    for fact in supplement.avoid_when:
        if evidence.may_be_present(fact):
            yield SupplementOut(code, None, None, because("fact-bars-supplement", supplement=code, fact=fact))
    for fact, zones in supplement.avoid_zones_when.items():
        if evidence.may_be_present(fact):
            reason = because("fact-bars-supplement", supplement=code, fact=fact)
            yield SupplementOut(code, None, leaf_places_of(library.tree, tuple(zones)), reason)
    age = evidence.known.get("patient.age")
    if supplement.age is not None and not (isinstance(age, int) and supplement.age[0] <= age <= supplement.age[1]):
        reason = because("age-bars-supplement", supplement=code, from_age=supplement.age[0], to_age=supplement.age[1])
        yield SupplementOut(code, None, None, reason)
