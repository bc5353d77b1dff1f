"""Facts to pick from, under the question of the intake or the day that opens them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from clinic.web.folding import folded
from protocols.method.library import Library
from protocols.method.names import Names


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts of one question of the intake or the day: (code, question)."""

    title: str
    facts: tuple[tuple[str, str], ...]


@lru_cache(maxsize=8)
def facts_to_pick(library: Library) -> Mapping[str, str]:
    """Every fact that can be stated of a patient, each with the code of the question that opens it ("" for none)."""
    opener = dict(openers(library))
    worked_out = ("plan.", "patient.")  # by the planner, and said of the patient anyway
    found = {code: opener.get(code, "") for code in library.facts if not code.startswith(worked_out)}
    order = {code: place for place, code in enumerate(opener)}
    return dict(sorted(found.items(), key=lambda item: order.get(item[0], len(order))))


def groups_to_pick(library: Library, names: Names, *, without: Collection[str] = (), words: str = "") -> tuple[FactGroup, ...]:
    """These facts but ``without`` some, in groups; ``words`` narrow them to questions that have all of them."""
    wanted = folded(words[:100]).split()
    found: dict[str, list[tuple[str, str]]] = {}
    for code, opener in facts_to_pick(library).items():
        title = names.of("intake", opener, "question") or _("More about these answers")
        question = names.of("facts", code, "question")
        if code not in without and all(word in folded(f"{title} {question}") for word in wanted):
            found.setdefault(title, []).append((code, question))
    return tuple(FactGroup(title, tuple(facts)) for title, facts in found.items())


def openers(library: Library) -> Iterator[tuple[str, str]]:
    """Each fact of the forms with the question that opens it; a follow-up stands with the question that opened what it follows."""
    form = library.intake
    first = {code: row.code for row in (*form.observed, *form.day, *form.staff, *form.gate) for code in row.opens}
    for _pass in form.follow_up:
        for row in form.follow_up:
            for code in row.opens:
                if code not in first and row.after[0] in first:
                    first[code] = first[row.after[0]]
    yield from first.items()
