"""How the demo's invented patients are reached by messages: addresses of a domain and numbers of a range that belong to nobody."""

from collections.abc import Mapping
from typing import Any, Final
from zlib import crc32

from django.utils import timezone

from clinic.courses.demo_entries import DemoPatient
from clinic.reminders.actions.rules import save_message_rules
from clinic.reminders.models import Message
from clinic.reminders.states import Kind, MessageState
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from clinic.start import DEMO_DOMAIN
from clinic.web.folding import folded
from patients.search import in_latin

# The Bundesnetzagentur keeps 030 23125 000 to 999 free for films and books ("Drama-Nummern").
NUMBERS: Final = "+49 30 23125 {:03d}"
EMAIL, SMS, BOTH = {"email": True, "sms": False}, {"email": False, "sms": True}, {"email": True, "sms": True}
# Most are written to by e-mail, some by text message, and some have not been asked: those are called.
AGREED: Final[tuple[Mapping[str, bool], ...]] = (EMAIL, BOTH, EMAIL, SMS, EMAIL, {})


def contacts_of(entry: DemoPatient) -> dict[str, Any]:
    """E-mail and telephone of one invented patient; a child is reached by whoever looks after it."""
    number = NUMBERS.format(_lot(entry) % 1000)
    name = in_latin(folded(f"{entry.given_name}.{entry.family_name}")).replace(" ", "-").replace("'", "")
    phones = {"phone": "", "guardian_phone": number} if entry.guardian_name else {"phone": number, "guardian_phone": ""}
    return {"email": f"{name.encode('ascii', 'ignore').decode()}@{DEMO_DOMAIN}", **phones}


def said_of_messages(entry: DemoPatient) -> Mapping[str, bool]:
    """What this patient said about messages, by channel; the same at each seeding."""
    return AGREED[_lot(entry) % len(AGREED)]


def _lot(entry: DemoPatient) -> int:
    return crc32(f"{entry.family_name} {entry.given_name}".encode())


def set_up_messages(clinic: Clinic, admin: Actor) -> None:
    """The clinic's telephone in messages, and no grace for what was booked while the demo was made: the mailbox fills at once."""
    now = timezone.now()
    save_message_rules(values={"phone": NUMBERS.format(100)}, seen=0, now=now, actor=admin)
    Message.objects.filter(clinic=clinic, state=MessageState.WAITING, kind=Kind.DATES).update(due_at=now, next_at=now)
