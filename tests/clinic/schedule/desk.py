"""A clinic with two of everything that a booking takes up, for tests of the actions."""

from datetime import time
from typing import Any

from clinic.schedule.actions import Move, Place, book_places, hold_places, move_bookings, release_bookings
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import Actor
from tests.factories import a_member, a_patient, an_actor
from tests.schedule_factories import a_key, a_place, a_room, a_site, a_workday


class Desk:
    """Two therapists, two rooms and two patients of one clinic, and its administrator."""

    def __init__(self, clinic: Clinic) -> None:
        self.admin: Actor = an_actor(clinic=clinic, roles=(Role.ADMIN,))
        self.clinic, self.day = clinic, a_workday(clinic=clinic)
        self.site = a_site(clinic=clinic)
        self.rooms = [a_room(site=self.site, name=name) for name in ("Blue", "Green")]
        self.therapists = [a_member(clinic=clinic, full_name=name) for name in ("Maria Stein", "Jonas Holm")]
        self.patients = [a_patient(clinic=clinic, family_name=name) for name in ("Weber", "Adler")]

    def who(self, number: int = 0) -> dict[str, Any]:
        """The first or the second of each kind, for ``a_booking``."""
        who = {"patient": self.patients[number], "therapist": self.therapists[number], "room": self.rooms[number]}
        return {**who, "day": self.day}

    def place(self, patient: int = 0, therapist: int = 0, room: int = 0, clock: time = time(10), **fields: Any) -> Place:
        who: dict[str, Any] = {"patient": self.patients[patient], "therapist": self.therapists[therapist], "room": self.rooms[room]}
        return a_place(**who, clock=clock, **{"day": self.day, **fields})

    def book(self, *places: Place, key: str = "", **more: Any) -> list[Booking]:
        return book_places(clinic=self.clinic, key=key or a_key(), places=places, actor=self.admin, **more)

    def hold(self, *places: Place, key: str, until: Any) -> list[Booking]:
        return hold_places(clinic=self.clinic, key=key, places=places, until=until, actor=self.admin)

    def move(self, *moves: Move) -> list[Booking]:
        return move_bookings(moves=moves, reason="patient-wish", note="", actor=self.admin)

    def release(self, *bookings: Booking) -> list[Booking]:
        return release_bookings(bookings=bookings, reason="patient-wish", note="", actor=self.admin)


def to(booking: Booking, **fields: Any) -> Move:
    """A move to the same place but for what is named."""
    here = {"day": booking.day, "clock": booking.clock, "second": None, "therapist_id": booking.therapist_id}
    return Move(booking, **{**here, "room_id": booking.room_id, "device_id": booking.device_id, **fields})
