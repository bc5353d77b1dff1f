"""One session from its dose: open steps, restrict, order, place, time, explain."""

from collections.abc import Mapping
from dataclasses import replace

from protocols.method.entries import Variant
from protocols.method.plans import Adaptation, Dose, SessionPlan
from protocols.method.reasons import Reason, because
from protocols.method.roles import ResolvedStep, left_out_by_roles, resolve_steps
from protocols.method.session.bars import age_row, finding_bars, protocol_bars
from protocols.method.session.body import body_of
from protocols.method.session.draft import Draft, Ground, Session
from protocols.method.session.ends import lasting_ends, stroke_the_ends, with_both_ends
from protocols.method.session.explaining import rows_of
from protocols.method.session.opening_steps import draft_steps, is_too_short, settle_families, split_by_session
from protocols.method.session.positions import take_positions
from protocols.method.session.restricting import cap_pressure, force_calm, leave_out_places, restrict_families
from protocols.method.session.sequencing import in_order, ready_the_first_step
from protocols.method.session.supplements import holds_points, plan_supplements
from protocols.method.session.tables import tables_of
from protocols.method.session.timing import give_seconds
from protocols.method.setting import Setting
from protocols.method.vocabulary import Outcome


# Ground ---------------------------------------------------------------------------------------------------------------------
def variant_at(setting: Setting, number: int) -> Variant | None:
    """The variant in force at session ``number``: its fact is true, its document valid (the screening says so), its session reached."""
    for variant in setting.treatment.variants:
        if variant.code in setting.screening.limits.variants_open and number >= variant.from_session:
            return variant
    return None


def lay_ground(setting: Setting, number: int, adaptation: Adaptation) -> Ground:
    """What all sessions with this variant share. Raises ``RoleUnresolved`` for a missing input."""
    body, variant = body_of(setting.library), variant_at(setting, number)
    steps = resolve_steps(setting.library, setting.condition, setting.stage, setting.inputs)
    calm = 0
    for row in setting.screening.limits.calm:
        calm |= body.everywhere if row.places is None else body.of_any(row.places)
    protocol = protocol_bars(setting, body, variant)
    return Ground(
        setting=setting,
        body=body,
        adaptation=adaptation,
        variant=variant,
        steps=tuple(_with_variant(setting, step, variant) for step in steps),
        protocol=protocol,
        tables=tables_of(setting.library, (setting.treatment.mode, age_row(setting).percussion, protocol.as_key())),
        findings=finding_bars(setting, body, adaptation),
        calm=calm,
    )


def _with_variant(setting: Setting, step: ResolvedStep, variant: Variant | None) -> ResolvedStep:
    asked = setting.treatment.steps[step.row]
    if variant is None or step.part != "main" or step.profile != asked.profile:
        return step
    for row in variant.profile_at:
        if (row.zone, row.side) == (step.role, step.role_side):
            return replace(step, profile=row.profile)
    return step


# Session --------------------------------------------------------------------------------------------------------------------
def build_on(ground: Ground, dose: Dose, supplements: tuple[str, ...]) -> SessionPlan:
    """The session of one dose. Deterministic; an outcome of doctor or defer gives a draft that may not start."""
    session = Session(ground, dose)
    beside = plan_supplements(session, supplements)
    session.points_on = holds_points(ground.setting, beside)
    drafts = _drafts(session)
    outcome = max(ground.setting.screening.outcome, _held_up(session))
    why = _target_gone(session, drafts)
    if why is not None:
        outcome = max(outcome, Outcome.DEFER)
        session.omit("session", "target-gone", None, why)
    if drafts:
        stroke_the_ends(session, drafts)
        ready_the_first_step(session, drafts)
        give_seconds(dose.seconds, drafts)
    rows = rows_of(session, drafts)
    total = sum(row.seconds for row in rows)
    return SessionPlan(
        number=dose.number,
        of=dose.of,
        phase=dose.phase,
        outcome=outcome,
        may_start=bool(rows) and ground.setting.screening.may_start and outcome < Outcome.DOCTOR,
        rows=rows,
        omissions=tuple(session.omissions),
        positions=tuple(dict.fromkeys(row.position for row in rows)),
        total_seconds=total,
        supplements=beside if rows else (),
        replanned=bool(rows) and _replanned(ground),
        dose=dose,
    )


def _drafts(session: Session) -> list[Draft]:
    """The steps that stay, in order, with positions and both ends."""
    setting = session.ground.setting
    for row in left_out_by_roles(setting.library, setting.condition, setting.stage, setting.inputs):
        session.omit("step", str(row + 1), None, because("both-sides-affected", row=row + 1))
    now, waiting = split_by_session(session)
    session.minutes = sum(step.minutes for step in (*now, *waiting))
    asked = lasting_ends(session, [*now, *waiting])
    open_now = [step for step in asked if step.from_session <= session.dose.number]
    kept = [draft for draft in draft_steps(session, open_now) if _stays(session, draft)]
    kept = take_positions(session, in_order(session, kept))
    return with_both_ends(session, kept, asked)


def _stays(session: Session, draft: Draft) -> bool:
    """Merges first, restricts after: whether anything of the step is left."""
    if is_too_short(draft):
        session.omit_place(draft.place, because("step-too-short", zone=draft.place.zone, seconds=draft.sure_seconds))
        return False
    settle_families(session, draft)
    if not leave_out_places(session, draft):
        return False
    cap_pressure(session, draft)
    force_calm(session, draft)
    return restrict_families(session, draft)


# What the records of a course may demand before its next session (course-rules.toml, suspend), as an outcome of today.
HELD_UP: Mapping[str, Outcome] = {"pause": Outcome.DEFER, "doctor": Outcome.DOCTOR}


def _held_up(session: Session) -> Outcome:
    """The outcome that earlier sessions demand: a paused course is not worked today, two bad reactions wait for the doctor."""
    for why in session.ground.adaptation.because:
        if why.code == "course-suspended":
            session.omit("session", "course-suspended", None, why)
    return HELD_UP.get(session.ground.adaptation.action, Outcome.CLEAR)


def _target_gone(session: Session, drafts: list[Draft]) -> Reason | None:
    """Nothing useful is left: no main step, or more than half of the minutes of this session's steps taken by findings or positions."""
    if not any(draft.part == "main" for draft in drafts):
        return because("target-gone")
    open_now = (step for step in session.ground.steps if step.from_session <= session.dose.number)
    gone = sum(step.minutes for step in open_now if (step.row, step.place) in session.gone or _excluded(session, step))
    return because("half-gone", minutes=gone, of=session.minutes) if gone > session.minutes / 2 else None


def _excluded(session: Session, step: ResolvedStep) -> bool:
    """Whether findings take all that the protocol leaves of a step, also of one that this dose would have made too short."""
    ground = session.ground
    base = ground.body.mask_at(step.place) & ~ground.body.always_out & ~ground.protocol.out
    return bool(base) and not base & ~ground.findings.out


def _replanned(ground: Ground) -> bool:
    return ground.setting.treatment.mode == "tonic" and bool(ground.setting.screening.limits.calm)
