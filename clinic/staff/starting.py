"""The first clinic of an installation, with its first administrator and the link by which that person sets a password."""

from dataclasses import dataclass

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.staff.actions import add_staff, create_clinic
from clinic.staff.models import Clinic, Role, User
from clinic.staff.permissions import ActionDenied


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody said about the clinic and its first administrator."""

    name: str
    time_zone: str
    country: str
    language: str
    admin_name: str
    admin_email: str


@transaction.atomic
def start_clinic(*, wanted: Wanted, another: bool, actor: None = None) -> tuple[Clinic, User]:
    """Opens the clinic and puts its administrator in charge, who has no password yet.

    Raises ``ActionDenied`` where a clinic exists and nobody said that ``another`` is meant, ``ValidationError`` for what cannot be kept.
    """
    if not another:
        check_is_first()
    clinic = create_clinic(name=wanted.name, time_zone=wanted.time_zone, country=wanted.country, language=wanted.language, actor=actor)
    user = add_staff(clinic=clinic, email=wanted.admin_email, full_name=wanted.admin_name, roles=[Role.ADMIN], actor=actor)
    return clinic, user


def check_is_first() -> None:
    """Raises ``ActionDenied`` where a clinic exists."""
    there = Clinic.objects.first()
    if there is not None:
        raise ActionDenied(_("There is a clinic already: %(name)s.") % {"name": there.name})


def password_link(user: User) -> str:
    """The address under which this person sets a password: good once, for as long as a reset link is."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return f"{settings.PUBLIC_URL}{path}"
