"""The cases of a new golden corpus: every worked case, a case of every rule, every stage at its beginning, middle and end, and by hand.

Drawn by chance from a fixed seed, over whatever the library holds. What is drawn is kept with the corpus, so this may change freely:
only the next corpus will have other cases.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import count
from random import Random
from typing import Any, Final

from protocols.cases import worked_cases
from protocols.golden import GoldenCase, bytes_of
from protocols.method.answers import Faults
from protocols.method.edits import Edits, NotEdits, edits_to_json
from protocols.method.entries import Condition, ConditionInput, Stage
from protocols.method.inputs import input_is_required
from protocols.method.library import Library
from protocols.method.planning import adaptation_of, setting_of
from protocols.method.plans import UnsafePlan
from protocols.method.storage import plan_to_json
from protocols.proving_acts import random_edit, random_override
from protocols.proving_judge import Moment
from protocols.rule_cases import rule_cases

SEED: Final = "golden"
TRIES: Final = 60
MEASURED: Final = {"today.systolic": 120, "today.diastolic": 76, "today.pulse": 70, "today.temperature-c": 36.6}
AGES: Final = (14, 17, 25, 40, 40, 40, 52, 60, 68, 74, 75, 90)
LENGTHS: Final = (8, 10, 12, 15)
ZONES: Final = {"short_muscles": ("pectoral", "forearm"), "weak_muscles": ("deltoid", "thigh-anterior"), "scar": ("shin", "knee")}
NUMBERS: Final = (20, 120, 400)
COURSES_EVERY, BY_HAND_EVERY = 3, 2  # every so many-th stage gives a whole course, and a course changed by hand


class NothingFits(Exception):
    """No case that can be planned was drawn: the drawing no longer fits the library."""


def golden_cases(library: Library) -> Iterator[GoldenCase]:
    """All cases of a new corpus, each with a code of its own, each one that this library plans."""
    chance = Random(SEED)  # noqa: S311  (the corpus has to come out the same again; nothing is kept secret here)
    for case in worked_cases():
        yield GoldenCase(f"worked/{case.code}", "session", case.stated)
    for rule, cases in rule_cases().items():
        chosen = chance.choice(cases.all)
        yield GoldenCase(f"rule/{rule}/{chosen.kind}/{chosen.number}", "session", chosen.stated)
    numbered = count()
    for condition in library.conditions.values():
        for stage in condition.stages.values():
            yield from _of_stage(_Draw(chance, library, condition, stage), next(numbered))


def stated_case(chance: Random, library: Library, condition: Condition, stage: Stage) -> dict[str, Any]:
    """A session of this stage as the command states it, with findings, documents, records and bars as they come; it may not fit."""
    of = chance.choice(LENGTHS)
    return _Draw(chance, library, condition, stage).drawn(chance.randint(1, of), of)


def _of_stage(draw: "_Draw", number: int) -> Iterator[GoldenCase]:
    """One session at a third of its course each time, and now and then the whole course, as built or changed by hand."""
    name = f"{draw.condition.code}/{draw.stage.code}"
    where = ("first", "middle", "last")[number % 3]
    yield _fitting(lambda: draw.session(f"stage/{name}/{where}", where), draw.library)
    if draw.stage.treatment is None:
        return
    if number % COURSES_EVERY == 0:
        yield _fitting(lambda: draw.course(f"course/{name}"), draw.library)
    if number % BY_HAND_EVERY == 0:
        yield _fitting(lambda: draw.by_hand(f"by-hand/{name}"), draw.library)


def _fitting(made: Callable[[], GoldenCase], library: Library) -> GoldenCase:
    """The first case drawn that can be planned: what the chance puts together may clash."""
    found = ""
    for _ in range(TRIES):
        try:
            case = made()
            bytes_of(case, library)
        except (Faults, NotEdits, UnsafePlan) as clash:
            found = str(clash)
            continue
        return case
    raise NothingFits(found)


class _Draw:
    """Cases of one stage."""

    def __init__(self, chance: Random, library: Library, condition: Condition, stage: Stage) -> None:
        self.chance = chance
        self.library = library
        self.condition = condition
        self.stage = stage
        self.rows = {code: rule.fires for code, rule in rule_cases().items()}

    def drawn(self, number: int, of: int) -> dict[str, Any]:
        """One session of a course of so many."""
        return self._stated(number, of, findings=self.chance.choice((0, 1, 1, 2)))

    # Kinds of cases -------------------------------------------------------------------------------------------------------------
    def session(self, code: str, where: str) -> GoldenCase:
        """One session with findings, documents, records, bars and supplements as they come."""
        of = self.chance.choice(LENGTHS)
        number = {"first": 1, "middle": (of + 1) // 2, "last": of}[where]
        stated = self._stated(number, of, findings=self.chance.choice((0, 1, 1, 2)))
        return self._decided(GoldenCase(code, "session", stated))

    def course(self, code: str) -> GoldenCase:
        """A whole course; its records and bars are those of its first sessions."""
        number = self.chance.choice((1, 1, 4))
        return GoldenCase(code, "course", self._stated(number, self.chance.choice(LENGTHS), findings=self.chance.choice((0, 1))))

    def by_hand(self, code: str) -> GoldenCase:
        """A whole course that hands changed a few times, some of it against soft rules with a reason."""
        stated = self._stated(1, self.chance.choice((4, 6, 8)), findings=self.chance.choice((0, 0, 1)))
        read = GoldenCase(code, "course", stated).case(self.library)
        moment = Moment(setting_of(read, self.library), read.of, adaptation_of(read, self.library), supplements=read.supplements)
        for _ in range(self.chance.randint(2, 6)):
            moment = self._changed(moment)
        if not any(plan.by_hand for plan in moment.worked().sessions):
            raise NotEdits("nothing of it holds")
        return GoldenCase(code, "course", stated, edits_to_json(moment.edits))

    def _changed(self, moment: Moment) -> Moment:
        edits: Edits = moment.edits.with_edit(random_edit(self.chance, moment.setting, moment.worked(), moment.edits))
        moment = replace(moment, edits=edits)
        open_rules = [rule for rule in moment.worked(is_draft=True).soft if rule.override is None]
        if open_rules and self.chance.random() < 0.7:
            moment = replace(moment, edits=edits.with_override(random_override(self.chance, open_rules)))
        return moment

    def _decided(self, case: GoldenCase) -> GoldenCase:
        """Now and then a therapist made something stricter of what the records propose."""
        if not case.stated.get("records") or self.chance.random() < 0.6:
            return case
        released = replace(case, is_released=self.chance.random() < 0.5)
        proposed = adaptation_of(released.case(self.library), self.library)
        stricter = replace(proposed, pressure_shift=min(proposed.pressure_shift, -1))
        return replace(released, decided=plan_to_json(stricter))

    # Their parts ----------------------------------------------------------------------------------------------------------------
    def _stated(self, number: int, of: int, *, findings: int) -> dict[str, Any]:
        age = 9 if "child" in self.stage.code else self.chance.choice(AGES)
        facts: dict[str, Any] = dict(MEASURED) | ({"consent.guardian": True} if age < 18 else {})
        for rule in self.chance.sample(sorted(self.rows), findings):
            facts |= self.chance.choice(self.rows[rule]).stated.get("facts", {})
        documents = self.library.documents if self.chance.random() < 0.7 else self.chance.sample(sorted(self.library.documents), 3)
        stated = {
            "patient": {"age": age, "sex": self.chance.choice(("female", "male"))},
            "condition": self.condition.code,
            "stage": self.stage.code,
            "inputs": self._inputs(),
            "facts": {code: value for code, value in facts.items() if code not in ("patient.age", "patient.sex")},
            "unknown": [],
            "clearances": {code: self.chance.choice((0, 1, 5, 40)) for code in documents},
            "session": {"number": number, "of": of},
        }
        return stated | self._rest(number)

    def _inputs(self) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for entry in self.condition.inputs:
            if input_is_required(entry, self.stage.code, answers) or self.chance.random() < 0.3:
                answers[entry.code] = self._answer(entry)
        return {code: answer for code, answer in answers.items() if answer is not None}

    def _answer(self, entry: ConditionInput) -> Any:
        if entry.type == "enum":
            fitting = [value for value in entry.values if self.stage.code in entry.stage_of.get(value, (self.stage.code,))]
            return self.chance.choice(fitting) if fitting else None
        if entry.type == "zones":
            usual = [{"zone": "paravertebral-lumbar", "side": self.chance.choice(("left", "right"))}]
            return [self.chance.choice(ZONES[entry.code])] if entry.code in ZONES else usual
        return {"int": self.chance.choice(NUMBERS), "bool": self.chance.random() < 0.5}.get(entry.type, "as told")

    def _rest(self, number: int) -> dict[str, Any]:
        rest: dict[str, Any] = {}
        if number > 1 and self.chance.random() < 0.8:
            rest["records"] = [self._record(each) for each in range(max(1, number - self.chance.randint(1, 3)), number)]
            rest["missed_days"] = self.chance.choice((0, 0, 5, 9, 20))
        if self.chance.random() < 0.3:
            rest["bars"] = [self._bar()]
        own = [row.supplement for row in self.stage.treatment.supplements] if self.stage.treatment else []
        if own and self.chance.random() < 0.5:
            rest["supplements"] = self.chance.sample(sorted(set(own)), self.chance.randint(1, min(2, len(set(own)))))
        return rest

    def _record(self, number: int) -> dict[str, Any]:
        scales = {name: self.chance.randint(0, 10) for name in ("pain_before", "pain_after", "pain_next_day") if self.chance.random() < 0.8}
        zone = self._zone()
        hurts = [{"zone": zone, "side": self._side(zone)}] if self.chance.random() < 0.3 else []
        told = {"skin_or_swelling": self.chance.random() < 0.2} if self.chance.random() < 0.5 else {}
        record = {"number": number, "comfort": self.chance.randint(3, 10), "bad_reaction": self.chance.random() < 0.1}
        return record | scales | told | {"hurts": hurts}

    def _bar(self) -> Mapping[str, Any]:
        zone = self._zone()
        bar: dict[str, Any] = {"source": self.chance.choice(("referral", "consent"))}
        return bar | self.chance.choice((
            {"zones": [{"zone": zone, "side": self._side(zone)}]},
            {"techniques": self.chance.sample(sorted(self.library.techniques), 2)},
            {"families": [self.chance.choice(("percussion", "vibration", "kneading"))]},
            {"pressure_max": self.chance.choice((1, 2, 3))},
        ))  # fmt: skip

    def _zone(self) -> str:
        steps = self.stage.treatment.steps if self.stage.treatment else ()
        own = [step.zone for step in steps if step.zone in self.library.zones]  # others name a part that the inputs choose
        return self.chance.choice(own if own and self.chance.random() < 0.6 else sorted(self.library.zones))

    def _side(self, zone: str) -> str:
        return self.chance.choice(("left", "right", "both")) if self.library.zones[zone].paired else "both"
