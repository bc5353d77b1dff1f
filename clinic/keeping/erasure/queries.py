"""What is asked about keeping and erasing: the clinic's times, whose record is past them, what would go, what stands against it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import CharField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404
from django.utils.translation import gettext as _

from clinic.audit.belonging import about, records_of
from clinic.audit.models import SEALED_LOOKS, AuditLine
from clinic.courses.models import OVER, Course, SessionRecord
from clinic.courses.states import CourseState
from clinic.keeping.erasure.terms import Standing
from clinic.keeping.holdings import by_part, counted, people_of, tells_of_treatment
from clinic.keeping.models import Erasure, Retention
from clinic.reminders.models import MailboxLetter, Message
from clinic.reminders.states import MessageState
from clinic.schedule.models import Booking
from clinic.signing.models import Meaning, Signature
from clinic.staff.models import Clinic
from patients.models import Attachment, Patient

A_PAGE: Final = 25


# The clinic's times ---------------------------------------------------------------------------------------------------------
def retention_of(clinic: Clinic) -> Retention:
    """What the clinic has set; the defaults, not saved, with version 0, where it has set nothing."""
    return Retention.objects.filter(clinic=clinic).first() or Retention(clinic=clinic, version=0)


def standings(clinic: Clinic, patients: Sequence[int] | None = None) -> Iterator[Standing]:
    """The last day of each record of the clinic that is not erased: last session, end or plan of a course, registration. One query."""
    courses = Course.objects.filter(patient=OuterRef("pk")).order_by().values("patient")
    given = SessionRecord.objects.filter(session__course__patient=OuterRef("pk")).order_by().values("session__course__patient")
    found = Patient.objects.filter(clinic=clinic, merged_into=None, erased_on=None).order_by("pk")
    if patients is not None:
        found = found.filter(pk__in=patients)
    rows = found.annotate(
        given=Subquery(given.annotate(last=Max("given_on")).values("last")),
        ended=Subquery(courses.annotate(last=Max("finished_on")).values("last")),
        planned=Subquery(courses.annotate(last=Max("planned_on")).values("last")),
    ).values_list("pk", "born_on", "registered_at", "given", "ended", "planned")
    for pk, born, registered, *days in rows.iterator(chunk_size=2000):
        last = max(day for day in (registered.astimezone(clinic.zone).date(), *days) if day is not None)
        yield Standing(pk, born, last)


def standing_of(patient: Patient) -> Standing:
    """The same of one patient."""
    return next(standings(patient.clinic, [patient.pk]))


def over_at(clinic: Clinic, retention: Retention, on: date) -> list[Standing]:
    """Whose record need not be kept any more, who waited longest first. One query."""
    found = [each for each in standings(clinic) if each.is_over(retention, on)]
    return sorted(found, key=lambda each: (each.kept_until(retention), each.patient))


@dataclass(frozen=True, slots=True)
class Overdue:
    """One line of the list: the patient, and since when the record need not be kept."""

    patient: Patient
    last_on: date
    kept_until: date


def overdue_page(over: Sequence[Standing], retention: Retention, number: str) -> tuple[Page[Standing], list[Overdue]]:
    """One page of the records past their time. One query."""
    page = Paginator(over, A_PAGE).get_page(number)
    people = Patient.objects.in_bulk([each.patient for each in page.object_list])
    return page, [Overdue(people[each.patient], each.last_on, each.kept_until(retention)) for each in page.object_list]


def restricted_records(clinic: Clinic) -> QuerySet[Patient]:
    """Records that are kept only because they must be: decided to be erased, and not over yet."""
    return clinic.patients.filter(restricted_on__isnull=False, erased_on=None, merged_into=None)


# One erasure ----------------------------------------------------------------------------------------------------------------
def open_erasures(clinic: Clinic) -> QuerySet[Erasure]:
    """What waits for a decision, the oldest first."""
    asked = clinic.erasures.filter(state=Erasure.State.ASKED)
    return asked.select_related("patient", "asked_by").order_by("pk")


def erasure_or_404(clinic: Clinic, pk: int) -> Erasure:
    """The clinic's erasure with this number. Raises ``Http404``."""
    found = Erasure.objects.select_related("patient__clinic", "asked_by", "decided_by").filter(clinic=clinic, pk=pk).first()
    if found is None:
        raise Http404
    return found


def open_erasure_of(patient: Patient) -> Erasure | None:
    """The one that waits for a decision about this patient."""
    return Erasure.objects.filter(patient=patient, state=Erasure.State.ASKED).select_related("asked_by").first()


def removed_of(erasure: Erasure) -> list[tuple[str, int]]:
    """What was removed, by part of the record; entries of the chains of which the content went are counted apart."""
    return by_part(erasure.removed)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an erasure would do today: part of the record and how much of it. ``kept_until`` is None where nothing has to be kept.

    ``was_treated``: something tells of health or treatment; where nothing does, no duty keeps the record at all.
    """

    kept_until: date | None
    removed: list[tuple[str, int]]
    kept: list[tuple[str, int]]
    files: int
    hindrances: list[str]
    was_treated: bool = True

    @property
    def is_whole(self) -> bool:
        return self.kept_until is None


def plan_for(patient: Patient, on: date) -> Plan:
    """What would be removed, what must be kept until when, and what stands against it. About eight queries."""
    people = people_of(patient)
    at_once, at_last = counted(people)
    files = Attachment.objects.filter(patient__in=people).count()
    until = kept_until(patient, on, at_last)
    if until is None:
        removed = by_part(_together(at_once, at_last))
        return Plan(None, removed, [], files, hindrances(patient, on), was_treated=tells_of_treatment(at_last))
    return Plan(until, by_part(at_once), by_part(at_last), 0, hindrances(patient, on))


def kept_until(patient: Patient, on: date, at_last: Mapping[str, int]) -> date | None:
    """Until when the clinic must keep the record; None where that time is over, or where nobody was treated. Two queries at most.

    ``at_last`` counts what an erasure removes last (``counted``): a duty keeps a record for what it says of health and treatment.
    """
    if not tells_of_treatment(at_last):
        return None
    standing, retention = standing_of(patient), retention_of(patient.clinic)
    return None if standing.is_over(retention, on) else standing.kept_until(retention)


def _together(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {label: one.get(label, 0) + other.get(label, 0) for label in {**one, **other}}


def hindrances(patient: Patient, on: date) -> list[str]:
    """Sentences that say what must be done first. Two queries."""
    found = []
    over = (*OVER, CourseState.DISCARDED, CourseState.DRAFT)
    if Course.objects.filter(patient=patient).exclude(state__in=over).exists():
        found.append(_("A course is not over yet. End it first."))
    if Booking.objects.filter(patient=patient, is_taken=True, day__gte=on).exists():
        found.append(_("Dates are booked still. Give them up first."))
    if Message.objects.filter(patient=patient, state=MessageState.SENDING).exists():
        found.append(_("A message is just being sent. Try again in a minute."))
    return found


# Where the record is named by a text ------------------------------------------------------------------------------------------
def signatures_about(people: Sequence[Patient], clinic: Clinic) -> list[Signature]:
    """The entries of the clinic's chain about these people that have their document still. Two queries."""
    subjects = [f"{kind}:{number}" for kind, numbers in records_of(people).items() for number in numbers]
    entries = Signature.objects.filter(clinic=clinic, subject__in=subjects).exclude(content="").exclude(meaning=Meaning.ERASED)
    return list(entries.order_by("sequence"))


def lines_about(people: Sequence[Patient], clinic: Clinic) -> list[AuditLine]:
    """The audit lines of the clinic about these people or about what belongs to them. Two queries."""
    these = about(records_of(people))
    for person in people:
        these |= Q(details__patient=person.pk)
    return list(AuditLine.objects.filter(these, clinic=clinic).exclude(verb=SEALED_LOOKS).order_by("sequence"))


def letters_about(people: Sequence[Patient], clinic: Clinic) -> QuerySet[MailboxLetter]:
    """The letters of the demo's mailbox to these people."""
    messages: QuerySet[Any] = Message.objects.filter(Q(patient__in=people) | Q(booking__patient__in=people)).order_by()
    version = Cast("version", CharField())
    keys = messages.annotate(key_=Concat("about", Value(":"), "kind", Value(":"), "channel", Value(":"), version, output_field=CharField()))
    return MailboxLetter.objects.filter(clinic=clinic, key__in=keys.values("key_"))
