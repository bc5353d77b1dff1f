"""The few patients of the large clinic who come from daily work: planned, asked, given sessions by the product's own actions. All others
whose courses are under way or to come are copies of them, row for row, with another name, another place in the calendar and other numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection, models

from clinic.benchmark.days import GIVEN, SESSIONS
from clinic.benchmark.pouring import columns_of
from clinic.courses import models as courses
from clinic.courses.demo_days import Team, close_intake, plan, seed_patient, start_intake, tell
from clinic.courses.demo_entries import DemoCourse, DemoPatient, Story
from clinic.courses.demo_stories import REFERRAL
from clinic.courses.models import Course
from clinic.staff.permissions import Actor
from patients import models as patients
from patients.actions import register_patient
from patients.models import Patient

PREVENTIVE: Final = DemoCourse("preventive-massage", "general", SESSIONS, {"fatigue_type": "none"})
GIVEN_SO_FAR: Final = DemoCourse("preventive-massage", "general", SESSIONS, {"fatigue_type": "none"}, story=Story(GIVEN))
TO_SIGN: Final = DemoCourse(
    "neck-collar", "calming", SESSIONS, {"main_complaint": "poor-sleep", "arousal_goal": "calm"}, is_asked_today=True, fate="awaiting"
)
# From a patient downwards; each after those that it points to.
COPIED: Final[tuple[type[models.Model], ...]] = (
    patients.Intake, patients.FactAnswer, patients.MessageConsent, courses.Course, courses.CourseMove, courses.ScreeningRecord,
    courses.Session, courses.SessionRecord, courses.NextDay, courses.Consent,
)  # fmt: skip


def made_by_actions(kind: str, *, parity: int, actor: Actor, doctor: Actor) -> Patient:
    """A patient with a course that runs (``running``: five of ten given, every other day) or is planned for later (``planned``)."""
    today, person = actor.clinic.today(), f"{kind} {parity}"
    details = {"family_name": "Prototype", "given_name": person, "born_on": date(1985, 5, 4), "sex": "female", "language": "en"}
    patient = register_patient(
        details=details | {"email": f"p{parity}@example.org", "phone": "+49 151 5500"}, messages={"email": True}, actor=actor
    )
    days = [today - timedelta(days=SESSIONS - parity - 2 * number) for number in range(GIVEN)] if kind == "running" else []
    first = days[0] if days else today
    close_intake(start_intake(patient, has={}, on=first, actor=actor), on=first, actor=actor)
    wanted = GIVEN_SO_FAR if days else PREVENTIVE
    course = plan(patient, wanted, on=first, actor=actor)
    if days:
        tell(course, wanted, days=days, on=today, team=Team(actor, doctor, _not_booked))
    return patient


def _not_booked(course: Course, number: int, on: date, actor: Actor) -> None:
    """Copies get places of their own in the calendar."""


def to_sign(number: int, *, actor: Actor, doctor: Actor) -> None:
    """A patient whose plan waits for a doctor's signature. Nothing that is signed is copied, so each is made by itself."""
    entry = DemoPatient("Unterschrift", f"Nummer {number}", "male", 40, course=TO_SIGN, papers=REFERRAL)
    seed_patient(entry, on=actor.clinic.today(), team=Team(actor, doctor, _not_booked))


@dataclass(frozen=True, slots=True)
class Rows:
    """What the database holds of one prototype: by model the rows, with the columns of ``columns_of``."""

    patient: int
    of: Mapping[type[models.Model], list[dict[str, Any]]]

    @property
    def course(self) -> dict[str, Any]:
        return self.of[Course][0]


def rows_about(patient: Patient) -> Rows:
    """Everything of a prototype that its copies have too."""
    known: dict[type[models.Model], list[Any]] = {Patient: [patient.pk]}
    found: dict[type[models.Model], list[dict[str, Any]]] = {}
    for model in COPIED:
        found[model] = _read(model, known)
        known[model] = [row["id"] for row in found[model]]
    return Rows(patient.pk, found)


def _read(model: type[models.Model], known: Mapping[type[models.Model], list[Any]]) -> list[dict[str, Any]]:
    column, parent = next(iter(pointers(model).items()))
    names = columns_of(model)
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    marks = ", ".join(["%s"] * len(known[parent]))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quoted} FROM {table} WHERE {column} IN ({marks or 'NULL'}) ORDER BY 1", known[parent])  # noqa: S608  # our own names
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def pointers(model: type[models.Model]) -> dict[str, type[models.Model]]:
    """The columns of the model that point to something which is copied too, or to the patient."""
    copied = {Patient, *COPIED}
    found: dict[str, type[models.Model]] = {}
    for field in model._meta.local_concrete_fields:
        parent: Any = field.related_model
        if parent in copied and parent is not model:
            found[str(field.column)] = parent
    return found


def copy_of(rows: Rows, patient: int, course: int, fresh: dict[type[models.Model], int]) -> dict[type[models.Model], list[dict[str, Any]]]:
    """The rows for another patient with the course of that number. Sessions are numbered by their course and its place in it, as
    their bookings are; ``fresh`` has the highest number in use of every other model and counts on."""
    numbers: dict[tuple[type[models.Model], Any], int] = {(Patient, rows.patient): patient}
    made: dict[type[models.Model], list[dict[str, Any]]] = {}
    for model in COPIED:
        made[model] = []
        for row in rows.of[model]:
            number = _number(model, row, course, fresh)
            numbers[model, row["id"]] = number
            moved = {column: numbers[parent, row[column]] for column, parent in pointers(model).items() if row[column] is not None}
            made[model].append({**row, **moved, "id": number})
    return made


def _number(model: type[models.Model], row: Mapping[str, Any], course: int, fresh: dict[type[models.Model], int]) -> int:
    if model is Course:
        return course
    if model is courses.Session:
        return session_number(course, row["number"])
    fresh[model] += 1
    return fresh[model]


def session_number(course: int, number: int) -> int:
    """The number of the row of a session, and of its booking: ten to a course."""
    return course * SESSIONS + number - 1
