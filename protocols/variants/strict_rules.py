"""The rules: none may go, fire less, count for less, do less, or be lifted more easily than in the release. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from protocols.method.clearances import effects_left, effects_without_document
from protocols.method.entries import ClearanceTerms, Rule
from protocols.method.library import Library
from protocols.method.vocabulary import Outcome
from protocols.variants.strict_effects import uncovered
from protocols.variants.strict_trees import implies
from protocols.variants.strict_values import Limit, Loosening, all_kept, at_least, at_most, compared, plain, ranked, same

# How a rule is called, from the gravest: it may be called something graver.
KINDS: Final = ("emergency", "absolute", "temporary", "relative", "local", "technique", "caution")
LIFTS: Final = ("nothing", "block", "effects")

OF_RULE: Final[Mapping[str, Limit]] = {
    "kind": Limit("rule-kind", ranked(*KINDS)),
    "outcome": Limit("rule-outcome", at_least),
    "when": Limit("rule-when", implies),
    "icd10": Limit("rule-icd10", all_kept),
    "ends_when": Limit("rule-end", same),
}
# Of a rule that stops everything nothing is said otherwise than in the release; more may be added.
OF_GRAVE_RULE: Final[Mapping[str, Limit]] = {
    **OF_RULE,
    "kind": Limit("rule-kind", same),
    "outcome": Limit("rule-outcome", same),
    "title": Limit("rule-words", same),
    "explanation": Limit("rule-words", same),
    "ask_day": Limit("rule-words", same),
    "ask_intake": Limit("rule-words", same),
    "clearance": Limit("rule-clearance", same),
}
OF_TERMS: Final[Mapping[str, Limit]] = {
    "document": Limit("clearance-document", same),
    "valid_days": Limit("clearance-days", at_most),
    "lifts": Limit("clearance-lifts", ranked(*LIFTS)),
}


def rules_loosened(shipped: Library, own: Library) -> Iterator[Loosening]:
    """What the rules of ``own`` stop less of. A rule that is new stops more."""
    for code, rule in shipped.rules.items():
        address, after = f"library/contraindications:rule/{code}", own.rules.get(code)
        if after is None:
            yield Loosening(address, "rule-gone", rule.title, None)
            continue
        yield from compared(address, OF_GRAVE_RULE if is_grave(rule) else OF_RULE, rule, after)
        for compare in BY_FUNCTION.values():
            yield from compare(address, rule, after, own)


def is_grave(rule: Rule) -> bool:
    """Whether a rule stops everything: what it says is never touched, only added to."""
    return rule.outcome >= Outcome.ABSOLUTE or rule.kind in ("emergency", "absolute")


def _effects(address: str, before: Rule, after: Rule, library: Library) -> Iterator[Loosening]:
    for effect in uncovered(before.effects, after.effects, library):
        yield Loosening(address, "rule-effects", plain(effect), None)


def _clearance(address: str, before: Rule, after: Rule, library: Library) -> Iterator[Loosening]:
    """What a document does to the rule, and what it does while there is none."""
    yield from _without_document(address, before, after, library)
    yield from _no_longer_lifted(address, before, after, library)
    old, new = before.clearance, after.clearance
    if new is None or new.lifts == "nothing":  # nothing lifts it any more
        return
    if old is None:
        yield Loosening(address, "clearance-new", None, plain(new))
        return
    yield from compared(address, OF_TERMS, old, new)
    if old.lifts != "nothing":
        for effect in uncovered(effects_left(before), effects_left(after), library):
            yield Loosening(address, "clearance-left", plain(effect), None)


def _no_longer_lifted(address: str, before: Rule, after: Rule, library: Library) -> Iterator[Loosening]:
    """What stays of a rule that a document lifts may be more than it does by itself. Where the document no longer does its work, the rule
    has to stop the session, or to do all that would have stayed."""
    old, new = before.clearance, after.clearance
    if old is None or old.lifts == "nothing" or after.outcome >= Outcome.DOCTOR:
        return
    if new is None or new.lifts == "nothing" or new.valid_days < old.valid_days:
        for effect in uncovered(effects_left(before), effects_without_document(after), library):
            yield Loosening(address, "clearance-left", plain(effect), None)


def _without_document(address: str, before: Rule, after: Rule, library: Library) -> Iterator[Loosening]:
    for effect in uncovered(effects_without_document(before), effects_without_document(after), library):
        if effect not in before.effects:
            yield Loosening(address, "clearance-if-missing", plain(effect), None)
    if before.clearance is not None and not _blocks_until(before.clearance, after):
        yield Loosening(address, "clearance-until", plain(before.clearance), plain(after.clearance))


def _blocks_until(old: ClearanceTerms, after: Rule) -> bool:
    """Whether the rule still counts for as much where a document is required and missing."""
    if old.outcome_until is None or old.required_when is None or after.outcome >= old.outcome_until:
        return True
    new = after.clearance
    if new is None or new.outcome_until is None or new.required_when is None:
        return False
    return new.outcome_until >= old.outcome_until and implies(old.required_when, new.required_when)


BY_FUNCTION: Final[Mapping[str, Callable[[str, Rule, Rule, Library], Iterator[Loosening]]]] = {
    "effects": _effects,
    "clearance": _clearance,
}
