"""Letters that the staff app sends. They say what the reader must do and nothing of what happens at the clinic."""

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clinic.staff.models import Invitation


def send_invitation(invitation: Invitation, address: str) -> None:
    """Sends the link (``address``) in the language chosen for the letter, the day in the clinic's own zone."""
    clinic = invitation.clinic
    with translation.override(invitation.language), timezone.override(clinic.zone):
        context = {"invitation": invitation, "clinic": clinic, "address": address}
        subject = _("An account at %(clinic)s") % {"clinic": " ".join(clinic.name.split())}
        EmailMessage(subject, render_to_string("staff/letter_invitation.txt", context), to=[invitation.email]).send()
