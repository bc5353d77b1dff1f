"""What is asked for a next course: the inputs as last time, how many sessions, by whom, from when, and what was changed by hand then."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from clinic.courses.calendar.forms.dates import FARTHEST_START
from clinic.courses.day.forms.before import QUIET, BeforeForm
from clinic.courses.forms import CourseForm
from clinic.courses.planning import CourseRequest
from patients.day import DayQuestion
from patients.questionnaire import Reply
from protocols.asking.input_fields import InputQuestion
from protocols.method.answers import Answers
from protocols.method.edits import NO_EDITS
from protocols.method.entries import Condition, ConditionInput, Stage
from protocols.method.library import Library
from protocols.method.names import Names

TODAY: Final = "today."
CARRY: Final = "carry"


@dataclass(frozen=True, slots=True)
class Prefill:
    """What the form opens with: the inputs of last time that still hold, those that are asked anew with what was said then."""

    request: CourseRequest
    as_last_time: frozenset[str] = frozenset()
    said_then: Mapping[str, Any] = field(default_factory=dict)


def prefilled(last: CourseRequest | None, condition: Condition, stage: Stage, count: int, answers: Answers) -> Prefill:
    """The inputs of the last course, as far as they fit this stage. What only holds for a day, such as the pain, is asked anew."""
    rows = {row.code: row for row in condition.inputs}
    inputs = {code: raw for code, raw in (last.inputs if last else {}).items() if code in rows and _fits(rows[code], raw, stage)}
    daily = _of_the_day(condition)
    kept = {code: raw for code, raw in inputs.items() if code not in daily}
    known = {code: answers.known[fact] for code, fact in daily.items() if fact in answers.known}
    offered = {row.supplement for row in stage.treatment.supplements} if stage.treatment else set()
    supplements = tuple(code for code in (last.supplements if last else ()) if code in offered)
    wanted = CourseRequest(condition.code, stage.code, count, kept | known, supplements)
    return Prefill(wanted, frozenset(kept), {code: raw for code, raw in inputs.items() if code in daily and code not in known})


def _fits(row: ConditionInput, raw: Any, stage: Stage) -> bool:
    """Whether an answer does not belong to another stage alone."""
    stages = row.stage_of.get(raw, ()) if isinstance(raw, str) else ()
    return not stages or stage.code in stages


def _of_the_day(condition: Condition) -> dict[str, str]:
    """The inputs that say how the patient is on a day, with the fact that they fill by their plain value."""
    plain = (row for row in condition.implies if row.from_input and not row.map and row.divide == 1)
    return {str(row.from_input): row.fact for row in plain if row.fact.startswith(TODAY)}


@dataclass(frozen=True, slots=True)
class MarkedQuestion:
    """An input with what is said beside it. ``mark``: last-time | asked-anew | open | known; ``then`` is what was answered last time."""

    question: InputQuestion
    mark: str
    then: str = ""


class NextForm(CourseForm):
    """The form of a course, and by whom and from when it is given. ``lines`` of what is carried over are added when they are known."""

    def __init__(self, data: QueryDict | None, *, prefill: Prefill, therapists: Sequence[tuple[int, str]], **about: Any) -> None:
        self.prefill, wishes = prefill, about.pop("wishes")
        super().__init__(data, kept=prefill.request, **about)
        people = [(str(pk), name) for pk, name in therapists]
        self.fields["therapist"] = forms.ChoiceField(
            label=_("Who gives it"),
            choices=people,
            initial=str(wishes["therapist"] or ""),
            required=bool(people),
            widget=forms.Select(attrs={"class": "form-select"}),
            error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose somebody who works as a therapist at this clinic.")),
        )
        self.fields["first_on"] = forms.DateField(
            label=_("First day"),
            initial=wishes["first_on"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages=dict.fromkeys(("required", "invalid"), _("Write the first day that may be used.")),
        )
        self.earliest: date = wishes["earliest"]

    def clean_first_on(self) -> date:
        day: date = self.cleaned_data["first_on"]
        if not self.earliest <= day <= self.earliest + FARTHEST_START:
            raise forms.ValidationError(_("Choose a day from tomorrow on, not before the referral is valid, within two years."))
        return day

    @property
    def has_treatment(self) -> bool:
        """Whether the stage is massaged at all."""
        return self.stage.treatment is not None

    def plain(self) -> CourseRequest | None:
        """What is asked of the method, without anything changed by hand; None while something has to be mended."""
        if not self.is_bound:
            return self.prefill.request
        return replace(self.wanted(), edits=NO_EDITS) if self.is_valid() else None

    def therapist_chosen(self) -> int | None:
        """The number of who gives it."""
        value = self.cleaned_data.get("therapist") if self.is_bound and self.is_valid() else self.fields["therapist"].initial
        return int(value) if value else None

    def first_day_chosen(self) -> date:
        """From when on."""
        value: date = self.cleaned_data["first_on"] if self.is_bound and self.is_valid() else self.fields["first_on"].initial
        return value

    def marked(self, missing: Iterable[str]) -> tuple[MarkedQuestion, ...]:
        """The inputs with their marks; ``missing`` are codes that the stage needs and nobody has answered."""
        needed = frozenset(missing)
        return tuple(self._marked(question, needed) for question in self.questions())

    def _marked(self, question: InputQuestion, missing: frozenset[str]) -> MarkedQuestion:
        code, prefill = question.field.name, self.prefill
        if code in prefill.as_last_time:
            return MarkedQuestion(question, "last-time")
        if code in prefill.said_then:
            return MarkedQuestion(question, "asked-anew", str(prefill.said_then[code]))
        if code in prefill.request.inputs:
            return MarkedQuestion(question, "known")
        return MarkedQuestion(question, "open" if code in missing else "")


class DayOfPlanning(BeforeForm):
    """Today's questions where a course is planned. "Nothing new" is a tick here, and a reading may stay open: nothing is given yet."""

    def __init__(
        self, data: QueryDict | None, *, questions: tuple[DayQuestion, ...], library: Library, names: Names, kept: Mapping[str, Reply]
    ) -> None:
        super().__init__(data, questions=questions, library=library, names=names, kept=kept)
        self.was_quiet, self.is_quiet = self.is_quiet, False


def without_implied(questions: Iterable[DayQuestion], implied: frozenset[str]) -> tuple[DayQuestion, ...]:
    """The questions of the day without those that an input of the condition answers: nobody is asked for the pain twice."""
    found = (replace(row, asked=tuple(code for code in row.asked if code not in implied)) for row in questions)
    return tuple(row for row in found if row.asked or row.behind)


def implied_today(condition: Condition, inputs: Mapping[str, Any]) -> frozenset[str]:
    """The facts of the day that these inputs answer."""
    return frozenset(fact for code, fact in _of_the_day(condition).items() if code in inputs)


__all__ = ["CARRY", "QUIET", "DayOfPlanning", "MarkedQuestion", "NextForm", "Prefill", "implied_today", "prefilled", "without_implied"]
