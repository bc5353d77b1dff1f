"""What an event of a player may say. Whatever a browser sends is looked at here before it is kept; nothing else is ever read from it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.courses.states import EventKind, SkipReason, StopReason
from clinic.web.typed import check_lines_can_be_seen
from protocols.method.tree import ZoneTree

KEY: Final = re.compile(r"[0-9a-f]{16,32}")
MOST_AT_ONCE: Final = 200  # events in one request
MOST_BYTES: Final = 200_000
MOST_OF_A_START: Final = 2_000
LONGEST_WORDS: Final = 300
SECONDS: Final = range(10, 301)
LARGEST_NUMBER: Final = 2**31 - 1
AHEAD_MS: Final = 60_000  # how far the clock of a device may go ahead before it is set right
# Written by the action that hands a session over, never by a browser.
OF_THE_SERVER: Final = frozenset({EventKind.TAKEN_OVER})
FIELDS: Final[Mapping[str, frozenset[str]]] = {
    EventKind.BEGUN: frozenset({"row"}),
    EventKind.PAUSED: frozenset(),
    EventKind.RESUMED: frozenset(),
    EventKind.LONGER: frozenset({"row", "seconds"}),
    EventKind.SHORTER: frozenset({"row", "seconds"}),
    EventKind.SKIPPED: frozenset({"row", "reason", "words"}),
    EventKind.HURT: frozenset({"row", "zone", "side"}),
    EventKind.STOPPED: frozenset({"reason", "words"}),
    EventKind.FINISHED: frozenset(),
}
MAY_BE_LEFT_OUT: Final = frozenset({"words"})


class EventRefused(ValueError):
    """An event that says what none may say. The message is a sentence for people."""


@dataclass(frozen=True, slots=True)
class EventSent:
    """One event as it came. ``at_ms`` counts from the start; ``value`` as ``clinic.courses.given.Event`` has it. Not to be trusted."""

    key: str
    device: str
    seq: int
    at_ms: int
    kind: str
    value: Mapping[str, Any] = field(default_factory=dict)


def checked(sent: EventSent, *, rows: int, tree: ZoneTree) -> dict[str, Any]:
    """What is kept of the event's value. Raises ``EventRefused`` where anything about the event is not as it must be."""
    if not is_key(sent.key) or not is_key(sent.device):
        raise EventRefused(_("An event needs a key and a device."))
    if not _is_number(sent.seq) or not _is_number(sent.at_ms):
        raise EventRefused(_("An event says when it was, in whole milliseconds."))
    if not isinstance(sent.kind, str) or sent.kind not in FIELDS or not isinstance(sent.value, Mapping):
        raise EventRefused(_("Nothing of this kind can happen while a session is given."))
    wanted, given = FIELDS[sent.kind], frozenset(sent.value)
    if given - wanted or wanted - given - MAY_BE_LEFT_OUT:
        raise EventRefused(_("An event says something else than its kind allows."))
    for name in sorted(given):
        if not _CHECKS[name](sent, rows, tree):
            raise EventRefused(_("An event names something that this session does not have."))
    return {name: value for name, value in sent.value.items() if value != ""}


def is_key(text: object) -> bool:
    """Whether this can be the key of an event or the name of a device: 16 to 32 hexadecimal digits."""
    return isinstance(text, str) and KEY.fullmatch(text) is not None


def _is_number(value: object, *, most: int = LARGEST_NUMBER) -> bool:
    # True is a number to Python, and none to anybody else.
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _row(sent: EventSent, rows: int, _tree: ZoneTree) -> bool:
    row = sent.value["row"]
    return (row is None and sent.kind == EventKind.HURT) or _is_number(row, most=rows - 1)


def _seconds(sent: EventSent, _rows: int, _tree: ZoneTree) -> bool:
    return _is_number(sent.value["seconds"]) and sent.value["seconds"] in SECONDS


def _reason(sent: EventSent, _rows: int, _tree: ZoneTree) -> bool:
    reasons: list[str] = SkipReason.values if sent.kind == EventKind.SKIPPED else StopReason.values
    return isinstance(sent.value["reason"], str) and sent.value["reason"] in reasons


def _words(sent: EventSent, _rows: int, _tree: ZoneTree) -> bool:
    words = sent.value["words"]
    if not isinstance(words, str) or len(words) > LONGEST_WORDS:
        return False
    try:
        if words:
            check_lines_can_be_seen(words)
    except ValidationError:
        return False
    return True


def _zone(sent: EventSent, _rows: int, tree: ZoneTree) -> bool:
    return isinstance(sent.value["zone"], str) and sent.value["zone"] in tree.zones


def _side(sent: EventSent, _rows: int, tree: ZoneTree) -> bool:
    zone = tree.zones.get(sent.value["zone"]) if isinstance(sent.value["zone"], str) else None
    sides = ("left", "right", "both") if zone is not None and zone.paired else ("both",)
    return isinstance(sent.value["side"], str) and sent.value["side"] in sides


_CHECKS: Final[Mapping[str, Callable[[EventSent, int, ZoneTree], bool]]] = {
    "row": _row,
    "seconds": _seconds,
    "reason": _reason,
    "words": _words,
    "zone": _zone,
    "side": _side,
}
