"""When a course may be repeated: what the library says of the zone and of the stage, and who may lift it. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from protocols.method.entries import Stage
from protocols.method.library import Library


@dataclass(frozen=True, slots=True)
class RepeatRule:
    """One rule: how many days after the last session, and from which day on. ``is_lifted``: a doctor has written since.

    ``zone``: the same zone is not started again without a doctor's note; ``stage``: how long the stage is usually left alone;
    ``reassess``: the stage is looked at anew instead of repeated (``days`` 0).
    """

    code: Literal["zone", "stage", "reassess"]
    days: int
    first_on: date
    is_lifted: bool

    def is_early(self, day: date) -> bool:
        """Whether a course that begins on that day comes too early for it."""
        return not self.is_lifted and day < self.first_on


def repeat_rules(library: Library, stage: Stage, ended_on: date | None, referred_on: date | None) -> tuple[RepeatRule, ...]:
    """The rules about beginning again after a course that ended on that day; ``()`` without one.

    ``referred_on`` is the day of a doctor's referral for the same condition: one that was written after the course ended is the note
    that lifts the rule about the zone, and the doctor's word about the stage. Sources: ``repeat_after_days`` of the stage, and
    course-rules.toml, ``repeat`` (m-53, m-28).
    """
    if ended_on is None or stage.treatment is None:
        return ()
    is_lifted = referred_on is not None and referred_on >= ended_on
    zone, usual = library.course.repeat.same_zone_min_days, stage.treatment.repeat_after_days
    about_stage = RepeatRule("stage" if usual else "reassess", usual, ended_on + timedelta(days=usual), is_lifted)
    return RepeatRule("zone", zone, ended_on + timedelta(days=zone), is_lifted), about_stage


def first_day(rules: tuple[RepeatRule, ...], *, earliest: date) -> date:
    """From which day on dates are proposed: not before ``earliest``, nor before the zone may be worked again."""
    return max([earliest, *(rule.first_on for rule in rules if rule.code == "zone" and not rule.is_lifted)])
