"""What of the hand changes of a patient's last course goes into the next one: "same as last time, with progression". Pure.

What had lowered the load or left something out is given back when the last course ended well, and stays otherwise. Every line can be
changed by whoever plans. The dose of a new course begins with the build-up of the protocol: what raised it there is not carried either.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from protocols.method.adapting import adapt
from protocols.method.editing.keys import step_keys
from protocols.method.edits import LAST_SESSION, Edit, Edits
from protocols.method.entries import Stage
from protocols.method.library import Library
from protocols.method.planning import PlannedCourse
from protocols.method.plans import SessionPlan, SessionRecord

LOOKED_AT: Final = 2  # the last sessions that tell how a course ended
WHOLE: Final = 1000  # thousandths of a step's own time
# Reasons of an override that are no discomfort: what was lowered there stays until somebody says otherwise.
OTHER_REASONS: Final = frozenset({"advice", "time", "build", "palpation"})

Why = Literal["as-last-time", "ended-well", "still-careful", "build-up", "too-short"]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a course ended. ``against`` are codes of what speaks against "well", of the method's reasons or of ``_unknown``."""

    against: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        return not self.against


def ending_of(records: Sequence[SessionRecord], library: Library, stage: Stage, *, is_finished: bool) -> Ending:
    """How the course ended by its last two sessions: comfort, pain on the next morning, reactions, where it hurt.

    Every threshold is one of ``course-rules.toml`` (discomfort, suspend, load_rises_if). What nobody asked counts as not known to be
    well. ``records`` in the order of the sessions.
    """
    last = tuple(records[-LOOKED_AT:])
    found = [] if is_finished else ["ended-early"]
    if len(last) < LOOKED_AT:
        return Ending((*found, "few-sessions"))
    found += [code for proposed in _proposals(last, library, stage) for code in proposed]
    found += [code for record in last for code in _unknown(record, library.course.discomfort.low_comfort.below)]
    return Ending(tuple(dict.fromkeys(found)))


def _proposals(last: tuple[SessionRecord, ...], library: Library, stage: Stage) -> Iterator[list[str]]:
    """The codes of what the method would change after the two together, and after each of them by itself."""
    for records in (last, *((record,) for record in last)):
        yield [reason.code for reason in adapt(records, library=library, stage=stage).because]


def _unknown(record: SessionRecord, below: float) -> Iterator[str]:
    if record.comfort is None:
        yield "comfort-unknown"
    elif record.comfort < below:
        yield "low-comfort"
    if record.pain_next_day is None:
        yield "next-day-unknown"


# Line by line -------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class CarryLine:
    """One change of the last course. ``number`` is its place among them, from 0; ``is_carried``: it is ticked until somebody unticks it."""

    number: int
    edit: Edit
    is_carried: bool
    why: Why


def carry_lines(edits: Edits, ending: Ending, made: PlannedCourse) -> tuple[CarryLine, ...]:
    """Every change of the last course, and whether it goes into the next one, which is ``made`` without any of them."""
    kept_for = {override.step for override in edits.overrides if override.reason in OTHER_REASONS and override.step}
    return tuple(_line(number, edit, ending, made, kept_for) for number, edit in enumerate(edits.edits))


def _line(number: int, edit: Edit, ending: Ending, made: PlannedCourse, kept_for: set[str]) -> CarryLine:
    if edit.first > len(made.sessions):
        return CarryLine(number, edit, is_carried=False, why="too-short")
    if _raises_build_up(edit, made):
        return CarryLine(number, edit, is_carried=False, why="build-up")
    if not lowers(edit, made) or edit.step in kept_for:
        return CarryLine(number, edit, is_carried=True, why="as-last-time")
    return CarryLine(number, edit, is_carried=not ending.is_well, why="ended-well" if ending.is_well else "still-careful")


def lowers(edit: Edit, made: PlannedCourse) -> bool:
    """Whether a change takes off dose, pressure or time of a step, or leaves something out, compared with the plan without it."""
    if edit.kind == "dose":
        return any(edit.value < percent for _phase, percent in _protocol(edit, made))
    if edit.kind == "pressure":
        return any(edit.value < level for level in _pressures(edit, made.sessions))
    by_value = {
        "depth": edit.value > 0,
        "minutes": edit.value < WHOLE,
        "remove": True,
        "supplement": not edit.value,
    }
    return by_value.get(edit.kind, False)


def _raises_build_up(edit: Edit, made: PlannedCourse) -> bool:
    return edit.kind == "dose" and any(phase == "build-up" and edit.value > percent for phase, percent in _protocol(edit, made))


def _protocol(edit: Edit, made: PlannedCourse) -> Iterator[tuple[str, int]]:
    """(phase, whole percent of the longest session) that the protocol itself gives to the sessions of an edit."""
    longest = max((dose.seconds for dose in made.course.doses), default=0) or 1
    yield from ((dose.phase, round(100 * dose.seconds / longest)) for dose in made.course.doses if edit.holds_at(dose.number))


def _pressures(edit: Edit, sessions: Iterable[SessionPlan]) -> Iterator[int]:
    for session in sessions:
        keys = step_keys(session)
        if edit.holds_at(session.number) and edit.step in keys:
            number = keys.index(edit.step)
            yield from (row.pressure for row in session.rows if row.step == number and edit.family in ("", row.family))


def carried(edits: Edits, ticked: frozenset[int], count: int) -> Edits:
    """The ticked changes, cut to a course of ``count`` sessions, with the soft rules that were set aside for them.

    What the hand felt is not taken along: it was felt then. A change of a step that was added goes with the step.
    """
    chosen = [edit for number, edit in enumerate(edits.edits) if number in ticked and edit.first <= count]
    added = {edit.step for edit in chosen if edit.kind == "add"}
    kept = tuple(_cut(edit, count) for edit in chosen if not edit.step.startswith("+") or edit.step in added)
    steps = {edit.step for edit in kept}
    return Edits(kept, tuple(override for override in edits.overrides if override.step in steps))


def _cut(edit: Edit, count: int) -> Edit:
    return edit if edit.last <= count or edit.last == LAST_SESSION else replace(edit, last=count)
