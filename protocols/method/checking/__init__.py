"""``check_plan``: an independent look at a finished plan before it is saved, signed, printed or played.

Written from the specification alone. It shares no helper with the builder: its own walk of the zone tree, its own roles and sides,
danger map, percussion policy, ceilings, own times and order. A bug in the builder must not hide itself here.
"""

from collections.abc import Container, Iterator

from protocols.method.checking.bars import Bars
from protocols.method.checking.by_hand import HandCheck
from protocols.method.checking.curve import check_curve, hand_dose_problems
from protocols.method.checking.doses import heaviest_dose, phase_of
from protocols.method.checking.explained import unexplained
from protocols.method.checking.extras import supplement_problems
from protocols.method.checking.order import OrderCheck
from protocols.method.checking.problems import SENTENCES, Problem, problem
from protocols.method.checking.protocol import Protocol
from protocols.method.checking.refusals import refusal_problems, target_problems
from protocols.method.checking.rows import RowCheck
from protocols.method.checking.steps import Worked, worked_steps
from protocols.method.library import Library
from protocols.method.plans import NO_ADAPTATION, Adaptation, Dose, SessionPlan
from protocols.method.setting import Setting

__all__ = ["SENTENCES", "Problem", "check_curve", "check_plan", "problems_of"]


def check_plan(
    plan: SessionPlan, setting: Setting, *, dose: Dose, adaptation: Adaptation = NO_ADAPTATION, edited: bool | None = None
) -> tuple[Problem, ...]:
    """Every breach of an invariant in ``plan``, in the order found; ``()`` for a good plan.

    ``dose`` and ``adaptation`` are those the session was built from; seconds are whole. A plan ``edited`` by hand may break soft rules
    of order, share and duration: these come back as warnings. ``edited`` None means what the plan says of itself in ``by_hand``.
    Never raises for a bad plan: an unknown code is a problem too.
    """
    return tuple(problems_of(plan, setting, dose=dose, adaptation=adaptation, edited=edited))


def problems_of(
    plan: SessionPlan, setting: Setting, *, dose: Dose, adaptation: Adaptation = NO_ADAPTATION, edited: bool | None = None
) -> Iterator[Problem]:
    """What ``check_plan`` gives, one by one: whoever only asks whether there is any need not look for the others."""
    strange = tuple(_unknown_codes(plan, setting.library))
    if strange:
        yield from strange
        return
    by_hand = bool(plan.by_hand) if edited is None else edited
    yield from _problems(plan, setting, dose, adaptation, edited=by_hand)


def _problems(plan: SessionPlan, setting: Setting, dose: Dose, adaptation: Adaptation, *, edited: bool) -> Iterator[Problem]:
    yield from refusal_problems(plan, setting)
    yield from _totals(plan, dose)
    treatment = setting.stage.treatment
    if treatment is None or not setting.screening.outcome.allows_steps:
        return
    protocol = Protocol(setting, treatment, plan.number)
    bars = Bars(protocol, adaptation)
    if plan.may_start and adaptation.action in ("pause", "doctor"):
        yield problem("may-not-start", why="earlier sessions hold the course up")
    yield from _dose(dose, setting)
    if edited:
        yield from hand_dose_problems(plan, setting, dose, adaptation)
    else:
        yield from _length(dose, heaviest_dose(setting, treatment, plan.number, plan.of, adaptation))
    yield from target_problems(plan, bars)
    yield from supplement_problems(plan, bars)
    yield from _steps(plan, bars, dose, edited=edited)


def _steps(plan: SessionPlan, bars: Bars, dose: Dose, *, edited: bool) -> Iterator[Problem]:
    steps: tuple[Worked, ...] = worked_steps(plan, bars.protocol)
    rows = RowCheck(bars, dose, edited=edited)
    for step in steps:
        yield from rows.problems(step)
    if steps:
        yield from OrderCheck(bars, steps, dose.seconds, edited=edited).problems()
    yield from unexplained(plan, bars.protocol, steps)
    if edited:
        yield from HandCheck(plan, bars, steps, dose).problems()


def _totals(plan: SessionPlan, dose: Dose) -> Iterator[Problem]:
    together = sum(row.seconds for row in plan.rows)
    if together != plan.total_seconds:
        yield problem("total-differs", rows=together, total=plan.total_seconds)
    if together > dose.seconds:
        yield problem("over-dose", total=together, dose=dose.seconds)
    if (plan.number, plan.of, plan.phase) != (dose.number, dose.of, dose.phase):
        yield problem("dose-mismatch", plan=plan.number, dose=dose.number)
    for position in sorted({row.position for row in plan.rows} - set(plan.positions)):
        yield problem("position-not-listed", position=position)


def _length(dose: Dose, ceiling: int) -> Iterator[Problem]:
    if dose.seconds > ceiling:
        yield problem("dose-too-long", dose=dose.seconds, ceiling=ceiling)


def _dose(dose: Dose, setting: Setting) -> Iterator[Problem]:
    if dose.phase != phase_of(setting.library.course, dose.number, dose.of):
        yield problem("dose-mismatch", plan=dose.number, dose=dose.number)


def _unknown_codes(plan: SessionPlan, library: Library) -> Iterator[Problem]:
    tables: dict[str, Container[str]] = {
        "zone": library.zones,
        "family": library.families,
        "technique": library.techniques,
        "position": library.positions,
    }
    for number, row in enumerate(plan.rows):
        zones = (row.zone, *(place.zone for place in row.avoid))
        named = (("family", row.family), ("technique", row.technique), ("position", row.position), *(("zone", zone) for zone in zones))
        for kind, code in named:
            if code not in tables[kind]:
                yield problem("unknown-code", number, what=code)
    for omission in plan.omissions:
        if omission.kind in tables and omission.code not in tables[omission.kind]:
            yield problem("unknown-code", what=omission.code)
    for planned in plan.supplements:
        if planned.supplement not in library.supplements or not set(planned.points) <= set(library.points):
            yield problem("unknown-code", what=planned.supplement)
