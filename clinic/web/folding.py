"""Text as searches compare it: the database and the library are looked through with the same folding."""

import re
import unicodedata


def folded(text: str) -> str:
    """The text without case, accents and doubled spaces, and without control characters, which PostgreSQL takes in no query (U+0000)."""
    visible = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text)
    decomposed = unicodedata.normalize("NFKD", visible.casefold().replace("ё", "е"))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter) or letter == "\u0306")
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", bare)).strip()
