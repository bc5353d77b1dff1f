"""In which rhythm, on which days and by whom the dates of a course are wanted: what a person chooses, kept with the course."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, time
from typing import Any, Final

from clinic.schedule.models import Wishes
from clinic.schedule.proposing.values import Rhythm
from protocols.method.entries import Cadence

# Missed open days after which the plan still simply goes on (library: course-rules.toml, gap): so far a gap may stretch.
WORKING_DAYS_A_WEEK: Final = 5
# Cadences whose note says that the course begins more slowly (library: cadence notes): how many gaps, and of how many open days.
SLOW_START: Final[Mapping[str, tuple[int, int]]] = {
    "first 3 every other day, then daily": (2, 2),
    "every other day, then daily": (2, 2),
    "every other day then daily": (2, 2),
}
RHYTHMS: Final = ("daily", "every-other", "weekly", "own")


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is asked for. Gaps are open days of the clinic; ``weekdays`` empty means any; ``therapist`` is the wished one's number.

    ``rhythm`` is one of ``RHYTHMS``; ``per_week`` counts for "weekly", ``gap_min`` and ``gap_max`` for "own". The first ``first_count``
    gaps aim at ``first_gap`` open days instead.
    """

    first_on: date
    rhythm: str = "daily"
    per_week: int = 5
    gap_min: int = 1
    gap_max: int = 2
    first_count: int = 0
    first_gap: int = 2
    weekdays: tuple[int, ...] = ()
    earliest: time | None = None
    latest: time | None = None
    preferred: time | None = None
    therapist: int | None = None
    same_therapist: bool = False
    finish_by: date | None = None

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {name: value.isoformat() if isinstance(value, date | time) else value for name, value in asdict(self).items()}

    def gaps(self, slack: int) -> Rhythm:
        """The gaps that follow; ``slack`` open days more than wished are still borne, but not aimed at."""
        low, high, ideal = {
            "daily": (1, 1, 1),
            "every-other": (2, 2, 2),
            "weekly": (1, max(1, 2 * WORKING_DAYS_A_WEEK // self.per_week), max(1, round(WORKING_DAYS_A_WEEK / self.per_week))),
            "own": (self.gap_min, max(self.gap_min, self.gap_max), self.gap_min),
        }[self.rhythm]
        per_week = self.per_week if self.rhythm == "weekly" else 7
        first = (self.first_count, self.first_gap) if self.first_count else (0, 0)
        return Rhythm(low, max(high, first[1]) + slack, ideal, per_week, *first)


def pattern_from(stored: Mapping[str, Any], *, first_on: date) -> Pattern:
    """What was kept, from ``first_on`` on. Raises ``KeyError`` or ``ValueError`` for a record that is not whole."""
    clocks = {name: time.fromisoformat(stored[name]) if stored[name] else None for name in ("earliest", "latest", "preferred")}
    finish = date.fromisoformat(stored["finish_by"]) if stored["finish_by"] else None
    plain = {name: stored[name] for name in ("rhythm", "per_week", "gap_min", "gap_max", "first_count", "first_gap")}
    fields: dict[str, Any] = {**plain, **clocks, "therapist": stored["therapist"], "same_therapist": stored["same_therapist"]}
    # A course that was to be over by a day that has passed has no such wish any more.
    finish = finish if finish and finish >= first_on else None
    return Pattern(first_on=first_on, weekdays=tuple(stored["weekdays"]), finish_by=finish, **fields)


def rhythm_of(cadence: Cadence) -> dict[str, Any]:
    """The fields of a pattern that follow from what the library says about a stage's pace."""
    low, high, count = cadence.every_days_min, cadence.every_days_max, cadence.per_week
    first_count, first_gap = SLOW_START.get(cadence.note, (0, 2))
    if low <= 1 and count >= WORKING_DAYS_A_WEEK:
        rhythm = "daily"
    elif (low, high) == (2, 2):
        rhythm = "every-other"
    else:
        rhythm = "own" if low > 1 else "weekly"
    return {"rhythm": rhythm, "per_week": count, "gap_min": low, "gap_max": high, "first_count": first_count, "first_gap": first_gap}


def wished(wishes: Wishes | None) -> dict[str, Any]:
    """The fields of a pattern that follow from what the patient said."""
    if wishes is None:
        return {}
    said = {"weekdays": tuple(wishes.weekdays), "earliest": wishes.earliest, "latest": wishes.latest, "preferred": wishes.preferred}
    return said | ({"therapist": wishes.therapist_id} if wishes.therapist_id else {})


def in_turn(therapists: Iterable[int], *first: int | None) -> tuple[int, ...]:
    """The therapists with these in front, as far as they are among them."""
    those = list(therapists)
    return tuple(dict.fromkeys([each for each in first if each in those] + those))
