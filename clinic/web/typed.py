"""What typed text may hold, a line or several: only what everybody who reads it can see."""

import unicodedata
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Control, format, surrogate, private and unassigned characters, and separators of lines: some turn round the words after them.
UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
JOINERS: Final = frozenset({"\u200c", "\u200d"})  # Persian and Indian names are written with them
NEW_LINES: Final = str.maketrans("\r\n\t", "   ")


def check_can_be_seen(text: str) -> None:
    """Raises ``ValidationError`` for a character that cannot be seen, and for a text without a letter or digit."""
    if any(unicodedata.category(letter) in UNSEEN and letter not in JOINERS for letter in text):
        raise ValidationError(_("This holds a character that cannot be seen. Type it by hand instead of pasting it."), code="unseen")
    if not any(unicodedata.category(letter)[0] in "LN" for letter in text):
        raise ValidationError(_("Write this with letters or digits."), code="nothing")


def check_lines_can_be_seen(text: str) -> None:
    """The same for words that may be written in several lines."""
    check_can_be_seen(text.translate(NEW_LINES))
