"""Rules of a course made stricter: raw entries in, raw entries out, with what hangs together kept together. Pure.

Entries are those of ``library/course-rules`` by their key or ``table/code``; the Russian is the whole table of texts.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from django.utils.translation import gettext as _

from protocols.rulebook.changing import NotStricter, at, put
from protocols.rulebook.course_numbers import Slot

Entries = Mapping[str, Any]
ROUNDING: Final = 1e-9


@dataclass(frozen=True, slots=True)
class CourseTexts:
    """The entries with the Russian of their texts."""

    entries: Entries
    russian: Mapping[str, Any]


def value_of(entries: Entries, slot: Slot) -> Any:
    """What stands in a slot now."""
    return at(entries[slot.entry], slot.path)


def with_values(now: CourseTexts, shipped: Entries, values: Mapping[Slot, Any]) -> CourseTexts:
    """The rules with these values, and what follows of them: the build-up is the ladder, gaps meet, texts name the new numbers.

    Raises ``NotStricter`` for a value outside its bounds, for gaps that overlap and for a ladder with a wider step.
    """
    entries: dict[str, Any] = dict(now.entries)
    for slot, value in values.items():
        entries[slot.entry] = put(entries[slot.entry], slot.path, checked(slot, value))
    entries = with_ladder(with_gaps(entries), shipped)
    changed = CourseTexts(entries, now.russian)
    for slot, value in values.items():
        changed = _said(changed, slot, value_of(now.entries, slot), value)
    return with_stop_words(changed, shipped)


def checked(slot: Slot, value: Any) -> Any:
    """The value, if it is as strict as the shipped one. Raises ``NotStricter``."""
    if slot.options:
        if value not in slot.options:
            raise NotStricter(_("This would allow more than the shipped rule."))
        return value
    if not slot.low - ROUNDING <= value <= slot.high + ROUNDING:
        bounds = {"low": f"{slot.low:g}", "high": f"{slot.high:g}"}
        raise NotStricter(_("Only a value from %(low)s to %(high)s is as strict as the shipped one.") % bounds)
    return int(value) if slot.is_whole else float(value)


def with_ladder(entries: dict[str, Any], shipped: Entries) -> dict[str, Any]:
    """The build-up takes the rungs below the top, the other phases the highest one that they reach.

    Raises ``NotStricter`` where rungs do not rise, or a step is wider than shipped.
    """
    ladder = entries["ladder"]
    steps = [after - before for before, after in pairwise(ladder)]
    widest = max(after - before for before, after in pairwise(shipped["ladder"]))
    if min(steps) <= 0 or max(steps) > widest + ROUNDING:
        raise NotStricter(_("The rungs of the ladder must rise, and no step between two may be wider than shipped."))
    entries["phase/build-up"] = {**entries["phase/build-up"], "minutes_factor": list(ladder[:-1])}
    for code in ("phase/working", "phase/taper"):
        (factor,) = entries[code]["minutes_factor"]
        rung = max((rung for rung in ladder if rung <= factor + ROUNDING), default=ladder[0])
        entries[code] = {**entries[code], "minutes_factor": [rung]}
    return entries


def with_gaps(entries: dict[str, Any]) -> dict[str, Any]:
    """Each gap begins where the one before ends. Raises ``NotStricter`` for one that ends before it begins."""
    rows = [dict(row) for row in entries["gap"]]
    for before, row in pairwise(rows):
        row["missed_days_min"] = before["missed_days_max"] + 1
    if any(row["missed_days_min"] > row["missed_days_max"] for row in rows):
        raise NotStricter(_("Each kind of gap must be longer than the one before."))
    entries["gap"] = rows
    return entries


# Texts that name a number -------------------------------------------------------------------------------------------------------
def renumbered(text: str, before: float, after: float) -> str:
    """The text with the first mention of a number said anew, with the decimal sign that it has there."""
    old = re.escape(f"{before:g}").replace(r"\.", "[.,]")
    sign = "," if re.search(r"(?<![\d.,])\d+,\d", text) else "."
    return re.sub(rf"(?<![\d.,]){old}(?![.,]?\d)", f"{after:g}".replace(".", sign), text, count=1)


def _said(now: CourseTexts, slot: Slot, before: Any, after: Any) -> CourseTexts:
    if slot.options or before == after or slot.path[-1] == "in_a_row":
        return now
    entry = now.entries[slot.entry]
    if not isinstance(entry, Mapping) or "text" not in entry:
        return now
    english = {**entry, "text": renumbered(entry["text"], before, after)}
    russian = _in_russian(now.russian, slot.entry, tuple(now.entries), before, after)
    return CourseTexts({**now.entries, slot.entry: english}, russian)


def _in_russian(russian: Mapping[str, Any], entry: str, order: Iterable[str], before: Any, after: Any) -> Mapping[str, Any]:
    if entry.startswith("suspend/"):
        place = [each for each in order if each.startswith("suspend/")].index(entry)
        path: tuple[str | int, ...] = ("suspend", place)
    else:
        path = (entry, "text")
    found: Mapping[str, Any] = put(russian, path, renumbered(at(russian, path), before, after))
    return found


def with_words(now: CourseTexts, code: str, english: str, russian: str) -> CourseTexts:
    """What pauses the course, in other words (``suspend``)."""
    entry = f"suspend/{code}"
    place = [each for each in now.entries if each.startswith("suspend/")].index(entry)
    entries = {**now.entries, entry: {**now.entries[entry], "text": english}}
    return CourseTexts(entries, put(now.russian, ("suspend", place), russian))


# What ends a session: the fact -> the set, and how the sign begins that names its number.
STOP_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "during.pain-rise": ("any", "pain up by"),
    "during.spo2-fall": ("respiratory", "oxygen down by"),
    "during.respiratory-rate": ("respiratory", "breathing rate above"),
    "during.peak-flow-percent-before": ("respiratory", "peak flow below"),
    "during.systolic-rise": ("cardiovascular", "systolic up by"),
    "during.systolic-fall": ("cardiovascular", "systolic down by"),
    "during.pulse": ("cardiovascular", "pulse over"),
}


def with_stop_words(now: CourseTexts, shipped: Entries) -> CourseTexts:
    """Every sign of the release stays; a threshold that is stricter adds its sign with the new number at the end of its set."""
    entries, russian = dict(now.entries), now.russian
    for code in dict.fromkeys(of for of, _start in STOP_WORDS.values()):
        lines, words = _stop_lines(code, entries, shipped, russian)
        entries[f"stop_set/{code}"] = {**entries[f"stop_set/{code}"], "stop": lines}
        russian = put(russian, ("stop-sets", code, "stop"), words)
    return CourseTexts(entries, russian)


def _stop_lines(code: str, entries: Entries, shipped: Entries, russian: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    lines = list(shipped[f"stop_set/{code}"]["stop"])
    words = list(russian["stop-sets"][code]["stop"][: len(lines)])
    for old, new in zip(shipped["stop_threshold"], entries["stop_threshold"], strict=True):
        of, start = STOP_WORDS.get(old["fact"], ("", ""))
        if of == code and old["value"] != new["value"]:
            place = next(place for place, line in enumerate(lines) if line.startswith(start))
            lines.append(renumbered(lines[place], old["value"], new["value"]))
            words.append(renumbered(words[place], old["value"], new["value"]))
    return lines, words
