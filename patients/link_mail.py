"""The message with a link to the form: where to go and until when, nothing of health and no name."""

from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from patients.models import IntakeLink


def mail_link(link: IntakeLink, address: str) -> None:
    """Sends the address of a link to the patient, in the patient's language, once the link is stored."""
    patient = link.patient
    with override(patient.language):
        last_day = date_format(timezone.localtime(link.expires_at, patient.clinic.zone), "SHORT_DATETIME_FORMAT")
        subject = _("%(clinic)s: a form to fill in before your visit") % {"clinic": patient.clinic.name}
        lines = (
            _("Please fill in this form before your visit:"),
            address,
            _("It can be opened until %(moment)s and sent once. You will be asked for the date of birth first.") % {"moment": last_day},
            _("You did not expect this message? Then delete it; nothing happens."),
            patient.clinic.name,
        )
    text = "\n\n".join(lines) + "\n"
    transaction.on_commit(lambda: send_mail(" ".join(subject.split()), text, None, [patient.email]))
