"""Opening and closing. A session opens and closes with stroking (``sequencing.toml``, opens-and-closes-with-stroking), whatever its dose.

When their zone is out, their time and profile move to the first or last zone still worked.

The moved step keeps to what that zone has anyway: its families, its pressure, its position. So it cannot bring anything new there.
"""

from dataclasses import replace

from protocols.method.reasons import because
from protocols.method.roles import ResolvedStep
from protocols.method.session.choosing import places_of
from protocols.method.session.draft import Draft, Session
from protocols.method.session.opening_steps import is_too_short, new_draft, settle_families
from protocols.method.session.restricting import cap_pressure, force_calm, restrict_families
from protocols.method.session.timing import EPSILON
from protocols.method.vocabulary import MAX_STRETCH, MIN_ROW_SECONDS, MIN_STEP_SECONDS, Part

# The rule asks for 70 % of stroking in the first and the last step; two points more, so that whole seconds cannot fall under it.
STROKING_AT_THE_ENDS = 72


def lasting_ends(session: Session, steps: list[ResolvedStep]) -> list[ResolvedStep]:
    """The steps with an opening and a closing of at least 30 s, where that is within 1.5 times their own time.

    In a small dose the pieces of one opening (two zones above a shoulder) come together on the first of them; what is still lacking to 30 s
    is taken from the longest main step, so that nothing else changes.
    """
    return _lasting(session, _lasting(session, steps, "opening"), "closing")


def _lasting(session: Session, steps: list[ResolvedStep], part: Part) -> list[ResolvedStep]:
    pieces = [step for step in steps if step.part == part]
    own = sum(step.minutes for step in pieces)
    least = MIN_STEP_SECONDS * session.minutes / max(session.dose.seconds, 1)
    giver = max((step for step in steps if step.part == "main"), key=lambda step: step.minutes, default=None)
    lack = max(0.0, least - own)
    lasts = all(step.minutes >= least * (1 - EPSILON) for step in pieces)
    if lasts or giver is None or own * MAX_STRETCH < least or giver.minutes - lack < least:
        return steps
    session.lifted[part] = own * session.dose.seconds / session.minutes
    for piece in pieces[1:]:
        session.omit_place(piece.place, because("step-too-short", zone=piece.place.zone, seconds=_seconds(session, piece)))
    changed = {id(pieces[0]): max(own, least), id(giver): giver.minutes - lack}
    left_out = {id(piece) for piece in pieces[1:]}
    return [replace(step, minutes=changed.get(id(step), step.minutes)) for step in steps if id(step) not in left_out]


def _seconds(session: Session, step: ResolvedStep) -> int:
    return int(session.dose.seconds * step.minutes / session.minutes + EPSILON)


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
    # Pieces of one role (two zones above a shoulder) come together again.
    step = replace(pieces[0], place=host.place, minutes=sum(step.minutes for step in pieces), role=host.step.role)
    draft = new_draft(session, step, host.base)
    draft.mask = host.mask
    draft.level = draft.protocol_level = min(draft.level, host.level)
    if is_too_short(draft):
        return []
    draft.reasons.append(because(f"{part}-moved", zone=host.place.zone))
    _keep_to(session, draft, host)
    settle_families(session, draft)
    cap_pressure(session, draft)
    force_calm(session, draft)
    draft.position = host.position
    return [draft] if restrict_families(session, draft) else []


def _keep_to(session: Session, draft: Draft, host: Draft) -> None:
    """Each family only where the host has it; a family that the host has nowhere gives its share to stroking."""
    for family in list(draft.shares):
        there = places_of(session.ground, draft, family) & host.picks[family].mask if family in host.picks else 0
        draft.places[family] = there
        if not there:
            draft.shares["stroking"] = draft.shares.get("stroking", 0) + draft.shares.pop(family)
            session.omit("family", family, None, because("moved-keeps-families", family=family, zone=host.place.zone))


def stroke_the_ends(session: Session, drafts: list[Draft]) -> None:
    """Where the dose is too small for an opening or a closing, the first or last step gives its other families' time to stroking.

    The rule opens-and-closes-with-stroking holds in the smallest session too; a family under 15 s goes to stroking whole.
    """
    for draft, part in ((drafts[0], "opening"), (drafts[-1], "closing")):
        others = 100 - draft.shares["stroking"]
        if draft.part != part and others > 100 - STROKING_AT_THE_ENDS:
            _soften(session, draft, (100 - STROKING_AT_THE_ENDS) / others)


def _soften(session: Session, draft: Draft, factor: float) -> None:
    for family in [family for family in draft.shares if family != "stroking"]:
        share = draft.shares.pop(family)
        kept = share * factor if int(draft.sure_seconds * share * factor / 100 + EPSILON) >= MIN_ROW_SECONDS else 0.0
        draft.shares["stroking"] += share - kept
        if kept:
            draft.shares[family] = kept
        else:
            draft.picks.pop(family, None)
            session.omit("family", family, None, because("opens-with-stroking", zone=draft.place.zone))
