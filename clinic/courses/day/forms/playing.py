"""What the player sends, read: a list of events as JSON, or one event by a form of the page that works without scripts."""

import json
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict

from clinic.courses.day.event_rules import FIELDS, MOST_AT_ONCE, MOST_BYTES, EventSent, is_key
from clinic.courses.states import EventKind

BY_FORM: Final = "f0f0f0f0f0f0f0f0"  # the device of events that came by a form


class NotReadable(ValueError):
    """What came is no list of events, or too long a one."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One message of a player: which device it is, and what it has to tell."""

    device: str
    events: tuple[EventSent, ...]


def message_of(body: bytes) -> Sent:
    """The message in a request's body. Raises ``NotReadable``; what the events say is looked at when they are kept."""
    if len(body) > MOST_BYTES:
        raise NotReadable
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as wrong:
        raise NotReadable from wrong
    device, told = (data.get("device"), data.get("events")) if isinstance(data, dict) else (None, None)
    if not is_key(device) or not isinstance(told, list) or len(told) > MOST_AT_ONCE:
        raise NotReadable
    return Sent(str(device), tuple(_event(each) for each in told))


def _event(data: Any) -> EventSent:
    """Without a key nobody could be told what became of it, so that the whole message is refused."""
    if not isinstance(data, dict) or not is_key(data.get("key")):
        raise NotReadable
    value: Any = data.get("value")
    return EventSent(data["key"], data.get("device", ""), data.get("seq", -1), data.get("at_ms", -1), data.get("kind", ""), value)


def event_of_form(post: QueryDict, *, at_ms: int) -> EventSent:
    """The one event of a form; its moment is that of the server. What it says is looked at when it is kept."""
    kind, value = post.get("kind", ""), dict[str, Any]()
    for name in FIELDS.get(kind, ()):
        text = post.get(name, "")
        if name in ("row", "seconds"):
            value[name] = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
        else:
            value[name] = text.strip()
    if kind == EventKind.HURT:
        value["zone"], _slash, value["side"] = post.get("place", "").partition("/")
    return EventSent(post.get("key", ""), BY_FORM, 0, at_ms, kind, value)
