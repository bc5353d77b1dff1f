"""What an address of the numbers asks for: the days, whose, and where. Everything is in the address, so a page can be kept and compared."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

MONTHS_OF: Final[Mapping[str, int]] = {"month": 1, "quarter": 3, "year": 12}
OWN: Final = "days"
LONGEST: Final = timedelta(days=3 * 366)
# Nobody counts further; a date beyond would only make numbers overflow.
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class Asked:
    """``span`` is month, quarter, year or "days" (from ``first`` to ``last`` as written). 0 stands for everybody and for every site."""

    span: str
    first: date
    last: date
    therapist: int = 0
    site: int = 0

    def query(self) -> dict[str, str]:
        """The parameters of the address."""
        days = {"from": self.first.isoformat(), "to": self.last.isoformat()} if self.span == OWN else {"date": self.first.isoformat()}
        others = {"therapist": self.therapist, "site": self.site}
        return {"span": self.span, **days, **{name: str(value) for name, value in others.items() if value}}

    def url(self, **changes: Any) -> str:
        """The page with these filters, some of them changed."""
        return f"{reverse('numbers:clinic')}?{urlencode(replace(self, **changes).query())}"

    def csv_url(self, table: str) -> str:
        """The same numbers as a file."""
        return f"{reverse('numbers:csv', args=[table])}?{urlencode(self.query())}"

    def of(self, span: str, day: date) -> "Asked":
        """The month, quarter or year that holds that day."""
        first, last = bounds(span, day)
        return replace(self, span=span, first=first, last=last)

    def beside(self, turn: int) -> "Asked":
        """The span before (-1) or after (1) this one, as long as this one."""
        if self.span != OWN:
            return self.of(self.span, in_reach((self.first if turn < 0 else self.last) + timedelta(days=turn)))
        days = turn * (self.last - self.first + timedelta(days=1))
        return replace(self, first=in_reach(self.first + days), last=in_reach(self.last + days))

    def moments(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """From the first midnight to the one after the last day, by the clinic's clock."""
        after = self.last + timedelta(days=1)
        return datetime.combine(self.first, time.min, tzinfo=zone), datetime.combine(after, time.min, tzinfo=zone)


def asked_for(query: QueryDict | Mapping[str, str], today: date) -> Asked:
    """The filters of an address; what cannot be read is as if it were not there: the month of today."""
    therapist, site = _number(query.get("therapist")), _number(query.get("site"))
    span = query.get("span") or ""
    if span == OWN:
        one, other = _day(query.get("from"), today.replace(day=1)), _day(query.get("to"), today)
        first, last = min(one, other), max(one, other)
        return Asked(OWN, first, min(last, first + LONGEST), therapist, site)
    span = span if span in MONTHS_OF else "month"
    return Asked(span, *bounds(span, _day(query.get("date"), today)), therapist, site)


def bounds(span: str, day: date) -> tuple[date, date]:
    """The first and the last day of the month, quarter or year that holds this day."""
    months = MONTHS_OF[span]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    after = first.year * 12 + first.month - 1 + months
    return first, date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def in_reach(day: date) -> date:
    """The nearest day that is counted."""
    return min(max(day, date(FIRST_YEAR, 1, 1)), date(LAST_YEAR, 12, 31))


def _day(text: str | None, otherwise: date) -> date:
    try:
        return in_reach(date.fromisoformat(text or ""))
    except ValueError:
        return otherwise


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
