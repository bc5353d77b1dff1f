"""Words of safety in a translation: as long as the English of the release stands, so does what it is translated with. Pure.

What is compared elsewhere is the English, which is the library itself; who reads the clinic's own language must be warned of the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from protocols.method.entries import Condition
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.variants.strict_rules import is_grave
from protocols.variants.strict_values import Loosening

OF_RULE: Final = ("ask_intake", "ask_day", "ends_when", "advice", "residual_advice", "clearance_note")
OF_GRAVE_RULE: Final = ("title", "explanation", *OF_RULE)
OF_STAGE: Final = ("name", "definition", "reason", "becomes_allowed_when", "warnings")
OF_COURSE: Final = (("course", "all", "gaps"), ("course", "all", "suspend"), ("course", "discomfort", "ask"))


@dataclass(frozen=True, slots=True)
class Said:
    """A library with its names in English and in another language."""

    library: Library
    english: Names
    names: Names

    def pairs(self, kind: str, code: str, field: str) -> Sequence[tuple[str, str]]:
        """Each line of a text with its translation."""
        return tuple(zip(self.english.lines(kind, code, field), self.names.lines(kind, code, field), strict=False))


def words_loosened(shipped: Said, own: Said) -> Iterator[Loosening]:
    """Lines that are as in the release in English and say something else in the other language."""
    for address, (kind, code, field) in _texts(shipped.library, shipped.names.language):
        pairs = shipped.pairs(kind, code, field)
        before = dict(pairs)
        for english, word in own.pairs(kind, code, field):
            if english in before and (english, word) not in pairs:
                yield Loosening(address, "safety-words", before[english], word)


def _texts(library: Library, language: str) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """Every text that asks, warns or stops, with the address of its translation."""
    for condition in library.conditions.values():
        address = f"{language}/conditions:conditions/{condition.code}"
        yield from ((address, text) for text in _of_condition(condition))
    address = f"{language}/course-rules:course-rules"
    yield from ((address, ("stop-sets", row.code, field)) for row in library.course.stop_set for field in ("stop", "then"))
    yield from ((address, text) for text in OF_COURSE)
    for rule in library.rules.values():
        address = f"{language}/contraindications:contraindications/{rule.code}"
        yield from ((address, ("rules", rule.code, field)) for field in (OF_GRAVE_RULE if is_grave(rule) else OF_RULE))


def _of_condition(condition: Condition) -> Iterator[tuple[str, str, str]]:
    """What the therapist is asked, what tells one stage from another, and what is never done."""
    code = condition.code
    yield from (("conditions", code, field) for field in ("never", "refer_first"))
    yield from (("inputs", f"{code}/{item.code}", field) for item in condition.inputs for field in ("question", "unit", "values"))
    yield from (("stage-signs", code, sign.code) for sign in condition.stage_signs)
    yield from (("side-rule", code, name) for name in condition.side_rule)
    yield from (("segmental", code, field) for field in ("side", "also"))
    yield ("curve-sides", code, "c_shape")
    yield from (("stages", f"{code}/{stage}", field) for stage in condition.stages for field in OF_STAGE)
