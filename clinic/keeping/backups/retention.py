"""Which backups are kept: the newest of each of the last days, weeks and months that have one. Pure: moments in, moments out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final


@dataclass(frozen=True)
class Keep:
    """For so many days, weeks and months one backup is kept."""

    days: int = 7
    weeks: int = 4
    months: int = 12


STANDARD: Final = Keep()


def read_keep(words: str) -> Keep:
    """``7,4,12``: days, weeks, months. Raises ``ValueError`` with a sentence for anything else."""
    parts = [part.strip() for part in words.split(",")]
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError(f"{words!r} does not say for how long backups are kept; write days, weeks and months, for example 7,4,12.")
    return Keep(*map(int, parts))


def superseded(moments: Iterable[datetime], *, keep: Keep, now: datetime) -> set[datetime]:
    """The moments (aware) of those backups that need not be kept any more.

    Only days, weeks and months in which there is a backup count, so that a pause removes nothing. The newest is always kept. What was
    taken after ``now``, by a clock that ran ahead, is neither removed nor counted: it must not push out what was taken since.
    """
    past = sorted({moment.astimezone(UTC) for moment in moments if moment <= now}, reverse=True)
    kept = {*past[:1]}
    kept |= _newest_of(past, lambda moment: moment.date(), keep.days)
    kept |= _newest_of(past, lambda moment: moment.isocalendar()[:2], keep.weeks)
    kept |= _newest_of(past, lambda moment: (moment.year, moment.month), keep.months)
    return set(past) - kept


def _newest_of(newest_first: list[datetime], span_of: Callable[[datetime], object], spans: int) -> set[datetime]:
    """The newest moment in each of the last so many spans that have one."""
    newest: dict[object, datetime] = {}
    for moment in newest_first:
        newest.setdefault(span_of(moment), moment)
    return set(list(newest.values())[:spans])
