"""What a what-if supposes: another stage, other inputs, other facts. All of it stands in the address, nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from clinic.courses.forms import CourseForm, with_no_said
from clinic.courses.planning import CourseRequest
from clinic.web.folding import folded
from patients.fact_fields import VALUE, FactQuestion, FactsForm
from patients.questionnaire import STATED, YES, Reply, day_facts, intake_facts
from patients.summary import reply_in_words
from protocols.asking.picking import FactGroup, openers
from protocols.method.answers import Answers, FactValue
from protocols.method.entries import Condition, Stage
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.truth import facts_of

MOST_FACTS: Final = 20
DRAWN: Final = "for"  # the stage whose questions the sent page showed


@dataclass(frozen=True, slots=True)
class SupposedFact:
    """A fact that was picked: its question, what the record says, and the address without it."""

    question: FactQuestion
    on_record: str
    without: str


class Supposition:
    """Reads the address of a what-if page. ``kept`` is what the saved course was planned from."""

    def __init__(self, query: QueryDict, *, kept: CourseRequest, condition: Condition, library: Library, names: Names) -> None:
        self.query, self.kept, self.condition, self.library, self.names = query, kept, condition, library, names
        self.faults: list[str] = []
        self.stage = self._stage()
        self._typed_now = self._typed()
        self.form = CourseForm(self._typed_now, condition=condition, stage=self.stage, library=library, names=names, kept=kept)
        self.picked = self._picked()
        self.facts = FactsForm(self._answered(), facts=self.picked, library=library, names=names, kept={}, may_skip=True)

    # What is asked ----------------------------------------------------------------------------------------------------------
    @property
    def is_valid(self) -> bool:
        """Whether everything in the address can be planned from; else the forms and ``faults`` say what is wrong."""
        valid = [self.form.is_valid(), self.facts.is_valid()]
        return not self.faults and all(valid)

    @property
    def is_changed(self) -> bool:
        """Whether anything differs from the saved course. Only for a valid supposition."""
        return bool(self.replies) or self.wanted != self.kept

    @property
    def has_errors(self) -> bool:
        """Whether something has to be mended."""
        return bool(self.faults or self.form.errors or self.facts.errors)

    @property
    def wanted(self) -> CourseRequest:
        """What would be planned."""
        return self.form.wanted()

    @property
    def replies(self) -> dict[str, Reply]:
        """The supposed answers; a fact that was picked and not answered changes nothing."""
        return {code: with_no_said(self.library, code, reply) for code, reply in self.facts.replies().items()}

    def _stage(self) -> Stage:
        code = self.query.get("stage", self.kept.stage)
        if code not in self.condition.stages:
            self.faults.append(_("This condition has no such stage. Choose one of the stages below."))
            code = self.kept.stage
        return self.condition.stages[code]

    def _picked(self) -> tuple[str, ...]:
        asked = dict.fromkeys(code for code in self.query.getlist("fact") if code)
        known = tuple(code for code in asked if code in facts_that_decide(self.library))
        if len(known) < len(asked):
            self.faults.append(_("The address names a fact that no rule asks for. Choose the facts from the list."))
        if len(known) > MOST_FACTS:
            self.faults.append(_("No more than %(count)s facts can be changed at once.") % {"count": MOST_FACTS})
        return known[:MOST_FACTS]

    def _answered(self) -> QueryDict:
        """A fact that was only just picked is most often meant as a yes."""
        data = self.query.copy()
        for code in self.query.getlist("fact"):
            fact = self.library.facts.get(code)
            if fact is not None and fact.type == "bool" and code not in data:
                data[code] = YES
        return data

    def _typed(self) -> QueryDict:
        """What was typed; for what the sent page did not show, what the saved course was planned from."""
        data = QueryDict(mutable=True)
        fresh = self._form_of(self.stage, kept=self.kept)
        drawn = self.condition.stages.get(self.query.get(DRAWN, ""))
        shown = self._form_of(drawn).fields if drawn is not None else {}
        origin = drawn or self.condition.stages[self.kept.stage]
        for name, field in fresh.fields.items():
            sent = self.query.getlist(name) if name in self.query or name in shown else _sent(self._kept_value(name, fresh))
            data.setlist(name, sent if origin.code == self.stage.code else self._carried(name, field, sent, origin))
        return data

    def fresh_form(self) -> CourseForm:
        """The inputs with what is known filled in and nothing complained of: for whoever has not typed anything yet."""
        return self._form_of(self.stage, kept=self.kept)

    def _form_of(self, stage: Stage, kept: CourseRequest | None = None) -> CourseForm:
        return CourseForm(None, condition=self.condition, stage=stage, library=self.library, names=self.names, kept=kept)

    def _kept_value(self, name: str, fresh: CourseForm) -> Any:
        return fresh.fields[name].initial if name in ("count", "supplements") else fresh.initial.get(name)

    def _carried(self, name: str, field: forms.Field, sent: list[str], origin: Stage) -> list[str]:
        """What is taken along from the stage ``origin``: an answer of that stage alone stays behind, and so does its usual count."""
        if name == "count" and self.stage.treatment is not None:
            usual = origin.treatment.sessions.usual if origin.treatment else 0
            return [str(self.stage.treatment.sessions.usual)] if sent in ([], [str(usual)], [str(self.kept.count)]) else sent
        if name == "supplements":
            offered = {code for code, _word in field.choices}  # type: ignore[attr-defined]
            return [code for code in sent if code in offered]
        row = next(row for row in self.condition.inputs if row.code == name)
        return [value for value in sent if not row.stage_of.get(value) or self.stage.code in row.stage_of[value]]

    # What the page shows ----------------------------------------------------------------------------------------------------
    def supposed_facts(self, answers: Answers) -> tuple[SupposedFact, ...]:
        """The picked facts with what the record says. ``answers`` are the record's."""
        words = FactWords(self.library, self.names, answers)
        return tuple(SupposedFact(row, words.said(row.code), self._without(row.code)) for row in self.facts.questions())

    def _without(self, code: str) -> str:
        left = self.query.copy()
        left.setlist("fact", [each for each in self.query.getlist("fact") if each != code])
        for name in (code, code + VALUE):
            left.pop(name, None)
        return left.urlencode()

    def at_session(self, number: int) -> str:
        """The address of the same supposition with another session."""
        moved = self.query.copy()
        moved["session"] = str(number)
        return moved.urlencode()

    def to_plan(self) -> str:
        """The inputs of a valid supposition for the form that plans."""
        return urlencode({name: self._typed_now.getlist(name) for name in self.form.fields}, doseq=True)

    def groups(self, answers: Answers) -> tuple[FactGroup, ...]:
        """The facts to pick from, under the question that opens them; ``find`` narrows them to questions with all of its words."""
        wanted = folded(self.query.get("find", "")[:100]).split()
        words, picked = FactWords(self.library, self.names, answers), set(self.picked)
        found: dict[str, list[tuple[str, str]]] = {}
        for code, opener in facts_that_decide(self.library).items():
            title = self.names.of("intake", opener, "question") or _("More about these answers")
            question = self.names.of("facts", code, "question")
            if code not in picked and all(word in folded(f"{title} {question}") for word in wanted):
                found.setdefault(title, []).append((code, f"{question} – {words.said(code)}"))
        return tuple(FactGroup(title, tuple(facts)) for title, facts in found.items())


class FactWords:
    """What a record says of facts, in words."""

    def __init__(self, library: Library, names: Names, answers: Answers) -> None:
        self.library, self.names, self.answers = library, names, answers

    def said(self, code: str) -> str:
        """The answer on record: a value, "no", or that there is none."""
        if code in self.answers.unknown:
            return _("not answered")
        value = self.answers.known.get(code)
        if value is None or value is False or value in ((), frozenset()):  # nought is a number and is told
            return _("no")
        return _("yes") if value is True else self._value(code, value)

    def _value(self, code: str, value: FactValue) -> str:
        """A value in the words of the patient's page: a zone with its side, a mark on a scale with the scale's end."""
        values = self.library.facts[code].values
        if isinstance(value, str):
            return self.names.value("facts", code, value, values)
        if isinstance(value, frozenset):
            return reply_in_words(self.library, self.names, code, Reply(STATED, [each for each in values if each in value]))
        raw = [{"zone": place.zone, "side": place.side} for place in value] if isinstance(value, tuple) else value
        return reply_in_words(self.library, self.names, code, Reply(STATED, raw))


@cache
def facts_that_decide(library: Library) -> Mapping[str, str]:
    """The facts of the intake and of the day that rules ask for, each with the code of the question that opens it."""
    asked = frozenset[str]().union(*(facts_of(rule.when) for rule in library.rules.values()))
    opener = dict(openers(library))
    order = dict.fromkeys((*intake_facts(library.intake), *day_facts(library.intake)))
    return {code: opener.get(code, "") for code in order if code in asked}


def _sent(value: Any) -> list[str]:
    """A value as the browser sends it."""
    if value in (None, ""):
        return []
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]
