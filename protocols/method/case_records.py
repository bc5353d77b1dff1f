"""The records of earlier sessions in a case."""

from collections.abc import Mapping
from typing import Any

from protocols.method.library import Library
from protocols.method.places import Place
from protocols.method.plans import Hurt, SessionRecord
from protocols.method.reader import Reader, joined
from protocols.method.vocabulary import SIDES, Side

# Scale of comfort (10 is best) and of pain (0 is best); pressure in mm Hg as in today.systolic.
_BOUNDS = {
    "comfort": (0, 10),
    "pain_before": (0, 10),
    "pain_after": (0, 10),
    "pain_next_day": (0, 10),
    "systolic_before": (50, 280),
    "systolic_after": (50, 280),
}
_TOLD = ("skin_or_swelling", "sleep_or_headache")  # yes, no, or null where nobody asked


def parse_records(raw: object, *, before: int | None, library: Library, reader: Reader) -> tuple[SessionRecord, ...]:
    """The records by session number; faults go to ``reader``. A record of the planned session ``before``, or of a later one, is a fault."""
    records: dict[int, SessionRecord] = {}
    for place, item in enumerate(reader.items(raw, "records")):
        field = f"records[{place}]"
        record = _record(item, field, library, reader)
        if record is None:
            continue
        if record.number in records:
            reader.note(f"{field}.number", f"session {record.number} has a record already")
        if before is not None and record.number >= before:
            reader.note(f"{field}.number", f"{record.number} is not before the session that is planned, {before}")
        records[record.number] = record
    return tuple(records[number] for number in sorted(records))


def _record(raw: object, field: str, library: Library, reader: Reader) -> SessionRecord | None:
    found = reader.members(raw, field, required=("number",), optional=(*_BOUNDS, *_TOLD, "bad_reaction", "hurts"))
    if found is None or "number" not in found:
        return None
    number = reader.whole_number(found["number"], joined(field, "number"), low=1, high=60)
    measured: dict[str, Any] = {key: _measured(found, key, field, reader) for key in _BOUNDS}
    told: dict[str, Any] = {key: _told(found, key, field, reader) for key in _TOLD}
    bad_reaction = reader.truth(found.get("bad_reaction", False), joined(field, "bad_reaction"))
    hurts = [
        _hurt(item, f"{field}.hurts[{place}]", library, reader)
        for place, item in enumerate(reader.items(found.get("hurts", ()), joined(field, "hurts")))
    ]
    if number is None:
        return None
    hurt = tuple(hurt for hurt in hurts if hurt is not None)
    return SessionRecord(number, **measured, **told, bad_reaction=bool(bad_reaction), hurts=hurt)


def _measured(found: Mapping[str, object], key: str, field: str, reader: Reader) -> int | None:
    """A reading, or None where it was not taken."""
    value = found.get(key)
    low, high = _BOUNDS[key]
    return None if value is None else reader.whole_number(value, joined(field, key), low=low, high=high)


def _told(found: Mapping[str, object], key: str, field: str, reader: Reader) -> bool | None:
    """An answer of the next day, or None where nobody asked."""
    value = found.get(key)
    return None if value is None else reader.truth(value, joined(field, key))


def _hurt(raw: object, field: str, library: Library, reader: Reader) -> Hurt | None:
    found = reader.members(raw, field, required=("zone", "side"))
    if found is None or "zone" not in found or "side" not in found:
        return None
    zone = reader.code(found["zone"], joined(field, "zone"), among=library.zones, what="a zone of the library")
    side = reader.code(found["side"], joined(field, "side"), among=SIDES, what=f"one of {', '.join(SIDES)}")
    return None if zone is None or side is None else Hurt(Place(zone, _side(side)))


def _side(code: str) -> Side:
    return next(side for side in SIDES if side == code)
