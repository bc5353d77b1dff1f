"""Condition trees in words: what a rule asks, as a nested list and as one sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from protocols.method.entries import AllOf, Always, AnyOf, Comparison, Not, Scalar, Tree
from protocols.presentation.reader import LibraryReader
from protocols.presentation.words import UNKNOWN, said


@dataclass(frozen=True, slots=True)
class Branch:
    """A node of the tree. ``kind``: all, any, not, always, or line: a question with the answer that makes it true."""

    kind: str
    question: str = ""
    answer: str = ""
    fact: str = ""
    branches: tuple["Branch", ...] = ()


@dataclass(frozen=True, slots=True)
class AskedFact:
    """One fact that a rule asks: when, and what an answer that nobody knows means."""

    code: str
    question: str
    asked: str
    unknown: str
    required: str


def branch(tree: Tree, reader: LibraryReader) -> Branch:
    """The tree in words."""
    if isinstance(tree, Comparison):
        return Branch("line", reader.names.of("facts", tree.fact, "question"), _answer(tree, reader), tree.fact)
    if isinstance(tree, Not):
        return Branch("not", branches=(branch(tree.branch, reader),))
    if isinstance(tree, Always):
        return Branch("always")
    kind = "all" if isinstance(tree, AllOf) else "any"
    return Branch(kind, branches=tuple(branch(each, reader) for each in tree.branches))


def sentence(tree: Tree, reader: LibraryReader) -> str:
    """The tree as one line."""
    return _line(branch(tree, reader), is_inner=False)


def _line(node: Branch, *, is_inner: bool) -> str:
    if node.kind == "always":
        return _("always")
    if node.kind == "line":
        return _("“%(question)s” – %(answer)s") % {"question": node.question, "answer": node.answer}
    if node.kind == "not":
        return _("not: %(what)s") % {"what": _line(node.branches[0], is_inner=True)}
    word = _(" and ") if node.kind == "all" else _(" or ")
    text = word.join(_line(each, is_inner=True) for each in node.branches)
    return f"({text})" if is_inner and len(node.branches) > 1 else text


def facts_of(tree: Tree) -> tuple[str, ...]:
    """The facts that a tree asks, each once, in order."""
    if isinstance(tree, Comparison):
        return (tree.fact,)
    if isinstance(tree, Not):
        return facts_of(tree.branch)
    branches = tree.branches if isinstance(tree, AllOf | AnyOf) else ()
    return tuple(dict.fromkeys(fact for each in branches for fact in facts_of(each)))


def asked_facts(codes: tuple[str, ...], reader: LibraryReader) -> tuple[AskedFact, ...]:
    """What is known about each fact that a rule asks."""
    return tuple(_asked(code, reader) for code in codes)


def _asked(code: str, reader: LibraryReader) -> AskedFact:
    fact = reader.library.facts[code]
    return AskedFact(
        code=code,
        question=reader.names.of("facts", code, "question"),
        asked=ASKED[fact.asked](),
        unknown=said(UNKNOWN, fact.unknown),
        required=sentence(fact.required_when, reader) if fact.required_when is not None else "",
    )


def _answer(tree: Comparison, reader: LibraryReader) -> str:
    return ANSWERS[tree.op](tree.value, lambda value: reader.fact_value(tree.fact, value))


Value = Scalar | tuple[Scalar, ...] | None
Say = Callable[[Scalar], str]


def _one(sentence: Callable[[], str]) -> Callable[[Value, Say], str]:
    """A sentence about one value."""
    return lambda value, say: sentence() % {"value": say(value) if isinstance(value, bool | int | float | str) else ""}


def _each(value: Value, say: Say) -> str:
    return _(" or ").join(say(item) for item in value) if isinstance(value, tuple) else ""


ANSWERS: Final[Mapping[str, Callable[[Value, Say], str]]] = {
    "is": _one(lambda: "%(value)s"),
    "ge": _one(lambda: _("%(value)s or more")),
    "gt": _one(lambda: _("more than %(value)s")),
    "le": _one(lambda: _("%(value)s or less")),
    "lt": _one(lambda: _("under %(value)s")),
    "in": _each,
    "nonempty": lambda _value, _say: _("something is named"),
    "known": lambda _value, _say: _("an answer is known"),
    "touches": lambda value, say: _("it touches: %(zones)s") % {"zones": ", ".join(map(say, value)) if isinstance(value, tuple) else ""},
}
ASKED: Final[Mapping[str, Callable[[], str]]] = {
    "record": lambda: _("from the record"),
    "intake": lambda: _("on the intake form"),
    "day": lambda: _("before the session"),
    "measured": lambda: _("a reading"),
    "observed": lambda: _("seen by the therapist"),
    "during": lambda: _("during the session"),
    "after": lambda: _("after the session"),
}
