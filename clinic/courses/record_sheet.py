"""What the closing sheet of a session asks and shows: the rows of its plan, where it may have hurt, what is measured after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from clinic.courses.given import HurtAt, Played
from clinic.courses.models import Course
from clinic.courses.permissions import PLAN
from clinic.courses.pinned import library_of, names_of
from clinic.courses.proposals import stopping_rise
from clinic.courses.states import Reading, SkipReason, StopReason
from clinic.staff.models import Role
from clinic.staff.permissions import Actor
from clinic.web import marks
from patients.queries import replies_of_day
from protocols.method.library import Library
from protocols.method.names import Names
from protocols.method.places import Place

PAIN: Final = "today.pain-nrs"
# What is measured after a session where it was measured before it that day, and the limits within which it is believed.
AFTER: Final[Mapping[str, tuple[str, ...]]] = {
    "today.systolic": (Reading.SYSTOLIC_BEFORE, Reading.SYSTOLIC_AFTER, Reading.DIASTOLIC_AFTER),
    "today.pulse": (Reading.PULSE_AFTER,),
    "today.spo2": (Reading.OXYGEN_AFTER,),
    "today.peak-flow-percent-best": (Reading.PEAK_FLOW_AFTER,),
}
LIMITS_OF: Final[Mapping[str, str]] = {  # the fact of the library that has the limits of a reading
    Reading.SYSTOLIC_BEFORE: "today.systolic",
    Reading.SYSTOLIC_AFTER: "today.systolic",
    Reading.DIASTOLIC_AFTER: "today.diastolic",
    Reading.PULSE_AFTER: "today.pulse",
    Reading.OXYGEN_AFTER: "today.spo2",
    Reading.PEAK_FLOW_AFTER: "today.peak-flow-percent-best",
}
SEPARATOR: Final = "|"


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row of the plan with what was given of it, in words; seconds."""

    index: int
    place: str
    technique: str
    planned: int
    given: int
    reason: str
    words: str

    @property
    def is_as_planned(self) -> bool:
        return self.given == self.planned and not self.reason


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """What one closing sheet is about. ``places``: (value, words) where it may have hurt; ``hurts``: where the player was told it did,
    in words, and ``hurt_marks`` the same one by one as (value, words); ``readings``: {code: (value at first or None, lowest, highest)}.
    """

    rows: tuple[RowShown, ...]
    places: tuple[tuple[str, str], ...]
    hurts: tuple[str, ...] = ()
    hurt_marks: tuple[tuple[str, str], ...] = ()
    stop_reason: str = ""
    pain_before: int | None = None
    readings: Mapping[str, tuple[int | None, int, int]] = field(default_factory=dict)
    pain_rise: int | None = None  # from which on more pain after than before is a bad reaction

    @property
    def different(self) -> tuple[RowShown, ...]:
        """The rows that were given otherwise than planned."""
        return tuple(row for row in self.rows if not row.is_as_planned)

    @property
    def begun_differently(self) -> tuple[RowShown, ...]:
        """Those that were begun, or left out with a reason."""
        return tuple(row for row in self.different if row.given or row.reason)

    @property
    def not_begun(self) -> tuple[RowShown, ...]:
        """The rest: the session was over before them."""
        return tuple(row for row in self.different if not row.given and not row.reason)

    @property
    def seconds_not_begun(self) -> int:
        return sum(row.planned for row in self.not_begun)

    @property
    def given(self) -> int:
        """Hands-on seconds that were given."""
        return sum(row.given for row in self.rows)

    @property
    def planned(self) -> int:
        """Hands-on seconds that were planned."""
        return sum(row.planned for row in self.rows)

    @property
    def stop_word(self) -> str:
        return stop_word(self.stop_reason)


def sheet_of(plan: Mapping[str, Any], given: Played, *, course: Course, on: date | None) -> RecordSheet:
    """The sheet of a session with that stored plan, given on that day. One query, for what was measured before.

    ``on`` None: nobody knows the day yet, so nothing is asked or filled in by its answers.
    """
    names, library = names_of(course), library_of(course)
    replies = replies_of_day(course.patient, library, on) if on else {}
    stated = {code: reply.value for code, reply in replies.items() if isinstance(reply.value, int | float)}
    pain = stated.get(PAIN)
    return RecordSheet(
        rows=rows_shown(plan, given, names),
        places=tuple((f"{place.zone}{SEPARATOR}{place.side}", place_words(place, names)) for place in _places(plan)),
        hurts=tuple(hurt_words(plan, given, names)),
        hurt_marks=tuple((hurt_value(hurt), _hurt_word(hurt, plan, names)) for hurt in given.hurts),
        stop_reason=given.stop_reason,
        pain_before=int(pain) if pain is not None else None,
        readings=_readings(stated, library),
        pain_rise=stopping_rise(library),
    )


def rows_shown(plan: Mapping[str, Any], given: Played, names: Names) -> tuple[RowShown, ...]:
    """The rows of a stored plan, with what was given of each."""
    return tuple(
        RowShown(
            row.row,
            place_words(Place(planned["zone"], planned["side"]), names),
            names.of("techniques", planned["technique"]),
            row.planned,
            row.given,
            skip_word(row.reason),
            row.words,
        )
        for planned, row in zip(plan["rows"], given.rows, strict=True)
    )


def place_words(place: Place, names: Names) -> str:
    """A zone and its side."""
    return f"{names.of('zones', place.zone)} ({marks.SIDES[place.side]})"


def hurt_words(plan: Mapping[str, Any], given: Played, names: Names) -> Iterable[str]:
    """Where it hurt, and at which technique, once each."""
    return dict.fromkeys(_hurt_word(hurt, plan, names) for hurt in given.hurts)


def hurt_value(hurt: HurtAt) -> str:
    """One place where it hurt, as a form sends it; the same place in two rows is two values."""
    return SEPARATOR.join((hurt.place.zone, hurt.place.side, "" if hurt.row is None else str(hurt.row)))


def _hurt_word(hurt: HurtAt, plan: Mapping[str, Any], names: Names) -> str:
    words = place_words(hurt.place, names)
    return words if hurt.row is None else f"{words}: {names.of('techniques', plan['rows'][hurt.row]['technique'])}"


def skip_word(reason: str) -> str:
    """Why a row was left out; the code of an older version where it is not on the list any more."""
    return str(SkipReason(reason).label) if reason in SkipReason.values else reason


def stop_word(reason: str) -> str:
    """Why a session was stopped."""
    return str(StopReason(reason).label) if reason in StopReason.values else reason


def signing_words(actor: Actor) -> str:
    """What pressing the button says, in the first person."""
    role = next((each for each in PLAN if each in actor.roles), Role.THERAPIST)
    about = {"name": actor.user.full_name, "role": Role(role).label}
    return _("I, %(name)s, %(role)s, sign that this session was given as written here. It cannot be changed later, only added to.") % about


def _places(plan: Mapping[str, Any]) -> tuple[Place, ...]:
    return tuple(dict.fromkeys(Place(row["zone"], row["side"]) for row in plan["rows"]))


def _readings(stated: Mapping[str, Any], library: Library) -> dict[str, tuple[int | None, int, int]]:
    facts = library.facts
    asked = [code for fact, codes in AFTER.items() if fact in stated for code in codes]
    found = dict[str, tuple[int | None, int, int]]()
    for code in asked:
        fact = facts[LIMITS_OF[code]]
        before = int(stated["today.systolic"]) if code == Reading.SYSTOLIC_BEFORE else None
        found[str(code)] = (before, int(fact.min or 0), int(fact.max or 0))
    return found
