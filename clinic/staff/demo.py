"""The people of the demo clinic. Their addresses end in a domain that can receive no mail, which is also how production finds them."""

from dataclasses import dataclass

from clinic.staff.actions import add_staff
from clinic.staff.models import Clinic, Role, User

DEMO_DOMAIN = "demo.example"

PEOPLE = (
    ("therapist", "Tamara Lind", Role.THERAPIST),
    ("admin", "Adam Novak", Role.ADMIN),
    ("doctor", "Dorothea Weiss", Role.DOCTOR),
    ("lead", "Leonid Marsh", Role.CLINICAL_LEAD),
    ("auditor", "Audrey Stone", Role.AUDITOR),
)


@dataclass(frozen=True)
class DemoLogIn:
    """What the demo prints for one person."""

    email: str
    role: str
    user: User


def seed_staff(clinic: Clinic, *, password: str) -> tuple[DemoLogIn, ...]:
    """One person of each role at this clinic, all with this password. Adds nobody who is already there."""
    people = [(_demo_person(clinic, f"{name}@{DEMO_DOMAIN}", full_name, role), role) for name, full_name, role in PEOPLE]
    for user, _role in people:
        user.set_password(password)
        user.save(update_fields=["password"])
    return tuple(DemoLogIn(user.email, role.value, user) for user, role in people)


def _demo_person(clinic: Clinic, email: str, full_name: str, role: Role) -> User:
    there = User.objects.filter(email=email).first()
    return there or add_staff(clinic=clinic, email=email, full_name=full_name, roles=[role], actor=None)


def demo_accounts_exist() -> bool:
    """Whether anybody of the demo could sign in here; production refuses to start then."""
    return User.objects.filter(email__iendswith=f"@{DEMO_DOMAIN}", is_active=True).exists()
