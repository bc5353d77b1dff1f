"""How staff actions and refusals leave lines although the audit app lies above this one: it hands its recorders down at start-up."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models

from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor


@dataclass(frozen=True, slots=True)
class Refusal:
    """An attempt of a signed-in person that was refused: the pattern of the address, the records that it named, and the answer."""

    actor: Actor
    route: str
    ids: Mapping[str, int | str]
    status: int


class Recorder(Protocol):
    def __call__(
        self, *, actor: Actor | None, verb: str, subject: models.Model, details: dict[str, Any], clinic: Clinic | None = None
    ) -> object: ...


logger = logging.getLogger(__name__)
_recorders: list[Recorder] = []
_watchers: list[Callable[[Refusal], object]] = []


def record_with(recorder: Recorder) -> None:
    """From now on staff actions are recorded by this one. Called once, when the audit app is ready."""
    _recorders[:] = [recorder]


def record(*, actor: Actor | None, verb: str, subject: models.Model, details: dict[str, Any], clinic: Clinic | None = None) -> None:
    """Writes the audit line of a staff action. Raises ``LookupError`` without a recorder: no action happens without a trace."""
    if not _recorders:
        raise LookupError("nobody records audit lines: is clinic.audit installed?")
    _recorders[0](actor=actor, verb=verb, subject=subject, details=details, clinic=clinic)


def watch_refusals_with(watcher: Callable[[Refusal], object]) -> None:
    """From now on refused attempts are noted by this one. Called once, when the audit app is ready."""
    _watchers[:] = [watcher]


def note_refusal(refusal: Refusal) -> None:
    """Notes a refused attempt. Whatever goes wrong here is logged: the person is refused all the same, by the same page."""
    for watcher in _watchers:
        try:
            watcher(refusal)
        except Exception:
            logger.exception("a refused attempt at %s could not be noted", refusal.actor.page)
