"""What has to be asked or brought again, and when: the intake form and every document on file. Day's questions are asked each session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import gettext as _

from patients.documents import last_day
from patients.models import Document, FactAnswer, Intake, Patient
from patients.queries import HEALTH_CHANGE, documents_of, has_fallen, intake_day, last_change_of_health, last_intake
from protocols.editions.queries import names_in_force
from protocols.method.library import Library

SOON: Final = 30  # days ahead from which something is said to be due soon


@dataclass(frozen=True, slots=True)
class Due:
    """``state``: missing | valid | soon | expired | void (health has changed since). ``until`` is the last day on which it holds."""

    kind: str  # intake, or the code of a kind of document
    name: str
    state: str
    until: date | None = None
    since: date | None = None  # the day from which it is

    @property
    def is_due(self) -> bool:
        """Whether it no longer holds today."""
        return self.state in ("missing", "expired", "void")


def due_again(patient: Patient, library: Library, on: date) -> tuple[Due, ...]:
    """The intake form, then the newest document of each kind that was not withdrawn; ``on`` is the clinic's day.

    The form holds ``valid_days`` of the library and falls with any change of health reported since; a document holds by its own days.
    """
    return due_of(patient, last_intake(patient), documents_of(patient), library, on)


def due_of(patient: Patient, intake: Intake | None, documents: Sequence[Document], library: Library, on: date) -> tuple[Due, ...]:
    """The same where the newest completed form and the documents, the newest first, are at hand already."""
    changed_on = last_change_of_health(patient, on + timedelta(days=1))
    newest = {document.kind: document for document in reversed(documents) if not document.is_withdrawn}
    papers = []
    for kind, document in newest.items():
        until = last_day(document, library)
        state = "void" if has_fallen(document, changed_on) else _state(until, on)
        papers.append(Due(kind, names_in_force(patient.clinic).of("documents", kind) or kind, state, until, document.issued_on))
    papers.sort(key=lambda due: due.until or date.max)
    return (_form(intake, changed_on, library, on), *papers)


def _form(intake: Intake | None, changed_on: date | None, library: Library, on: date) -> Due:
    given_on = intake_day(intake) if intake else None
    if intake is None or given_on is None:
        return Due("intake", _("Intake form"), "missing")
    until = given_on + timedelta(days=library.intake.valid_days)
    is_void = changed_on is not None and (changed_on > given_on or (changed_on == given_on and _was_told_later(intake)))
    return Due("intake", _("Intake form"), "void" if is_void else _state(until, on), until, given_on)


def _was_told_later(intake: Intake) -> bool:
    """On the day of the form itself the hour decides: a change told after it is not in it."""
    at = intake.submitted_at or intake.completed_at
    told = FactAnswer.objects.filter(patient_id=intake.patient_id, fact=HEALTH_CHANGE, recorded_at__gt=at).order_by("pk").last()
    return told is not None and told.reply == FactAnswer.Reply.STATED and told.value is True


def _state(until: date, on: date) -> str:
    if on > until:
        return "expired"
    return "soon" if on > until - timedelta(days=SOON) else "valid"
