"""Who may open the pages behind the links of messages (everybody with the link), and the queue of those who cannot come."""

from collections.abc import Callable

from clinic.reminders.links import token_for
from clinic.reminders.models import Answer
from clinic.reminders.states import Purpose
from clinic.staff.models import Clinic, Role
from clinic.staff.permissions import PUBLIC
from tests.clinic.reminders.answering_scene import a_date, a_message
from tests.factories import a_patient
from tests.trust.rows import Row, Thing

DEAL = (Role.ADMIN, Role.CLINICAL_LEAD)


def a_link(clinic: Clinic) -> Thing:
    """A link that opens; whoever has it sees when and where, and nothing of the patient."""
    patient = a_patient(clinic=clinic, family_name="Canarova", phone="+49 555 0199")
    return Thing({"token": token_for(a_message(a_date(clinic=clinic, patient=patient)), Purpose.ANSWER)}, ("Canarova", "555 0199"))


def somebody_who_cannot_come(clinic: Clinic) -> Thing:
    booking = a_date(clinic=clinic, patient=a_patient(clinic=clinic, family_name="Canarova", phone="+49 555 0199"))
    words = {"booking": booking, "starts_at": booking.starts_at, "purpose": "answer", "kind": "cannot-come"}
    answer = Answer.objects.create(message=a_message(booking), clinic=clinic, **words)
    return Thing({"pk": answer.pk}, ("Canarova", "555 0199"))


ANSWERS_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "answer-link": a_link,
    "cannot-come": somebody_who_cannot_come,
    "cannot-come-listed": lambda clinic: Thing({}, somebody_who_cannot_come(clinic).canaries),
}
ANSWERS_ROWS = {
    "answer:open": Row((PUBLIC,), {"GET": 200, "POST": 303}, thing="answer-link"),
    "answer:calendar": Row((PUBLIC,), {"GET": 200}, thing="answer-link"),
    "reminders:answers": Row(DEAL, thing="cannot-come-listed"),
    "reminders:answer-handled": Row(DEAL, {"POST": 303}, thing="cannot-come", data={"handled": "stays"}),
}
