"""Who may open the texts and the rules of messages. See access.py."""

from collections.abc import Callable

from clinic.reminders.models import MessageTemplate
from clinic.staff.models import Clinic, Role
from tests.factories import a_member
from tests.trust.rows import FORM, Row, Thing

DEAL = (Role.ADMIN, Role.CLINICAL_LEAD)
SPOT = {"code": "missed", "channel": "sms", "language": "en"}


def a_text(clinic: Clinic) -> Thing:
    """A clinic's own text, whose words occur nowhere else."""
    words = {"version": 1, "body": "Canary-of-a-text", "made_by": a_member(clinic=clinic, full_name="Canaria Textcanary")}
    MessageTemplate.objects.create(clinic=clinic, **SPOT, **words)
    return Thing({}, ("Canary-of-a-text", "Textcanary"))


def a_text_version(clinic: Clinic) -> Thing:
    return Thing({**SPOT, "number": 1}, a_text(clinic).canaries)


def a_spot(_clinic: Clinic) -> Thing:
    """Which text: the same address for every clinic, and each sees its own words behind it."""
    return Thing(SPOT)


TEXTS_THINGS: dict[str, Callable[[Clinic], Thing]] = {
    "message-text-listed": a_text,
    "message-text-version": a_text_version,
    "message-spot": a_spot,
}
TEXTS_ROWS = {
    "reminders:texts": Row(DEAL, thing="message-text-listed"),
    "reminders:text": Row(DEAL, FORM, thing="message-spot", shared=True),
    "reminders:text-shipped": Row(DEAL, {"POST": 303}, thing="message-spot", shared=True),
    "reminders:text-version": Row(DEAL, thing="message-text-version"),
    "reminders:rules": Row(DEAL, FORM),
}
