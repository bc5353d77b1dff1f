"""How other apps hear that something about a patient has changed. They lie above this one, so they ask to be told."""

from datetime import date
from typing import Literal, Protocol

from clinic.staff.permissions import Actor
from patients.models import Patient

Cause = Literal["facts", "intake", "document", "referral", "consent", "merge"]


class Listener(Protocol):
    def __call__(self, *, patient: Patient, cause: Cause, on: date, actor: Actor | None) -> None: ...


_listeners: list[Listener] = []


def tell_also(listener: Listener) -> None:
    """From now on this one is told too; called once, when an app is ready."""
    if listener not in _listeners:
        _listeners.append(listener)


def has_changed(patient: Patient, *, cause: Cause, on: date, actor: Actor | None) -> None:
    """Says inside the transaction of a change that what is known of the patient is another than before. ``on`` is the clinic's day.

    What a listener raises undoes the change too: a finding that could not be looked at must not be stored unseen.
    """
    for listener in tuple(_listeners):
        listener(patient=patient, cause=cause, on=on, actor=actor)
