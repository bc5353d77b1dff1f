"""How staff actions leave audit lines although the audit app lies above this one: it hands its recorder down at start-up."""

from typing import Any, Protocol

from django.db import models

from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor


class Recorder(Protocol):
    def __call__(
        self, *, actor: Actor | None, verb: str, subject: models.Model, details: dict[str, Any], clinic: Clinic | None = None
    ) -> object: ...


_recorders: list[Recorder] = []


def record_with(recorder: Recorder) -> None:
    """From now on staff actions are recorded by this one. Called once, when the audit app is ready."""
    _recorders[:] = [recorder]


def record(*, actor: Actor | None, verb: str, subject: models.Model, details: dict[str, Any], clinic: Clinic | None = None) -> None:
    """Writes the audit line of a staff action. Raises ``LookupError`` without a recorder: no action happens without a trace."""
    if not _recorders:
        raise LookupError("nobody records audit lines: is clinic.audit installed?")
    _recorders[0](actor=actor, verb=verb, subject=subject, details=details, clinic=clinic)
