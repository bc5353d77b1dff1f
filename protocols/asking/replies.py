"""One reply to a question about a patient, as it is stored and as forms send it."""

from dataclasses import dataclass
from typing import Any, Final

YES: Final = "yes"
NO: Final = "no"
UNKNOWN: Final = "unknown"

STATED: Final = "stated"
NORMAL: Final = "normal"


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply as it is stored: ``stated`` with the raw value, ``normal`` ("no", "never") or ``unknown``."""

    reply: str
    value: Any = None

    @property
    def holds(self) -> bool:
        """True when the reply opens its follow-up questions: yes, not empty, or any number."""
        if self.reply != STATED:
            return False
        # Nought is a number: an operation 0 weeks ago was this week. In Python 0 == False, hence "is".
        return self.value is not None and self.value is not False and self.value != []


NORMAL_REPLY: Final = Reply(NORMAL)
UNKNOWN_REPLY: Final = Reply(UNKNOWN)
