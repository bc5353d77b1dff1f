"""What else a patient has on the day of a massage, and what comes first: exercise, warmth, a partner therapy of the stage.

The order with exercise is the rule ``exercise-order`` of sequencing.toml (m-93), which names three problems; where it names none, or two
of its parts meet in one patient, nothing is decided here and that is said. A partner whose own words say ``before`` or ``after`` follows
its words. Partner therapies of one patient are not kept: the lines tell the order, they change no plan.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from protocols.method.entries import Condition, Stage
from protocols.method.library import Library

Clause = Literal["pain", "hypertension", "lungs"]
When = Literal["before", "after", "beside", "open"]

RULE: Final = "exercise-order"
BY_RULE: Final[dict[Clause, When]] = {"pain": "after", "hypertension": "before", "lungs": "after"}
HYPERTENSION: Final = "history.hypertension-known"
# What the stages measure where pain or a stiff joint is treated.
PAIN_OR_CONTRACTURE: Final = frozenset({"pain-nrs", "joint-range", "pain-deep-breath", "shoulder-pain"})
IS_EXERCISE: Final = re.compile(r"\b(exercise|exercises|movement|mechanotherapy|passive range)\b")
BEFORE, AFTER = re.compile(r"\bbefore\b"), re.compile(r"\bafter\b")
# A supplement that is given as a pack before the session, by its own name in supplements.toml.
WARM: Final = "heat"


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """One therapy of the day. ``when``: it comes before the massage, after it, at any time beside it, or the rule leaves it open.

    ``row`` is its place in the stage's ``partners``, -1 for exercise in general and for a supplement (``supplement``). ``clauses`` are the
    parts of the rule that hold for this patient; ``sources`` codes of sources.toml.
    """

    row: int
    when: When
    clauses: tuple[Clause, ...] = ()
    supplement: str = ""
    sources: tuple[str, ...] = ()

    @property
    def is_exercise_in_general(self) -> bool:
        """The line that every stage has, whether it names a partner or not."""
        return self.row < 0 and not self.supplement


def clauses_of(condition: Condition, *, has_hypertension: bool) -> tuple[Clause, ...]:
    """The parts of the rule that hold: by what the condition is, by what it measures, and by the patient's blood pressure."""
    found: list[Clause] = []
    if condition.code == "hypertension" or has_hypertension:
        found.append("hypertension")
    if condition.group == "respiratory":
        found.append("lungs")
    elif condition.code != "hypertension" and PAIN_OR_CONTRACTURE & set(condition.measures):
        found.append("pain")
    return tuple(found)


def partners_of(
    library: Library, condition: Condition, stage: Stage, facts: Mapping[str, object], chosen: tuple[str, ...] = ()
) -> tuple[PartnerLine, ...]:
    """Exercise in general, the partners of the stage in the library's order, and those of the ``chosen`` supplements that come before.

    ``facts`` are those of the screening. No line for a stage that is not massaged.
    """
    if stage.treatment is None:
        return ()
    clauses = clauses_of(condition, has_hypertension=facts.get(HYPERTENSION) is True)
    lines = [_exercise(library, -1, clauses)]
    lines += [_partner(library, condition, row, clauses, words=words) for row, words in enumerate(stage.treatment.partners)]
    if WARM in chosen:
        lines.append(PartnerLine(-1, "before", supplement=WARM, sources=library.supplements[WARM].sources))
    return tuple(lines)


def _partner(library: Library, condition: Condition, row: int, clauses: tuple[Clause, ...], *, words: str) -> PartnerLine:
    if BEFORE.search(words) or AFTER.search(words):
        return PartnerLine(row, "before" if BEFORE.search(words) else "after", sources=condition.sources)
    if IS_EXERCISE.search(words):
        return _exercise(library, row, clauses)
    return PartnerLine(row, "beside", sources=condition.sources)


def _exercise(library: Library, row: int, clauses: tuple[Clause, ...]) -> PartnerLine:
    whens = {BY_RULE[clause] for clause in clauses}
    return PartnerLine(row, whens.pop() if len(whens) == 1 else "open", clauses, sources=library.order_rules[RULE].sources)
