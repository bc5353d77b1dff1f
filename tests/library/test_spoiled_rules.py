"""A slip in a rule is noticed by its cases: a threshold moved, a branch or an effect lost, another outcome, a longer document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pytest

from protocols.method.entries import AllOf, AnyOf, Comparison, Effect, Not, Rule, Tree
from protocols.method.library import Library
from protocols.method.vocabulary import Outcome
from protocols.rule_cases import RuleCase, rule_cases
from protocols.shelf import shipped_library
from tests.each import of_each
from tests.library import rule_words
from tests.library.rule_words import Found, unmet

OTHER_SIDE: Mapping[str, str] = {"ge": "gt", "gt": "ge", "lt": "le", "le": "lt"}
# Effects that another effect of the same rule covers wholly, kept in the library because the text of the rule names them.
COVERED = {
    ("os-02", "max-pressure"),  # the back at 1, as everything
    ("re-06", "forbid-positions"),  # positions outside the list of allowed ones
    ("pr-04", "forbid-positions"),
    ("pr-02", "max-pressure"),  # the loin at 2, as everything
}
# A form repeated counts on its own day only; the age of the referral is itself what this rule reads.
OWN_TERMS = {"ge-04", "ge-06"}


@dataclass(frozen=True)
class Slip:
    """One rule with one thing wrong in it."""

    what: str
    rule: Rule


def trees(tree: Tree) -> Iterator[tuple[str, Tree]]:
    """Every tree that differs from this one by one slip, with a word for it."""
    if isinstance(tree, Comparison):
        yield from _comparisons(tree)
    elif isinstance(tree, Not):
        yield "not is lost", tree.branch
        yield from ((word, Not(spoiled)) for word, spoiled in trees(tree.branch))
    elif isinstance(tree, AllOf | AnyOf):
        yield from _branches(tree)


def _comparisons(tree: Comparison) -> Iterator[tuple[str, Tree]]:
    if tree.op in OTHER_SIDE:
        yield f"{tree.fact} {OTHER_SIDE[tree.op]}", replace(tree, op=OTHER_SIDE[tree.op])
        for step in (-1, 1):
            yield f"{tree.fact} {step:+}", replace(tree, value=tree.value + step)  # type: ignore[operator]
    elif tree.op == "is" and isinstance(tree.value, bool):
        yield f"{tree.fact} turned round", replace(tree, value=not tree.value)


def _branches(tree: AllOf | AnyOf) -> Iterator[tuple[str, Tree]]:
    kind, branches = type(tree), tree.branches
    yield "any for all", (AnyOf if kind is AllOf else AllOf)(branches)
    for place, branch in enumerate(branches):
        before, after = branches[:place], branches[place + 1 :]
        yield f"branch {place + 1} is lost", kind(before + after)
        yield from ((word, kind((*before, spoiled, *after))) for word, spoiled in trees(branch))


def effects(rule: Rule, found: tuple[Effect, ...]) -> Iterator[tuple[str, tuple[Effect, ...]]]:
    """The effects with one of them lost or one cap raised."""
    for place, effect in enumerate(found):
        if (rule.code, effect.type) in COVERED:
            continue
        before, after = found[:place], found[place + 1 :]
        yield f"{effect.type} is lost", before + after
        if effect.level is not None and effect.level < 5:
            yield "pressure one higher", (*before, replace(effect, level=effect.level + 1), *after)
        if effect.minutes is not None:
            yield "minutes one more", (*before, replace(effect, minutes=effect.minutes + 1), *after)


def slips(rule: Rule) -> Iterator[Slip]:
    """Every slip that this file knows of, in one rule."""
    yield from (Slip(word, replace(rule, when=tree)) for word, tree in trees(rule.when))
    yield from (Slip(word, replace(rule, effects=left)) for word, left in effects(rule, rule.effects))
    yield from (Slip(f"outcome {other.code}", replace(rule, outcome=other)) for other in Outcome if other is not rule.outcome)
    terms = rule.clearance
    if terms is not None:
        for word, left in effects(rule, terms.residual or ()):
            yield Slip(f"stays: {word}", replace(rule, clearance=replace(terms, residual=left)))
        yield Slip("lifts", replace(rule, clearance=replace(terms, lifts="nothing" if terms.lifts != "nothing" else "block")))


def shelf_with(rule: Rule) -> Library:
    shelf = shipped_library()
    return replace(shelf, rules={**shelf.rules, rule.code: rule})


def holds(case: RuleCase) -> bool:
    """Whether a case is true of the library that is read now."""
    found = Found(case)
    if case.kind == "spares":
        as_wanted = found.verdict == "silent"
    elif "outcome" in case.expected:
        as_wanted = found.verdict in ("fired", "cleared")
    elif "silent" in case.expected:
        as_wanted = True
    else:
        as_wanted = found.verdict == "open" and set(found.open_rule.facts) == set(case.expected.get("asks", found.unknown))
    return as_wanted and unmet(case) == ()


@pytest.mark.parametrize("code", shipped_library().rules)
def test_no_slip_in_a_rule_goes_unnoticed_by_its_cases(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cases, unnoticed = rule_cases()[code].all, []
    for slip in slips(shipped_library().rules[code]):
        shelf = shelf_with(slip.rule)
        monkeypatch.setattr(rule_words, "shipped_library", lambda shelf=shelf: shelf)
        if slip.what != "lifts" or code not in OWN_TERMS:
            unnoticed += [slip.what] if all(holds(case) for case in cases) else []
    assert unnoticed == []


LIFTED = [
    code
    for code, rule in shipped_library().rules.items()
    if rule.clearance is not None and rule.clearance.lifts != "nothing" and code not in OWN_TERMS
]


@of_each("code", LIFTED)
def test_a_document_is_shown_on_its_last_day_and_a_day_later_lifts_nothing(code: str) -> None:
    document = shipped_library().rules[code].clearance.document  # type: ignore[union-attr]
    cleared = [case for case in rule_cases()[code].fires if case.expected.get("cleared_by") == document]
    days = max((case.stated["clearances"][document] for case in cleared), default=None)
    assert days == shipped_library().rules[code].clearance.valid_days  # type: ignore[union-attr]
    case = next(case for case in cleared if case.stated["clearances"][document] == days)
    later = Found(replace(case, stated={**case.stated, "clearances": {document: days + 1}}))
    assert later.verdict == "fired"
