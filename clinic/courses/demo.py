"""A clinic to try: invented people only. Everything goes through the same actions as in daily work."""

from collections.abc import Iterable

from django.db import transaction

from clinic.courses.calendar.demo_bookings import seed_bookings
from clinic.courses.calendar.demo_past import PastDates
from clinic.courses.calendar.demo_resources import seed_resources
from clinic.courses.calendar.demo_waiting import seed_waiting
from clinic.courses.demo_care import seed_care
from clinic.courses.demo_contacts import set_up_messages
from clinic.courses.demo_days import Team, first_day, seed_patient
from clinic.courses.demo_entries import DemoPatient
from clinic.courses.demo_measured import seed_measured, seed_session_in_progress
from clinic.courses.demo_patients import PATIENTS
from clinic.courses.demo_variant import seed_variant
from clinic.courses.studio.demo_edits import seed_edits
from clinic.schedule.models import Room
from clinic.staff import actions
from clinic.staff.models import Clinic, Role, User
from clinic.staff.permissions import Actor
from clinic.start import DEMO_DOMAIN

PEOPLE = (
    ("anna", "Anna Bergmann", Role.THERAPIST),
    ("boris", "Boris Antonov", Role.ADMIN),
    ("clara", "Dr Clara Weiss", Role.DOCTOR),
    ("david", "Dr David Orlov", Role.CLINICAL_LEAD),
    ("eva", "Eva Lindholm", Role.AUDITOR),
    ("greta", "Greta Lindqvist", Role.THERAPIST),
    ("henrik", "Henrik Sommer", Role.THERAPIST),
    ("irina", "Irina Volkova", Role.THERAPIST),
)

LICENCES = {"clara": "DEMO-1041", "david": "DEMO-1042"}


@transaction.atomic
def seed_if_empty(patients: Iterable[DemoPatient] = PATIENTS) -> bool:
    """One clinic with people, rooms, hours and patients, where the database holds no clinic yet; answers whether anything was made."""
    if Clinic.objects.exists():
        return False
    clinic = actions.create_clinic(name="Lindenhof", time_zone="Europe/Berlin", country="DE", language="en")
    for name, full_name, role in PEOPLE:
        actions.add_staff(clinic=clinic, email=address(name), full_name=full_name, roles=[role], actor=None)
    admin = _actor(clinic, "boris", Role.ADMIN)
    for name, licence in LICENCES.items():
        person = User.objects.get(email=address(name))
        actions.set_profile(clinic=clinic, user=person, title="", licence=licence, qualifications=(), actor=admin)
    people = {name: User.objects.get(email=address(name)) for name, _full_name, _role in PEOPLE}
    seed_resources(clinic, people, admin)
    _seed_patients(clinic, patients)
    therapists = [people[name] for name, _full_name, role in PEOPLE if role == Role.THERAPIST]
    seed_edits(clinic, therapist=_actor(clinic, "anna", Role.THERAPIST), on=clinic.today())
    seed_measured(clinic, on=clinic.today())
    seed_bookings(clinic, therapists, therapist=_actor(clinic, "anna", Role.THERAPIST), admin=admin)
    seed_session_in_progress(clinic)
    seed_waiting(clinic, actor=admin)
    set_up_messages(clinic, admin)
    david = _actor(clinic, "david", Role.CLINICAL_LEAD)
    seed_variant(david)
    henrik, greta = (_actor(clinic, name, Role.THERAPIST) for name in ("henrik", "greta"))
    seed_care(outsider=henrik, lead=david, colleague=greta)
    return True


def _seed_patients(clinic: Clinic, patients: Iterable[DemoPatient]) -> None:
    """The patients in the order of their first day, so that the chain of signatures never runs back in time."""
    doctor, today = _actor(clinic, "clara", Role.DOCTOR), clinic.today()
    past = PastDates(list(Room.objects.filter(clinic=clinic).order_by("name")))
    for patient in sorted(patients, key=lambda entry: first_day(entry, today)):
        seed_patient(patient, on=today, team=Team(_actor(clinic, patient.whose, Role.THERAPIST), doctor, past.give))


def _actor(clinic: Clinic, name: str, role: Role) -> Actor:
    return Actor(User.objects.get(email=address(name)), clinic, frozenset({str(role)}))


def set_passwords(*, password: str) -> None:
    """Lets every demo log-in use this password. One that already does is left alone: a new hash would end its sessions."""
    for name, _full_name, _role in PEOPLE:
        user = User.objects.filter(email=address(name)).first()
        if user is not None and not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])


def address(name: str) -> str:
    """The e-mail of a demo log-in; production refuses to start with any of this domain."""
    return f"{name}@{DEMO_DOMAIN}"


def log_ins() -> list[tuple[str, str]]:
    """Who can sign in: e-mail, and name with role."""
    return [(address(name), f"{full_name}, {role.label.lower()}") for name, full_name, role in PEOPLE]
