"""The steps that are open at one dose, before any finding: progression, own times, families too short to be worth a row.

A step's *own time* is the dose's seconds by its minutes among all steps open in this session (a closing step that still waits counts: its
time is spent elsewhere). Every threshold here is read on that own time in whole seconds, before the time of left-out steps is shared out,
so a smaller dose never brings a family or a step that a larger one had not.
"""

from collections.abc import Iterable

from protocols.method.entries import Profile
from protocols.method.reasons import because
from protocols.method.roles import ResolvedStep
from protocols.method.session.choosing import places_of, usual_pick
from protocols.method.session.draft import Draft, Session
from protocols.method.vocabulary import MIN_ROW_SECONDS, MIN_STEP_SECONDS, Tempo

# Families in the order in which a barred or too short one is looked at: what percussion becomes is looked at after it.
YIELDING = ("percussion", "vibration", "breathing-assist", "kneading", "rubbing", "points")


def split_by_session(session: Session) -> tuple[list[ResolvedStep], list[ResolvedStep]]:
    """Steps open at this session, and closing steps that wait (their time and profile are spent on the last zone worked)."""
    number = session.dose.number
    now = [step for step in session.ground.steps if step.from_session <= number]
    waiting = [step for step in session.ground.steps if step.from_session > number]
    for step in waiting:
        session.omit_place(step.place, because("waits-for-session", zone=step.place.zone, session=step.from_session))
    return now, [step for step in waiting if step.part == "closing"]


def draft_steps(session: Session, steps: Iterable[ResolvedStep]) -> list[Draft]:
    """A draft of each step on the places that the stage leaves it, with its own time and its families merged."""
    drafts = (draft_of(session, step) for step in steps)
    return [draft for draft in drafts if draft is not None]


def draft_of(session: Session, step: ResolvedStep) -> Draft | None:
    """The draft of one step; None, and said so, when the stage forbids all of its zone, or the danger map does."""
    body, protocol = session.ground.body, session.ground.protocol
    whole = body.mask_at(step.place) & ~body.always_out
    if not whole:
        _tell_never_worked(session, step)
    for bar in protocol.places:
        for place in body.grouped(whole & bar.mask):
            session.omit_place(place, bar.because)
    base = whole & ~protocol.out
    return new_draft(session, step, base) if base else None


def _tell_never_worked(session: Session, step: ResolvedStep) -> None:
    """A zone that the therapist named (a muscle, a scar) and that nobody ever works: which row of the danger map says so."""
    tree, place = session.ground.setting.library.tree, step.place
    for danger in session.ground.setting.library.dangers.values():
        if danger.always_excluded and any(zone in tree.ancestors(place.zone) for zone in danger.zones):
            session.omit_place(place, because("danger-spot", danger=danger.code))


def new_draft(session: Session, step: ResolvedStep, base: int) -> Draft:
    """A draft on the places ``base``: tempo, protocol level and the profile's shares."""
    profile = session.ground.setting.library.profiles[step.profile]
    level, tempo = protocol_level(session, profile, base), _tempo(session, profile)
    draft = Draft(
        step=step,
        part=step.part,
        place=step.place,
        own=session.dose.seconds * step.minutes / session.minutes if session.minutes else 0.0,
        base=base,
        mask=base,
        level=level,
        tempo=tempo,
        protocol_level=level,
        protocol_tempo=tempo,
        shares=dict(profile.shares),
        tonic=profile.tempo == "tonic",
        stretched_from=session.lifted.get(step.part, 0.0),
    )
    draft.reasons.extend(step.because)
    return draft


def is_too_short(draft: Draft) -> bool:
    """Whether the step's own time at this dose is under half a minute."""
    return draft.sure_seconds < MIN_STEP_SECONDS


def _tempo(session: Session, profile: Profile) -> Tempo:
    return "calm" if session.dose.number <= session.ground.setting.treatment.calm_until_session else profile.tempo


# Pressure -------------------------------------------------------------------------------------------------------------------
def protocol_level(session: Session, profile: Profile, base: int) -> int:
    """Pressure of a step by the protocol: profile, stage and phase, shift, the ceilings of stage, danger map and age, then what a zone
    that hurt takes off; at least 1. A ceiling below the protocol's level must not swallow that: the zone would be worked as before.

    A ceiling on any part of the step binds all of it. The parts are those before findings, so leaving a part out never raises the rest.
    """
    ground, dose = session.ground, session.dose
    table = ground.setting.treatment.pressure
    stage = ground.setting.treatment.pressure_max
    if table is not None:
        stage = table.build_up if dose.phase == "build-up" else table.working
    marked = min((shift for place, shift in ground.adaptation.zone_shifts if ground.body.mask_at(place) & base), default=0)
    level = max(1, min(profile.pressure[1], stage) + dose.pressure_shift)
    return max(1, min([level, *(cap.level for cap in ground.protocol.caps if cap.mask & base)]) + min(0, marked))


# Families -------------------------------------------------------------------------------------------------------------------
def settle_families(session: Session, draft: Draft) -> None:
    """Families that the session number, the phase or the protocol does not open here give their share away, then those that are too short.

    Percussion goes to vibration where that is open, everything else to stroking. Stroking itself, when under 15 s, takes what it lacks
    from the largest family, so that every step has it.
    """
    for family in YIELDING:
        if draft.shares.get(family, 0) > 0:
            why = _closed(session, draft, family)
            if why is not None:
                give_away(session, draft, family, why)
    for family in YIELDING:
        share = draft.shares.get(family, 0)
        if share > 0 and not _lasts(draft, share):
            if family == "percussion" and not _lasts(draft, draft.shares.get("vibration", 0)):
                _keep_vibration_to_the_struck(session, draft)
            give_away(session, draft, family, "family-too-short")
    _fill_stroking(session, draft)


def _keep_vibration_to_the_struck(session: Session, draft: Draft) -> None:
    """Vibration that lasts only thanks to percussion's share stays on the places that a longer step would have had struck."""
    draft.places["vibration"] = places_of(session.ground, draft, "vibration") & places_of(session.ground, draft, "percussion")


def _closed(session: Session, draft: Draft, family: str) -> str | None:
    """Code of the reason why the protocol does not open a family at this step and session; None when it is open."""
    if not family_begun(session, draft, family):
        return "family-waits"
    if family == "percussion" and not _phase_strikes(session):
        return "percussion-closed"
    if family == "points" and not session.points_on:
        return "points-off"
    return None if usual_pick(session.ground, draft, family) else "family-unfit"


def _phase_strikes(session: Session) -> bool:
    """Whether the phase has percussion; that findings may close it too is looked at later."""
    return next(row.percussion for row in session.ground.setting.library.course.phase if row.code == session.dose.phase)


def family_begun(session: Session, draft: Draft, family: str) -> bool:
    """Whether the session has reached the number from which stage and step use the family."""
    first = max(session.ground.setting.treatment.family_from.get(family, 1), draft.step.family_from.get(family, 1))
    return session.dose.number >= first


def heir_of(session: Session, draft: Draft, family: str) -> str:
    """Where the share of a barred family goes by the protocol: percussion to vibration if that is open here, all others to stroking."""
    opens = family == "percussion" and family_begun(session, draft, "vibration")
    return "vibration" if opens and places_of(session.ground, draft, "vibration") else "stroking"


def give_away(session: Session, draft: Draft, family: str, code: str) -> None:
    """Moves a family's share to its heir and remembers why."""
    heir = heir_of(session, draft, family)
    draft.shares[heir] = draft.shares.get(heir, 0) + draft.shares.pop(family)
    why = because(code, family=family, heir=heir, zone=draft.place.zone)
    draft.moved.setdefault(heir, []).append(why)
    session.omit("family", family, None, why)


def _lasts(draft: Draft, share: float) -> bool:
    return int(draft.sure_seconds * share / 100 + 1e-9) >= MIN_ROW_SECONDS


def _fill_stroking(session: Session, draft: Draft) -> None:
    """Lifts stroking to 15 s at the cost of the largest family; a family that could not spare it goes to stroking whole."""
    least = 100 * MIN_ROW_SECONDS / max(draft.sure_seconds, MIN_ROW_SECONDS)
    # One second over the least, so that rounding cannot bring the giving family under it.
    spare = 100 * (MIN_ROW_SECONDS + 1) / max(draft.sure_seconds, MIN_ROW_SECONDS + 1)
    while draft.shares.get("stroking", 0) < least - 1e-9:
        lack = least - draft.shares.get("stroking", 0)
        # Shares add up to 100, and the least is no more: where stroking lacks any, another family has it.
        others = sorted((share, family) for family, share in draft.shares.items() if family != "stroking")
        share, family = others[-1]
        if share - lack < spare:
            give_away_to_stroking(session, draft, others[0][1])
            continue
        draft.shares[family] = share - lack
        draft.shares["stroking"] = least


def give_away_to_stroking(session: Session, draft: Draft, family: str) -> None:
    """Moves the share of a family that is too short to stroking."""
    why = because("family-too-short", family=family, heir="stroking", zone=draft.place.zone)
    draft.shares["stroking"] = draft.shares.get("stroking", 0) + draft.shares.pop(family)
    draft.moved.setdefault("stroking", []).append(why)
    session.omit("family", family, None, why)
