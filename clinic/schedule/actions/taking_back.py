"""Taking back what was written down: an absence, a closure. It stays, with who took it back and when."""

from typing import TypeVar

from django.utils import timezone

from clinic.schedule.models import Absence, Closure
from clinic.staff.permissions import Actor

Row = TypeVar("Row", Absence, Closure)


def take_back(row: Row, actor: Actor) -> Row | None:
    """The row, locked and taken back; ``None`` where that was done before. Inside a transaction; who calls this has checked."""
    locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if locked.withdrawn_at is not None:
        return None
    locked.withdrawn_at, locked.withdrawn_by = timezone.now(), actor.user
    locked.save(update_fields=["withdrawn_at", "withdrawn_by"])
    return locked
