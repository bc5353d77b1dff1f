"""What a therapist enters for a course, and the questions of the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from clinic.courses.planning import CourseRequest
from patients.day import DayQuestion
from patients.fact_fields import THREE_ANSWERS, VALUE, FactQuestion, FactsForm
from patients.forms import gate_words
from patients.questionnaire import NO, NORMAL_REPLY, STATED, UNKNOWN, UNKNOWN_REPLY, YES, Reply
from protocols.asking.input_fields import InputsForm, wanted_number
from protocols.method.answers import Faults
from protocols.method.edits import NO_EDITS
from protocols.method.entries import Condition, Stage
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.plans import UnsafePlan

LONGEST_COURSE: Final = 60
GATE: Final = "gate-"
BLOOD_PRESSURE: Final = ("today.systolic", "today.diastolic")  # upper and lower value


class CourseForm(InputsForm):
    """The inputs that this condition and stage ask, the number of sessions, and supplements the stage offers."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        condition: Condition,
        stage: Stage,
        library: Library,
        names: Names,
        kept: CourseRequest | None = None,
    ) -> None:
        self.kept = kept
        inputs = kept.inputs if kept else None
        super().__init__(data, condition=condition, stage=stage, library=library, names=names, inputs=inputs)
        self._add_course_fields(kept)

    def _add_course_fields(self, kept: CourseRequest | None) -> None:
        treatment = self.stage.treatment
        if treatment is None:
            return
        count = treatment.sessions
        usual = _("This stage is usually given %(min)s to %(max)s sessions.") % {"min": count.min, "max": count.max}
        self.fields["count"] = forms.IntegerField(
            label=_("Number of sessions"),
            min_value=1,
            max_value=LONGEST_COURSE,
            initial=kept.count if kept else count.usual,
            help_text=usual,
            error_messages=wanted_number(1, LONGEST_COURSE) | {"required": _("Say how many sessions are planned.")},
        )
        offered = list(dict.fromkeys(row.supplement for row in treatment.supplements))
        if offered:
            self.fields["supplements"] = forms.MultipleChoiceField(
                label=_("Supplements"),
                choices=[(code, self.names.of("supplements", code)) for code in offered],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                initial=kept.supplements if kept else (),
            )

    @classmethod
    def prefilled(cls, query: QueryDict, kept: CourseRequest | None, **about: Any) -> CourseRequest | None:
        """What an address asks to plan, such as the link of a what-if; ``kept`` where it says nothing, or nothing that fits."""
        form = cls(query or None, kept=kept, **about)
        return form.wanted() if form.is_valid() else kept

    def wanted(self) -> CourseRequest:
        """What a valid form asks the method for. Inputs that were left empty are left out; what was changed by hand in this stage stays."""
        inputs = self.answered()
        supplements = tuple(self.cleaned_data.get("supplements", ()))
        is_same = self.kept is not None and (self.kept.condition, self.kept.stage) == (self.condition.code, self.stage.code)
        edits = self.kept.edits if self.kept is not None and is_same else NO_EDITS
        return CourseRequest(self.condition.code, self.stage.code, self.cleaned_data.get("count", 1), inputs, supplements, edits)

    def answered(self) -> dict[str, Any]:
        """The inputs that were answered, as raw values; of a form with errors, those that are right."""
        if not self.is_bound:
            return dict(self.kept.inputs) if self.kept else {}
        return self.raw_inputs()


@dataclass(frozen=True, slots=True)
class AskedToday:
    """One question of the day for the template: facts asked one by one, then a single question that opens the rest."""

    title: str
    asked: tuple[FactQuestion, ...]
    gate: forms.BoundField | None
    behind: tuple[FactQuestion, ...]

    @property
    def has_title(self) -> bool:
        """Whether a title stands above: not over a single question, which says the same itself."""
        return bool(self.asked) and (self.gate is not None or len(self.asked) > 1)


class DayForm(FactsForm):
    """The questions of the day. Nothing needs an answer: what is left open stays unknown and keeps the session from starting."""

    def __init__(
        self,
        data: QueryDict | None,
        *,
        questions: tuple[DayQuestion, ...],
        library: Library,
        names: Names,
        kept: Mapping[str, Reply] | None = None,
    ) -> None:
        """``kept`` are the answers given earlier on this day: an empty form would invite a hurried "no" over the "yes" of the morning."""
        facts = [code for question in questions for code in (*question.asked, *question.behind)]
        said = {code: _as_said(library, code, reply) for code, reply in (kept or {}).items()}
        super().__init__(data, facts=facts, library=library, names=names, kept=said, may_skip=True)
        self.day = questions
        for question in questions:
            if question.behind:
                words = gate_words(names, question.question) if not question.asked else _("Anything else of this kind?")
                self.fields[GATE + question.question.code] = forms.ChoiceField(
                    label=words,
                    choices=THREE_ANSWERS,
                    widget=forms.RadioSelect,
                    required=False,
                    initial=_gate_of(question.behind, said),
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for question in self.day:
            gate = GATE + question.question.code
            marked = [code for code in question.behind if cleaned.get(code) in (YES, UNKNOWN)]
            if cleaned.get(gate) == YES and not marked:
                self.add_error(gate, _("Mark below what it is."))
            # A no above must never wipe out a yes below: somebody has to say which of the two holds.
            if cleaned.get(gate) == NO and marked:
                self.add_error(gate, _("Something behind this question is marked. Answer “Yes”, or take the mark away."))
        self._check_pressure(cleaned)
        return cleaned

    def _check_pressure(self, cleaned: dict[str, Any]) -> None:
        upper, lower = (cleaned.get(code + VALUE) for code in BLOOD_PRESSURE)
        if upper is not None and lower is not None and lower >= upper:
            self.add_error(BLOOD_PRESSURE[1] + VALUE, _("The lower value must be below the upper one. Check both."))

    def replies(self) -> dict[str, Reply]:
        """One reply for each fact that was answered, itself or by its question."""
        replies = super().replies()
        for question in self.day:
            gate = self.cleaned_data.get(GATE + question.question.code)
            for code in question.behind:
                if gate == NO:
                    replies[code] = NORMAL_REPLY
                elif gate == UNKNOWN:
                    replies.setdefault(code, UNKNOWN_REPLY)
                elif gate == YES:
                    replies.setdefault(code, NORMAL_REPLY)
        return {code: with_no_said(self.library, code, reply) for code, reply in replies.items()}

    def asked_today(self) -> tuple[AskedToday, ...]:
        """The questions in order, for the template."""
        found = {question.code: question for question in self.questions()}
        return tuple(
            AskedToday(
                gate_words(self.names, row.question),
                tuple(found[code] for code in row.asked),
                self[GATE + row.question.code] if row.behind else None,
                tuple(found[code] for code in row.behind),
            )
            for row in self.day
        )


def _as_said(library: Library, code: str, reply: Reply) -> Reply:
    """The reverse of ``with_no_said``: a kept no reads as "no" in the form."""
    is_a_no = code in library.facts and library.facts[code].type == "bool" and reply == Reply(STATED, value=False)
    return NORMAL_REPLY if is_a_no else reply


def _gate_of(behind: tuple[str, ...], said: Mapping[str, Reply]) -> str | None:
    """What the question above those facts was answered with; None when some of them were never answered."""
    replies = {said[code].reply for code in behind if code in said}
    if STATED in replies:
        return YES
    if not all(code in said for code in behind):
        return None
    return UNKNOWN if UNKNOWN in replies else NO


def with_no_said(library: Library, code: str, reply: Reply) -> Reply:
    """A "no" to a fact that counts as true when nobody mentions it (consent) must be kept as a real no."""
    return Reply(STATED, value=False) if reply == NORMAL_REPLY and library.facts[code].absent is True else reply


def refuse(form: CourseForm | DayForm, refused: Faults | UnsafePlan) -> None:
    """Puts onto a form why its plan was refused: each fault beside its field."""
    if isinstance(refused, Faults) and isinstance(form, CourseForm):
        form.add_faults(refused.faults)
        return
    form.add_error(None, _("The independent check refused this plan, so there is none. Tell the clinical lead: nothing was saved."))
