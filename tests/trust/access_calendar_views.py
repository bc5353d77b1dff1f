"""Rows of the access matrix for the pages of the calendar that show. See access.py."""

from collections.abc import Callable

from clinic.courses.models import Session
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic, Role
from tests.factories import a_course, a_patient
from tests.schedule_factories import a_booking
from tests.trust.rows import Row, Thing

BOOK = (Role.THERAPIST, Role.ADMIN, Role.DOCTOR, Role.CLINICAL_LEAD)
CANARIES = ("Canarova", "canary-in-the-notes")


def a_booked_session(clinic: Clinic) -> Booking:
    """A session of today that is over, of a patient named as nobody else: it stands on every page, also among what waits."""
    patient = a_patient(clinic=clinic, family_name="Canarova", notes="canary-in-the-notes")
    course = a_course(patient=patient, count=2)
    booking = a_booking(patient=patient, therapist=course.planned_by, day=clinic.today())
    Session.objects.filter(course=course, number=1).update(booking=booking, state="booked")
    return booking


CALENDAR_VIEW_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "booked-listed": lambda clinic: (a_booked_session(clinic), Thing({}, CANARIES))[1],
    "shown-booking": lambda clinic: Thing({"pk": a_booked_session(clinic).pk}, CANARIES),
    "dated-course": lambda clinic: Thing({"pk": a_booked_session(clinic).session.course_id}, CANARIES),
}
CALENDAR_VIEW_ROWS: dict[str, Row] = {
    **{f"calendar:{name}": Row(BOOK, thing="booked-listed") for name in ("day", "week", "month", "day-sheet")},
    "calendar:mine": Row((Role.THERAPIST, Role.DOCTOR, Role.CLINICAL_LEAD), {"GET": 302}),
    # Unresolved sessions, conflicts (what is booked, worked, closed, and who is away), courses without dates, and the waiting list.
    "calendar:to-do": Row(BOOK, thing="booked-listed", queries=15),
    # The booking, its session, its history, the dates of the course; and the day around it, for what speaks against it.
    "calendar:booking": Row(BOOK, thing="shown-booking", seen=True, queries=14),
    "calendar:slip": Row(BOOK, thing="dated-course", seen=True),
}
