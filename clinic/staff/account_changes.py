"""Changes that people make to their own sign-in on allauth's pages, heard from its signals and noted like every other write."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset, authenticator_used
from django.contrib import messages
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import ngettext

from clinic.staff.models import User
from clinic.staff.passkeys import ways_of
from clinic.staff.permissions import Actor
from clinic.staff.queries import memberships, present_membership
from clinic.staff.recording import record

HEARD: tuple[tuple[Signal, str], ...] = (
    (password_changed, "password-changed"),
    (password_reset, "password-changed"),
    (authenticator_added, "second-step-added"),
    (authenticator_removed, "second-step-removed"),
    (authenticator_reset, "second-step-added"),
)


def connect() -> None:
    """Starts listening; done once, when the app is ready."""
    for signal, verb in HEARD:
        signal.connect(_listener(verb), dispatch_uid=f"staff-{verb}-{id(signal)}", weak=False)
    authenticator_used.connect(_code_used, dispatch_uid="staff-recovery-code-used")


def _code_used(sender: object, *, request: Any, user: User, authenticator: Any, **kwargs: Any) -> None:
    """Whoever gets in by a recovery code learns how many are left: after the last one there is no way without the device."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        left = ways_of(user).codes_left  # read anew: what was handed here does not know yet that it was used
        sentence = ngettext(
            "You used a recovery code; %(left)s is left. Make new ones in your account.",
            "You used a recovery code; %(left)s are left. Make new ones in your account.",
            left,
        )
        messages.warning(request, sentence % {"left": left})


def _listener(verb: str) -> Any:
    def heard(sender: object, *, user: User, authenticator: Any = None, **kwargs: Any) -> None:
        present = present_membership(memberships(user), None)
        actor = Actor(user, present.clinic, present.roles) if present else None
        details = {"kind": str(authenticator.type)} if authenticator is not None else {}
        with transaction.atomic():
            record(actor=actor, verb=verb, subject=user, details=details)

    return heard
