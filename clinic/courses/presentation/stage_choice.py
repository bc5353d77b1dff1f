"""Stages side by side, for whoever chooses: what each means, what differs in the work, and what in the data speaks against it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from django.utils.translation import gettext as _

from clinic.courses.models import Course
from clinic.courses.presentation.base import InOneLanguage
from clinic.courses.presentation.lines import SourceLine
from protocols.method.answers import Answers, FactValue
from protocols.method.entries import Condition, Stage
from protocols.method.findings import Screening
from protocols.method.stage_signs import StageWarning, stage_warnings
from protocols.wording_codes import WORDS
from protocols.wording_conditions import local_word, typeset

NOTHING_KNOWN = Answers(MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class WarningLine:
    """Data that speak against a stage, in words. ``told`` are question and answer."""

    sentence: str
    told: tuple[tuple[str, str], ...]
    points_to: tuple[str, ...]
    origin: str
    sources: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class StageCard:
    """A stage as a choice: what it means, how to tell it apart, what the method does there, what speaks against it."""

    code: str
    name: str
    definition: str
    guide: str
    local: str
    is_barred: bool
    goals: str
    becomes_allowed_when: str
    tempo: str
    minutes: str
    sessions: str
    pressure: int
    warnings: tuple[WarningLine, ...]


class StagePresenter(InOneLanguage):
    """Says stages and warnings in one language."""

    def cards(
        self, condition: Condition, inputs: Mapping[str, object] = MappingProxyType({}), answers: Answers = NOTHING_KNOWN
    ) -> tuple[StageCard, ...]:
        """The stages of a condition in the library's order, each with what ``inputs`` and ``answers`` say against it."""
        return tuple(
            self._card(condition, stage, self.warnings(condition, stage.code, inputs, answers)) for stage in condition.stages.values()
        )

    def warnings(
        self, condition: Condition, stage: str, inputs: Mapping[str, object], answers: Answers = NOTHING_KNOWN
    ) -> tuple[WarningLine, ...]:
        """What speaks against one stage. Nothing is barred by it: the person who treats decides."""
        return tuple(self._warning(condition, found) for found in stage_warnings(condition, stage, inputs, answers))

    def warnings_of(self, course: Course, screening: Screening) -> tuple[WarningLine, ...]:
        """What spoke against a saved course, by what it was planned from; an edition without its condition or stage says nothing."""
        condition = self.library.conditions.get(course.condition)
        if condition is None or course.stage not in condition.stages:
            return ()
        facts = Answers(cast("Mapping[str, FactValue]", screening.facts))
        found = self.warnings(condition, course.stage, course.request.get("inputs", {}), facts)
        return (*found, *self._too_many(condition.stages[course.stage], course.session_count))

    def _too_many(self, stage: Stage, count: int) -> Iterator[WarningLine]:
        """More sessions than the protocol gives are the therapist's to answer for, but never unsaid."""
        treatment = stage.treatment
        if treatment is not None and count > treatment.sessions.max:
            sentence = _("The protocol gives %(max)s sessions at most in this stage.") % {"max": treatment.sessions.max}
            origin = str(WORDS[treatment.provenance.sessions]())
            yield WarningLine(sentence, ((_("Number of sessions"), str(count)),), points_to=(), origin=origin, sources=())

    def _card(self, condition: Condition, stage: Stage, warnings: tuple[WarningLine, ...]) -> StageCard:
        code, treatment = f"{condition.code}/{stage.code}", stage.treatment
        return StageCard(
            code=stage.code,
            name=self.names.of("stages", code),
            definition=typeset(self.names.of("stages", code, "definition")),
            guide=typeset(self.names.of("stage-guide", condition.code, stage.code)),
            local=local_word(stage.local),
            is_barred=treatment is None,
            goals=", ".join(self.names.lines("stages", code, "goals")),
            becomes_allowed_when=typeset(self.names.of("stages", code, "becomes_allowed_when")),
            tempo=treatment.tempo if treatment else "",
            minutes=_span(treatment.minutes.first, treatment.minutes.full) if treatment else "",
            sessions=_span(treatment.sessions.min, treatment.sessions.max) if treatment else "",
            pressure=treatment.pressure_max if treatment else 0,
            warnings=warnings,
        )

    def _warning(self, condition: Condition, found: StageWarning) -> WarningLine:
        stages = (self.names.of("stages", f"{condition.code}/{code}") for code in found.points_to)
        return WarningLine(
            sentence=self.names.of("stage-signs", condition.code, found.sign),
            told=tuple(self._told(condition, kind, code, value) for kind, code, value in found.told),
            points_to=tuple(stages),
            origin=str(WORDS[found.provenance]()),
            sources=tuple(self._source(code) for code in found.sources if code != "general"),
        )

    def _told(self, condition: Condition, kind: str, code: str, value: object) -> tuple[str, str]:
        if kind == "fact":
            entry, named, key = self.library.facts[code], "facts", code
            values, unit = entry.values, self.names.of("facts", code, "unit")
        else:
            row = next(row for row in condition.inputs if row.code == code)
            named, key, values = "inputs", f"{condition.code}/{code}", row.values
            unit = self.names.of("inputs", key, "unit")
        question = self.names.of(named, key, "question")
        if isinstance(value, bool):
            return question, _("yes") if value else _("no")
        word = self.names.value(named, key, str(value), values) if values else str(value)
        word = word.replace("-", " ") if word in values else word  # a code, or real words
        return question, f"{word} {unit}".rstrip()

    def _source(self, code: str) -> SourceLine:
        source = self.library.sources[code]
        return SourceLine(source.title, source.address if source.address.startswith("http") else "")


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}–{high}"
