"""An empty database with one clinic, and browsers that come through a proxy."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.management import call_command
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse
from django.utils import timezone

from clinic.proofs.served import HOST
from clinic.reminders.links import link_for
from clinic.reminders.models import Message
from clinic.reminders.states import Purpose
from clinic.schedule.actions.feeds import make_own_feed
from clinic.staff.actions import add_staff, create_clinic
from clinic.staff.inviting import Invitee, invite_staff
from clinic.staff.models import Clinic, Role, User
from clinic.staff.permissions import Actor
from patients.actions import make_intake_link
from patients.models import Patient

PASSWORD: Final = "a proof needs no secret 7"  # noqa: S105  # of people who do not exist


class _NoMigrations:
    """Tables as the models say, without their history: a minute less."""

    def __contains__(self, _app: str) -> bool:
        return True

    def __getitem__(self, _app: str) -> None:
        return None


@contextmanager
def empty_database() -> Iterator[None]:
    """All tables. Files that pages load are found where they lie: nobody has collected them for this."""
    storages: dict[str, Any] = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(MIGRATION_MODULES=_NoMigrations(), STORAGES=storages, STATIC_ROOT=None, WHITENOISE_USE_FINDERS=True):
        call_command("migrate", run_syncdb=True, verbosity=0)
        call_command("createcachetable", verbosity=0)
        yield


class CheapArgon2(Argon2PasswordHasher):
    """As the right one, with a hundredth of the work."""

    time_cost, memory_cost, parallelism = 1, 1024, 1


def cheap_hashes() -> AbstractContextManager[Any]:
    """For a proof that asks how often passwords are looked at, and not for how long."""
    return override_settings(PASSWORD_HASHERS=[f"{__name__}.CheapArgon2"])


@dataclass(frozen=True)
class Scene:
    """A clinic, an administrator and a therapist, a patient, and one open link of each kind by its path."""

    clinic: Clinic
    admin: Actor
    therapist: Actor
    links: dict[str, str]


def a_scene() -> Scene:
    """By the actions of the product, as a clinic would begin."""
    clinic = create_clinic(name="Proof", time_zone="Europe/Berlin")
    admin, therapist = (_member(clinic, role) for role in (Role.ADMIN, Role.THERAPIST))
    patient = Patient.objects.create(
        clinic=clinic, card_number="1", family_name="Nobody", given_name="Kim", sex="female", born_on=date(1980, 5, 17),
        registered_by=therapist.user,
    )  # fmt: skip
    return Scene(clinic, admin, therapist, _links(patient, admin, therapist))


def _member(clinic: Clinic, role: Role) -> Actor:
    user = add_staff(clinic=clinic, email=f"{role}@proof.example", full_name=f"Proof {role}", roles=[role], actor=None)
    user.set_password(PASSWORD)
    user.save()
    return Actor(user, clinic, frozenset({str(role)}))


def _links(patient: Patient, admin: Actor, therapist: Actor) -> dict[str, str]:
    invited = Invitee("guest@proof.example", "Proof Guest", [Role.THERAPIST])
    _invitation, to_join = invite_staff(clinic=admin.clinic, invitee=invited, actor=admin)
    _link, to_fill_in = make_intake_link(patient=patient, channel="link", actor=therapist)
    _feed, to_subscribe = make_own_feed(shows_initials=True, actor=therapist)
    now = timezone.now()
    message = Message.objects.create(
        clinic=patient.clinic, patient=patient, kind="reminder-day", channel="email", state="sent", about=f"patient:{patient.pk}",
        due_at=now, sent_at=now, not_after=now + timedelta(days=2), language="en", fields={"dates": []},
    )  # fmt: skip
    return {
        "invitation": reverse("invitation", args=[to_join]),
        "intake form": reverse("intake-link:open", args=[to_fill_in]),
        "calendar": reverse("feeds:calendar", args=[to_subscribe]),
        "end of messages": link_for(message, Purpose.STOP),
    }


def browser(address: str = "192.0.2.1", **options: Any) -> Client:
    """Somebody behind the proxy at this address, encrypted."""
    return Client(HTTP_HOST=HOST, HTTP_X_FORWARDED_PROTO="https", HTTP_X_FORWARDED_FOR=address, **options)


def sign_in(client: Client, user: User) -> HttpResponseBase:
    """What the page answers to the right password."""
    answer: HttpResponseBase = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return answer
