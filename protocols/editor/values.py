"""The values of a stage that a clinic may set: where each stands in its table, and how far it may go from the shipped one. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Path = tuple[str | int, ...]
Kind = Literal["whole", "number", "level", "tempo"]
TEMPO_ORDER: Final = ("calm", "neutral", "tonic")
FEWEST: Final = 1
LEVELS: Final = 4


@dataclass(frozen=True, slots=True)
class Value:
    """One value. ``bound``: it may not go above (``at-most``) or below (``at-least``) the shipped value; ``free`` values are bounded apart.

    ``word`` names it for the words of a form (``protocols.editor.value_words``); ``low`` is the least that makes sense at all.
    """

    path: Path
    word: str
    kind: Kind
    bound: Literal["at-most", "at-least", "free"] = "at-most"
    low: float = FEWEST

    @property
    def name(self) -> str:
        """The name of its field in a form."""
        return "-".join(str(part) for part in self.path)


LIMITS: Final = (
    Value(("pressure_max",), "pressure-max", "level"),
    Value(("pressure", "build_up"), "pressure-build-up", "level"),
    Value(("pressure", "working"), "pressure-working", "level"),
    Value(("tempo",), "tempo", "tempo"),
)
DOSE: Final = (
    Value(("minutes", "first"), "minutes-first", "whole"),
    Value(("minutes", "full"), "minutes-full", "whole"),
    Value(("minutes", "max"), "minutes-max", "whole"),
    Value(("units",), "units", "number", low=0.5),
)
COURSE: Final = (
    Value(("sessions", "min"), "sessions-min", "whole"),
    Value(("sessions", "usual"), "sessions-usual", "whole"),
    Value(("sessions", "max"), "sessions-max", "whole"),
    Value(("cadence", "every_days_min"), "days-min", "whole", "at-least"),
    Value(("cadence", "every_days_max"), "days-max", "whole", "at-least"),
    Value(("cadence", "per_week"), "per-week", "whole"),
    Value(("repeat_after_days",), "repeat", "whole", "at-least", low=0),
)
GROUPS: Final[Mapping[str, tuple[Value, ...]]] = {"limits": LIMITS, "dose": DOSE, "course": COURSE}


def values_of(group: str, shipped: Mapping[str, Any]) -> tuple[Value, ...]:
    """The values of a group that this stage has, rows of its own (minutes by age) included."""
    there = tuple(value for value in GROUPS[group] if read_at(shipped, value.path) is not None)
    return (*there, *_rows(shipped)) if group == "dose" else there


def _rows(shipped: Mapping[str, Any]) -> Iterator[Value]:
    for number, _row in enumerate(shipped.get("minutes_by_age", ())):
        yield Value(("minutes_by_age", number, "minutes"), "minutes-by-age", "whole")


def read_at(table: Any, path: Path) -> Any:
    """What stands at this path; None where nothing does."""
    for part in path:
        if isinstance(part, int):
            table = table[part] if isinstance(table, Sequence) and part < len(table) else None
        else:
            table = table.get(part) if isinstance(table, Mapping) else None
    return table


def written_at(table: Any, path: Path, value: Any) -> Any:
    """The table with another value at this path; what is not on the path is shared with the old one."""
    if not path:
        return value
    part, rest = path[0], path[1:]
    if isinstance(part, int):
        return [written_at(row, rest, value) if place == part else row for place, row in enumerate(table)]
    return {**table, part: written_at(table.get(part, {}), rest, value)}


def bounds(value: Value, shipped: Any) -> tuple[float, float | None]:
    """The least and the most that a clinic may set; None where nothing bounds it above. For whole numbers, numbers and levels."""
    if value.bound == "at-least":
        return shipped, None
    return value.low, shipped


def tempos(shipped: str) -> tuple[str, ...]:
    """The tempos that are no brisker than the shipped one."""
    return TEMPO_ORDER[: TEMPO_ORDER.index(shipped) + 1]


# Where a value of the clinic's own comes from -----------------------------------------------------------------------------------
BEHIND: Final[Mapping[str, tuple[str, ...]]] = {
    "minutes": ("minutes", "minutes_by_age"),
    "sessions": ("sessions",),
    "cadence": ("cadence",),
    "repeat": ("repeat_after_days",),
    "positions": ("positions",),
    "units": ("units", "procedure_area"),
    "pressure": ("pressure_max", "pressure", "pressure_max_at"),
}


def with_origins(stage: Mapping[str, Any], shipped: Mapping[str, Any]) -> dict[str, Any]:
    """The stage with honest origins: what differs from the shipped stage is no longer from its source, but general knowledge."""
    if "provenance" not in stage or "provenance" not in shipped:
        return dict(stage)
    origins = dict(shipped["provenance"])
    for word, keys in BEHIND.items():
        if any(stage.get(key) != shipped.get(key) for key in keys):
            origins[word] = "general"
    if _places(stage) != _places(shipped):
        origins["plan"] = "general"
    if [row.get("profile") for row in stage["steps"]] != [row.get("profile") for row in shipped["steps"]]:
        origins["profiles"] = "general"
    return {**stage, "provenance": origins}


def _places(stage: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    return [(row.get("part"), row.get("zone"), row.get("side"), row.get("minutes")) for row in stage["steps"]]
