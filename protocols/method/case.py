"""A case: one patient, one condition and stage, one session of a course. The input of the command, of worked cases and of the pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from protocols.method.answers import Answers, FactValue, Faults, parse_fact
from protocols.method.barring import parse_bars
from protocols.method.case_records import parse_records
from protocols.method.edits import NO_EDITS, Edits
from protocols.method.entries import Condition, Stage
from protocols.method.findings import Bar, Clearance
from protocols.method.inputs import parse_inputs, with_implied
from protocols.method.library import Library
from protocols.method.plans import Adaptation, SessionRecord
from protocols.method.reader import Reader, joined
from protocols.method.roles import Inputs

# A case tells the age of a document, never its date. The day it is read on is arbitrary, and fixed: a plan does not depend on a clock.
CASE_DAY = date(2000, 1, 1)
OLDEST_DOCUMENT_DAYS = 36_500
LONGEST_COURSE = 60

REQUIRED = ("patient", "condition", "stage", "inputs", "facts", "unknown", "clearances", "session")
OPTIONAL = ("supplements", "records", "missed_days", "bars")
LONGEST_GAP_DAYS = 9_999
_OF_PATIENT = ("patient.age", "patient.sex")


@dataclass(frozen=True, slots=True)
class Case:
    """A checked case. ``answers`` hold what was stated (age and sex too), before the condition's implied facts; ``notes`` are no faults.

    ``missed_days`` are the clinic's open days since the last record beyond the stage's ``every_days_max``. ``decided`` is what a
    therapist made of the proposal, and stands in its place; ``is_released``: a doctor let the course go on after what held it up.
    ``edits`` are what was changed by hand.
    """

    age: int
    sex: str
    condition: Condition
    stage: Stage
    inputs: Inputs
    answers: Answers
    clearances: tuple[Clearance, ...] = ()
    supplements: tuple[str, ...] = ()
    number: int = 1
    of: int = 1
    records: tuple[SessionRecord, ...] = ()
    on: date = CASE_DAY
    notes: tuple[str, ...] = ()
    bars: tuple[Bar, ...] = ()
    missed_days: int = 0
    decided: Adaptation | None = None
    is_released: bool = False
    edits: Edits = NO_EDITS


def parse_case(raw: object, library: Library) -> Case:
    """The case that ``raw`` states (parsed JSON or TOML). Raises ``Faults`` with every fault that was found, each naming its field."""
    reading = _Reading(library)
    case = reading.case(raw)
    if case is None:
        raise Faults(tuple(reading.reader.faults))
    return case


class _Reading:
    """One pass over a raw case. A part that is faulty is skipped, so that the faults of the others are reported too."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.reader = Reader()
        self.notes: list[str] = []

    def case(self, raw: object) -> Case | None:
        found = self.reader.members(raw, "", required=REQUIRED, optional=OPTIONAL)
        if found is None:
            return None
        age, sex = self._patient(found)
        condition, stage = self._condition_and_stage(found)
        clearances = self._clearances(found.get("clearances", {}))
        answers = self._answers(found, age, sex)
        supplements = self._supplements(found.get("supplements", ()))
        number, of = self._session(found, stage)
        records = parse_records(found.get("records", ()), before=number, library=self.library, reader=self.reader)
        bars = parse_bars(found.get("bars", ()), self.library, self.reader)
        missed = self.reader.whole_number(found.get("missed_days", 0), "missed_days", low=0, high=LONGEST_GAP_DAYS) or 0
        inputs = self._inputs(found, condition, stage, answers)
        if self.reader.faults or age is None or sex is None or condition is None or stage is None or inputs is None or number is None:
            return None
        parts: dict[str, Any] = {"inputs": inputs, "answers": answers, "clearances": clearances, "supplements": supplements, "bars": bars}
        return Case(age, sex, condition, stage, **parts, number=number, of=of, records=records, missed_days=missed, notes=tuple(self.notes))

    def _patient(self, found: Mapping[str, object]) -> tuple[int | None, str | None]:
        if "patient" not in found:
            return None, None
        patient = self.reader.members(found["patient"], "patient", required=("age", "sex"))
        if patient is None:
            return None, None
        years, sexes = self.library.facts["patient.age"], self.library.facts["patient.sex"].values
        age = sex = None
        if "age" in patient:
            age = self.reader.whole_number(patient["age"], "patient.age", low=int(years.min or 0), high=int(years.max or 0))
        if "sex" in patient:
            sex = self.reader.code(patient["sex"], "patient.sex", among=sexes, what=f"one of {', '.join(sexes)}")
        return age, sex

    def _condition_and_stage(self, found: Mapping[str, object]) -> tuple[Condition | None, Stage | None]:
        conditions = self.library.conditions
        code = self._code(found, "condition", conditions, "a condition of the library")
        condition = conditions.get(code or "")
        if condition is None:
            return None, None
        stage = self._code(found, "stage", condition.stages, f"a stage of {condition.code} ({', '.join(condition.stages)})")
        return condition, condition.stages.get(stage or "")

    def _code(self, found: Mapping[str, object], key: str, among: Mapping[str, object], what: str) -> str | None:
        return self.reader.code(found[key], key, among=among, what=what) if key in found else None

    def _clearances(self, raw: object) -> tuple[Clearance, ...]:
        stated = self.reader.mapping(raw, "clearances") or {}
        read = [self._clearance(document, value) for document, value in stated.items()]
        return tuple(clearance for clearance in read if clearance is not None)

    def _clearance(self, document: str, raw: object) -> Clearance | None:
        field = joined("clearances", document)
        if document not in self.library.documents:
            self.reader.note(field, "is not a document of the library")
            return None
        answered = frozenset(rule.code for rule in self.library.rules.values() if rule.clearance and rule.clearance.document == document)
        rules = answered
        if isinstance(raw, Mapping):
            stated = self.reader.members(raw, field, required=("age_days", "rules")) or {}
            rules = self._rules(stated.get("rules", ()), joined(field, "rules"), answered)
            field, raw = joined(field, "age_days"), stated.get("age_days", 0)
        days = self.reader.whole_number(raw, field, low=0, high=OLDEST_DOCUMENT_DAYS)
        return None if days is None else Clearance(document, CASE_DAY - timedelta(days=days), rules)

    def _rules(self, raw: object, field: str, answered: frozenset[str]) -> frozenset[str]:
        codes = [
            self.reader.code(item, f"{field}[{place}]", among=self.library.rules, what="a rule of the library")
            for place, item in enumerate(self.reader.items(raw, field))
        ]
        named = frozenset(code for code in codes if code is not None)
        self.notes += [f"{field}: this document does not answer {code}, which stays as it is" for code in sorted(named - answered)]
        return named

    def _answers(self, found: Mapping[str, object], age: int | None, sex: str | None) -> Answers:
        facts = self.reader.mapping(found.get("facts", {}), "facts") or {}
        known: dict[str, FactValue] = {}
        for code, raw in facts.items():
            value = self._fact(code, raw)
            if value is not None:
                known[code] = value
        for code, recorded in zip(_OF_PATIENT, (age, sex), strict=True):
            if recorded is not None and known.setdefault(code, recorded) != recorded:
                self.reader.note(f"facts.{code}", f"differs from {code} of the patient")
        return Answers(known, self._unknown(found.get("unknown", ()), facts))

    def _fact(self, code: str, raw: object) -> FactValue | None:
        field = joined("facts", code)
        fact = self.library.facts.get(code)
        if fact is None:
            self.reader.note(field, "is not a fact of the library")
        elif code.startswith("plan."):
            self.reader.note(field, "is worked out from the plan and never stated")
        else:
            try:
                return parse_fact(fact, raw, self.library)
            except Faults as faults:
                self.reader.faults += faults.faults
        return None

    def _unknown(self, raw: object, facts: Mapping[str, object]) -> frozenset[str]:
        codes = set()
        for place, item in enumerate(self.reader.items(raw, "unknown")):
            field = f"unknown[{place}]"
            code = self.reader.code(item, field, among=self.library.facts, what="a fact of the library")
            if code is None:
                continue
            if code.startswith("plan."):
                self.reader.note(field, f"{code} is worked out from the plan and never stated")
            elif code in facts or code in _OF_PATIENT:
                self.reader.note(field, f"{code} has an answer and cannot be unknown too")
            codes.add(code)
        return frozenset(codes)

    def _supplements(self, raw: object) -> tuple[str, ...]:
        chosen: list[str] = []
        for place, item in enumerate(self.reader.items(raw, "supplements")):
            code = self.reader.code(item, f"supplements[{place}]", among=self.library.supplements, what="a supplement of the library")
            if code is not None and code in chosen:
                self.reader.note(f"supplements[{place}]", f"{code} is chosen twice")
            elif code is not None:
                chosen.append(code)
        return tuple(chosen)

    def _session(self, found: Mapping[str, object], stage: Stage | None) -> tuple[int | None, int]:
        if "session" not in found:
            return None, 0
        session = self.reader.members(found["session"], "session", required=("number", "of"))
        if session is None or "number" not in session or "of" not in session:
            return None, 0
        number = self.reader.whole_number(session["number"], "session.number", low=1, high=LONGEST_COURSE)
        of = self.reader.whole_number(session["of"], "session.of", low=1, high=LONGEST_COURSE)
        if number is None or of is None:
            return None, 0
        if number > of:
            self.reader.note("session.number", f"{number} is after the last session, {of}")
        self._note_length(of, stage)
        return number, of

    def _note_length(self, of: int, stage: Stage | None) -> None:
        if stage is not None and stage.treatment is not None:
            usual = stage.treatment.sessions
            if not usual.min <= of <= usual.max:
                self.notes.append(f"session.of: {of} sessions; this stage is given {usual.min} to {usual.max}")

    def _inputs(self, found: Mapping[str, object], condition: Condition | None, stage: Stage | None, answers: Answers) -> Inputs | None:
        raw = self.reader.mapping(found.get("inputs", {}), "inputs")
        if raw is None or condition is None or stage is None:
            return None
        try:
            inputs = parse_inputs(self.library, condition, stage.code, raw, answers)
            with_implied(self.library, condition, stage.code, inputs, answers)
        except Faults as faults:
            self.reader.faults += faults.faults
            return None
        return inputs
