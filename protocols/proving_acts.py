"""Random acts for the proof of editing by hand: changes that look sound, absurd ones, facts, records and reasons."""

from collections.abc import Sequence
from random import Random
from typing import Any, Final

from protocols.method.editing import EditedCourse, SoftRule, step_keys
from protocols.method.edits import EDIT_KINDS, LAST_SESSION, Edit, Edits, NewStep, Override
from protocols.method.places import Place
from protocols.method.plans import Adaptation, SessionPlan
from protocols.method.setting import Setting
from protocols.method.vocabulary import FAMILIES, PARTS, SIDES, TEMPOS, Part, Side

ABSURD_SHARE: Final = 0.12
ABSURD_NUMBERS: Final = (-1_000_000, -1, 0, 1, 7, 49, 50, 101, 999, 1001, 250_000, 1_000_000)
ABSURD_WORDS: Final = (
    "",
    "+1",
    "+99",
    "0:back:both",
    "1:nowhere:left",
    "4:knee:left:2",
    ":::",
    "9999",
    "rolfing",
    "stroking",
    "kneading-felting",
)
DAY_ANSWERS: Final = ("today.cauda-equina-signs", "today.menstruation", "history.pregnant")


def random_facts(chance: Random, age: int) -> dict[str, Any]:
    """A patient: age, sex, and answers that what hangs on added zones may ask for; sometimes none."""
    answered = {code: False for code in DAY_ANSWERS if chance.random() < 0.7}
    return {"patient.age": age, "patient.sex": chance.choice(("female", "male")), **answered}


def random_adaptation(chance: Random, setting: Setting, count: int) -> Adaptation:
    """What records may propose or a therapist may decide; often only a part of it."""
    zones = sorted(setting.library.zones)
    places = tuple(Place(zone, "both") for zone in chance.sample(zones, 2))
    techniques = sorted(setting.library.techniques)
    return Adaptation(
        action=chance.choice(("go-on", "go-on", "repeat", "step-back", "pause", "doctor")),
        pressure_shift=chance.choice((0, 0, -1, -2)),
        zone_shifts=tuple((place, chance.choice((-1, -2))) for place in places if chance.random() < 0.5),
        minutes_factor=chance.choice((1.0, 1.0, 0.7, 0.5)),
        rungs_down=chance.choice((0, 0, 1, 2)),
        repeat_load_of=chance.choice((None, None, chance.randint(1, count))),
        leave_out=tuple(chance.sample(techniques, 1)) if chance.random() < 0.3 else (),
    )


def random_override(chance: Random, open_rules: Sequence[SoftRule]) -> Override:
    """A reason for one of the soft rules that wait for one; without any, for something that nobody asked for."""
    if not open_rules or chance.random() < 0.05:
        return Override(chance.choice(("family-order", "step-stretched", "zone-excluded", "nonsense")), "", "felt", "because")
    rule = chance.choice(open_rules)
    return Override(rule.problem.code, rule.step, "felt", "because")


def random_edit(chance: Random, setting: Setting, worked: EditedCourse, edits: Edits) -> Edit:
    """One change. Most of them name a step, family or code that is there; some name anything."""
    plans = [plan for plan in worked.sessions if plan.rows]
    if not plans or chance.random() < ABSURD_SHARE:
        return _absurd(chance)
    plan = chance.choice(plans)
    made = _Acts(chance, setting, plan, edits)
    kind = chance.choice(EDIT_KINDS)
    first, last = chance.choice(
        ((plan.number, plan.number), (plan.number, LAST_SESSION), (1, LAST_SESSION), (plan.number, worked.sessions[-1].number))
    )
    return Edit(kind, first, last, **getattr(made, kind)())  # type: ignore[arg-type]


def _absurd(chance: Random) -> Edit:
    first = chance.randint(1, LAST_SESSION)
    kind = chance.choice(EDIT_KINDS)
    techniques = tuple(chance.choice(ABSURD_WORDS) for _ in range(chance.randint(0, 3)))
    new = NewStep(
        chance.choice(("back", "knee", "nowhere", "neck-anterior", "")),
        chance.choice(SIDES),
        techniques,
        chance.choice((-3, 0, 2, 9)),
        "tonic",
    )
    return Edit(
        kind,  # type: ignore[arg-type]
        chance.choice((1, first)),
        chance.choice((first, LAST_SESSION)),
        step=chance.choice(ABSURD_WORDS),
        family=chance.choice(ABSURD_WORDS),
        value=chance.choice(ABSURD_NUMBERS),
        code=chance.choice(ABSURD_WORDS),
        after=chance.choice(ABSURD_WORDS),
        from_others=chance.random() < 0.5,
        new=new if kind == "add" else None,
    )


class _Acts:
    """The fields of one sound-looking change of each kind, by its name."""

    def __init__(self, chance: Random, setting: Setting, plan: SessionPlan, edits: Edits) -> None:
        self.chance = chance
        self.setting = setting
        self.plan = plan
        self.keys = step_keys(plan)
        self.added = sum(edit.kind == "add" for edit in edits.edits)
        self.row = chance.choice(plan.rows)
        self.key = self.keys[self.row.step]

    def dose(self) -> dict[str, Any]:
        return {"value": self.chance.choice((40, 50, 55, 60, 70, 75, 80, 85, 90, 95, 100, 120))}

    def depth(self) -> dict[str, Any]:
        return {"value": self.chance.randint(0, 3)}

    def supplement(self) -> dict[str, Any]:
        of_stage = [row.supplement for row in self.setting.treatment.supplements]
        any_code = self.chance.choice(sorted(self.setting.library.supplements))
        return {"code": self.chance.choice([*of_stage, any_code]), "value": self.chance.choice((0, 1, 1))}

    def move(self) -> dict[str, Any]:
        return {"step": self.key, "after": self.chance.choice(("", *self.keys))}

    def minutes(self) -> dict[str, Any]:
        value = self.chance.choice((0, 200, 500, 700, 800, 900, 1100, 1200, 1400, 1600, 2500))
        return {"step": self.key, "family": self._family(), "value": value, "from_others": self.chance.random() < 0.5}

    def technique(self) -> dict[str, Any]:
        alike = [code for code, entry in self.setting.library.techniques.items() if entry.family == self.row.family]
        other = self.chance.choice(sorted(self.setting.library.techniques))
        return {"step": self.key, "family": self.row.family, "code": self.chance.choice([*sorted(alike), other])}

    def pressure(self) -> dict[str, Any]:
        return {"step": self.key, "family": self._family(), "value": self.chance.randint(1, 4)}

    def tempo(self) -> dict[str, Any]:
        return {"step": self.key, "code": self.chance.choice(TEMPOS)}

    def remove(self) -> dict[str, Any]:
        return {"step": self.key, "from_others": self.chance.random() < 0.5}

    def add(self) -> dict[str, Any]:
        library = self.setting.library
        planned = self.chance.choice(self.plan.rows).zone
        zone = self.chance.choice((planned, self.chance.choice(sorted(library.zones))))
        side: Side = self.chance.choice(SIDES) if library.zones[zone].paired else "both"
        families = self.chance.sample(FAMILIES, self.chance.randint(1, 3))
        techniques = tuple(
            self.chance.choice([code for code, one in library.techniques.items() if one.family == family]) for family in families
        )
        part: Part = self.chance.choice(PARTS) if self.chance.random() < 0.3 else "main"
        new = NewStep(zone, side, techniques, self.chance.randint(1, 4), self.chance.choice(TEMPOS), part)
        return {"step": f"+{self.added + 1}", "after": self.key, "value": self.chance.choice((50, 100, 150, 300)), "new": new}

    def _family(self) -> str:
        return self.chance.choice(("", self.row.family))
