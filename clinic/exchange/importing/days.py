"""Birth dates as files write them. One file has one order of day and month; where its dates do not tell which, a person is asked. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from clinic.web.folding import folded

DAY_FIRST: Final = "dmy"
MONTH_FIRST: Final = "mdy"
ASK: Final = "ask"
ORDERS: Final = (DAY_FIRST, MONTH_FIRST)

_YEAR_FIRST: Final = re.compile(r"(\d{4})[-./ ](\d{1,2})[-./ ](\d{1,2})(?:[T ]0{1,2}:00(?::00(?:\.0+)?)?)?")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})([-./ ])(\d{1,2})\2(\d{4})(?: 0{1,2}:00(?::00)?)?")
_WORDED: Final = re.compile(r"(\d{1,2})\.? ?([^\W\d_]+)\.?,? ?(\d{4})(?: ?г\.?)?|([^\W\d_]+)\.? (\d{1,2}),? (\d{4})")
_MONTHS: Final[Mapping[str, int]] = {
    word: number
    for number, words in enumerate(
        (
            "january jan januar января январь янв", "february feb februar февраля февраль фев", "march mar marz марта март мар",
            "april apr апреля апрель апр", "may mai мая май", "june jun juni июня июнь июн", "july jul juli июля июль июл",
            "august aug августа август авг", "september sep sept сентября сентябрь сен сент", "october oct oktober okt октября октябрь окт",
            "november nov ноября ноябрь ноя", "december dec dezember dez декабря декабрь дек",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip


def order_of(texts: Iterable[str]) -> str:
    """Which comes first in the dates of a file that end with the year: day, month, or ``ASK`` where they do not tell, or contradict.

    A date with dots has its day first, unless another date of the file says otherwise.
    """
    first, second, unsure, dotted = 0, 0, 0, 0
    for text in texts:
        if not (found := _YEAR_LAST.fullmatch(text.strip())):
            continue
        one, other = int(found[1]), int(found[3])
        first += one > 12 >= other
        second += other > 12 >= one
        unsure += one != other and max(one, other) <= 12
        dotted += found[2] == "."
    if first and second:
        return ASK
    if first or second:
        return DAY_FIRST if first else MONTH_FIRST
    return ASK if unsure > 0 and not dotted else DAY_FIRST


def read_day(text: str, order: str) -> date | None:
    """The day that a cell says in a file of this order; None for what is no day, or is not told while nobody has said the order."""
    bare = text.strip()
    if found := _YEAR_FIRST.fullmatch(bare):
        return _day(found[1], found[2], found[3])
    if found := _YEAR_LAST.fullmatch(bare):
        if order == ASK and found[1] != found[3]:
            return None
        day, month = (found[1], found[3]) if order != MONTH_FIRST else (found[3], found[1])
        return _day(found[4], month, day)
    if found := _WORDED.fullmatch(folded(bare)):
        day, word, year = (found[1], found[2], found[3]) if found[1] else (found[5], found[4], found[6])
        return _day(year, str(_MONTHS.get(word, 0)), day)
    return None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def is_written_as_day(text: str) -> bool:
    """Whether a cell is written in figures like a day with its year, be there such a day or not."""
    return any(shape.fullmatch(text.strip()) for shape in (_YEAR_FIRST, _YEAR_LAST))


def is_ambiguous(text: str) -> bool:
    """Whether a cell is a day in one order and another day in the other."""
    found = _YEAR_LAST.fullmatch(text.strip())
    return found is not None and found[1] != found[3] and max(int(found[1]), int(found[3])) <= 12
