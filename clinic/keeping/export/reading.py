"""The record as its patient reads it: sections of words for paper, in the patient's language. For machines there is ``collecting``."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from clinic.audit.queries import Period, story_of
from clinic.courses.models import Consent, Course, MeasureValue, SessionRecord
from clinic.courses.prints.typesetting import typeset
from clinic.keeping.export.collecting import shown_lines
from clinic.reminders.models import Message
from clinic.reminders.states import MessageState
from patients.models import BreakGlass, Patient
from patients.queries import documents_of, newest_replies
from patients.queries.referrals import referrals_of
from patients.questionnaire import Reply
from patients.referral_lines import referral_lines
from patients.summary import document_lines, reply_in_words
from protocols.editions.queries import library_in_force, names_in_force
from protocols.method.names import Names

TEMPLATE: Final = Path(__file__).resolve().parent / "record.typ"
MOST_LINES: Final = 2000  # of who opened the record; all of them are in record.json
Row = Sequence[str]


def record_pdf(people: Sequence[Patient], at: datetime, on: date) -> bytes:
    """The whole record on paper, in the language in force (PDF/UA-1)."""
    return typeset(str(TEMPLATE), record_data(people, at, on))


def record_data(people: Sequence[Patient], at: datetime, on: date) -> dict[str, Any]:
    """Everything that is printed, in words: sections of a heading, the heads of their columns, and rows."""
    patient = people[0]
    names = names_in_force(patient.clinic)
    return {
        "language": get_language() or "en",
        "title": f"{_('Copy of the record')} – {patient.full_name}",
        "kind": _("Copy of the record"),
        "clinic": patient.clinic.name,
        "name": patient.full_name,
        "made": _("Made on %(moment)s") % {"moment": _moment(at, patient)},
        "note": _("What the clinic keeps about you. The files beside this one hold the same in full, for other programs."),
        "sections": [section for section in _sections(people, names, on) if section["rows"]],
        "leaf": _("Page {page} of {pages}"),
    }


def _sections(people: Sequence[Patient], names: Names, on: date) -> Iterator[dict[str, Any]]:
    patient = people[0]
    said, when = _("What"), _("When")
    yield _section(_("Who you are"), ("", ""), _person(patient))
    yield _section(_("Your answers about health"), (_("Question"), _("Answer"), when), _answers(patient, names))
    yield _section(_("Documents that were seen"), (said, _("From whom"), when), _documents(patient, names, on))
    yield _section(_("Referrals"), (_("Diagnosis"), _("State"), when), _referrals(patient, names, on))
    yield _section(_("Courses"), (_("Condition"), _("State"), _("From – until")), _courses(patient, names))
    yield _section(_("Sessions"), (when, _("By whom"), _("How it felt, 0 to 10"), _("Note")), _sessions(patient))
    yield _section(_("Measurements"), (said, _("Value"), when), _measures(patient, names))
    yield _section(_("What you agreed to"), (_("By whom"), _("How"), when), _consents(patient))
    yield _section(_("Messages to you"), (said, _("Way"), when), _messages(people))
    yield _section(_("Who opened the record from outside of your care"), (_("Who"), _("Reason"), when), _opened(people))
    yield _section(_("Who opened or changed this record"), (_("Who"), _("What"), _("Where"), when), _story(people))


def _section(heading: str, heads: Row, rows: Iterable[Row]) -> dict[str, Any]:
    return {"heading": heading, "heads": list(heads), "rows": [[str(cell) for cell in row] for row in rows]}


def _person(patient: Patient) -> Iterator[Row]:
    fields = (
        "family_name", "given_name", "middle_name", "born_on", "sex", "card_number", "phone", "email", "language", "guardian_name",
        "guardian_phone", "likes", "notes", "died_on",
    )  # fmt: skip
    for name in fields:
        shown = getattr(patient, f"get_{name}_display", None)
        value = shown() if shown else getattr(patient, name)
        if value:
            yield str(Patient._meta.get_field(name).verbose_name), _day(value) if isinstance(value, date) else value  # type: ignore[union-attr]


def _answers(patient: Patient, names: Names) -> Iterator[Row]:
    library = library_in_force(patient.clinic)
    for code, answer in sorted(newest_replies(patient).items()):
        if code in library.facts:
            words = reply_in_words(library, names, code, Reply(answer.reply, answer.value))
            yield names.of("facts", code, "question") or code, words, _day(answer.answered_on)


def _documents(patient: Patient, names: Names, on: date) -> Iterator[Row]:
    for line in document_lines(patient, documents_of(patient), library_in_force(patient.clinic), names, on=on):
        yield f"{line.name}. {line.document.words}".strip(), line.document.issued_by, _day(line.document.issued_on)


def _referrals(patient: Patient, names: Names, on: date) -> Iterator[Row]:
    for line in referral_lines(referrals_of(patient), names, on=on):
        yield f"{line.referral.diagnosis} ({line.referral.icd10})", line.state_word, _day(line.referral.written_on)


def _courses(patient: Patient, names: Names) -> Iterator[Row]:
    for course in Course.objects.filter(patient=patient).defer("plan", "screening").order_by("pk"):
        condition = names.of("conditions", course.condition) or course.condition
        stage = names.of("stages", f"{course.condition}/{course.stage}") or course.stage
        days = " – ".join(_day(day) for day in (course.started_on or course.planned_on, course.finished_on) if day)
        yield f"{condition}, {stage}", course.get_state_display(), days


def _sessions(patient: Patient) -> Iterator[Row]:
    records = SessionRecord.objects.filter(session__course__patient=patient).select_related("given_by", "session")
    for each in records.prefetch_related("addenda").order_by("given_on", "pk"):
        felt = (
            (_("comfort"), each.comfort), (_("pain before"), each.pain_before), (_("pain after"), each.pain_after),
            (_("well-being"), each.wellbeing),
        )  # fmt: skip
        notes = [each.note, each.outage_note, *(addendum.text for addendum in each.addenda.all())]
        words = ", ".join(f"{name} {value}" for name, value in felt if value is not None)
        yield _day(each.given_on), each.given_by.full_name if each.given_by else "", words, " ".join(filter(None, notes))


def _measures(patient: Patient, names: Names) -> Iterator[Row]:
    for each in MeasureValue.objects.filter(course__patient=patient, replaced_by=None).order_by("measured_on", "pk"):
        value = each.words if each.value is None else f"{each.value.normalize():f}"
        yield names.of("measures", each.measure) or each.measure, value, _day(each.measured_on)


def _consents(patient: Patient) -> Iterator[Row]:
    for each in Consent.objects.filter(course__patient=patient).defer("sections", "drawing").order_by("pk"):
        yield f"{each.given_by_name} ({each.get_given_as_display()})", each.get_way_display(), _day(each.given_on)


def _messages(people: Sequence[Patient]) -> Iterator[Row]:
    sent = Message.objects.filter(patient__in=people, state=MessageState.SENT).defer("body", "fields").order_by("sent_at", "pk")
    for each in sent:
        way = f"{each.get_channel_display()} {each.sent_to}".strip()
        yield each.subject or each.get_kind_display(), way, _moment(each.sent_at, people[0]) if each.sent_at else ""


def _opened(people: Sequence[Patient]) -> Iterator[Row]:
    for each in BreakGlass.objects.filter(patient__in=people).select_related("user").order_by("pk"):
        yield each.user.full_name, f"{each.get_reason_display()}. {each.words}", _moment(each.opened_at, people[0])


def _story(people: Sequence[Patient]) -> Iterator[Row]:
    for line in islice(shown_lines(story_of(people, people[0].clinic, Period())), MOST_LINES):
        who = line.who or pgettext("who did it", "the program by itself, or the patient by a link")
        roles = f" ({', '.join(line.roles)})" if line.roles else ""
        yield f"{who}{roles}", line.what, line.where, _moment(line.at, people[0])


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _moment(at: datetime, patient: Patient) -> str:
    return date_format(at.astimezone(patient.clinic.zone), "SHORT_DATETIME_FORMAT")
