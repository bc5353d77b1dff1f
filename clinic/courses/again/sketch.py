"""The next course as it would be by what is asked for so far: its plan, what is carried over, its dates. Nothing of it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Final

from django.http import QueryDict

from clinic.courses.again.forms.planning import CARRY, DayOfPlanning, NextForm, implied_today, prefilled, without_implied
from clinic.courses.again.progression import CarryLine, carried, carry_lines
from clinic.courses.again.queries.basis import Basis
from clinic.courses.again.queries.dating import Habits, earliest_day, ground_again, habits_of, pattern_again, proposed, with_chosen
from clinic.courses.again.repeating import first_day, repeat_rules
from clinic.courses.calendar.patterns import Pattern
from clinic.courses.calendar.queries.choosing import Ground, Names, names_at
from clinic.courses.calendar.slots import read_slot
from clinic.courses.planning import CourseRequest, SoFar, bars_of, case_of
from clinic.courses.queries import request_of
from clinic.schedule.proposing.values import Reason, Slot
from patients.day import day_questions
from patients.queries import answers_on, replies_of_day
from patients.questionnaire import Reply, with_replies
from protocols.editions.queries import library_in_force, names_in_force
from protocols.method.answers import Answers, Fault, Faults
from protocols.method.case import Case
from protocols.method.edits import NO_EDITS, Edit, Edits
from protocols.method.inputs import parse_inputs, with_implied
from protocols.method.library import Library
from protocols.method.planning import PlannedCourse, plan_whole_course
from protocols.method.plans import UnsafePlan
from protocols.method.roles import planned_places

ASKED: Final = "asked"  # what the dates on the page were proposed for


@dataclass(frozen=True, slots=True)
class Dating:
    """The dates of the page. ``is_anew``: they were proposed for something else than is asked for now, and nobody has seen these yet."""

    ground: Ground
    pattern: Pattern
    names: Names
    key: str
    obstacles: tuple[Reason, ...] = ()
    is_anew: bool = False

    @property
    def slots(self) -> tuple[Slot, ...]:
        return self.ground.chosen

    @property
    def has_two_on_a_day(self) -> bool:
        """Whether two of the chosen dates are on one day."""
        days = [slot.day for slot in self.slots]
        return len(set(days)) < len(days)


class Sketch:
    """One look at the next course. ``data`` is what was sent; without it the page opens with everything as last time."""

    def __init__(self, basis: Basis, data: QueryDict | None, *, now: datetime, usual_therapist: int | None) -> None:
        self.basis, self.data, self.now = basis, data, now
        self.library: Library = library_in_force(basis.patient.clinic)
        self.names, self.people = names_in_force(basis.patient.clinic), names_at(basis.patient.clinic)
        self.habits: Habits = habits_of(basis)
        self.rules = repeat_rules(self.library, basis.stage, basis.ended_on, basis.referred_on)
        self.answers = answers_on(basis.patient, self.library, basis.on)
        self.last: CourseRequest | None = request_of(basis.last) if basis.last else None
        self.form = self._form(usual_therapist)
        self.plain = self.form.plain()
        self.day = self._day()
        self.faults: tuple[Fault, ...] = ()
        self.unsafe: UnsafePlan | None = None
        self.case = self._case(self.plain) if self.plain and self.form.has_treatment else None
        self.bare = self._planned(self.case) if self.case else None

    def _form(self, usual: int | None) -> NextForm:
        basis, earliest = self.basis, earliest_day(self.basis)
        known = (each for each in (self.habits.therapist, self.habits.wished, usual) if each in self.people.therapists)
        return NextForm(
            self.data,
            prefill=prefilled(self.last, basis.condition, basis.stage, basis.usual_count, self.answers),
            therapists=tuple(self.people.therapists.items()),
            wishes={"therapist": next(known, None), "first_on": first_day(self.rules, earliest=earliest), "earliest": earliest},
            condition=basis.condition,
            stage=basis.stage,
            library=self.library,
            names=self.names,
        )

    def _day(self) -> DayOfPlanning:
        """The questions of today that this patient and this plan call for."""
        inputs = self.form.answered()
        asked = without_implied(day_questions(self.library, self._known(inputs)), implied_today(self.basis.condition, inputs))
        kept = replies_of_day(self.basis.patient, self.library, self.basis.on)
        return DayOfPlanning(self.data, questions=asked, library=self.library, names=self.names, kept=kept)

    def _known(self, raw: Mapping[str, object]) -> Answers:
        """What decides which questions are asked: the record, what the inputs imply where they make a plan, and where hands would go."""
        basis, answers = self.basis, self.answers.with_known({"plan.first-session": True})
        try:
            inputs = parse_inputs(self.library, basis.condition, basis.stage.code, raw, self.answers)
            answers = with_implied(self.library, basis.condition, basis.stage.code, inputs, answers)
        except Faults:
            return answers  # the form says what is missing
        return answers.with_known({"plan.zones": tuple(sorted(planned_places(self.library, basis.condition, basis.stage, inputs)))})

    @cached_property
    def replies(self) -> dict[str, Reply]:
        """Today's answers as far as they are right."""
        return self.day.replies_so_far() if self.day.is_bound else {}

    def _case(self, wanted: CourseRequest) -> Case | None:
        """The case of this request under what was answered so far; None, with the faults, where there is none."""
        answers = with_replies(self.library, self.answers, self.replies)
        so_far = SoFar(bars=bars_of(self.basis.referral))
        try:
            return case_of(self.basis.patient, wanted, self.library, on=self.basis.on, so_far=so_far, answers=answers)
        except Faults as refused:
            self.faults = refused.faults
            return None

    def _planned(self, case: Case) -> PlannedCourse | None:
        """The plan of a case; None where the independent check refuses it."""
        try:
            return plan_whole_course(case, self.library)
        except UnsafePlan as unsafe:
            self.unsafe = unsafe
            return None

    # Carried over ---------------------------------------------------------------------------------------------------------------
    @property
    def edits_then(self) -> Edits:
        """What was changed by hand in the last course, where that was in the same stage: elsewhere nothing of it fits."""
        return self.last.edits if self.last is not None and self.basis.is_same_stage else NO_EDITS

    @cached_property
    def lines(self) -> tuple[CarryLine, ...]:
        """Each change of last time, and whether it is carried over."""
        ending = self.basis.ending
        return carry_lines(self.edits_then, ending, self.bare) if self.bare and ending else ()

    @cached_property
    def ticked(self) -> frozenset[int]:
        """The numbers of the lines that are carried over: those that were ticked, else those that are by themselves."""
        if self.data is not None and f"{CARRY}-shown" in self.data:
            sent = self.data.getlist(CARRY)
            return frozenset(line.number for line in self.lines if str(line.number) in sent)
        return frozenset(line.number for line in self.lines if line.is_carried)

    @cached_property
    def wanted(self) -> CourseRequest | None:
        """Everything that is asked for; None while something has to be mended."""
        if self.plain is None or self.bare is None:
            return None
        return replace(self.plain, edits=carried(self.edits_then, self.ticked, self.plain.count))

    @cached_property
    def made(self) -> PlannedCourse | None:
        """The plan with what is carried over."""
        if self.case is None or self.wanted is None or not self.wanted.edits:
            return self.bare
        return self._planned(replace(self.case, edits=self.wanted.edits))

    @property
    def aside(self) -> tuple[Edit, ...]:
        """What is carried over and cannot hold in some session, because a limit of today stands against it."""
        edited = self.made.edited if self.made else None
        return tuple(each.edit for each in edited.aside if each.problems) if edited else ()

    # Dates ----------------------------------------------------------------------------------------------------------------------
    @cached_property
    def dating(self) -> Dating | None:
        """The dates: those that were chosen on the page, where it asked for the same, else new ones. None where there is no plan."""
        if self.made is None or self.wanted is None or not self.made.sessions:
            return None
        pattern = pattern_again(self.basis, self.habits, first_on=self.form.first_day_chosen(), therapist=self.form.therapist_chosen())
        ground = ground_again(self.basis, self.wanted, self.made, pattern, now=self.now)
        key = f"{pattern.first_on}.{pattern.therapist}.{ground.wanted.count}.{ground.wanted.cells}"
        sent = self._slots_sent(key)
        if sent is not None:
            return Dating(with_chosen(ground, sent), pattern, self.people, key)
        ground, obstacles = proposed(ground, self.habits.room)
        return Dating(ground, pattern, self.people, key, obstacles, is_anew=self.data is not None and ASKED in self.data)

    def _slots_sent(self, key: str) -> tuple[Slot, ...] | None:
        """The dates that were chosen on the page; None where they were proposed for something else, or cannot be read."""
        if self.data is None or self.data.get(ASKED) != key:
            return None
        sent = [text for name, text in self.data.items() if name.startswith("slot-") and text]
        slots = [read_slot(str(text)) for text in sent]
        return None if None in slots else tuple(slot for slot in slots if slot is not None)

    @property
    def first_on(self) -> date:
        return self.form.first_day_chosen()

    @property
    def has_errors(self) -> bool:
        """Whether something that was sent has to be mended."""
        return self.data is not None and bool(self.form.errors or self.day.errors)
