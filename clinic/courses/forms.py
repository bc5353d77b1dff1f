"""What a therapist enters for a course, and the questions of the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from clinic.courses.planning import CourseRequest
from clinic.web.typed import check_can_be_seen
from patients.day import DayQuestion
from patients.fact_fields import THREE_ANSWERS, VALUE, FactQuestion, FactsForm, ZoneGroup, zone_groups
from patients.forms import gate_words
from patients.questionnaire import NO, NORMAL_REPLY, STATED, UNKNOWN, UNKNOWN_REPLY, YES, Reply
from protocols.method.answers import Fault, Faults
from protocols.method.edits import NO_EDITS
from protocols.method.entries import Condition, ConditionInput, Stage
from protocols.method.inputs import input_is_required
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.plans import UnsafePlan

LONGEST_COURSE: Final = 60
GATE: Final = "gate-"
BLOOD_PRESSURE: Final = ("today.systolic", "today.diastolic")  # upper and lower value
# An S bends to opposite sides. The same side twice is a slip of the finger that would swap the sides of half the plan.
OPPOSITE_SIDES: Final = ("curve_shape", "s", "convex_side", "lumbar_convex_side")


@dataclass(frozen=True, slots=True)
class InputQuestion:
    """What the template needs to ask one input of the condition."""

    kind: str  # choice | number | text | zones
    field: forms.BoundField
    unit: str
    zones: tuple[ZoneGroup, ...]
    is_optional: bool


class CourseForm(forms.Form):
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
        self.condition, self.stage, self.library, self.names, self.kept = condition, stage, library, names, kept
        self.rows = tuple(row for row in condition.inputs if _is_asked(row, stage.code))
        super().__init__(data, initial=_initial(self.rows, kept))
        for row in self.rows:
            self.fields[row.code] = self._input_field(row)
        self._add_course_fields(kept)

    def _input_field(self, row: ConditionInput) -> forms.Field:
        label = self.names.of("inputs", f"{self.condition.code}/{row.code}", "question")
        needed = row.required or (row.required_when is not None and input_is_required(row, self.stage.code, {}))
        messages = {"required": _("The plan needs this answer."), "invalid_choice": _("Choose one of the answers.")}
        if row.type == "zones":
            choices = [(f"{code}|{side}", code) for code in self.library.zones for side in ("left", "right", "both")]
            return forms.MultipleChoiceField(label=label, choices=choices, required=needed, error_messages=messages)
        if row.type in ("enum", "bool"):
            return forms.ChoiceField(
                label=label, choices=self._choices(row), widget=forms.RadioSelect, required=needed, error_messages=messages
            )
        if row.type == "int":
            return self._number_field(row, label, required=needed)
        return forms.CharField(label=label, max_length=200, required=needed, error_messages=messages, validators=[check_can_be_seen])

    def _number_field(self, row: ConditionInput, label: str, *, required: bool) -> forms.Field:
        """A whole number; an input that answers a fact, such as the pain, has the limits of that fact."""
        answers = (item.fact for item in self.condition.implies if item.from_input == row.code and not item.map and item.divide == 1)
        fact = self.library.facts.get(next(answers, ""))
        low, high = -360 if row.unit == "degrees" else 0, 100_000
        if fact is not None and fact.min is not None and fact.max is not None:
            low, high = int(fact.min), int(fact.max)
        widget, messages = forms.NumberInput(attrs={"inputmode": "numeric"}), _wanted_number(low, high)
        messages["required"] = _("The plan needs this answer.")
        return forms.IntegerField(label=label, min_value=low, max_value=high, widget=widget, required=required, error_messages=messages)

    def _choices(self, row: ConditionInput) -> list[tuple[str, str]]:
        if row.type == "bool":
            return [(YES, _("Yes")), (NO, _("No"))]
        code = f"{self.condition.code}/{row.code}"
        named = ((value, self.names.value("inputs", code, value, row.values)) for value in row.values)
        words = ((value, word.replace("-", " ") if word in row.values else word) for value, word in named)  # a code, or real words
        return [(value, word.upper() if len(word) == 1 else word) for value, word in words]  # the letter of a C- or S-shaped curve

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
            error_messages=_wanted_number(1, LONGEST_COURSE) | {"required": _("Say how many sessions are planned.")},
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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        shape, bent_twice, upper, lower = OPPOSITE_SIDES
        if cleaned.get(shape) == bent_twice and cleaned.get(upper) and cleaned.get(upper) == cleaned.get(lower):
            self.add_error(lower, _("The two curves of an S bend to opposite sides. Check both answers."))
        return cleaned

    @classmethod
    def prefilled(cls, query: QueryDict, kept: CourseRequest | None, **about: Any) -> CourseRequest | None:
        """What an address asks to plan, such as the link of a what-if; ``kept`` where it says nothing, or nothing that fits."""
        form = cls(query or None, kept=kept, **about)
        return form.wanted() if form.is_valid() else kept

    def questions(self) -> tuple[InputQuestion, ...]:
        """The inputs in order, for the template."""
        return tuple(self._question(row) for row in self.rows)

    def _question(self, row: ConditionInput) -> InputQuestion:
        kind = {"enum": "choice", "bool": "choice", "int": "number", "zones": "zones"}.get(row.type, "text")
        field = self[row.code]
        unit = self.names.of("inputs", f"{self.condition.code}/{row.code}", "unit")
        zones = zone_groups(self.library, self.names, field.value() or ()) if kind == "zones" else ()
        # What hangs on another answer is neither needed always nor optional.
        return InputQuestion(kind, field, unit, zones, is_optional=not field.field.required and row.required_when is None)

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
        self.is_valid()  # cleans once; what was refused later stays refused
        found = {row.code: self.cleaned_data.get(row.code) for row in self.rows}
        return {row.code: _raw(row, found[row.code]) for row in self.rows if found.get(row.code) not in (None, "", [])}

    def add_faults(self, faults: tuple[Fault, ...]) -> None:
        """Puts what the method refused beside its field, in the words of the method."""
        for fault in faults:
            name = fault.field.removeprefix("inputs.")
            self.add_error(name if name in self.fields else None, self._in_words(fault, name))

    def _in_words(self, fault: Fault, name: str) -> str:
        if fault.message.startswith("is missing"):
            return _("The plan needs this answer.")
        row = next((row for row in self.rows if row.code == name), None)
        if row is not None and row.stage_of:
            return _("This answer belongs to another stage. Go back and choose that stage, or correct the answer.")
        if fault.field.startswith("facts."):
            question = self.names.of("facts", fault.field.removeprefix("facts."), "question")
            return _("The record says something else about “%(question)s”. Correct the record or this form.") % {"question": question}
        return _("This answer does not fit the chosen stage. Correct it, or choose another stage.")


def _wanted_number(low: int, high: int) -> dict[str, str]:
    """What to say instead of the framework's own words when a number is none, or off its limits."""
    words = _("Write a whole number from %(min)s to %(max)s.") % {"min": low, "max": high}
    return {"invalid": words, "min_value": words, "max_value": words}


def _is_asked(row: ConditionInput, stage: str) -> bool:
    """Inputs required for other stages only are not asked; those that hang on another input are."""
    tree = row.required_when
    return row.required or tree is None or getattr(tree, "input", None) is not None or input_is_required(row, stage, {})


def _initial(rows: tuple[ConditionInput, ...], kept: CourseRequest | None) -> dict[str, Any]:
    inputs: Mapping[str, Any] = kept.inputs if kept else {}
    return {row.code: _typed(row, inputs[row.code]) for row in rows if row.code in inputs}


def _typed(row: ConditionInput, raw: Any) -> Any:
    if row.type == "bool":
        return YES if raw else NO
    if row.type == "zones":
        return [f"{item['zone']}|{item['side']}" for item in raw]
    return raw


def _raw(row: ConditionInput, value: Any) -> Any:
    if row.type == "bool":
        return value == YES
    if row.type == "zones":
        return [dict(zip(("zone", "side"), item.split("|"), strict=True)) for item in value]
    return value


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
