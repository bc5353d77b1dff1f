"""Places for good."""

from collections.abc import Sequence

from clinic.schedule.actions.placing import Request, place_all
from clinic.schedule.actions.wanting import Place
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor


def book_places(*, clinic: Clinic, key: str, places: Sequence[Place], actor: Actor, allow_past: bool = False) -> list[Booking]:
    """Books all these places or none, in their order. The same request with the same key again gives back what it made.

    ``allow_past`` is for what is written down afterwards. Raises ``SlotTaken`` when a place is somebody else's, ``NoSuchTime`` and
    ``TimeComesTwice`` where the clinic's clock changes, ``ActionDenied`` for who may not book, for people and rooms of another clinic
    or without the qualification, and for a time that has passed.
    """
    return place_all(Request(clinic, key, tuple(places), allow_past=allow_past), actor)
