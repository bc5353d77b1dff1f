"""Rows of the access matrix for hours, absences, places, closures and the rules of the calendar. See access.py."""

from collections.abc import Callable
from datetime import timedelta

from clinic.schedule.models import Absence, Closure, Wishes
from clinic.staff.models import Clinic, Role, User
from tests.factories import a_member, a_patient
from tests.schedule_factories import a_room, a_site, hours_of
from tests.trust.rows import FORM, Row, Thing

BOOK = (Role.THERAPIST, Role.ADMIN, Role.DOCTOR, Role.CLINICAL_LEAD)
READ = (Role.ADMIN, Role.CLINICAL_LEAD)
MANAGE = (Role.ADMIN,)


def a_therapist_of(clinic: Clinic) -> User:
    """Somebody with hours, of a name that occurs nowhere else."""
    therapist = a_member(clinic=clinic, full_name="Canaria Hourscanary")
    hours_of(therapist, site=a_site(clinic=clinic))
    return therapist


def a_therapist_with_hours(clinic: Clinic) -> Thing:
    return Thing({"pk": a_therapist_of(clinic).pk}, ("Hourscanary",))


def an_absence(clinic: Clinic) -> Thing:
    """An absence to come, with a note that occurs nowhere else."""
    therapist, day = a_therapist_of(clinic), clinic.today() + timedelta(days=3)
    details = {"reason": "ill", "note": "canary-of-absence", "created_by": therapist}
    made = Absence.objects.create(clinic=clinic, therapist=therapist, first_on=day, last_on=day, **details)
    return Thing({"pk": made.pk}, ("Hourscanary", "canary-of-absence"))


def a_closure(clinic: Clinic) -> Thing:
    """A closure of today with a name that occurs nowhere else."""
    day = clinic.today()
    made = Closure.objects.create(clinic=clinic, first_on=day, last_on=day, name="Canary-closure", created_by=a_member(clinic=clinic))
    return Thing({"pk": made.pk}, ("Canary-closure",))


def a_place(clinic: Clinic) -> Thing:
    return Thing({"kind": "room", "pk": a_room(site=a_site(clinic=clinic), name="Canary-room").pk}, ("Canary-room",))


def a_patient_who_wishes(clinic: Clinic) -> Thing:
    """A patient with a wish whose words occur nowhere else."""
    patient = a_patient(clinic=clinic, family_name="Canarova")
    Wishes.objects.create(patient=patient, note="canary-of-a-wish", said_on=clinic.today(), recorded_by=patient.registered_by)
    return Thing({"pk": patient.pk}, ("Canarova", "canary-of-a-wish"))


def listed(made: Callable[[Clinic], Thing]) -> Callable[[Clinic], Thing]:
    """The same record for a page that lists it and takes no id."""
    return lambda clinic: Thing({}, made(clinic).canaries)


SCHEDULE_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "hours": a_therapist_with_hours,
    "hours-listed": listed(a_therapist_with_hours),
    "absence": an_absence,
    "absence-listed": listed(an_absence),
    "closure": a_closure,
    "closure-listed": listed(a_closure),
    "place": a_place,
    "place-listed": listed(a_place),
    "kind-of-place": lambda _clinic: Thing({"kind": "site"}),
    "wishes": a_patient_who_wishes,
}
SCHEDULE_ROWS: dict[str, Row] = {
    "schedule:overview": Row(READ, thing="absence-listed"),
    "schedule:mine": Row(BOOK),
    "schedule:hours": Row(READ, thing="hours-listed"),
    "schedule:person": Row(READ, thing="hours"),
    "schedule:week": Row(MANAGE, FORM, thing="hours"),
    "schedule:day": Row(MANAGE, FORM, thing="hours"),
    "schedule:day-clear": Row(MANAGE, {"POST": 303}, thing="hours"),
    "schedule:absences": Row(READ, thing="absence-listed"),
    "schedule:absence-new": Row(MANAGE, FORM, thing="hours-listed"),
    "schedule:absence": Row(READ, thing="absence"),
    "schedule:absence-withdraw": Row(MANAGE, {"POST": 303}, thing="absence"),
    "schedule:places": Row(READ, thing="place-listed"),
    "schedule:place-new": Row(MANAGE, FORM, thing="kind-of-place", shared=True),
    "schedule:place": Row(MANAGE, FORM, thing="place"),
    "schedule:place-use": Row(MANAGE, {"POST": 303}, thing="place"),
    "schedule:closures": Row(READ, thing="closure-listed"),
    "schedule:closure-new": Row(MANAGE, FORM),
    "schedule:closure": Row(READ, thing="closure"),
    "schedule:closure-withdraw": Row(MANAGE, {"POST": 303}, thing="closure"),
    "schedule:holiday-open": Row(MANAGE, {"POST": 303}, data={"day": "2027-01-01"}),
    "schedule:rules": Row(MANAGE, FORM),
    "schedule:norms": Row(MANAGE, {"GET": 200, "POST": 303}),
    "schedule:wishes": Row(BOOK, {"GET": 200, "POST": 303}, thing="wishes", seen=True),
}
