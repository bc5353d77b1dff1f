"""Changes that people make to their own sign-in on allauth's pages, heard from its signals and noted like every other write."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.db import transaction
from django.dispatch import Signal

from clinic.staff.models import User
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


def _listener(verb: str) -> Any:
    def heard(sender: object, *, user: User, authenticator: Any = None, **kwargs: Any) -> None:
        present = present_membership(memberships(user), None)
        actor = Actor(user, present.clinic, present.roles) if present else None
        details = {"kind": str(authenticator.type)} if authenticator is not None else {}
        with transaction.atomic():
            record(actor=actor, verb=verb, subject=user, details=details)

    return heard
