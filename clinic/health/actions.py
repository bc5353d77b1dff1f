"""What is noted for the page. It is no change of a record, so it leaves no line in the audit, which it may be about."""

from datetime import datetime

from clinic.health.queries import VERIFIED
from clinic.reminders.models import Pulse


def note_verified(*, name: str, holds: bool, said: str, now: datetime) -> None:
    """A chain was read as a whole at ``now``, and this was found."""
    Pulse.objects.update_or_create(name=f"{VERIFIED}{name}", defaults={"at": now, "details": {"holds": holds, "said": said[:500]}})
