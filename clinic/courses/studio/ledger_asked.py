"""What an address of the ledger asks for: the month, and whose, which rule and which reason. Everything stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from clinic.courses.numbers.asked import bounds, in_reach

LONGEST_CODE: Final = 40


@dataclass(frozen=True, slots=True)
class LedgerAsked:
    """``first`` is the first day of the month. Empty words and 0 stand for all of them."""

    first: date
    rule: str = ""
    by: int = 0
    reason: str = ""

    @property
    def last(self) -> date:
        """The last day of the month."""
        return bounds("month", self.first)[1]

    @property
    def month(self) -> str:
        """The month as the address has it: ``2026-11``."""
        return f"{self.first:%Y-%m}"

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the month is asked for."""
        return bool(self.rule or self.by or self.reason)

    def url(self, name: str = "studio:ledger", **changes: Any) -> str:
        """The page, or the file, with these filters, some of them changed."""
        asked = replace(self, **changes)
        wanted = {"month": asked.month, "rule": asked.rule, "by": str(asked.by or ""), "reason": asked.reason}
        return f"{reverse(name)}?{urlencode({key: value for key, value in wanted.items() if value})}"

    @property
    def whole_url(self) -> str:
        """The same month without any filter."""
        return self.url(rule="", by=0, reason="")

    def beside(self, turn: int) -> "LedgerAsked":
        """The month before (-1) or after (1)."""
        day = in_reach((self.first if turn < 0 else self.last) + timedelta(days=turn))
        return replace(self, first=day.replace(day=1))

    def moments(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """From the first midnight to the one after the last day, by the clinic's clock."""
        after = self.last + timedelta(days=1)
        return datetime.combine(self.first, time.min, tzinfo=zone), datetime.combine(after, time.min, tzinfo=zone)


def ledger_asked(query: QueryDict | Mapping[str, str], today: date) -> LedgerAsked:
    """The filters of an address; what cannot be read is as if it were not there: the month of today, everything."""
    by = query.get("by") or ""
    return LedgerAsked(
        _month(query.get("month") or "", today),
        rule=(query.get("rule") or "")[:LONGEST_CODE],
        by=int(by) if by.isascii() and by.isdigit() and len(by) < 10 else 0,
        reason=(query.get("reason") or "")[:LONGEST_CODE],
    )


def _month(text: str, today: date) -> date:
    try:
        return in_reach(date.fromisoformat(f"{text}-01")).replace(day=1)
    except ValueError:
        return today.replace(day=1)
