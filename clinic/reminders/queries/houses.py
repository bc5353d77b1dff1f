"""What seldom changes and is the same for thousands of messages: clinics with their rules, rooms with their houses, own texts."""

import time
from collections.abc import Iterable, Mapping
from typing import Final

from clinic.reminders.models import Message, MessageTemplate
from clinic.reminders.queries.composing import TextKey, newest_templates
from clinic.reminders.queries.rules import keep_with, rules_by_clinic
from clinic.schedule.models import Room
from clinic.staff.models import Clinic

KEPT_FOR: Final = 5.0  # seconds: whatever a clinic changes holds for messages that leave so much later


class Houses:
    """Read once for the batches of a few seconds. Nothing about a patient, a booking or a person is among it."""

    def __init__(self) -> None:
        self._clinics: dict[int, Clinic] = {}
        self._rooms: dict[int, Room] = {}
        self._texts: dict[int, Mapping[TextKey, MessageTemplate]] = {}
        self._read_at = time.monotonic()

    def put_into(self, messages: Iterable[Message]) -> None:
        """Clinics and rooms into messages and their bookings. At most three queries, mostly none."""
        self._forget()
        given = tuple(messages)
        bookings = [each.booking for each in given if each.booking is not None]
        self._read_clinics({each.clinic_id for each in given}.union(each.clinic_id for each in bookings) - self._clinics.keys())
        missing = {each.room_id for each in bookings} - self._rooms.keys()
        if missing:
            self._rooms |= Room.objects.select_related("site").in_bulk(missing)
        for message in given:
            message.clinic = self._clinics[message.clinic_id]
        for booking in bookings:
            booking.clinic, booking.room = self._clinics[booking.clinic_id], self._rooms[booking.room_id]

    def texts_of(self, clinics: Iterable[int]) -> Mapping[TextKey, MessageTemplate]:
        """The clinics' own texts, the newest version of each. At most one query."""
        asked = frozenset(clinics)
        if missing := asked - self._texts.keys():
            found = newest_templates(missing)
            self._texts |= {pk: {key: text for key, text in found.items() if key[0] == pk} for pk in missing}
        return {key: text for pk in asked for key, text in self._texts[pk].items()}

    def _read_clinics(self, missing: set[int]) -> None:
        if missing:
            found = Clinic.objects.in_bulk(missing)
            keep_with(found.values(), rules_by_clinic(found.values()))
            self._clinics |= found

    def _forget(self) -> None:
        if time.monotonic() - self._read_at > KEPT_FOR:
            for each in (self._clinics, self._rooms, self._texts):
                each.clear()
            self._read_at = time.monotonic()
