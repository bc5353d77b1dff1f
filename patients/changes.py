"""How other apps hear that something about a patient has changed. They lie above this one, so they ask to be told."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Literal, Protocol

from clinic.staff.permissions import Actor
from patients.models import Intake, Patient
from patients.queries.people import check_takes_news

Cause = Literal["facts", "intake", "document", "referral", "consent", "merge"]


class Listener(Protocol):
    def __call__(self, *, patient: Patient, cause: Cause, on: date, actor: Actor | None) -> None: ...


_listeners: list[Listener] = []
_tellers: list[Callable[[Patient, datetime], tuple[str, ...]]] = []
_holders: list[Callable[[Patient], None]] = []
_hearers: list[Callable[[Intake], None]] = []


def tell_also(listener: Listener) -> None:
    """From now on this one is told too; called once, when an app is ready."""
    if listener not in _listeners:
        _listeners.append(listener)


def hold_also(holder: Callable[[Patient], None]) -> None:
    """From now on this one locks what it will look at when something about a patient changes; called once, when an app is ready."""
    if holder not in _holders:
        _holders.append(holder)


def hold(patient: Patient) -> None:
    """Locks what listeners will look at, before a transaction takes the heads of the chains: everybody else takes those last."""
    for holder in tuple(_holders):
        holder(patient)


def has_changed(patient: Patient, *, cause: Cause, on: date, actor: Actor | None) -> None:
    """Says inside the transaction of a change that what is known of the patient is another than before. ``on`` is the clinic's day.

    What a listener raises undoes the change too: a finding that could not be looked at must not be stored unseen. So does
    ``SecondRecord``, for a record that somebody merged into another at that very moment: nothing may be added to it any more.
    """
    check_takes_news(patient)
    for listener in tuple(_listeners):
        listener(patient=patient, cause=cause, on=on, actor=actor)


def tell_what_came_of_it(teller: Callable[[Patient, datetime], tuple[str, ...]]) -> None:
    """From now on this one is asked what a change led to; called once, when an app is ready."""
    if teller not in _tellers:
        _tellers.append(teller)


def what_came_of_it(patient: Patient, since: datetime) -> tuple[str, ...]:
    """What changes since that moment led to, in sentences for whoever made them: a course that may not go on."""
    return tuple(sentence for teller in tuple(_tellers) for sentence in teller(patient, since))


def when_answers_are_sent(hearer: Callable[[Intake], None]) -> None:
    """From now on this one hears of a form that a patient has sent and nobody has read; called once, when an app is ready."""
    if hearer not in _hearers:
        _hearers.append(hearer)


def answers_were_sent(intake: Intake) -> None:
    """Says inside the transaction in which a patient sends a form that it waits to be read."""
    for hearer in tuple(_hearers):
        hearer(intake)
