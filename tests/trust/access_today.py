"""Rows of the access matrix for the list of the day and the handover card. See access.py."""

from collections.abc import Callable

from clinic.courses.models import Session
from clinic.staff.models import Clinic, Role
from tests.factories import a_course, a_patient
from tests.schedule_factories import a_booking
from tests.trust.rows import Row, Thing

TREAT = (Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD)
CANARIES = ("Canarova", "canary-likes")


def a_course_with_a_card(clinic: Clinic) -> Thing:
    """A course of a patient who is named and likes things as nobody else, with a session of today."""
    patient = a_patient(clinic=clinic, family_name="Canarova", likes="canary-likes")
    course = a_course(patient=patient, count=2)
    booking = a_booking(patient=patient, therapist=course.planned_by, day=clinic.today())
    Session.objects.filter(course=course, number=1).update(booking=booking, state="booked")
    return Thing({"pk": course.pk}, CANARIES)


TODAY_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "card-of-course": a_course_with_a_card,
    "card-listed": lambda clinic: Thing({}, a_course_with_a_card(clinic).canaries),
}
TODAY_ROWS: dict[str, Row] = {
    # Hours, absences and closures (7), bookings, their sessions with doses, records with the days after them (2), measures that are
    # due (3), what was begun with its events (2): the same for a day without anybody and for twelve patients.
    "day:today": Row(TREAT, thing="card-listed", queries=16),
    # Its sessions, records with the days after them, screening, wishes; what is proposed, and for that the record of the patient.
    "day:handover": Row(TREAT, thing="card-of-course", seen=True, queries=20),
    "day:likes": Row(TREAT, {"POST": 303}, thing="card-of-course"),
}
