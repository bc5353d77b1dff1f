"""What is kept about one patient, table by table: how it is reached, what a copy of the record shows, when an erasure removes it.

The list is closed. A test walks every model from which foreign keys lead to a patient and fails for one that is not named here, so that
a new table is neither forgotten by a copy nor left behind by an erasure.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, Final

from django.apps import apps
from django.db.models import CharField, Count, Model, Q, QuerySet, Value
from django.db.models.fields.related import ForeignKey
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from patients.models import Patient


class Goes(Enum):
    """When rows are removed."""

    AT_ONCE = "at-once"  # no duty keeps them: as soon as an erasure is decided
    AT_LAST = "at-last"  # of the clinical record: when the time is over for which it must be kept
    STAYS = "stays"  # something else is done to them, or they say nothing about the patient; see ``why``


CONTACTS: Final = pgettext_lazy("part of a record", "Contacts, wishes and who may be written to")
MESSAGES: Final = pgettext_lazy("part of a record", "Messages")
ANSWERS: Final = pgettext_lazy("part of a record", "Answers about health")
PAPERS: Final = pgettext_lazy("part of a record", "Documents, files and referrals")
COURSES: Final = pgettext_lazy("part of a record", "Courses, plans and screenings")
SESSIONS: Final = pgettext_lazy("part of a record", "Sessions and what was given")
MEASURES: Final = pgettext_lazy("part of a record", "Measurements and body charts")
DATES: Final = pgettext_lazy("part of a record", "Dates in the calendar")
CARE: Final = pgettext_lazy("part of a record", "Who is in charge, and who opened the record from outside")
PERSON: Final = pgettext_lazy("part of a record", "Who the patient is")
# Where nothing of these is there, nobody was treated, and no duty keeps the rest: names, contacts, messages, who was in charge.
_CLINICAL: Final = (ANSWERS, PAPERS, COURSES, SESSIONS, MEASURES, DATES)


@dataclass(frozen=True, slots=True)
class Holding:
    """One table. ``ways`` lead from a row to its patient; ``left_out`` are columns that a copy does not show because they are keys."""

    label: str
    part: Promise | str
    ways: tuple[str, ...]
    goes: Goes = Goes.AT_LAST
    why: str = ""
    left_out: tuple[str, ...] = ()
    only: Q | None = None  # of an AT_ONCE holding: these rows; the others go at last
    not_copied: str = ""  # why a copy of the record does not show it

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.label)

    def rows(self, people: Sequence[Patient]) -> QuerySet[Any]:
        """The rows about these people, in the order in which they came. The people are one patient with the records merged into theirs."""
        about = Q(pk__in=())
        for way in self.ways:
            about |= Q(**{f"{way}__in": [person.pk for person in people]})
        numbers = self.model._default_manager.filter(about).order_by().values("pk")
        return self.model._default_manager.filter(pk__in=numbers).order_by("pk")

    def rows_at_once(self, people: Sequence[Patient]) -> QuerySet[Any]:
        """Of an ``AT_ONCE`` holding: those that go at once."""
        return self.rows(people) if self.only is None else self.rows(people).filter(self.only)


_COURSE: Final = ("course__patient",)
_SESSION: Final = ("session__course__patient",)
_RECORD: Final = ("record__session__course__patient",)
_PATIENT: Final = ("patient",)
_AT_ONCE: Final = Goes.AT_ONCE

HOLDINGS: Final = (
    # Who the patient is
    Holding("patients.patient", PERSON, ("pk",), Goes.STAYS, "becomes a stone without a name", ("search_key",)),
    Holding("patients.patientmerge", PERSON, ("kept", "merged")),
    Holding("exchange.importedpatient", PERSON, _PATIENT),
    Holding("keeping.erasure", PERSON, _PATIENT, Goes.STAYS, "says that it was erased; its words are removed"),
    # Contacts, wishes, messages
    Holding("patients.namekey", CONTACTS, _PATIENT, _AT_ONCE, not_copied="made from the names, to find them by"),
    Holding("patients.messageconsent", CONTACTS, _PATIENT, _AT_ONCE),
    Holding("reminders.messagewishes", CONTACTS, _PATIENT, _AT_ONCE),
    Holding("schedule.wishes", CONTACTS, _PATIENT, _AT_ONCE),
    Holding("schedule.feed", CONTACTS, _PATIENT, _AT_ONCE, left_out=("token_digest",)),
    Holding("patients.intakelink", CONTACTS, _PATIENT, _AT_ONCE, left_out=("token_digest",)),
    Holding("courses.waiting", CONTACTS, _COURSE, _AT_ONCE),
    Holding("courses.offer", CONTACTS, ("waiting__course__patient", "booking__patient"), _AT_ONCE),
    Holding("reminders.message", MESSAGES, ("patient", "booking__patient"), left_out=("claim",)),
    Holding("reminders.told", MESSAGES, ("booking__patient",)),
    Holding("reminders.answer", MESSAGES, ("message__patient", "booking__patient")),
    # Health
    Holding("patients.intake", ANSWERS, _PATIENT, _AT_ONCE, only=Q(fact_answers=None) & ~Q(state="completed")),
    Holding("patients.factanswer", ANSWERS, _PATIENT),
    Holding("patients.document", PAPERS, _PATIENT),
    Holding("patients.attachment", PAPERS, _PATIENT, left_out=("stored_as",)),
    Holding("patients.referral", PAPERS, _PATIENT),
    Holding("patients.referralmove", PAPERS, ("referral__patient",)),
    Holding("courses.course", COURSES, _PATIENT),
    Holding("courses.coursemove", COURSES, _COURSE),
    Holding("courses.screeningrecord", COURSES, _COURSE),
    Holding("courses.coursereview", COURSES, _COURSE),
    Holding("courses.consent", COURSES, _COURSE),
    Holding("courses.consentwithdrawal", COURSES, ("consent__course__patient",)),
    Holding("courses.datepattern", COURSES, _COURSE, _AT_ONCE),
    Holding("courses.editionmove", COURSES, _COURSE),
    Holding("courses.studiodraft", COURSES, _COURSE, _AT_ONCE),
    Holding("courses.planedit", COURSES, _COURSE),
    Holding("courses.ruleoverride", COURSES, ("edit__course__patient",)),
    Holding("courses.session", SESSIONS, _COURSE),
    Holding("courses.sessionrecord", SESSIONS, _SESSION),
    Holding("courses.sessionmove", SESSIONS, _SESSION),
    Holding("courses.sessionstart", SESSIONS, _SESSION, left_out=("key", "device")),
    Holding("courses.sessionevent", SESSIONS, ("start__session__course__patient",), left_out=("key", "device")),
    Holding("courses.addendum", SESSIONS, _RECORD),
    Holding("courses.nextday", SESSIONS, _RECORD),
    Holding("courses.acknowledgement", SESSIONS, _RECORD),
    Holding("courses.adaptationchoice", SESSIONS, _COURSE),
    Holding("courses.measurevalue", MEASURES, _COURSE),
    Holding("courses.bodychart", MEASURES, _COURSE),
    # Dates and care
    Holding("schedule.booking", DATES, _PATIENT, left_out=("key",)),
    Holding("schedule.bookingchange", DATES, ("booking__patient",)),
    Holding("patients.caremember", CARE, _PATIENT),
    Holding("patients.breakglass", CARE, _PATIENT),
)
# Kept by a name in a text and not by a foreign key; a copy and an erasure go there by themselves.
BY_NAME: Final[Mapping[str, str]] = {
    "signing.signature": "documents are emptied by a signed order; a copy shows what was signed",
    "audit.auditline": "details are emptied by a signed order; a copy shows the lines as the report of who did what",
    "audit.readline": "holds numbers only; a copy shows the lines as the report of who looked",
    "reminders.mailboxletter": "letters of the demo, found by the key of their message, are removed at once",
}


def people_of(patient: Patient) -> tuple[Patient, ...]:
    """The patient and the records that were merged into theirs: one person, erased and handed out as one. One query."""
    return (patient, *patient.merged_from.order_by("pk"))


def holding(label: str) -> Holding:
    """The holding of this table."""
    return next(each for each in HOLDINGS if each.label == label)


@cache
def in_order_of_removal() -> tuple[Holding, ...]:
    """Those whose rows go, each before the tables that its rows point to."""
    waiting, found = {each.label: each for each in HOLDINGS if each.goes != Goes.STAYS}, list[Holding]()
    while waiting:
        free = [label for label in waiting if not any(label in _points_to(other) for other in waiting if other != label)]
        found += [waiting.pop(label) for label in free]
    return tuple(found)


def counted(people: Sequence[Patient]) -> tuple[dict[str, int], dict[str, int]]:
    """How many rows go at once and how many at last, by table; none is not named. One query."""
    kinds = in_order_of_removal()
    whole = [_counted(f"all {each.label}", each.rows(people)) for each in kinds]
    partly = [_counted(f"now {each.label}", each.rows_at_once(people)) for each in kinds if each.only]
    first, *others = [*whole, *partly]
    found = dict(first.union(*others, all=True))
    at_once, at_last = {}, {}
    for each in kinds:
        number = found.get(f"all {each.label}", 0)
        now = found.get(f"now {each.label}", 0) if each.only else number if each.goes == Goes.AT_ONCE else 0
        at_once[each.label], at_last[each.label] = now, number - now
    return _some(at_once), _some(at_last)


def tells_of_treatment(counts: Mapping[str, int]) -> bool:
    """Whether any of these rows, by table, is about health, a course or a date of one."""
    return any(each.label in counts and any(each.part is part for part in _CLINICAL) for each in HOLDINGS)


def _counted(name: str, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    kind = Value(name, CharField())
    found: QuerySet[Any, Any] = rows.order_by().annotate(kind_=kind).values("kind_").annotate(held=Count("pk", distinct=True))
    return found.values_list("kind_", "held")


def _some(counts: Mapping[str, int]) -> dict[str, int]:
    return {label: count for label, count in counts.items() if count}


def by_part(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The same by the part of the record, in words, in the order of the list."""
    found: dict[str, int] = defaultdict(int)
    for each in HOLDINGS:
        if each.label in counts:
            found[str(each.part)] += counts[each.label]
    return list(found.items())


def _points_to(label: str) -> Iterator[str]:
    for field in apps.get_model(label)._meta.concrete_fields:
        if isinstance(field, ForeignKey) and isinstance(field.related_model, type):
            yield field.related_model._meta.label_lower
