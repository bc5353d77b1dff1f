"""Slips in the English that people read: doubled words, codes where a word belongs, stray space."""

import re

from protocols.method.inspection.desk import Desk
from protocols.method.texts import library_texts

DOUBLED = re.compile(r"\b([a-z]{2,}) \1\b", re.IGNORECASE)
SNAKE = re.compile(r"\b[a-z]+_[a-z_]+\b")


def inspect_prose(desk: Desk) -> None:
    """Every text that is shown or translated. Lists of values are codes in English and words only in the translations."""
    for text in library_texts(desk.library):
        if text.field == "values":
            continue
        place = f"{text.file}: {'.'.join(text.path)}.{text.field}"
        for words in text.words if isinstance(text.words, tuple) else (text.words,):
            desk.expect(not DOUBLED.search(words), place, f"a doubled word in {words!r}")
            desk.expect(not SNAKE.search(words), place, f"a code in the words {words!r}")
            desk.expect(words == words.strip() and "  " not in words, place, f"stray space in {words!r}")
