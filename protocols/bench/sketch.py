"""The yardstick of ``manage.py benchmark``: a bare planner with made-up knowledge, as little code as the job allows.

150 rules with three-valued answers are read one by one, then a course of 12 sessions of about ten steps is dosed. It keeps no safety
promise and explains nothing beyond rule numbers. How many times slower the real method is than this is what its care costs.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

RULES = 150
SESSIONS = 12
SECONDS_OF_SESSION = 1500

Test = tuple[str, str, float]  # operator, name of the answer, bound
Step = tuple[str, str, int, int]  # family, zone, seconds, pressure
Answers = Mapping[str, float | None]

_FAMILIES = ("stroking", "rubbing", "kneading", "vibration")
_ZONES = ("neck", "collar", "back", "loin", "chest", "abdomen", "arm", "leg")
_DIAGNOSES = tuple(f"diagnosis-{number}" for number in range(400))
_READINGS = {"age": 60.0, "systolic": 160.0, "temperature": 37.2, "pain": 7.0, "clotting": 3.0}


@dataclass(frozen=True, slots=True)
class SketchRule:
    """All ``tests`` must hold and ``unless`` must not."""

    number: int
    tests: tuple[Test, ...]
    unless: tuple[Test, ...]
    bans: bool
    factor: float
    places: frozenset[tuple[str, str]]


def made_up_rules(seed: int = 11) -> tuple[SketchRule, ...]:
    """150 rules about invented diagnoses and readings; the same ones for the same seed."""
    dice = random.Random(seed)  # noqa: S311 (invented data)
    return tuple(_rule(number, dice) for number in range(RULES))


def _rule(number: int, dice: random.Random) -> SketchRule:
    tests = tuple(_test(dice) for _ in range(dice.choice((1, 1, 1, 2, 3))))
    unless = (("has", dice.choice(_DIAGNOSES), 0.0),) if dice.random() < 0.2 else ()
    zones, families = dice.sample(_ZONES, dice.choice((1, 3, 8))), dice.sample(_FAMILIES, dice.choice((1, 2, 4)))
    return SketchRule(
        number, tests, unless, dice.random() < 0.05, dice.choice((0.5, 0.7, 1.0)), frozenset((f, z) for f in families for z in zones)
    )


def _test(dice: random.Random) -> Test:
    if dice.random() < 0.25:
        reading = dice.choice(tuple(_READINGS))
        return (dice.choice(("above", "below")), reading, _READINGS[reading])
    if dice.random() < 0.25:
        return ("within", dice.choice(_DIAGNOSES), dice.choice((7.0, 30.0, 90.0)))
    return ("has", dice.choice(_DIAGNOSES), 0.0)


def made_up_patients(count: int, seed: int = 12) -> tuple[Answers, ...]:
    """Patients with a dozen diagnoses (days since each) and readings, the clotting value mostly unknown."""
    dice = random.Random(seed)  # noqa: S311 (invented data)
    return tuple(_patient(dice) for _ in range(count))


def _patient(dice: random.Random) -> Answers:
    answers: dict[str, float | None] = {code: float(dice.randrange(400)) for code in dice.sample(_DIAGNOSES, 12)}
    answers |= {name: bound * dice.uniform(0.6, 1.2) for name, bound in _READINGS.items()}
    if dice.random() < 0.7:
        answers["clotting"] = None
    return answers


def _holds(test: Test, answers: Answers) -> bool | None:
    """True, False, or None when the answer is not known."""
    operator, name, bound = test
    if name not in answers:
        return False
    if operator == "has":
        return True
    value = answers[name]
    if value is None:
        return None
    if operator == "above":
        return value > bound
    return value <= bound


def screen_sketch(answers: Answers, rules: Sequence[SketchRule]) -> tuple[list[SketchRule], list[SketchRule]]:
    """The rules that hold, and those that an unknown answer leaves open."""
    fired, undecided = [], []
    for rule in rules:
        verdict = _verdict(rule, answers)
        if verdict:
            fired.append(rule)
        elif verdict is None:
            undecided.append(rule)
    return fired, undecided


def _verdict(rule: SketchRule, answers: Answers) -> bool | None:
    verdict: bool | None = True
    for test in rule.tests:
        held = _holds(test, answers)
        if held is False:
            return False
        if held is None:
            verdict = None
    for test in rule.unless:
        if _holds(test, answers):
            return False
    return verdict


def made_up_steps(seed: int = 13) -> tuple[Step, ...]:
    """About ten steps of a session."""
    dice = random.Random(seed)  # noqa: S311 (invented data)
    return tuple((family, zone, dice.choice((60, 90, 120, 180)), dice.choice((1, 2, 3))) for zone in _ZONES[:3] for family in _FAMILIES)


def course_sketch(fired: Sequence[SketchRule], steps: Sequence[Step]) -> list[dict[str, object]]:
    """12 sessions: a rising dose, a plateau, a lighter end. Banned steps fall and capped ones shrink, with the numbers of their rules."""
    limited = tuple(_limited(fired, steps))
    sessions: list[dict[str, object]] = []
    for number in range(1, SESSIONS + 1):
        share = 0.5 + 0.1 * number if number < 4 else 0.8 if number > SESSIONS - 2 else 1.0
        worked = [
            {"family": family, "zone": zone, "seconds": int(seconds * share), "pressure": level, "because": why}
            for family, zone, seconds, level, why in limited
        ]
        total = sum(int(step[2] * share) for step in limited)
        if total > SECONDS_OF_SESSION:
            for step in worked:
                step["seconds"] = cast(int, step["seconds"]) * SECONDS_OF_SESSION // total
        sessions.append({"number": number, "steps": worked})
    return sessions


def _limited(fired: Sequence[SketchRule], steps: Sequence[Step]) -> Iterator[tuple[str, str, float, int, tuple[int, ...]]]:
    """The steps that are left, with the smallest factor of the rules that touch them."""
    for family, zone, seconds, level in steps:
        touching = [rule for rule in fired if (family, zone) in rule.places]
        if any(rule.bans for rule in touching):
            continue
        factor = min((rule.factor for rule in touching), default=1.0)
        yield family, zone, seconds * factor, max(1, int(level * factor)), tuple(rule.number for rule in touching)
