"""What an address of the outbox asks for: every filter from a closed list, so that no free text reaches the database as a key."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse

from clinic.reminders.states import Channel, Kind, MessageState

PAST: Final = "past"
TO_COME: Final = "to-come"


@dataclass(frozen=True, slots=True)
class Asked:
    """``when``: due already (newest first) or to come (next first), unless there is a ``day``. ``after``: the last one shown."""

    when: str = PAST
    state: str = ""
    kind: str = ""
    channel: str = ""
    day: date | None = None
    words: str = ""
    after: int = 0

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the time is asked for."""
        return bool(self.state or self.kind or self.channel or self.words)

    def url(self, **changes: Any) -> str:
        """The page with these filters, some of them changed; another choice begins at the top again."""
        chosen = replace(self, **{"after": 0, **changes})
        fields = {"state": chosen.state, "kind": chosen.kind, "channel": chosen.channel, "q": chosen.words}
        if chosen.day:
            fields["day"] = chosen.day.isoformat()
        elif chosen.when != PAST:
            fields["when"] = chosen.when
        if chosen.after:
            fields["after"] = str(chosen.after)
        query = urlencode({name: value for name, value in fields.items() if value})
        return reverse("reminders:outbox") + (f"?{query}" if query else "")


def asked_for(query: Mapping[str, str]) -> Asked:
    """The filters of an address; what is on no list or cannot be read is as if it were not there."""
    return Asked(
        when=TO_COME if query.get("when") == TO_COME else PAST,
        state=_one_of(MessageState.values, query.get("state")),
        kind=_one_of(Kind.values, query.get("kind")),
        channel=_one_of(Channel.values, query.get("channel")),
        day=_day(query.get("day")),
        words=(query.get("q") or "").strip()[:100],
        after=_number(query.get("after")),
    )


def _one_of(codes: list[str], asked: str | None) -> str:
    return asked if asked in codes else ""


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0
