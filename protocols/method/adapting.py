"""What the records of a course propose for its next session. Every threshold comes from ``course-rules.toml``; the therapist decides."""

from collections.abc import Callable

from protocols.method.course import after_gap
from protocols.method.entries import Comparison, CourseRules, Gap, Scalar, Stage, Suspend
from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.plans import NO_ADAPTATION, Adaptation, SessionRecord
from protocols.method.reasons import Reason, because

# From mildest to gravest; the gravest of several proposals names the action.
ACTIONS = ("go-on", "repeat", "step-back", "reassess", "pause", "doctor")
HELD_UP = ("pause", "doctor")

Happened = Callable[[SessionRecord], bool]


def adapt(
    records: tuple[SessionRecord, ...], *, library: Library, stage: Stage, missed_days: int = 0, is_released: bool = False
) -> Adaptation:
    """The proposal for the session after the last record; "go on" without records or for a barred stage.

    ``missed_days`` are the clinic's open days since the last record beyond the stage's ``every_days_max``. ``is_released``: a doctor
    let the course go on after the last record, so that what held it up only lowers the dose.

    Low comfort in a row takes a level off the session, a marked zone takes one off there at once. Next-day pain above what lets the load
    rise repeats the load with fewer minutes and a level less. A bad reaction goes one rung down; what the course's suspend table names
    pauses the course or sends the patient to the doctor. Missed days repeat the load, go down the ladder and in the end ask for a new
    plan. Nothing here ever raises anything.
    """
    if not records or stage.treatment is None:
        return NO_ADAPTATION
    course, ordered = library.course, tuple(sorted(records, key=lambda record: record.number))
    pressure, comfort = _low_comfort(course, ordered)
    held, rungs, reasons = _suspended(course, ordered, is_released=is_released)
    gap = after_gap(library, missed_days)
    repeated = _repeat(course, ordered[-1])
    lasting = course.discomfort.pain_over_24h
    return Adaptation(
        action=max(held, _GAPS.get(gap.action, gap.action), "repeat" if repeated else "go-on", key=ACTIONS.index),
        pressure_shift=min(pressure, lasting.pressure_shift if repeated else 0),
        zone_shifts=_marked_zones(course, ordered),
        minutes_factor=lasting.minutes_factor if repeated else 1.0,
        rungs_down=min(rungs + gap.rungs, course.phases.max_down),
        # Who was away longer never gets more than who was away for some days: every gap repeats the last load, under its rungs.
        repeat_load_of=ordered[-1].number if repeated or gap.action != "go-on" else None,
        because=(*reasons, *_gap_reasons(gap, ordered[-1]), *repeated, *comfort, *_marked_reasons(ordered[-1])),
    )


# Missed days ----------------------------------------------------------------------------------------------------------------
_GAPS = {"repeat-load": "repeat"}


def _gap_reasons(gap: Gap, record: SessionRecord) -> tuple[Reason, ...]:
    """Named by the row of the table and not by the days: what a therapist decided stands as long as the row does."""
    return () if gap.action == "go-on" else (because(f"gap-{gap.action}", days=gap.missed_days_min, session=record.number),)


# Comfort and marked zones ---------------------------------------------------------------------------------------------------
def _in_a_row(records: tuple[SessionRecord, ...], times: int, happened: Happened) -> bool:
    return len(records) >= times and all(happened(record) for record in records[-times:])


def _low_comfort(course: CourseRules, records: tuple[SessionRecord, ...]) -> tuple[int, tuple[Reason, ...]]:
    rule = course.discomfort.low_comfort
    if not _in_a_row(records, rule.in_a_row, lambda record: record.comfort is not None and record.comfort < rule.below):
        return 0, ()
    return rule.pressure_shift, (because("low-comfort", below=rule.below, times=rule.in_a_row, sources=course.discomfort.sources),)


def _marked_zones(course: CourseRules, records: tuple[SessionRecord, ...]) -> tuple[tuple[Place, int], ...]:
    """Places that hurt in each of the last sessions that the rule asks for (one: at once)."""
    rule = course.discomfort.marked_zone
    if len(records) < rule.in_a_row:
        return ()
    last = dict.fromkeys(hurt.place for hurt in records[-1].hurts)
    before = [{hurt.place for hurt in record.hurts} for record in records[-rule.in_a_row :]]
    return tuple((place, rule.pressure_shift) for place in last if all(place in places for places in before))


def _marked_reasons(record: SessionRecord) -> tuple[Reason, ...]:
    places = dict.fromkeys(hurt.place for hurt in record.hurts)
    return tuple(because("hurt-marked", zone=place.zone, side=place.side, session=record.number) for place in places)


# Pain, reactions, blood pressure ----------------------------------------------------------------------------------------------
def _value_of(record: SessionRecord, fact: str) -> Scalar | None:
    """The facts ``after.*`` and ``today.bad-reaction-last`` that a record can tell; None when it cannot."""
    told = {
        "today.bad-reaction-last": record.bad_reaction,
        "after.bruise-swelling-or-calf-pain": record.skin_or_swelling,
        "after.sleep-worse-or-headache": record.sleep_or_headache,
    }
    if fact in told:
        return told[fact]
    pairs = {
        "after.next-day-pain-rise": (record.pain_next_day, record.pain_before),
        "after.systolic-change": (record.systolic_after, record.systolic_before),
    }
    after, before = pairs.get(fact, (None, None))
    return None if after is None or before is None else after - before


def _holds(value: Scalar | None, op: str, limit: object) -> bool:
    if op == "is":
        return value is not None and value == limit
    if isinstance(value, str) or value is None or not isinstance(limit, int | float):
        return False
    return {"ge": value >= limit, "gt": value > limit, "le": value <= limit, "lt": value < limit}[op]


def _suspended(course: CourseRules, records: tuple[SessionRecord, ...], *, is_released: bool) -> tuple[str, int, tuple[Reason, ...]]:
    """(action, rungs down, reasons) of the suspend table and of a bad reaction at the last session."""
    action, reasons = "go-on", []
    for row in course.suspend:
        if row.action in ACTIONS and _in_a_row(records, row.in_a_row, lambda record, row=row: _fits(record, row)):  # type: ignore[misc]
            action = max(action, row.action, key=ACTIONS.index)
            reasons.append(because("released-by-doctor" if is_released else "course-suspended", suspend=row.code))
    rungs = 1 if records[-1].bad_reaction or (reasons and is_released) else 0
    if is_released and reasons:
        action = "step-back"
    if records[-1].bad_reaction:
        action = max(action, "step-back", key=ACTIONS.index)
        reasons.append(because("bad-reaction", session=records[-1].number))
    return action, rungs, tuple(reasons)


def _fits(record: SessionRecord, row: Suspend) -> bool:
    return _holds(_value_of(record, row.fact), row.op, row.value)


def _repeat(course: CourseRules, record: SessionRecord) -> tuple[Reason, ...]:
    """Repeat instead of progress: the last session's next-day pain rose by more than what lets the load rise."""
    rule: Comparison = course.phases.load_rises_if
    value = _value_of(record, rule.fact)
    if value is None or _holds(value, rule.op, rule.value):
        return ()
    return (because("next-day-pain", session=record.number, rise=value),)
