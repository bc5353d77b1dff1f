"""What the clock (beat) does for messages at set times, for hours in which it stands still: whoever sends by itself then does it too."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

_rounds: Final[list[Callable[[datetime], None]]] = []


def go_round_with(tell: Callable[[datetime], None]) -> None:
    """From now on ``tell`` is called in each round; it must be safe at any time and twice. Called once, when an app is ready."""
    if tell not in _rounds:
        _rounds.append(tell)


def go_round(now: datetime) -> None:
    """Lets everybody write the messages whose time of the day has come."""
    for tell in tuple(_rounds):
        tell(now)
