"""Opening and closing: when their zone is out, their time and profile move to the first or last zone still worked.

The moved step keeps to what that zone has anyway: its families, its pressure, its position. So it cannot bring anything new there.
"""

from dataclasses import replace

from protocols.method.reasons import because
from protocols.method.roles import ResolvedStep
from protocols.method.session.draft import Draft, Session
from protocols.method.session.opening_steps import is_too_short, new_draft, settle_families
from protocols.method.session.restricting import cap_pressure, force_calm, restrict_families
from protocols.method.vocabulary import MAX_STRETCH, Part


def with_both_ends(session: Session, kept: list[Draft], asked: list[ResolvedStep]) -> list[Draft]:
    """The kept steps with an opening before and a closing after them, where these were asked and their time is long enough."""
    if not kept:
        return []
    first = [] if kept[0].part == "opening" else _moved(session, "opening", kept[0], asked)
    last = [] if kept[-1].part == "closing" else _moved(session, "closing", kept[-1], asked)
    return [*first, *kept, *last]


def _moved(session: Session, part: Part, host: Draft, asked: list[ResolvedStep]) -> list[Draft]:
    pieces = [step for step in asked if step.part == part]
    if not pieces:
        return []
    # Pieces of one role (two zones above a shoulder) come together again, but not beyond what one of them may be stretched to.
    minutes = min(sum(step.minutes for step in pieces), MAX_STRETCH * max(step.minutes for step in pieces))
    step = replace(pieces[0], place=host.place, minutes=minutes, role=host.step.role)
    draft = new_draft(session, step, host.base)
    draft.mask = host.mask
    draft.level = min(draft.level, host.level)
    draft.stretched_from = draft.own * max(step.minutes for step in pieces) / minutes
    if is_too_short(draft):
        return []
    draft.reasons.append(because(f"{part}-moved", zone=host.place.zone))
    for family in [family for family in draft.shares if family not in host.picks]:
        draft.shares["stroking"] = draft.shares.get("stroking", 0) + draft.shares.pop(family)
        session.omit("family", family, None, because("moved-keeps-families", family=family, zone=host.place.zone))
    settle_families(session, draft)
    cap_pressure(session, draft)
    force_calm(session, draft)
    draft.position = host.position
    return [draft] if restrict_families(session, draft) else []
