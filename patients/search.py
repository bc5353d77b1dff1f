"""How names, numbers and birth dates become what a search compares: in Latin and Cyrillic, whatever the case, accents or word order.

SQLite's ``icontains`` folds only ASCII; a stored key that is already folded works the same on both engines. A name with one slip of
the finger is found by the letters that are left of its beginning when any one letter is taken away (the idea of SymSpell): two
spellings that are one slip apart always share such a key. What shares a key is then compared letter by letter.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from clinic.web.folding import folded

# Passport-style transliteration: one Latin spelling for each Cyrillic letter, so that "Ivanova" finds "Иванова".
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch _ y _ e iu ia i i e g".replace("_", "").split(" "),
        strict=True,
    )
)
# Spellings of one sound, in this order: Yulia, Julija and Юлия; Müller and Mueller; Dmitry and Dmitriy.
_SOUNDS: Final = (
    *((many, "sh") for many in ("shch", "tsch", "sch")),
    *zip(("tch", "kh", "ph", "th", "ck", "x", "q", "w", "y", "j"), ("ch", "h", "f", "t", "k", "ks", "k", "v", "i", "i"), strict=True),
    *zip(("ie", "ae", "oe", "ue"), "eaou", strict=True),
)
SHORTEST_WITH_SLIP: Final = 4  # letters; a slip in a shorter name could be nearly any other
SHORTEST_BEGINNING: Final = 5
SHORTEST_NUMBER: Final = 5
NATIONAL: Final = 9  # the last digits of a telephone number are the same with and without the country code
_AS_SOUNDED: Final = "="
_TOKEN: Final = re.compile(
    r"(?<!\S)(?:(?P<date>\d{1,4}[./-]\d{1,2}[./-]\d{1,4})(?!\S)|(?P<number>[+(]?\d[\d\s()\-]{3,}\d)(?!\S)|(?P<word>\S+))"
)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that was typed. The record must hold one of ``spellings``; ``is_name`` tells whether it may hold a slip."""

    spellings: tuple[str, ...]
    is_name: bool = False


def in_latin(text: str) -> str:
    """The folded text with each Cyrillic letter in its Latin spelling."""
    return "".join(_LATIN.get(letter, letter) for letter in folded(text))


def digits(text: str) -> str:
    """Only the digits, so that a telephone number is found however it was typed."""
    return "".join(re.findall(r"\d", text))


def search_key(*, names: tuple[str, ...], card_number: str, phones: tuple[str, ...], born: str) -> str:
    """What the patient list searches: names in both scripts, card, telephone digits and birth date (ISO and day.month.year)."""
    year, month, day = born.split("-") if born else ("", "", "")
    words = [folded(name) for name in names if name] + [in_latin(name) for name in names if name]
    numbers = [digits(phone) for phone in phones if phone]
    return " ".join(dict.fromkeys([*words, folded(card_number), *numbers, born, f"{day}.{month}.{year}"]))


# What was typed -------------------------------------------------------------------------------------------------------------
def search_terms(query: str) -> tuple[Term, ...]:
    """The terms of a query: dates, numbers (a telephone number typed with spaces or brackets is one), names and other words."""
    return tuple(_term(found) for found in _TOKEN.finditer(folded(query)))


def _term(found: re.Match[str]) -> Term:
    text = found.group()
    if found["date"] and (days := tuple(_days(text))):
        return Term(days)
    if len(digits(text)) >= SHORTEST_NUMBER and (found["number"] or found["date"]):
        return Term(tuple(dict.fromkeys([*_numbers(text), text])))
    return Term((text,), is_name=len(text) >= SHORTEST_WITH_SLIP and not re.search(r"\d", text))


def _days(text: str) -> Iterator[str]:
    """The days that a date may mean, as ISO: year first, day first, or month first where strokes divide it; 80 is 1980 or 2080."""
    first, second, third = re.split(r"[./-]", text)
    orders = [(first, second, third)] if len(first) == 4 else [(third, second, first)]
    orders += [(third, first, second)] if "/" in text and len(first) < 4 else []
    for year, month, day in orders:
        for number in (int(year),) if len(year) == 4 else (1900 + int(year), 2000 + int(year)):
            if len(year) in (2, 4) and (real := _day(number, int(month), int(day))):
                yield real.isoformat()


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # the 31st of June is no day, so it is nobody's birth date
        return None


def _numbers(text: str) -> Iterator[str]:
    """The ways in which a record may hold this number: as typed, and without the country code or the 0 or 8 before it."""
    number = digits(text)
    yield number
    if len(number) >= 7:
        yield number.lstrip("0")[-NATIONAL:]
    if text.startswith("+") or number.startswith("00"):
        bare = number.lstrip("0")
        yield from (bare[length:] for length in (1, 2, 3) if 7 <= len(bare) - length < NATIONAL)


def same_number(one: str, other: str) -> bool:
    """Whether two telephone numbers are one, whatever country code or 0 stands before them."""
    first, second = digits(one).lstrip("0")[-NATIONAL:], digits(other).lstrip("0")[-NATIONAL:]
    shorter, longer = sorted((first, second), key=len)
    return len(shorter) >= SHORTEST_NUMBER and longer.endswith(shorter) and len(longer) - len(shorter) <= 2


# One slip ---------------------------------------------------------------------------------------------------------------------
@lru_cache(maxsize=20_000)
def name_words(*names: str) -> tuple[str, ...]:
    """The single names of a full name, folded: a double name with a hyphen is two, an apostrophe is none of its letters."""
    return tuple(word for name in names for word in re.split(r"[\s\-\u2010-\u2015]+", re.sub(r"['’ʼ`]", "", folded(name))) if word)


def spellings(word: str) -> tuple[str, ...]:
    """A folded word as it is written and in Latin letters."""
    return tuple(dict.fromkeys((word, in_latin(word))))


@lru_cache(maxsize=20_000)
def sounded(word: str) -> str:
    """A rough spelling that is the same for names which sound alike, in either script."""
    found = in_latin(word)
    for many, one in _SOUNDS:
        found = found.replace(many, one)
    return re.sub(r"(.)\1+", r"\1", found)


def sound_key(word: str) -> str:
    """The key under which names that sound like this one are kept."""
    return _AS_SOUNDED + sounded(word)[: 80 - len(_AS_SOUNDED)]


def name_keys(words: Iterable[str]) -> frozenset[str]:
    """Every key of these names: how they sound, and what is left of their beginnings without one letter."""
    return frozenset(key for word in words for key in (sound_key(word), *_beginnings(word)))


def _beginnings(word: str) -> Iterator[str]:
    for spelling in spellings(word):
        start = spelling[:SHORTEST_BEGINNING]
        yield start
        yield from (start[:place] + start[place + 1 :] for place in range(len(start)) if len(start) > 1)


@lru_cache(maxsize=200_000)
def is_one_slip(one: str, other: str) -> bool:
    """Whether the words are equal, or one letter is missing, too many, wrong, or swapped with its neighbour."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    first, second = one[start:], other[start:]
    while first and second and first[-1] == second[-1]:
        first, second = first[:-1], second[:-1]
    return max(len(first), len(second)) <= 1 or (len(first) == 2 and first == second[::-1])


def is_alike(typed: str, kept: str) -> bool:
    """Whether a typed name may be the kept one: it sounds the same or is one slip away, in either script."""
    pairs = ((mine, other) for mine in spellings(typed) for other in spellings(kept))
    short = min(len(typed), len(kept)) < SHORTEST_WITH_SLIP
    return sounded(typed) == sounded(kept) or (not short and any(is_one_slip(mine, other) for mine, other in pairs))


@lru_cache(maxsize=20_000)
def begins_alike(typed: str, kept: str) -> bool:
    """The same for a name of which only the beginning has been typed yet."""
    if is_alike(typed, kept):
        return True
    pairs = ((mine, other) for mine in spellings(typed) for other in spellings(kept))
    return any(
        len(mine) >= SHORTEST_BEGINNING and is_one_slip(mine, other[:length])
        for mine, other in pairs
        for length in range(len(mine) - 1, min(len(mine) + 1, len(other)) + 1)
    )
