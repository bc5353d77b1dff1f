"""Signing in, out and failing to: heard from Django's own signals, which every way of signing in sends."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.http import HttpRequest

from clinic.audit.actions import record
from clinic.staff.models import User
from clinic.staff.permissions import Actor
from clinic.staff.queries import memberships, present_membership


def connect() -> None:
    """Starts listening; done once, when the app is ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="audit-signed-in")
    user_logged_out.connect(_signed_out, dispatch_uid="audit-signed-out")
    user_login_failed.connect(_failed, dispatch_uid="audit-sign-in-failed")


def _signed_in(sender: object, *, user: User, **kwargs: Any) -> None:
    _note(user, verb="signed-in", by=user)


def _signed_out(sender: object, *, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        _note(user, verb="signed-out", by=user)


def _failed(sender: object, *, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    # Only known people: what somebody types into the e-mail field by mistake may be a password.
    email = str(credentials.get("email") or credentials.get("username") or "")
    user = User.objects.filter(email__iexact=email).first()
    if user is not None:
        _note(user, verb="sign-in-failed", by=None)


def _note(user: User, *, verb: str, by: User | None) -> None:
    # Nobody has chosen a clinic yet; the line is shown at the first of the person's clinics.
    present = present_membership(memberships(user), None)
    clinic = present.clinic if present else None
    actor = Actor(by, present.clinic, present.roles) if by and present else None
    with transaction.atomic():
        record(actor=actor, verb=verb, subject=user, details={}, clinic=clinic)
