"""The messages of a patient on the patient's page."""

from typing import Any

from django.utils.translation import gettext as _

from clinic.reminders.models import MessageWishes
from clinic.reminders.permissions import can_see_messages_of_a_patient
from clinic.reminders.queries.of_patient import newest_of, wishes_of
from clinic.reminders.states import Channel
from clinic.staff.permissions import Actor
from patients.models import Patient


def messages_panel(patient: Patient, actor: Actor) -> dict[str, Any] | None:
    """The last messages, the next one and the wishes; None for whoever may not open the record. Two queries."""
    if not can_see_messages_of_a_patient(actor):
        return None
    found, said = newest_of(patient), wishes_of(patient)
    coming = found.next_one if patient.died_on is None else None  # it waits still, and is dropped when its time comes
    return {"last": found.last, "next_one": coming, "said": said, "words": words_of(said) if said else []}


def words_of(wishes: MessageWishes) -> list[str]:
    """The wishes, each in a few words; none where nothing in particular is wished."""
    found = []
    if wishes.preferred:
        found.append(_("rather by %(way)s") % {"way": str(Channel(wishes.preferred).label).lower()})
    if wishes.quiet_from and wishes.quiet_until:
        hours = {"since": f"{wishes.quiet_from:%H:%M}", "until": f"{wishes.quiet_until:%H:%M}"}
        found.append(_("nothing from %(since)s until %(until)s") % hours)
    return found
