"""Letters that the staff app sends. They say what the reader must do and nothing of what happens at the clinic."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clinic.staff.models import Clinic, Invitation, User
from clinic.staff.queries import memberships, present_membership


def send_invitation(invitation: Invitation, address: str) -> None:
    """Sends the link (``address``) in the language chosen for the letter, the day in the clinic's own zone."""
    clinic = invitation.clinic
    with translation.override(invitation.language), timezone.override(clinic.zone):
        context = {"invitation": invitation, "clinic": clinic, "address": address}
        subject = _("An account at %(clinic)s") % {"clinic": " ".join(clinic.name.split())}
        EmailMessage(subject, render_to_string("staff/letter_invitation.txt", context), to=[invitation.email]).send()


def send_new_device(user: User, device: str) -> None:
    """Tells somebody that their account was opened in a browser (``device``: its name, or empty) that was not used for it before."""
    with _as_read_by(user):
        context = {"person": user, "device": device, "at": timezone.now()}
        EmailMessage(_("Signed in on a new device"), render_to_string("staff/letter_new_device.txt", context), to=[user.email]).send()


def send_second_step_reset(user: User, clinic: Clinic | None) -> None:
    """Tells somebody that app, passkeys and recovery codes of their account open nothing any more, and who did that.

    ``clinic`` is that of the administrator; ``None`` for whoever runs the installation.
    """
    with _as_read_by(user):
        context = {"person": user, "clinic": clinic, "at": timezone.now()}
        subject = _("Your second step was reset")
        EmailMessage(subject, render_to_string("staff/letter_second_step_reset.txt", context), to=[user.email]).send()


@contextmanager
def _as_read_by(user: User) -> Iterator[None]:
    """Language and time zone of the person who reads the letter."""
    present = present_membership(memberships(user), None)
    with translation.override(user.language), timezone.override(present.clinic.zone if present else None):
        yield
