"""The PIN that opens a locked screen: set by its person alone, kept hashed, and tried a few times only."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from clinic.staff.models import MOST_WRONG, User
from clinic.staff.permissions import ActionDenied, Actor
from clinic.staff.recording import record

SHORTEST: Final = 4
LONGEST: Final = 8
COUNTED_TO: Final = 1000  # nothing is told from more


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a try to open a locked screen. ``is_spent``: there were too many wrong ones, so the session ends."""

    is_right: bool
    by_pin: bool
    is_spent: bool = False


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
    user.pin, user.wrong_unlocks = make_password(pin), 0
    user.save(update_fields=["pin", "wrong_unlocks"])
    record(actor=actor, verb="pin-set", subject=user, details={})


def try_secret(*, user: User, secret: str, is_pin_allowed: bool = True, actor: Actor | None) -> Tried:
    """Looks at what was said as PIN, or as password where the PIN was wrong too often, there is none, or none is allowed.

    A try is counted for the person before it is looked at: neither many requests at one moment nor many browsers make more of them. A right
    PIN forgets none of the wrong ones; a right password forgets them all.
    """
    User.objects.filter(pk=user.pk, wrong_unlocks__lt=COUNTED_TO).update(wrong_unlocks=F("wrong_unlocks") + 1)
    user.refresh_from_db(fields=["wrong_unlocks"])
    most = MOST_WRONG * 2 if user.pin else MOST_WRONG
    by_pin = is_pin_allowed and bool(user.pin) and user.wrong_unlocks <= MOST_WRONG
    if user.wrong_unlocks <= most and _is_right(user, secret, by_pin=by_pin):
        forget_wrong_tries(user, all_of_them=not by_pin)
        return Tried(is_right=True, by_pin=by_pin)
    _note_wrong_try(user=user, by_pin=by_pin, actor=actor)
    return Tried(is_right=False, by_pin=by_pin, is_spent=user.wrong_unlocks >= most)


def forget_wrong_tries(user: User, *, all_of_them: bool = True) -> None:
    """The person has shown who they are by password or passkey; after a PIN only this try is forgotten."""
    wrong = User.objects.filter(pk=user.pk, wrong_unlocks__gt=0)
    wrong.update(wrong_unlocks=0 if all_of_them else F("wrong_unlocks") - 1)
    user.refresh_from_db(fields=["wrong_unlocks"])


def _is_right(user: User, secret: str, *, by_pin: bool) -> bool:
    return check_password(secret, user.pin) if by_pin else user.check_password(secret)


@transaction.atomic
def _note_wrong_try(*, user: User, by_pin: bool, actor: Actor | None) -> None:
    details: dict[str, Any] = {"by": "pin" if by_pin else "password", "wrong": user.wrong_unlocks}
    record(actor=actor, verb="unlock-failed", subject=user, details=details)
