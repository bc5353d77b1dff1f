"""Who may open the outbox, what did not arrive, the numbers and health of messages, and what went to one patient."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from clinic.reminders.models import MailboxLetter, Message
from clinic.staff.models import Clinic, Role
from tests.factories import a_patient
from tests.trust.rows import FORM, Row, Thing

REGISTER = (Role.THERAPIST, Role.ADMIN, Role.DOCTOR, Role.CLINICAL_LEAD)
DEAL = (Role.ADMIN, Role.CLINICAL_LEAD)
CANARIES = ("Canarova", "555 0199", "canary-in-the-letter")


def a_failed_message(clinic: Clinic, **fields: Any) -> Message:
    """A message that did not arrive, to somebody whose name and telephone occur nowhere else."""
    now = timezone.now()
    patient = a_patient(clinic=clinic, family_name="Canarova", phone="+49 555 0199")
    values: dict[str, Any] = {
        "kind": "missed", "channel": "email", "about": f"patient:{patient.pk}", "patient": patient, "state": "failed", "attempts": 1,
        "last_error": "refused 550", "due_at": now - timedelta(hours=1), "not_after": now + timedelta(days=1),
        "body": "canary-in-the-letter",
    }  # fmt: skip
    return Message.objects.create(clinic=clinic, **values | fields)


def a_message_of(clinic: Clinic) -> Thing:
    return Thing({"pk": a_failed_message(clinic).pk}, CANARIES)


def a_closed_message(clinic: Clinic) -> Thing:
    message = a_failed_message(clinic, handled="nothing", handled_at=timezone.now())
    return Thing({"pk": message.pk}, CANARIES)


def a_letter(clinic: Clinic) -> Thing:
    """A letter of the mailbox with a file."""
    words = {"channel": "email", "sent_to": "canary-letter@clinic.test", "subject": "", "body": "canary-in-the-letter"}
    letter = MailboxLetter.objects.create(key="1", clinic=clinic, attachment_name="dates.ics", attachment="canary-in-the-file", **words)
    return Thing({"pk": letter.pk}, ("canary-letter", "canary-in-the-letter", "canary-in-the-file"))


def a_patient_with_messages(clinic: Clinic) -> Thing:
    return Thing({"pk": a_failed_message(clinic).patient_id}, CANARIES)


def a_patient_who_died(clinic: Clinic) -> Thing:
    return Thing({"pk": a_patient(clinic=clinic, family_name="Canarova", phone="+49 555 0199", died_on=clinic.today()).pk}, CANARIES)


PAGES_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "message": a_message_of,
    "message-listed": lambda clinic: Thing({}, a_message_of(clinic).canaries),
    "message-closed": a_closed_message,
    "letter": a_letter,
    "letter-listed": lambda clinic: Thing({}, a_letter(clinic).canaries),
    "patient-written-to": a_patient_with_messages,
    "patient-who-died": a_patient_who_died,
}
PAGES_ROWS = {
    "reminders:outbox": Row(DEAL, thing="message-listed"),
    "reminders:message": Row(REGISTER, thing="message", seen=True),
    "reminders:mend": Row(DEAL, {"POST": 303}, thing="message", data={"way": "nothing"}),
    "reminders:mend-undo": Row(DEAL, {"POST": 303}, thing="message-closed"),
    "reminders:undelivered": Row(DEAL, thing="message-listed"),
    "reminders:patient": Row(REGISTER, thing="patient-written-to", seen=True),
    "reminders:wishes": Row(REGISTER, {"GET": 200, "POST": 303}, thing="patient-written-to", seen=True),
    "reminders:numbers": Row(DEAL),
    "reminders:health": Row(DEAL),
    "reminders:mailbox": Row(DEAL, thing="letter-listed"),
    "reminders:mailbox-file": Row(DEAL, thing="letter"),
    "patients:died": Row(REGISTER, FORM, thing="patient", seen=True, own=("died_on",)),
    "patients:died-undo": Row(REGISTER, {"POST": 422}, thing="patient-who-died"),
}
