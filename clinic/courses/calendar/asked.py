"""What an address of the calendar asks for: the day, the site, whose or which room's. Everything is in the address, so it can be kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

ROOM: Final = "room"
# Nobody plans further; a date beyond would only make numbers overflow.
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of a page. 0 stands for all; ``by`` is "room" or ""."""

    page: str
    today: date
    day: date
    by: str = ""
    site: int = 0
    therapist: int = 0
    room: int = 0

    def changed(self, **changes: Any) -> "Asked":
        """The same with some filters changed."""
        return replace(self, **changes)

    def url(self, page: str = "", **changes: Any) -> str:
        """The address of a calendar page with these filters, some of them changed."""
        wanted = replace(self, page=page or self.page, **changes)
        query = wanted.query()
        return path_of(wanted.page) + (f"?{urlencode(query)}" if query else "")

    def query(self) -> dict[str, str]:
        """Only what is not the usual: an address without anything is today."""
        day = {"date": self.day.isoformat()} if self.day != self.today else {}
        others = {"by": self.by, "site": self.site, "therapist": self.therapist, "room": self.room}
        return {**day, **{name: str(value) for name, value in others.items() if value}}

    def beside(self, days: int) -> str:
        """The same page so many days on."""
        return self.url(day=in_reach(self.day + timedelta(days=days)))

    @property
    def monday(self) -> date:
        return self.day - timedelta(days=self.day.weekday())


@cache
def path_of(page: str) -> str:
    """The address of a calendar page without filters."""
    return reverse(f"calendar:{page}")


def asked_for(page: str, query: QueryDict | Mapping[str, str], today: date) -> Asked:
    """The filters of an address; what cannot be read is as if it were not there."""
    numbers = {name: _number(query.get(name)) for name in ("site", "therapist", "room")}
    return Asked(page, today, _day(query.get("date"), today), ROOM if query.get("by") == ROOM else "", **numbers)


def in_reach(day: date) -> date:
    """The nearest day that the calendar shows."""
    return min(max(day, date(FIRST_YEAR, 1, 1)), date(LAST_YEAR, 12, 31))


def _day(text: str | None, today: date) -> date:
    try:
        return in_reach(date.fromisoformat(text or ""))
    except ValueError:
        return today


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
