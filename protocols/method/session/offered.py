"""What each supplementary method would be in a session if it were switched on: where, how long, and what stands in its way."""

from collections.abc import Iterable
from dataclasses import dataclass

from protocols.method.entries import StageSupplement, Supplement
from protocols.method.plans import NO_ADAPTATION, Adaptation, Dose, PlannedSupplement
from protocols.method.reasons import Reason, because
from protocols.method.roles import resolve_side
from protocols.method.session.builder import lay_ground
from protocols.method.session.draft import Ground, Session
from protocols.method.session.supplements import barred_because, barred_points, plan_supplements, told_levels
from protocols.method.setting import Setting


@dataclass(frozen=True, slots=True)
class Told:
    """A level or a point of a method, with what takes it from this patient; None where it is used."""

    code: str
    barred: Reason | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """One method. ``barred`` is why it is out as a whole; ``planned`` what a session would have of it, empty when it is out.

    ``levels`` are caudal to cranial; ``is_of_stage`` says whether the stage has the method at all.
    """

    code: str
    is_of_stage: bool
    barred: Reason | None
    planned: tuple[PlannedSupplement, ...] = ()
    levels: tuple[Told, ...] = ()
    points: tuple[Told, ...] = ()
    notes: tuple[int, ...] = ()  # rows of the stage's list

    @property
    def seconds(self) -> int:
        """The time that it takes beside the steps; 0 for a method whose dose names none."""
        return sum(each.seconds for each in self.planned)


def codes_of_stage(setting: Setting) -> tuple[str, ...]:
    """The methods that the stage has, in its order. Only for a stage that has a treatment."""
    return tuple(dict.fromkeys(row.supplement for row in setting.treatment.supplements))


def offers(setting: Setting, dose: Dose, codes: Iterable[str], *, adaptation: Adaptation = NO_ADAPTATION) -> tuple[Offer, ...]:
    """These methods, each as if it alone were switched on in a session of this dose.

    Only for a stage that has a treatment. Raises ``RoleUnresolved`` where an input that decides about a side is missing.
    """
    ground = lay_ground(setting, dose.number, adaptation)
    return tuple(_offer(ground, dose, code) for code in codes)


def _offer(ground: Ground, dose: Dose, code: str) -> Offer:
    setting, entry = ground.setting, ground.setting.library.supplements[code]
    numbered = [(number, row) for number, row in enumerate(setting.treatment.supplements) if row.supplement == code]
    barred = barred_because(setting, entry)
    if not numbered:
        return Offer(code, is_of_stage=False, barred=barred or because("supplement-not-in-stage", supplement=code))
    session = Session(ground, dose)
    planned = plan_supplements(session, (code,))
    if barred is None and not planned:
        barred = next((each.because for each in session.omissions), None)
    rows = [row for _number, row in numbered]
    return Offer(
        code,
        is_of_stage=True,
        barred=barred,
        planned=planned,
        levels=tuple(dict.fromkeys(told for row in rows for told in _levels(ground, entry, row))),
        points=tuple(dict.fromkeys(told for row in rows for told in _points(setting, entry, row))),
        notes=tuple(number for number, row in numbered if row.note),
    )


def _levels(ground: Ground, entry: Supplement, row: StageSupplement) -> tuple[Told, ...]:
    setting = ground.setting
    side = resolve_side(setting.library, setting.condition, setting.inputs, row.side, setting.treatment.steps[0].zone)
    return () if side is None else tuple(Told(level, why) for level, why in told_levels(ground, entry, row, side))


def _points(setting: Setting, entry: Supplement, row: StageSupplement) -> tuple[Told, ...]:
    out = barred_points(setting, entry, row)
    return tuple(Told(point, out.get(point)) for point in row.points)
