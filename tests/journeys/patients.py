"""Patients for journeys whose first pages were walked elsewhere: registered and asked through the actions of daily work."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from clinic.courses.demo_days import close_intake, start_intake
from clinic.staff.permissions import Actor
from patients.actions import register_patient
from patients.models import Patient
from protocols.shelf import shipped_library, shipped_names


def a_known_patient(*, actor: Actor, age: int = 40, sex: str = "female", has: Mapping[str, Any] | None = None) -> Patient:
    """Registered, with a completed intake: ``has`` by fact code, everything else answered with no."""
    on = timezone.localdate(timezone=actor.clinic.zone)
    patient = register_patient(details=details(age=age, sex=sex, on=on), actor=actor)
    close_intake(start_intake(patient, has=has or {}, on=on, actor=actor), on=on, actor=actor)
    return patient


def details(*, age: int, sex: str, on: date) -> dict[str, Any]:
    """The fields of the registration form."""
    return {
        "family_name": "Weber", "given_name": "Kim", "middle_name": "", "born_on": on - timedelta(days=round(age * 365.25) + 30),
        "sex": sex, "phone": "", "email": "", "language": "en", "guardian_name": "Robin Weber" if age < 18 else "",
        "guardian_phone": "", "notes": "",
    }  # fmt: skip


def percussion_names() -> set[str]:
    """What the pages call the techniques of percussion."""
    names = shipped_names("en")
    return {names.of("techniques", code) for code, technique in shipped_library().techniques.items() if technique.family == "percussion"}
