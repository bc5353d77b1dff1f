"""The patient's position at each step (head of positions.toml): the one now held if it reaches, else the first of the stage that does."""

from protocols.method.reasons import Reason, because
from protocols.method.session.draft import Draft, Session


def open_positions(session: Session) -> tuple[str, ...]:
    """Positions of the stage in its order, with those on a doctor's order, without what stage and findings forbid."""
    treatment, limits = session.ground.setting.treatment, session.ground.setting.screening.limits
    ordered = treatment.positions_on_order if limits.positions_ordered else ()
    barred = {out.position for out in limits.positions_out} | set(treatment.forbid_positions)
    for out in limits.positions_out:
        if out.position in treatment.positions:
            session.omit("position", out.position, None, out.because)
    return tuple(code for code in (*treatment.positions, *ordered) if code not in barred)


def take_positions(session: Session, drafts: list[Draft]) -> list[Draft]:
    """The steps that an open position reaches, each with that position; the others are left out with their reason."""
    codes = open_positions(session)
    kept: list[Draft] = []
    for draft in drafts:
        held = kept[-1].position if kept else ""
        draft.position = _position_for(session, draft, codes, held)
        if draft.position:
            kept.append(draft)
        else:
            session.lose(draft.step)
            session.omit_place(draft.place, because("no-position", zone=draft.place.zone))
    return kept


def _position_for(session: Session, draft: Draft, codes: tuple[str, ...], held: str) -> str:
    positions = session.ground.setting.library.positions
    for code in (held, *codes):
        if code and session.ground.body.reaches(positions[code], draft.place, draft.mask):
            return code
    return ""


def turning(session: Session, draft: Draft) -> tuple[Reason, ...]:
    """A step on both sides in a side-lying position: the upper side first, the other waits for the turn."""
    upper = session.ground.setting.library.positions[draft.position].upper_side
    if upper is None or draft.place.side != "both" or not session.ground.setting.library.zones[draft.place.zone].paired:
        return ()
    return (because("waits-for-turn", side=upper),)
