"""Things that tests need, each by one keyword-only function. What a test does not name is made up and valid."""

from collections.abc import Iterable
from datetime import date
from itertools import count
from typing import Any

from clinic.staff.models import Clinic, Role, StaffRole, User
from clinic.staff.permissions import Actor
from patients.models import Intake, Patient
from protocols.shelf import shipped_library

PASSWORD = "correct horse battery staple"
_numbers = count(1)


def a_clinic(*, name: str = "", time_zone: str = "Europe/Berlin", language: str = "en") -> Clinic:
    """A clinic without staff."""
    return Clinic.objects.create(name=name or f"Clinic {next(_numbers)}", time_zone=time_zone, country="DE", language=language)


def a_user(*, email: str = "", full_name: str = "", password: str = PASSWORD, is_active: bool = True, language: str = "en") -> User:
    """A person without any role."""
    number = next(_numbers)
    return User.objects.create_user(
        email or f"person-{number}@clinic.test",
        password,
        full_name=full_name or f"Person {number}",
        is_active=is_active,
        language=language,
    )


def a_member(*, clinic: Clinic, roles: Iterable[str] = (Role.THERAPIST,), user: User | None = None, full_name: str = "") -> User:
    """Somebody with these roles at this clinic."""
    user = user or a_user(full_name=full_name)
    StaffRole.objects.bulk_create(StaffRole(user=user, clinic=clinic, role=role) for role in roles)
    return user


def an_actor(*, clinic: Clinic | None = None, roles: Iterable[str] = (Role.THERAPIST,), user: User | None = None) -> Actor:
    """Somebody acting at a clinic, for tests of actions."""
    clinic = clinic or a_clinic()
    roles = tuple(roles)
    return Actor(a_member(clinic=clinic, roles=roles, user=user), clinic, frozenset(str(role) for role in roles))


def a_patient(*, clinic: Clinic | None = None, family_name: str = "Weber", born_on: date = date(1980, 5, 17), **fields: Any) -> Patient:
    """A grown woman on the register of a clinic."""
    clinic = clinic or a_clinic()
    details = {"given_name": "Anna", "sex": "female", "card_number": str(next(_numbers))} | fields
    registered_by = details.pop("registered_by", None) or a_user()
    return Patient.objects.create(clinic=clinic, family_name=family_name, born_on=born_on, registered_by=registered_by, **details)


def a_begun_intake(*, patient: Patient, gate: dict[str, str] | None = None) -> Intake:
    """An intake form with yes to every first question, so that details are asked."""
    answers = gate or {question.code: "yes" for question in shipped_library().intake.gate}
    return Intake.objects.create(patient=patient, gate=answers, edition=shipped_library().edition, started_by=patient.registered_by)
