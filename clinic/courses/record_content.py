"""What a signed record of a session says, as the one text that its digest is made of, and what was given, row by row, kept and read."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any, Final

from clinic.courses.given import HurtAt, Played, RowGiven
from clinic.courses.models import SessionRecord
from clinic.signing.content import body_digest
from protocols.method.places import Place

SCHEMA: Final = "tactus-record-1"


def record_body(record: SessionRecord) -> dict[str, Any]:
    """Everything that was signed: which session, when and by whom it was given and recorded, and all that was said of it."""
    return {
        "schema": SCHEMA,
        "session": record.session_id,
        "source": str(record.source),
        "given_on": record.given_on.isoformat(),
        "given_by": record.given_by_id,
        "started_at": _moment(record.started_at),
        "ended_at": _moment(record.ended_at),
        "plan": record.plan_digest,
        "is_as_planned": record.is_as_planned,
        "rows": record.rows,
        "stop_reason": str(record.stop_reason),
        "comfort": record.comfort,
        "pain_before": record.pain_before,
        "pain_after": record.pain_after,
        "wellbeing": record.wellbeing,
        "warmth": str(record.warmth),
        "hurts": record.hurts,
        "reactions": record.reactions,
        "readings": record.readings,
        "bad_reaction": record.bad_reaction,
        "note": record.note,
        "outage_note": record.outage_note,
        "recorded_at": _moment(record.recorded_at),
        "recorded_by": record.recorded_by_id,
    }


def _moment(at: datetime | None) -> str:
    """A moment in one spelling, whatever zone it was read in."""
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else ""


def record_digest(record: SessionRecord) -> str:
    """SHA-256 (hex) of the record as it stands. A record whose kept digest is another one was changed behind the program's back."""
    return body_digest(record_body(record))


def verifies(record: SessionRecord) -> bool | None:
    """Whether the record is what was signed; None for one of the time before digests were kept."""
    return record_digest(record) == record.digest if record.digest else None


# What was given, kept and read ----------------------------------------------------------------------------------------------
def rows_kept(rows: Iterable[RowGiven]) -> list[dict[str, Any]]:
    """Rows as JSON keeps them."""
    return [asdict(row) for row in rows]


def rows_of(record: SessionRecord) -> tuple[RowGiven, ...]:
    """What was given, row by row of the plan, in whole seconds; ``()`` where the whole session was recorded as planned."""
    return tuple(RowGiven(**row) for row in record.rows)


def hurts_kept(hurts: Iterable[HurtAt]) -> list[dict[str, Any]]:
    """Places where it hurt as JSON keeps them."""
    return [{"zone": each.place.zone, "side": each.place.side, "row": each.row} for each in hurts]


def hurts_of(record: SessionRecord) -> tuple[HurtAt, ...]:
    """Where it hurt, and at which row of the plan; row None where it was told afterwards."""
    return tuple(HurtAt(Place(each["zone"], each["side"]), each["row"]) for each in record.hurts)


def all_planned(planned: Iterable[int]) -> Played:
    """A session that was given as planned, without the player; ``planned`` are the seconds of its rows."""
    rows = tuple(RowGiven(row, seconds, seconds) for row, seconds in enumerate(planned))
    return Played(None, 0, is_paused=False, ended_ms=None, rows=rows)


def corrected(given: Played, left_out: Mapping[int, str], stop_reason: str) -> Played:
    """What was given, as whoever signs puts it right: rows that were left out, by the reason, and why it was stopped ("" if it was not)."""
    rows = tuple(replace(row, given=0, reason=left_out[row.row]) if row.row in left_out else row for row in given.rows)
    return replace(given, rows=rows, stop_reason=stop_reason)
