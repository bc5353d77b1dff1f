"""What a case of a rule expects, held against a screening. Each word gives a sentence when it is not met, else an empty one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from protocols.cases import CaseFaults
from protocols.method.case import parse_case
from protocols.method.findings import Finding, OpenRule, PressureCap, Screening
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.planning import setting_of
from protocols.method.reasons import Reason
from protocols.method.vocabulary import Outcome
from protocols.rule_cases import RuleCase

EVERYWHERE = "all"


class Found:
    """One case, screened with a library, with what its rule came to. Raises ``Faults`` if its input is not valid."""

    def __init__(self, case: RuleCase, library: Library) -> None:
        self.rule = case.rule
        self.library = library
        self.unknown = tuple(case.stated["unknown"])
        self.screening: Screening = setting_of(parse_case(case.stated, library), library).screening
        self.limits = self.screening.limits

    @property
    def verdict(self) -> str:
        return next(trial.verdict for trial in self.screening.trials if trial.rule == self.rule)

    @property
    def finding(self) -> Finding:
        return next(finding for finding in self.screening.findings if finding.rule == self.rule)

    @property
    def open_rule(self) -> OpenRule:
        return next(opened for opened in self.screening.open_rules if opened.rule == self.rule)

    def mine(self, reason: Reason) -> bool:
        """Whether a limit comes from this rule and from no other."""
        return ("rule", self.rule) in reason.about

    def obstacles(self, kind: str) -> set[str]:
        return {obstacle.code for obstacle in self.screening.obstacles if obstacle.kind == kind}


def unmet(case: RuleCase, library: Library) -> tuple[str, ...]:
    """What the case expects and did not happen; empty when it holds. Raises ``Faults`` if its input is not valid."""
    return unmet_of(case, Found(case, library))


def unmet_of(case: RuleCase, found: Found) -> tuple[str, ...]:
    """The same of a case that is screened already."""
    sentences = [EXPECTATIONS[word](found, wanted) for word, wanted in case.expected.items()]
    return tuple(sentence for sentence in sentences if sentence)


def not_as_said(case: RuleCase, library: Library) -> tuple[str, ...]:
    """``unmet``, and what its kind promises: who is spared meets no rule, and an unanswered question leaves the rule open.

    Raises ``Faults`` if the input of the case is not valid.
    """
    if case.rule not in library.rules:
        return (f"there is no rule {case.rule}",)
    found = Found(case, library)
    return (*_of_kind(case, found), *unmet_of(case, found))


def _of_kind(case: RuleCase, found: Found) -> tuple[str, ...]:
    if case.kind == "spares":
        return () if found.verdict == "silent" else (f"the rule is {found.verdict}, yet this patient is to be spared",)
    if case.kind == "fires" or "outcome" in case.expected:
        return () if found.verdict in ("fired", "cleared") else (f"the rule is {found.verdict}",)
    if "silent" in case.expected:
        return ()
    if found.verdict != "open":
        return (f"the rule is {found.verdict}, not open",)
    asked = case.expected.get("asks", found.unknown)
    return () if set(found.open_rule.facts) == set(asked) else (f"waits for {', '.join(found.open_rule.facts)}",)


def places(text: str, library: Library) -> frozenset[Place]:
    """Leaf places of "zone" (both sides) or "zone left"; all of them for "all". Raises ``CaseFaults`` for what is neither."""
    if text == EVERYWHERE:
        return library.tree.all_places()
    zone, _, side = text.partition(" ")
    if zone not in library.zones or side not in ("", "left", "right", "both"):
        raise CaseFaults(f"{text!r} is no zone, or no zone and side")
    return library.tree.leaf_places(Place(zone, side or "both"))  # type: ignore[arg-type]


def _whole(found: Found, wheres: Iterable[frozenset[Place] | None]) -> frozenset[Place]:
    """All places together; None is everywhere."""
    return frozenset[Place]().union(*(found.library.tree.all_places() if where is None else where for where in wheres))


def _missing(what: str, wanted: Iterable[str], found: Iterable[str]) -> str:
    missing = sorted(set(wanted) - set(found))
    return f"{what}: {', '.join(missing)} is missing among {', '.join(sorted(set(found))) or 'none'}" if missing else ""


def _zones_out(found: Found) -> frozenset[Place]:
    return _whole(found, (out.places for out in found.limits.places_out if found.mine(out.because)))


def _left_out(found: Found) -> frozenset[Place]:
    return _whole(found, (out.places for out in found.limits.places_out if out.because.code == "unknown-leaves-zones-out"))


def _families(found: Found, family: str) -> frozenset[Place]:
    return _whole(found, (out.places for out in found.limits.families_out if out.family == family and found.mine(out.because)))


def _calm(found: Found) -> frozenset[Place]:
    return _whole(found, (calm.places for calm in found.limits.calm if found.mine(calm.because)))


def _spots(found: Found) -> frozenset[Place]:
    return _whole(found, (spot.places for spot in found.limits.spots if found.mine(spot.because)))


def _outcome(found: Found, wanted: str) -> str:
    if found.verdict not in ("fired", "cleared"):
        return f"the rule is {found.verdict}"
    outcome = found.finding.outcome
    if found.screening.outcome < outcome:
        return f"the whole counts as {found.screening.outcome.code}, less than its finding"
    if outcome >= Outcome.DOCTOR and found.screening.may_start:
        return "the session may start all the same"
    return "" if outcome.code == wanted else f"counts as {outcome.code}, not {wanted}"


def _may_start(found: Found, wanted: bool) -> str:  # noqa: FBT001 (the value of a TOML key)
    return "" if found.screening.may_start is wanted else f"may_start is {found.screening.may_start}"


def _asks(found: Found, wanted: Sequence[str]) -> str:
    """Of a found rule the questions in the way; of an open rule exactly the answers it waits for (``test_rule_cases`` looks at those)."""
    if found.verdict == "open":
        return "" if set(found.open_rule.facts) == set(wanted) else f"waits for {', '.join(found.open_rule.facts)}"
    return _missing("asks", wanted, found.obstacles("fact"))


def _silent(found: Found, wanted: bool) -> str:  # noqa: FBT001 (the value of a TOML key)
    return "" if (found.verdict == "silent") is wanted else f"the rule is {found.verdict}"


def _document(found: Found, wanted: str) -> str:
    document = found.finding.may_be_lifted_by or "none"
    return "" if document == wanted else f"is lifted by {document}, not {wanted}"


def _cleared_by(found: Found, wanted: str) -> str:
    return "" if found.finding.cleared_by == wanted else f"is cleared by {found.finding.cleared_by}"


def _instead(found: Found, wanted: Sequence[str]) -> str:
    return _missing("findings", wanted, {finding.rule for finding in found.screening.findings})


def _in(inside: Callable[[Found], frozenset[Place]], what: str) -> Callable[[Found, Sequence[str]], str]:
    return lambda found, wanted: "; ".join(f"{text} is not {what}" for text in wanted if not places(text, found.library) <= inside(found))


def _zones_kept(found: Found, wanted: Sequence[str]) -> str:
    return "; ".join(f"{text} is left out" for text in wanted if places(text, found.library) & _zones_out(found))


def _families_out(found: Found, wanted: Mapping[str, Sequence[str]]) -> str:
    pairs = [(text, family) for text, families in wanted.items() for family in families]
    return "; ".join(f"{family} stays at {text}" for text, family in pairs if not places(text, found.library) <= _families(found, family))


def _families_kept(found: Found, wanted: Mapping[str, Sequence[str]]) -> str:
    pairs = [(text, family) for text, families in wanted.items() for family in families]
    return "; ".join(f"{family} is out at {text}" for text, family in pairs if places(text, found.library) & _families(found, family))


def _lowest(found: Found, caps: Iterable[PressureCap], there: frozenset[Place]) -> int | None:
    return min((cap.level for cap in caps if there <= _whole(found, (cap.places,))), default=None)


def _pressure(found: Found, wanted: Mapping[str, int]) -> str:
    caps = [cap for cap in found.limits.pressure_caps if found.mine(cap.because)]
    lowest = {text: _lowest(found, caps, places(text, found.library)) for text in wanted}
    return "; ".join(f"pressure at {text} is capped at {level}" for text, level in lowest.items() if level != wanted[text])


def _minutes(found: Found, wanted: int) -> str:
    caps = {cap.minutes for cap in found.limits.minutes_caps if found.mine(cap.because)}
    return "" if caps == {wanted} else f"minutes are capped at {sorted(caps)}"


def _techniques(found: Found, wanted: Sequence[str]) -> str:
    return _missing("techniques out", wanted, (out.technique for out in found.limits.techniques_out if found.mine(out.because)))


def _positions(found: Found) -> set[str]:
    return {out.position for out in found.limits.positions_out if found.mine(out.because)}


def _positions_out(found: Found, wanted: Sequence[str]) -> str:
    return _missing("positions out", wanted, _positions(found))


def _positions_kept(found: Found, wanted: Sequence[str]) -> str:
    barred = sorted(set(wanted) & _positions(found))
    return f"{', '.join(barred)} barred" if barred else ""


def _supplements(found: Found, wanted: Sequence[str]) -> str:
    mine = [out for out in found.limits.supplements_out if found.mine(out.because)]
    return _missing("supplements out", wanted, (out.supplement for out in mine if out.points is None and out.places is None))


def _points(found: Found, wanted: Sequence[str]) -> str:
    barred = [out.points or frozenset() for out in found.limits.supplements_out if found.mine(out.because)]
    return _missing("points out", wanted, frozenset[str]().union(*barred))


def _dose(found: Found, wanted: int) -> str:
    return "" if found.limits.rungs_down == wanted else f"the dose goes {found.limits.rungs_down} steps back"


def _measure(found: Found, wanted: Sequence[str]) -> str:
    return _missing("measures", wanted, found.screening.measures_required)


def _advice(found: Found, wanted: Sequence[str]) -> str:
    said = " / ".join(advice.text for advice in found.screening.advice if advice.rule == found.rule)
    return "; ".join(f"{words!r} is not said in {said!r}" for words in wanted if words not in said)


EXPECTATIONS: Mapping[str, Callable[[Found, Any], str]] = {
    "outcome": _outcome,
    "may_start": _may_start,
    "asks": _asks,
    "silent": _silent,
    "document": _document,
    "cleared_by": _cleared_by,
    "instead": _instead,
    "zones_out": _in(_zones_out, "left out"),
    "left_out": _in(_left_out, "left out until it is answered"),
    "zones_kept": _zones_kept,
    "spots": _in(_spots, "a marked spot"),
    "families_out": _families_out,
    "families_kept": _families_kept,
    "techniques_out": _techniques,
    "pressure_at_most": _pressure,
    "minutes_at_most": _minutes,
    "calm": _in(_calm, "calm"),
    "positions_out": _positions_out,
    "positions_kept": _positions_kept,
    "supplements_out": _supplements,
    "points_out": _points,
    "dose_steps_back": _dose,
    "measure": _measure,
    "advice": _advice,
}
