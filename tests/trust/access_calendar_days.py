"""Who may open the pages on which absences and closed days are settled. See access.py."""

from collections.abc import Callable
from datetime import time

from django.utils import timezone

from clinic.courses.calendar.actions.rehoming import rehome_sessions
from clinic.courses.calendar.actions.replanning import ask_replanning, run_replanning
from clinic.schedule.models import Booking, Closure, Placement
from clinic.staff.models import Clinic, Role
from tests.clinic.calendar.ill_day import House, a_house
from tests.clinic.schedule.booked import a_booking
from tests.factories import a_patient
from tests.trust.rows import FORM, Row, Thing

BOOK = (Role.THERAPIST, Role.ADMIN, Role.DOCTOR, Role.CLINICAL_LEAD)
CANARIES = ("Canarova", "555 0188", "canary-in-the-notes")


def _hit(clinic: Clinic) -> tuple[House, Booking]:
    """A house whose ill therapist has one booking, of a patient named as nobody else."""
    house = a_house(clinic)
    patient = a_patient(clinic=clinic, family_name="Canarova", phone="+49 555 0188", notes="canary-in-the-notes")
    return house, a_booking(patient=patient, therapist=house.ill, day=house.day, clock=time(9), room=house.rooms[0])


def an_absence(clinic: Clinic) -> Thing:
    house, _booking = _hit(clinic)
    return Thing({"pk": house.absence().pk}, CANARIES)


def a_closure(clinic: Clinic) -> Thing:
    house, _booking = _hit(clinic)
    closure = Closure.objects.create(clinic=clinic, first_on=house.day, last_on=house.day, name="Stocktaking", created_by=house.admin.user)
    return Thing({"pk": closure.pk}, CANARIES)


def a_confirmation(clinic: Clinic) -> Thing:
    """Somebody is to be called, and was put on the list."""
    house, booking = _hit(clinic)
    house.absence()
    rehome_sessions(key="ra1-key", asked={f"case-{booking.pk}": "call"}, moves=[], calls=[booking], actor=house.admin)
    return Thing({"pk": Placement.objects.get(clinic=clinic).pk}, CANARIES)


def a_run(clinic: Clinic) -> Thing:
    """A plan of the day on which somebody is to go to a colleague."""
    house, _booking = _hit(clinic)
    house.colleague()
    house.absence()
    run = ask_replanning(day=house.day, now=timezone.now(), actor=house.admin)
    run_replanning(pk=run.pk, now=timezone.now())
    return Thing({"pk": run.pk}, CANARIES)


CALENDAR_DAY_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "absence-that-hits": an_absence,
    "closure-that-hits": a_closure,
    "conflict-listed": lambda clinic: (an_absence(clinic), Thing({}, CANARIES))[1],
    "rehomed": a_confirmation,
    "planned-day": a_run,
}
# What is free, what each course wants, who may do it, and what was settled before; a post without choices shows the list again.
SETTLING = {"GET": 200, "POST": 200}
CALENDAR_DAY_ROWS: dict[str, Row] = {
    "calendar:absent-new": Row((Role.ADMIN,), FORM),
    "calendar:absent": Row(BOOK, SETTLING, thing="absence-that-hits", seen=True, queries=12),
    "calendar:closed": Row(BOOK, SETTLING, thing="closure-that-hits", seen=True, queries=12),
    "calendar:conflicts": Row(BOOK, SETTLING, thing="conflict-listed", queries=18),
    "calendar:replan": Row((Role.ADMIN,), FORM),
    "calendar:replanning": Row((Role.ADMIN,), {"GET": 200, "POST": 303}, thing="planned-day", seen=True, queries=14),
    "calendar:rehomed": Row(BOOK, thing="rehomed", seen=True, queries=11),
}
