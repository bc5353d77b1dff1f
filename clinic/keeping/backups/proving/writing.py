"""Somebody who goes on registering and booking, one thing after another, while a backup is taken."""

import threading
from dataclasses import dataclass, field
from datetime import date
from types import TracebackType
from typing import Final
from uuid import uuid4

from django.db import connection

from clinic.keeping.backups.databases import Ask
from clinic.schedule.actions import book_places
from clinic.schedule.contest import QUARTERS, Ward
from patients.actions import register_patient

CARD: Final = "LOAD"


@dataclass
class Writer:
    """``done`` counts what was committed: each is a patient with the next number, and then a booking."""

    ward: Ward
    done: int = 0
    wrong: list[BaseException] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> "Writer":
        self._thread.start()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _wrong: BaseException | None, _where: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()

    def wait_for(self, more: int) -> None:
        """Until so many more were committed, or the writer ended with an error."""
        wanted = self.done + more
        while self.done < wanted and self._thread.is_alive():
            self._stop.wait(0.002)

    def _write(self) -> None:
        try:
            while not self._stop.is_set():
                self._one(self.done + 1)
                self.done += 1
        except BaseException as wrong:
            self.wrong.append(wrong)
        finally:
            connection.close()

    def _one(self, number: int) -> None:
        details = {"card_number": f"{CARD}{number}", "family_name": "Load", "given_name": "A", "born_on": date(1990, 1, 1), "sex": "female"}
        register_patient(details=details, actor=self.ward.actor)
        place = self.ward.place((0, 0, 0), 1 + number // 8, 60 * (number % 8) % (15 * QUARTERS))
        book_places(clinic=self.ward.clinic, key=uuid4().hex, places=[place], actor=self.ward.actor)


def fault_of_a_prefix(ask: Ask, ward: Ward, least: int, most: int) -> str:
    """Why what came back is not what the writer had committed at one moment, between so many and so many; "" where it is."""
    cards = sorted(
        int(card[len(CARD) :]) for (card,) in ask("SELECT card_number FROM patients_patient WHERE card_number LIKE %s", [f"{CARD}%"])
    )
    ((bookings,),) = ask("SELECT count(*) FROM schedule_booking WHERE clinic_id = %s", [ward.clinic.pk])
    if cards != list(range(1, len(cards) + 1)):
        return "patients are missing in between"
    if not least <= len(cards) <= most + 1:
        return f"{len(cards)} patients came back; between {least} and {most + 1} were committed"
    if bookings not in {len(cards), len(cards) - 1}:
        return f"{len(cards)} patients came back with {bookings} bookings"
    return ""
