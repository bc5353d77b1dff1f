"""The PIN that opens a locked screen: set by its person alone, kept hashed, and tried a few times only."""

from itertools import pairwise
from typing import Any, Final

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.staff.models import User
from clinic.staff.permissions import ActionDenied, Actor
from clinic.staff.recording import record

SHORTEST: Final = 4
LONGEST: Final = 8


def check_pin(pin: str) -> None:
    """Raises ``ValidationError`` for anything but four to eight digits that are neither all the same nor in a row."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST <= len(pin) <= LONGEST):
        raise ValidationError(_("A PIN has four to eight digits."), code="pin")
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        raise ValidationError(_("This PIN is guessed at once. Choose digits that do not follow one another."), code="pin")


@transaction.atomic
def set_pin(*, user: User, pin: str, actor: Actor | None) -> None:
    """Makes this the person's PIN. ``actor`` is None for somebody without a role. Raises ``ActionDenied`` for anybody else."""
    if actor is not None and actor.user != user:
        raise ActionDenied(_("Only the person may set this PIN."))
    check_pin(pin)
    user.pin = make_password(pin)
    user.save(update_fields=["pin"])
    record(actor=actor, verb="pin-set", subject=user, details={})


def opens(user: User, secret: str, *, by_pin: bool) -> bool:
    """Whether this is the person's PIN, or password."""
    return check_password(secret, user.pin) if by_pin else user.check_password(secret)


@transaction.atomic
def note_wrong_try(*, user: User, by_pin: bool, wrong: int, actor: Actor | None) -> None:
    """A locked screen was not opened: leaves a line."""
    details: dict[str, Any] = {"by": "pin" if by_pin else "password", "wrong": wrong}
    record(actor=actor, verb="unlock-failed", subject=user, details=details)
