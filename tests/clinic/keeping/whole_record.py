"""A record with a row in every table that a record can have, and a canary in every text of it."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import CharField, Field, ForeignKey, JSONField, Model, TextField
from django.utils import timezone

from clinic.audit.actions import record
from clinic.courses.models import Course, Session
from clinic.exchange.models import PatientImport
from clinic.keeping.holdings import HOLDINGS, in_order_of_removal
from clinic.reminders.models import MailboxLetter, Message
from clinic.schedule.models import Booking
from clinic.signing.actions import demo_sign
from clinic.signing.content import Content, Section
from clinic.signing.models import Meaning
from clinic.staff.permissions import Actor
from patients.models import Patient
from protocols.models import Edition
from tests.factories import a_doctor, a_patient, a_running_course, an_intake_link
from tests.fixtures import without_triggers
from tests.papers import a_file
from tests.schedule_factories import a_booking

CANARY: Final = "Zyzzcanary"
NOW: Final = object()
# What a rule of the database asks of a row that is made up.
ASKED: Final[dict[str, dict[str, Any]]] = {
    "patients.patientmerge": {"undone_at": None},
    "patients.messageconsent": {"channel": "email"},
    "reminders.message": {"state": "sent", "sent_at": NOW, "kind": "dates", "channel": "email", "about": "booking:1"},
    "reminders.answer": {"kind": "confirmed", "purpose": "answer", "value": None},
    "schedule.wishes": {"therapist_sex": "", "earliest": None, "latest": None},
    "courses.waiting": {"closed_at": NOW, "closed_why": "expired"},
    "courses.offer": {"answer": "expired", "answered_at": NOW},
    "courses.coursereview": {"decision": "", "kind": "question"},
    "courses.consent": {"given_by_name": "x", "way": "paper", "given_as": "patient"},
    "courses.editionmove": {"version": 77},
    "courses.planedit": {"version": 77},
    "courses.ruleoverride": {"words": "x", "first": 1, "last": 1},
    "courses.sessionstart": {"closed_at": NOW},
    "courses.addendum": {"text": "x"},
    "courses.nextday": {"pain": 1},
    "courses.measurevalue": {"words": "x", "replaces": None, "reason": ""},
    "patients.breakglass": {"words": "x", "reason": "other", "ends_at": timezone.now() + timedelta(days=9)},
    "patients.referralmove": {},
    "patients.referral": {"origin": "paper", "outside_doctor": "x", "session_count": 5, "state": "expired", "pressure_max": None},
    "schedule.bookingchange": {"kind": "booked"},
    "schedule.feed": {"user": None},
    "patients.document": {"kind": "x", "issued_by": "x"},
}
# Texts that are no words of anybody: codes that a rule of the database closes, digests, names of files.
CODES: Final = {"digest", "token_digest", "stored_as", "sha256", "content_type", "about", "card_number", "edition", "library_digest"}

# Words of a closed list that the model keeps as a plain text.
CLOSED: Final = {
    "bookingchange.kind", "answer.purpose", "measurevalue.side", "wishes.therapist_sex", "messagewishes.preferred", "waiting.closed_why",
    "offer.answer", "message.claim", "course.outcome", "screeningrecord.outcome", "screeningrecord.cause", "factanswer.fact",
    "document.withdrawn_because",
}  # fmt: skip


def a_whole_record(actor: Actor, *, in_data: bool = True) -> Patient:
    """Somebody whose course is over, with a second record that was merged, and rows in every table.

    ``in_data``: canaries also in what is kept as data, which nothing can then read any more.
    """
    patient = a_patient(clinic=actor.clinic, family_name=CANARY, given_name=f"{CANARY}ina")
    second = a_patient(clinic=actor.clinic, family_name=f"{CANARY}two")
    Patient.objects.filter(pk=second.pk).update(merged_into=patient)
    course = a_running_course(actor=actor, patient=patient, count=6, given=1)
    Course.objects.filter(pk=course.pk).update(state="ended", finished_on=course.planned_on)
    booking = a_booking(patient=patient, day=actor.clinic.today() + timedelta(days=30), state="released")
    an_intake_link(patient=patient, actor=actor)
    a_file(patient=patient, actor=actor)
    record(actor=actor, verb="undid-death", subject=patient, details={"reason": f"{CANARY} in the audit"})
    _sign(course, a_doctor(clinic=actor.clinic))
    context = _context(actor, patient, second, course, booking)
    for each in reversed(in_order_of_removal()):  # a row before those that point to it
        context.setdefault(each.label, each.rows((patient, second)).first() or _a_row(each.model, context))
    message = Message.objects.filter(patient=patient).first()
    MailboxLetter.objects.create(key=message.key, clinic=actor.clinic, channel="email", sent_to=f"{CANARY}@x.test", body=CANARY)  # type: ignore[union-attr]
    _sow((patient, second), in_data=in_data)
    return Patient.objects.get(pk=patient.pk)


def _sign(course: Course, doctor: Actor) -> None:
    words = Section(CANARY, (f"{CANARY} was shown",))
    content = Content("course-plan", f"courses.course:{course.pk}", 9, {"name": CANARY}, (words,))
    demo_sign(content=content, meaning=Meaning.APPROVED, note=f"{CANARY} has a weak heart", actor=doctor)
    demo_sign(content=content, meaning=Meaning.REVOKED, actor=doctor)


def _context(actor: Actor, patient: Patient, second: Patient, course: Course, booking: Booking) -> dict[str, Model]:
    session = Session.objects.get(course=course, number=1)
    source = PatientImport.objects.create(clinic=actor.clinic, file_name="x.csv", digest="0" * 64, read_by=actor.user)
    found: dict[str, Model] = {
        "staff.user": actor.user, "staff.clinic": actor.clinic, "patients.patient": patient, "merged": second, "courses.course": course,
        "courses.session": session, "courses.sessionrecord": session.record, "schedule.booking": booking,
        "exchange.patientimport": source, "schedule.site": booking.room.site,
    }  # fmt: skip
    return found


def _a_row(model: type[Model], context: dict[str, Model]) -> Model:
    asked = ASKED.get(model._meta.label_lower, {})
    values = {}
    for field in model._meta.concrete_fields:
        if field.name in asked:
            values[field.name] = timezone.now() if asked[field.name] is NOW else asked[field.name]
        elif not field.primary_key and not field.has_default() and not field.null:
            values[field.name] = _made_up(field, context)
        elif isinstance(field, ForeignKey) and field.related_model._meta.label_lower in {"patients.patient", "schedule.booking"}:
            values[field.name] = context[field.related_model._meta.label_lower]
    made = model(**values)
    made.save(force_insert=True)
    return made


def _made_up(field: "Field[Any, Any]", context: dict[str, Model]) -> Any:
    if isinstance(field, ForeignKey):
        label = field.related_model._meta.label_lower
        if label == "protocols.edition":
            name = "before" if field.name == "before" else "after"
            return Edition.objects.get_or_create(digest=name * 8, defaults={"name": name, "library_digest": "x"})[0]
        return context["merged"] if field.name == "merged" else context[label]
    kind = field.get_internal_type()
    if field.blank and isinstance(field, CharField | TextField):
        return ""
    if field.choices:
        return field.choices[0][0]
    return {"DateField": date(2026, 1, 2), "DateTimeField": timezone.now(), "JSONField": {}, "TimeField": time(9), "CharField": "x",
            "TextField": "x", "BooleanField": False}.get(kind, 1)  # fmt: skip


def _sow(people: tuple[Patient, ...], *, in_data: bool) -> None:
    """A canary in every text of every row, as somebody with the keys of the database would write it."""
    with without_triggers(connection):
        for each in HOLDINGS:
            texts = {
                field.name: _canary(field)
                for field in each.model._meta.concrete_fields
                if _is_text(field) and (in_data or not isinstance(field, JSONField))
            }
            if texts:
                each.rows(people).order_by().update(**texts)


def _is_text(field: "Field[Any, Any]") -> bool:
    if field.choices or field.unique or field.name in CODES or field.name.endswith("digest"):
        return False
    return isinstance(field, CharField | TextField | JSONField) and f"{field.model._meta.model_name}.{field.name}" not in CLOSED


def _canary(field: "Field[Any, Any]") -> Any:
    words = f"{CANARY} {field.model._meta.model_name} {field.name}"
    return {"said": words} if isinstance(field, JSONField) else words[: field.max_length or 200]


def dump() -> Iterator[tuple[str, str]]:
    """Every row of every table of the database, as text, with the name of the table."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  # names of our own tables
            for row in cursor.fetchall():
                yield table, repr(row)
