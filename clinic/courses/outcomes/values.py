"""One number that was measured, whatever it was read from: what trends and charts are made of."""

from dataclasses import dataclass
from datetime import date
from typing import Final

TAKEN_BACK: Final = "taken-back"  # the moment of a row that takes an earlier value back: nothing was measured


@dataclass(frozen=True, slots=True)
class Valued:
    """A value on a day; ``pk`` of its row, 0 where it was read from the record of a session; ``session`` its number there.

    ``value`` is None where the measure is compared by eye: ``words`` say how.
    """

    measure: str
    day: date
    value: float | None
    side: str = ""
    words: str = ""
    moment: str = ""
    pk: int = 0
    session: int | None = None
    by: str = ""
    corrects: str = ""  # the reason, where it replaces an earlier value
