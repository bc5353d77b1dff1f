"""The texts as shipped, and the words of days, from the files in ``texts``: one for each language."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).resolve().parent / "texts"


@dataclass(frozen=True, slots=True)
class Shipped:
    """One text as shipped; a text message has no subject."""

    subject: str
    body: str


@cache
def table_of(language: str) -> dict[str, Any]:
    """Everything in the file of a language, read once in a process."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


@cache
def shipped(code: str, channel: str, language: str) -> Shipped:
    """The text as shipped. Raises ``KeyError`` for a text that does not exist."""
    row = table_of(language)[code][channel]
    return Shipped(row.get("subject", ""), row["body"].strip())


def word(language: str, name: str) -> str:
    """One of the small words that values are made of."""
    found: str = table_of(language)["words"][name]
    return found


@lru_cache(maxsize=4096)
def day_words(day: date, language: str, *, short: bool = False) -> str:
    """ "Tuesday, 1 December" or "Tue 1 Dec"; "1 декабря (вторник)" or "вт 1 дек". No year: what is told lies near."""
    words = table_of(language)["words"]
    kind = "short" if short else "long"
    weekday, month = words[f"weekdays_{kind}"][day.weekday()], words[f"months_{kind}"][day.month - 1]
    filled: str = words[f"day_{kind}"].format(weekday=weekday, day=day.day, month=month)
    return filled


@lru_cache(maxsize=512)
def far_day_words(day: date, language: str) -> str:
    """A day that may lie in another year: "1 June 2027"."""
    words = table_of(language)["words"]
    filled: str = words["day_far"].format(day=day.day, month=words["months_long"][day.month - 1], year=day.year)
    return filled


@lru_cache(maxsize=256)
def zone_words(zone: str, language: str) -> str:
    """Whose time it is: "(Berlin time)". A city without a word of its own in this language keeps its Latin name."""
    words = table_of(language)
    known: str | None = words["zones"].get(zone)
    return known or words["words"]["zone"].format(city=zone.rpartition("/")[2].replace("_", " "))
