"""What a therapist makes of a proposal: less is always allowed, within bounds; more only where the proposal is soft, and with a reason."""

from protocols.method.adapting import ACTIONS, HELD_UP
from protocols.method.library import Library
from protocols.method.plans import Adaptation
from protocols.method.reasons import Reason, because

# Bounds of what one session may be lowered by hand: beyond them it is another plan, not an adapted one.
LOWEST_SHIFT = -2
LEAST_MINUTES_FACTOR = 0.5
_GAP_REASONS = ("gap-repeat-load", "gap-step-back", "gap-reassess")


def decide(proposal: Adaptation, wanted: Adaptation, library: Library, *, has_reason: bool) -> Adaptation | tuple[str, ...]:
    """The adaptation that was decided, with its reasons, or codes of why it is refused.

    ``wanted`` says what is to hold: shifts (levels, 0 or less), minutes factor, rungs, repeat and techniques; its action and reasons
    are worked out here. Codes: those of ``refusals``, and ``needs-reason`` where a soft part is relaxed without one.
    """
    refused = refusals(proposal, wanted, library)
    if refused:
        return refused
    relaxed = is_relaxed(proposal, wanted)
    if relaxed and not has_reason:
        return ("needs-reason",)
    said = tuple(reason for reason in proposal.because if _still_holds(reason, proposal, wanted))
    less = (because("decided-less"),) if is_stricter(proposal, wanted) else ()
    more = (because("decided-otherwise"),) if relaxed else ()
    return Adaptation(
        action=_action(proposal, wanted),
        pressure_shift=wanted.pressure_shift,
        zone_shifts=wanted.zone_shifts,
        minutes_factor=wanted.minutes_factor,
        rungs_down=wanted.rungs_down,
        repeat_load_of=wanted.repeat_load_of,
        leave_out=wanted.leave_out,
        because=(*said, *less, *more),
    )


def refusals(proposal: Adaptation, wanted: Adaptation, library: Library) -> tuple[str, ...]:
    """Why this may not be decided, whatever the reason; ``()`` when it may.

    ``rungs`` and ``gap``: rungs of a reaction or of missed days, and the load repeated after them, stand. ``technique``: what the
    proposal leaves out stays out, and only techniques of the library are left out. ``held-up``: nobody but a doctor lets go on what is
    held up. The others are bounds.
    """
    faults = {
        "held-up": proposal.action in HELD_UP and wanted.action != proposal.action,
        "rungs": not proposal.rungs_down <= wanted.rungs_down <= library.course.phases.max_down,
        "gap": _is_after_gap(proposal) and wanted.repeat_load_of != proposal.repeat_load_of,
        "pressure": not LOWEST_SHIFT <= wanted.pressure_shift <= 0,
        "zone": any(not LOWEST_SHIFT <= shift < 0 or place.zone not in library.zones for place, shift in wanted.zone_shifts),
        "minutes": not LEAST_MINUTES_FACTOR <= wanted.minutes_factor <= 1,
        "technique": not set(proposal.leave_out) <= set(wanted.leave_out) <= set(library.techniques),
        "repeat": proposal.repeat_load_of is not None and wanted.repeat_load_of not in (None, proposal.repeat_load_of),
    }
    return tuple(code for code, is_so in faults.items() if is_so)


def is_relaxed(proposal: Adaptation, wanted: Adaptation) -> bool:
    """Whether a part of the proposal is let go of: its pressure, a marked zone, its minutes or its repeated load."""
    shifts = dict(wanted.zone_shifts)
    return (
        wanted.pressure_shift > proposal.pressure_shift
        or wanted.minutes_factor > proposal.minutes_factor
        or (proposal.repeat_load_of is not None and wanted.repeat_load_of is None)
        or any(shifts.get(place, 0) > shift for place, shift in proposal.zone_shifts)
    )


def is_stricter(proposal: Adaptation, wanted: Adaptation) -> bool:
    """Whether anything goes below the proposal."""
    shifts = dict(proposal.zone_shifts)
    return (
        wanted.pressure_shift < proposal.pressure_shift
        or wanted.minutes_factor < proposal.minutes_factor
        or wanted.rungs_down > proposal.rungs_down
        or (proposal.repeat_load_of is None and wanted.repeat_load_of is not None)
        or not set(wanted.leave_out) <= set(proposal.leave_out)
        or any(shift < shifts.get(place, 0) for place, shift in wanted.zone_shifts)
    )


def _is_after_gap(proposal: Adaptation) -> bool:
    return any(reason.code in _GAP_REASONS for reason in proposal.because)


def _action(proposal: Adaptation, wanted: Adaptation) -> str:
    """The gravest of what is decided; a course that is held up or must be planned anew stays so."""
    if ACTIONS.index(proposal.action) >= ACTIONS.index("reassess"):
        return proposal.action
    if wanted.rungs_down:
        return "step-back"
    return "repeat" if wanted.repeat_load_of is not None else "go-on"


def _still_holds(reason: Reason, proposal: Adaptation, wanted: Adaptation) -> bool:
    about = dict(reason.about)
    if reason.code == "low-comfort":
        return wanted.pressure_shift <= proposal.pressure_shift
    if reason.code == "next-day-pain":
        return wanted.repeat_load_of == proposal.repeat_load_of and wanted.minutes_factor <= proposal.minutes_factor
    if reason.code == "hurt-marked":
        shifts = ({(str(place.zone), str(place.side)): shift for place, shift in each.zone_shifts} for each in (wanted, proposal))
        kept, proposed = (each.get((about["zone"], about["side"]), 0) for each in shifts)
        return kept <= proposed
    return True
