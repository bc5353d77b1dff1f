"""What must be locked before an edition is published. Each row is locked before the chain of the audit, as every other action does it."""

from collections.abc import Callable
from typing import Final

from clinic.staff.models import Clinic

Hold = Callable[[Clinic], None]
_HOLDS: Final[list[Hold]] = []


def hold_before_publishing(hold: Hold) -> None:
    """From now on this is called first in each publication, with the clinic, whose row is locked. For ``ready`` of an app."""
    if hold not in _HOLDS:
        _HOLDS.append(hold)


def hold_all(clinic: Clinic) -> None:
    """Locks what every app wants to change when it is told of the publication."""
    for hold in tuple(_HOLDS):
        hold(clinic)
