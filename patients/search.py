"""How a name becomes a search key, so that people are found in Latin and Cyrillic, whatever the case, accents or word order.

SQLite's ``icontains`` folds only ASCII; a stored key that is already folded works the same on both engines.
"""

import re

from clinic.web.folding import folded

# Passport-style transliteration: one Latin spelling for each Cyrillic letter, so that "Ivanova" finds "Иванова".
_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ",
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch _ y _ e iu ia i i e g".replace("_", "").split(" "),
        strict=True,
    )
)


def in_latin(text: str) -> str:
    """The folded text with each Cyrillic letter in its Latin spelling."""
    return "".join(_LATIN.get(letter, letter) for letter in folded(text))


def digits(text: str) -> str:
    """Only the digits, so that a telephone number is found however it was typed."""
    return "".join(re.findall(r"\d", text))


def search_key(*, names: tuple[str, ...], card_number: str, phone: str, born: str) -> str:
    """What the patient list searches: names in both scripts, card, telephone digits and birth date (ISO and day.month.year)."""
    year, month, day = born.split("-") if born else ("", "", "")
    words = [folded(name) for name in names if name] + [in_latin(name) for name in names if name]
    return " ".join(dict.fromkeys([*words, folded(card_number), digits(phone), born, f"{day}.{month}.{year}"]))


def _number_searched(number: str) -> str:
    """The part of a number that is the same with a country code, with a national 0 or 8, and without either."""
    return number.lstrip("0")[-9:] if len(number) >= 7 else number


def search_words(query: str) -> tuple[str, ...]:
    """The folded words of a query; a telephone number typed with spaces or brackets is one word of digits."""
    text = folded(query)
    if re.fullmatch(r"[\d\s()+\-]+", text) and len(digits(text)) >= 5 and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return (_number_searched(digits(text)),)
    return tuple(text.split(" ")) if text else ()
