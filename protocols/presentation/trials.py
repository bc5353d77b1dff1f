"""A rule tried on answers, in words: whether it holds, which part of its condition decided that, and what follows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.translation import gettext as _

from protocols.method.answers import Answers
from protocols.method.clearances import cleared_outcome, effects_left, effects_without_document
from protocols.method.entries import AllOf, AnyOf, ClearanceTerms, Comparison, Fact, Not, Rule, Tree
from protocols.method.evidence import PlanFacts, weigh
from protocols.method.truth import Evidence, decide, undecided_facts
from protocols.method.vocabulary import Outcome
from protocols.presentation.reader import LibraryReader
from protocols.presentation.rules import effects_in_words
from protocols.presentation.truths import branch

Verdict = Literal["fires", "spares", "open"]
VERDICTS: Final[dict[bool | None, Verdict]] = {True: "fires", False: "spares", None: "open"}


@dataclass(frozen=True, slots=True)
class JudgedNode:
    """A node of the condition with its verdict. ``decides`` marks what alone was enough for the verdict of the whole."""

    kind: str
    verdict: Verdict
    decides: bool
    question: str = ""
    wanted: str = ""
    given: str = ""
    branches: tuple["JudgedNode", ...] = ()


@dataclass(frozen=True, slots=True)
class Cleared:
    """What the document of the rule would make of it."""

    document: str
    days: int
    outcome: str
    remains: tuple[str, ...]
    changes_nothing: bool


@dataclass(frozen=True, slots=True)
class TrialView:
    """What a rule says to these answers."""

    verdict: Verdict
    title: str
    sentence: str
    outcome: str
    tree: JudgedNode
    decided: tuple[str, ...]
    waits_for: tuple[str, ...]
    effects: tuple[str, ...]
    advice: tuple[str, ...]
    cleared: Cleared | None


def trial_of(rule: Rule, answers: Answers, plan: PlanFacts, reader: LibraryReader) -> TrialView:
    """One rule held against these answers, as a screening would read them. Raises ``Faults`` for an answer that no form can give."""
    evidence, _unanswered = weigh(answers, plan, reader.library)
    verdict = decide(rule.when, evidence)
    tree = judged(rule.when, evidence, reader, decides=True)
    found = VERDICTS[verdict]
    fires = verdict is not False
    return TrialView(
        verdict=found,
        title=TITLES[found](),
        sentence=_sentence(rule, found, evidence, reader),
        outcome=_outcome(rule, evidence).code if fires else Outcome.CLEAR.code,
        tree=tree,
        decided=tuple(dict.fromkeys(_said(leaf) for leaf in _leaves(tree) if leaf.decides)),
        waits_for=tuple(reader.names.of("facts", code, "question") for code in undecided_facts(rule.when, evidence)),
        effects=effects_in_words(effects_without_document(rule), reader) if fires else (),
        advice=reader.names.lines("rules", rule.code, "advice") if fires else (),
        cleared=_cleared(rule, rule.clearance, reader) if fires and rule.clearance else None,
    )


TITLES: Final = {
    "fires": lambda: _("The rule holds"),
    "spares": lambda: _("The rule does not hold"),
    "open": lambda: _("The rule stays open"),
}


def _outcome(rule: Rule, evidence: Evidence) -> Outcome:
    """The outcome of the rule; until its document is there that one which it then keeps, where the need for it is met or not known."""
    terms = rule.clearance
    if terms is None or terms.required_when is None or terms.outcome_until is None:
        return rule.outcome
    return rule.outcome if decide(terms.required_when, evidence) is False else max(rule.outcome, terms.outcome_until)


def _sentence(rule: Rule, verdict: Verdict, evidence: Evidence, reader: LibraryReader) -> str:
    if verdict == "fires":
        return reader.names.of("rules", rule.code, "explanation")
    if verdict == "spares":
        return _("With these answers it changes nothing in the plan.")
    facts = [reader.library.facts[code] for code in undecided_facts(rule.when, evidence)]
    if rule.outcome >= Outcome.DOCTOR and any(fact.unknown != "open" for fact in facts):
        return _("“Don't know” is never “no”: no session starts until the question is answered or a document lifts the rule.")
    return _("“Don't know” is never “no”: the rule is listed as a question, and the therapist decides.")


# The condition ------------------------------------------------------------------------------------------------------------------
def judged(tree: Tree, evidence: Evidence, reader: LibraryReader, *, decides: bool) -> JudgedNode:
    """The tree with the verdict of every node. A branch decides when its verdict is that of its node and the node decides."""
    verdict = decide(tree, evidence)
    words = branch(tree, reader)
    if isinstance(tree, Comparison):
        given = _given(reader.library.facts[tree.fact], evidence, reader)
        return JudgedNode("line", VERDICTS[verdict], decides, words.question, words.answer, given)
    inner = _branches(tree)
    wanted = {each: decide(each, evidence) for each in inner}
    found = tuple(judged(each, evidence, reader, decides=decides and (isinstance(tree, Not) or wanted[each] is verdict)) for each in inner)
    return JudgedNode(words.kind, VERDICTS[verdict], decides, branches=found)


def _branches(tree: Tree) -> tuple[Tree, ...]:
    if isinstance(tree, Not):
        return (tree.branch,)
    return tree.branches if isinstance(tree, AllOf | AnyOf) else ()


def _leaves(node: JudgedNode) -> Iterator[JudgedNode]:
    if node.kind == "line":
        yield node
    for each in node.branches:
        yield from _leaves(each)


def _said(leaf: JudgedNode) -> str:
    about = {"question": leaf.question, "given": leaf.given, "wanted": leaf.wanted}
    if leaf.verdict == "open":
        return _("“%(question)s” – the answer is not known, and it would count with: %(wanted)s") % about
    if leaf.verdict == "fires":
        return _("“%(question)s” – %(given)s, and it counts with: %(wanted)s") % about
    return _("“%(question)s” – %(given)s, and it would count only with: %(wanted)s") % about


def _given(fact: Fact, evidence: Evidence, reader: LibraryReader) -> str:
    """The answer that was weighed, in words."""
    if fact.code in evidence.unknown:
        return _("not known")
    value = evidence.known.get(fact.code)
    if value is None:
        return _normal(fact, reader)
    if isinstance(value, tuple):
        named = value if len(value) < 6 else ()
        return ", ".join(dict.fromkeys(reader.place(place) for place in named)) or (_("named") if value else _("nothing is named"))
    if isinstance(value, frozenset):
        return ", ".join(reader.fact_value(fact.code, each) for each in sorted(value))
    return reader.fact_value(fact.code, value)


def _normal(fact: Fact, reader: LibraryReader) -> str:
    if fact.absent is not None:
        return _("not mentioned, which counts as %(value)s") % {"value": reader.fact_value(fact.code, fact.absent)}
    return _("no") if fact.type == "bool" else _("not mentioned, which counts as normal")


# A document ---------------------------------------------------------------------------------------------------------------------
def _cleared(rule: Rule, terms: ClearanceTerms, reader: LibraryReader) -> Cleared:
    lifts = terms.lifts != "nothing" and rule.outcome is not Outcome.EMERGENCY
    advice = reader.names.lines("rules", rule.code, "residual_advice")
    remains = (*effects_in_words(effects_left(rule), reader), *advice) if lifts else ()
    outcome = cleared_outcome(rule).code if lifts else rule.outcome.code
    return Cleared(reader.names.of("documents", terms.document), terms.valid_days, outcome, remains, not lifts)
