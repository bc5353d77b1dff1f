"""Plans written by hand from the library alone: what the checker must accept, and the base for what it must refuse."""

from dataclasses import replace

from protocols.method.findings import NO_LIMITS, Limits, Screening
from protocols.method.places import Place
from protocols.method.plans import Dose, Omission, Row, SessionPlan
from protocols.method.reasons import because
from protocols.method.setting import Setting
from protocols.method.vocabulary import Outcome
from protocols.shelf import shipped_library

WHY = because("protocol-step", stage="remission")


def a_setting(
    condition: str, stage: str, *, age: int = 40, outcome: Outcome = Outcome.CLEAR, limits: Limits = NO_LIMITS, **inputs: object
) -> Setting:
    """A setting of the shipped library without findings."""
    library = shipped_library()
    entry = library.conditions[condition]
    screening = Screening(outcome, (), (), (), limits, (), facts={"patient.age": age})
    return Setting(library, entry, entry.stages[stage], inputs, screening, age)


def with_limits(setting: Setting, limits: Limits) -> Setting:
    """The same setting after findings with these limits."""
    return replace(setting, screening=replace(setting.screening, outcome=Outcome.MODIFY, limits=limits))


def a_row(step: int, part: str, zone: str, technique: str, seconds: int, **more: object) -> Row:
    """A calm row at pressure 2, lying on the front, unless ``more`` says otherwise."""
    library = shipped_library()
    given = {"side": "both", "pressure": 2, "tempo": "calm", "position": "prone", "because": (WHY,), **more}
    return Row(step=step, part=part, zone=zone, technique=technique, family=library.techniques[technique].family, seconds=seconds, **given)  # type: ignore[arg-type]


def a_plan(dose: Dose, *rows: Row, left_out: tuple[str, ...] = (), places_out: tuple[Place, ...] = (), **more: object) -> SessionPlan:
    """A plan of these rows; ``left_out`` families and ``places_out`` zones are explained."""
    omissions = tuple(Omission("family", family, None, WHY) for family in left_out)
    omissions += tuple(Omission("zone", place.zone, place.side, WHY) for place in places_out)
    told = {
        "outcome": Outcome.CLEAR,
        "may_start": True,
        "omissions": omissions,
        "positions": tuple(dict.fromkeys(row.position for row in rows)),
        **more,
    }
    return SessionPlan(
        dose.number,
        dose.of,
        dose.phase,
        rows=rows,
        total_seconds=sum(row.seconds for row in rows),
        dose=dose,
        **told,  # type: ignore[arg-type]
    )


# Lumbar osteochondrosis in the attack: far from the pain, calm, pressure 2, ten minutes.
ATTACK = a_setting("osteochondrosis-lumbar", "acute")
ATTACK_DOSE = Dose(3, 4, "working", seconds=600, pressure_shift=0, pressure_max=2, percussion=True)
ATTACK_PLAN = a_plan(
    ATTACK_DOSE,
    a_row(0, "opening", "paravertebral-thoracic-upper", "stroking-planar-superficial", 60),
    a_row(1, "main", "paravertebral-thoracic-upper", "stroking-planar-superficial", 144),
    a_row(1, "main", "paravertebral-thoracic-upper", "rubbing-circular", 72),
    a_row(1, "main", "paravertebral-thoracic-upper", "vibration-labile", 24),
    a_row(2, "main", "trapezius-upper", "stroking-planar-superficial", 108),
    a_row(2, "main", "trapezius-upper", "rubbing-circular", 54),
    a_row(2, "main", "trapezius-upper", "vibration-labile", 18),
    a_row(3, "closing", "paravertebral-thoracic-upper", "stroking-planar-superficial", 120),
    left_out=("rubbing",),
)

# Subacute, the left side affected: healthy side before the affected one.
ONE_SIDED = a_setting("osteochondrosis-lumbar", "subacute", affected_side="left")
ONE_SIDED_DOSE = Dose(6, 12, "working", seconds=1200, pressure_shift=0, pressure_max=3, percussion=True)


def _subacute(step: int, zone: str, side: str, *seconds: int) -> tuple[Row, ...]:
    techniques = ("stroking-planar-superficial", "rubbing-circular", "kneading-circular", "vibration-labile")
    return tuple(a_row(step, "main", zone, technique, time, side=side) for technique, time in zip(techniques, seconds, strict=False))


ONE_SIDED_PLAN = a_plan(
    ONE_SIDED_DOSE,
    a_row(0, "opening", "back", "stroking-planar-superficial", 96),
    a_row(0, "opening", "back", "rubbing-circular", 24),
    *_subacute(1, "paravertebral-thoracic-lower", "both", 63, 63, 36, 18),
    *_subacute(2, "gluteal", "right", 54, 42, 24),
    *_subacute(3, "paravertebral-lumbar", "right", 63, 63, 36, 18),
    *_subacute(4, "sacrum", "both", 54, 42, 24),
    *_subacute(5, "gluteal", "left", 63, 63, 36, 18),
    *_subacute(6, "paravertebral-lumbar", "left", 63, 63, 36, 18),
    a_row(7, "closing", "back", "vibration-labile", 18),
    a_row(7, "closing", "back", "stroking-planar-superficial", 102),
    left_out=("vibration",),
)

# Posture, percussion on the muscle between the shoulder blades, stroking last in that step.
BRISK = a_setting("scoliosis", "postural")
BRISK_DOSE = Dose(5, 10, "working", seconds=1200, pressure_shift=0, pressure_max=4, percussion=True)
BRISK_PLAN = a_plan(
    BRISK_DOSE,
    a_row(0, "opening", "back", "stroking-planar-superficial", 120),
    a_row(1, "main", "interscapular", "rubbing-circular", 75, tempo="tonic", pressure=3),
    a_row(1, "main", "interscapular", "kneading-circular", 135, tempo="tonic", pressure=3),
    a_row(1, "main", "interscapular", "vibration-labile", 24, tempo="tonic", pressure=3),
    a_row(1, "main", "interscapular", "percussion-tapping", 30, tempo="tonic", pressure=2),
    a_row(1, "main", "interscapular", "stroking-planar-superficial", 30, tempo="tonic", pressure=2),
    a_row(2, "closing", "back", "stroking-planar-superficial", 60),
    left_out=("rubbing", "vibration"),
    places_out=tuple(
        Place(zone, "both") for zone in ("trapezius-upper", "paravertebral-thoracic", "paravertebral-lumbar", "pectoral", "abdomen")
    ),
)
