"""Every number of the rules of a course that a clinic may set stricter, with the way that is stricter and its bounds. Data.

``path`` leads into the raw entry. ``low`` and ``high`` are counted from the release: one of them is the shipped value.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from protocols.method.entries import Fact
from protocols.method.names import Names
from protocols.presentation.reader import number
from protocols.rulebook.changing import Raw
from protocols.rulebook.changing_rules import STRICT_WAY

Path = tuple[str | int, ...]
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Slot:
    """One value. ``options`` are the words it may take where it is no number, the strictest first."""

    entry: str
    path: Path
    row: Words
    label: Words
    shipped: Any
    low: float = 0
    high: float = 0
    is_whole: bool = True
    options: tuple[Any, ...] = ()

    @property
    def name(self) -> str:
        """A name for a form field: ``review.session``."""
        return ".".join(map(str, (self.entry.replace("/", "-"), *self.path)))


@dataclass(frozen=True, slots=True)
class Section:
    code: str
    title: Words
    lead: Words
    slots: tuple[Slot, ...]


PHASES: Final = {"build-up": gettext_lazy("Build-up"), "working": gettext_lazy("Working"), "taper": gettext_lazy("Taper")}
PERCUSSION: Final = ("never", "light", "profile")
MINUTES: Final = gettext_lazy("Share of the minutes")
PRESSURE: Final = gettext_lazy("Pressure, levels")
LEAST_SHARE: Final = 0.2
LOWEST_SHIFT: Final = -3
MOST_SHARE: Final = 0.45


def sections(shipped: Mapping[str, Any], facts: Mapping[str, Fact], names: Names) -> tuple[Section, ...]:
    """Everything that may be set, by the entries of the release (key or ``table/code`` -> raw content)."""
    return tuple(Section(code, *SECTIONS[code], tuple(slots)) for code, slots in _slots(shipped, facts, names).items())


SECTIONS: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "dose": (
        gettext_lazy("Dose of a course"),
        gettext_lazy("How many sessions build up and taper, and how large they are."),
    ),
    "gaps": (gettext_lazy("Missed days"), gettext_lazy("After how many missed days the load is repeated, lowered, or planned anew.")),
    "ages": (gettext_lazy("Ages"), gettext_lazy("Minutes, pressure and percussion by age.")),
    "times": (gettext_lazy("Review, repeat and pace"), gettext_lazy("When the plan is looked at again, and how long a zone rests.")),
    "comfort": (gettext_lazy("Discomfort"), gettext_lazy("What follows a session that was not comfortable, and pain that lasts.")),
    "stops": (gettext_lazy("Stops and pauses"), gettext_lazy("Readings that end a session at once or pause the course.")),
}


def _slots(shipped: Mapping[str, Any], facts: Mapping[str, Fact], names: Names) -> dict[str, Iterator[Slot]]:
    return {
        "dose": _dose(shipped),
        "gaps": _gaps(shipped),
        "ages": _ages(shipped),
        "times": _times(shipped),
        "comfort": _comfort(shipped),
        "stops": _stops(shipped, facts, names),
    }


def _less(entry: str, path: Path, row: Words, label: Words, value: Any, low: float) -> Slot:
    return Slot(entry, path, row, label, value, min(low, value), value, isinstance(value, int))


def _more(entry: str, path: Path, row: Words, label: Words, value: Any, high: float) -> Slot:
    return Slot(entry, path, row, label, value, value, max(high, value), isinstance(value, int))


def _dose(shipped: Mapping[str, Any]) -> Iterator[Slot]:
    phases = shipped["phases"]
    share = _("Share of the sessions")
    yield _more("phases", ("build_up", "share"), PHASES["build-up"], share, phases["build_up"]["share"], MOST_SHARE)
    for place, rung in enumerate(shipped["ladder"][:-1]):
        row = _("Rung %(number)s of the ladder") % {"number": place + 1}
        yield _less("ladder", (place,), row, MINUTES, float(rung), LEAST_SHARE)
    for code in ("build-up", "working", "taper"):
        row, phase = str(PHASES[code]), shipped[f"phase/{code}"]
        if code == "taper":
            yield _more("phases", ("taper", "share"), row, share, phases["taper"]["share"], MOST_SHARE)
            yield _more("phases", ("taper", "cap"), row, _("Sessions at most"), phases["taper"]["cap"], 10)
        if code != "build-up":
            label = _("Share of the minutes, a rung of the ladder")
            yield _less(f"phase/{code}", ("minutes_factor", 0), row, label, float(phase["minutes_factor"][0]), LEAST_SHARE)
        yield _less(f"phase/{code}", ("pressure_shift",), row, PRESSURE, phase["pressure_shift"], LOWEST_SHIFT)
        if phase["percussion"]:
            label = _("Percussion")
            yield Slot(f"phase/{code}", ("percussion",), row, label, True, options=(False, True))  # noqa: FBT003


def _gaps(shipped: Mapping[str, Any]) -> Iterator[Slot]:
    labels = (
        _("The plan goes on, days missed at most"),
        _("The last load is repeated, days missed at most"),
        _("The load steps back, days missed at most"),
    )
    for place, (gap, label) in enumerate(zip(shipped["gap"], labels, strict=False)):
        yield _less("gap", (place, "missed_days_max"), _("Days"), label, gap["missed_days_max"], place)
    for place, gap in enumerate(shipped["gap"]):
        if gap["rungs"]:
            row = _("Rungs")
            label = _("Rungs down after %(days)s missed days or more (as shipped)") % {"days": gap["missed_days_min"]}
            yield _more("gap", (place, "rungs"), row, label, gap["rungs"], shipped["phases"]["max_down"])


def _ages(shipped: Mapping[str, Any]) -> Iterator[Slot]:
    for place, age in enumerate(shipped["age_factor"]):
        row = _("%(low)s–%(high)s years") % {"low": age["age_min"], "high": age["age_max"]}
        yield _less("age_factor", (place, "minutes_factor"), row, MINUTES, float(age["minutes_factor"]), LEAST_SHARE)
        yield _less("age_factor", (place, "pressure_max"), row, _("Pressure at most"), age["pressure_max"], 1)
        options = PERCUSSION[: PERCUSSION.index(age["percussion"]) + 1]
        yield Slot("age_factor", (place, "percussion"), row, _("Percussion"), age["percussion"], options=options)


def _times(shipped: Mapping[str, Any]) -> Iterator[Slot]:
    review, repeat, pace = shipped["review"], shipped["repeat"], shipped["pace"]
    row = _("Review")
    yield _less("review", ("session",), row, _("At this session at the latest"), review["session"], 2)
    yield _less("review", ("share",), row, _("At this share of the course at the latest"), review["share"], LEAST_SHARE)
    row = _("Repeat")
    yield _more("repeat", ("same_zone_min_days",), row, _("Days that a zone rests"), repeat["same_zone_min_days"], 180)
    for place, label in enumerate((_("Usual pause, days from"), _("Usual pause, days to"))):
        yield _more("repeat", ("usual_days", place), row, label, repeat["usual_days"][place], 365)
    row = _("Pace")
    yield _less("pace", ("max_position_changes",), row, _("Changes of position at most"), pace["max_position_changes"], 0)
    for place, label in enumerate((_("Rest after a session, minutes from"), _("Rest after a session, minutes to"))):
        yield _more("pace", ("rest_after_minutes", place), row, label, pace["rest_after_minutes"][place], 60)
    yield _less("pace", ("ask_again_after_hours",), row, _("Asked again within hours"), pace["ask_again_after_hours"], 12)


def _comfort(shipped: Mapping[str, Any]) -> Iterator[Slot]:
    found = shipped["discomfort"]
    low, marked, pain = found["low_comfort"], found["marked_zone"], found["pain_over_24h"]
    row, in_a_row = _("Low comfort"), _("Sessions in a row")
    yield _more("discomfort", ("low_comfort", "below"), row, _("Below this comfort"), low["below"], 10)
    yield _less("discomfort", ("low_comfort", "in_a_row"), row, in_a_row, low["in_a_row"], 1)
    yield _less("discomfort", ("low_comfort", "pressure_shift"), row, PRESSURE, low["pressure_shift"], LOWEST_SHIFT)
    row = _("A zone that hurt")
    yield _less("discomfort", ("marked_zone", "pressure_shift"), row, PRESSURE, marked["pressure_shift"], LOWEST_SHIFT)
    row = _("Pain that lasts")
    yield _less("discomfort", ("pain_over_24h", "hours"), row, _("Longer than hours"), pain["hours"], 1)
    yield _less("discomfort", ("pain_over_24h", "minutes_factor"), row, MINUTES, float(pain["minutes_factor"]), LEAST_SHARE)
    yield _less("discomfort", ("pain_over_24h", "pressure_shift"), row, PRESSURE, pain["pressure_shift"], LOWEST_SHIFT)
    row = _("A bad reaction")
    yield _less("discomfort", ("bad_reaction_after_hours",), row, _("Longer than hours"), found["bad_reaction_after_hours"], 1)
    rises, row = shipped["phases"]["load_rises_if"], _("The load rises")
    label = _("When the pain of the next day rose by at most")
    yield _less("phases", ("load_rises_if", "value"), row, label, rises["value"], 0)


def _stops(shipped: Mapping[str, Any], facts: Mapping[str, Fact], names: Names) -> Iterator[Slot]:
    for place, threshold in enumerate(shipped["stop_threshold"]):
        if threshold["op"] in STRICT_WAY:
            yield _threshold("stop_threshold", (place, "value"), threshold, facts[threshold["fact"]], names)
    for code in (entry.partition("/")[2] for entry in shipped if entry.startswith("suspend/")):
        row = shipped[f"suspend/{code}"]
        if row["op"] in STRICT_WAY:
            yield _threshold(f"suspend/{code}", ("value",), row, facts[row["fact"]], names)
        if row["in_a_row"] > 1:
            yield _less(f"suspend/{code}", ("in_a_row",), _question(row, names), _("Sessions in a row"), row["in_a_row"], 1)


def _threshold(entry: str, path: Path, row: Raw, fact: Fact, names: Names) -> Slot:
    value, unit = row["value"], names.of("facts", fact.code, "unit")
    is_upper = STRICT_WAY[row["op"]] == "lower"
    low, high = (fact.min or 0, value) if is_upper else (value, fact.max or value)
    words = {"ge": _("from this value up"), "gt": _("above this value"), "le": _("from this value down"), "lt": _("below this value")}
    label = f"{words[row['op']]}{f', {unit}' if unit else ''}"
    return Slot(entry, path, _question(row, names), label, value, low, high, fact.type == "int")


def _question(row: Raw, names: Names) -> str:
    return names.of("facts", row["fact"], "question").rstrip("?")


def bounds_in_words(slot: Slot) -> str:
    """What may be written, in a few words."""
    about = {"value": number(slot.shipped), "low": number(slot.low), "high": number(slot.high)}
    return _("shipped %(value)s; from %(low)s to %(high)s") % about
