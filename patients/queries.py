"""What pages and plans read about patients. Every query starts at a clinic."""

import hashlib
import json
from datetime import date, timedelta
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from clinic.staff.models import Clinic
from patients.documents import last_day, lifts, rules_of_its_age
from patients.models import Document, FactAnswer, Intake, Patient
from patients.questionnaire import STATED, UNKNOWN_REPLY, Person, Reply, answers_of, day_facts, intake_facts
from patients.search import in_latin, search_words
from patients.states import IntakeState
from protocols.method.answers import Answers
from protocols.method.clearances import REFERRAL
from protocols.method.findings import Clearance
from protocols.method.library import Library

PATIENTS_A_PAGE: Final = 25
# Facts that grow older by themselves: "weeks since" asked in May are more in July. Days in one of the unit.
_DAYS_IN: Final = {"days": 1, "weeks": 7, "months": 30}


def patients_of(clinic: Clinic, query: str = "") -> QuerySet[Patient]:
    """The clinic's patients by name; with a query, those whose record holds every word of it."""
    found = Patient.objects.filter(clinic=clinic)
    for word in search_words(query):
        found = found.filter(search_key__contains=word)
    return found


def page_of_patients(clinic: Clinic, query: str, number: str) -> Page[Patient]:
    """One page of the patient list; a page number out of range gives the nearest page."""
    return Paginator(patients_of(clinic, query), PATIENTS_A_PAGE).get_page(number)


def patient_or_404(clinic: Clinic, pk: int) -> Patient:
    """This clinic's patient. A patient of another clinic does not exist here."""
    return get_object_or_404(Patient.objects.select_related("clinic"), clinic=clinic, pk=pk)


def holder_of_card(clinic: Clinic, number: str, *, but: int | None = None) -> Patient | None:
    """Who has this card number at the clinic, the patient with the number ``but`` apart."""
    others = Patient.objects.filter(clinic=clinic, card_number=number)
    others = others if but is None else others.exclude(pk=but)
    return others.first() if number else None


def look_alikes(clinic: Clinic, *, family_name: str, given_name: str, born_on: date) -> tuple[Patient, ...]:
    """Up to five patients who may be the same person.

    They share the birth date and a name, or both names and a birth date that one slip of the finger explains.
    """
    typed = f"{family_name} {given_name}"
    words = {*search_words(typed), *in_latin(typed).split()}  # the record may be in the other script
    near = Q(born_on__year=born_on.year) | Q(born_on__day=born_on.day, born_on__month=born_on.month)
    for word in in_latin(typed).split():
        near &= Q(search_key__contains=word)
    found = Patient.objects.filter(Q(born_on=born_on) | near, clinic=clinic)
    alike = (one for one in found[:50] if words & set(one.search_key.split()) and _is_one_slip(one.born_on, born_on))
    return tuple(alike)[:5]


def _is_one_slip(kept: date, typed: date) -> bool:
    """Equal, or one of day, month and year differs, or day and month are swapped."""
    same = (kept.day == typed.day) + (kept.month == typed.month) + (kept.year == typed.year)
    return same >= 2 or (kept.year == typed.year and (kept.day, kept.month) == (typed.month, typed.day))


def age_on(patient: Patient, on: date) -> int:
    """Whole years on that day."""
    return years_between(patient.born_on, on)


def years_between(born: date, on: date) -> int:
    """Whole years from a birth date to a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def person(patient: Patient, on: date) -> Person:
    """What the intake form must know of the patient."""
    return Person(age=age_on(patient, on), sex=patient.sex)


def intake_draft(patient: Patient) -> Intake | None:
    """The form being filled in, if there is one."""
    return Intake.objects.filter(patient=patient, state=IntakeState.DRAFT).first()


def last_intake(patient: Patient) -> Intake | None:
    """The newest completed form."""
    return Intake.objects.filter(patient=patient, state=IntakeState.COMPLETED).select_related("completed_by").first()


def newest_replies(patient: Patient) -> dict[str, FactAnswer]:
    """The newest answer of each fact, in one query."""
    return {answer.fact: answer for answer in FactAnswer.objects.filter(patient=patient).order_by("pk")}


def replies_of_day(patient: Patient, library: Library, on: date) -> dict[str, Reply]:
    """What was answered to the questions of the day on that very day, the newest of each."""
    asked = frozenset(day_facts(library.intake))
    newest = newest_replies(patient).items()
    return {code: Reply(answer.reply, answer.value) for code, answer in newest if code in asked and answer.answered_on == on}


def answers_on(patient: Patient, library: Library, on: date) -> Answers:
    """What is known of the patient on that day, from dated answers.

    Intake facts never asked, and day facts not asked on this very day, are unknown: unknown is never "no".
    Raises ``Faults`` when a stored value no longer fits the library.
    """
    replies = dict.fromkeys((*intake_facts(library.intake), *day_facts(library.intake)), UNKNOWN_REPLY)
    of_a_day = frozenset(day_facts(library.intake))
    for code, answer in newest_replies(patient).items():
        if code in library.facts and (code not in of_a_day or answer.answered_on == on):
            replies[code] = _aged(library, answer, on)
    answers = answers_of(library, replies, person(patient, on))
    unknown = answers.unknown - _PLANNED
    intake = last_intake(patient)
    if intake is None or intake.completed_at is None:
        return Answers(answers.known, unknown | {"intake.age-days"})
    age_days = max(0, (on - timezone.localdate(intake.completed_at, patient.clinic.zone)).days)
    return Answers({**answers.known, "intake.age-days": age_days}, unknown)


_PLANNED: Final = frozenset({"plan.zones", "plan.first-session"})


def _aged(library: Library, answer: FactAnswer, on: date) -> Reply:
    fact = library.facts[answer.fact]
    if answer.reply != STATED or fact.unit not in _DAYS_IN or not isinstance(answer.value, int | float):
        return Reply(answer.reply, answer.value)
    passed = max(timedelta(), on - answer.answered_on).days // _DAYS_IN[fact.unit]
    return Reply(STATED, min(answer.value + passed, fact.max if fact.max is not None else answer.value + passed))


def replies_of_draft(intake: Intake) -> dict[str, Reply]:
    """The replies kept in a form."""
    return {code: Reply(kept["reply"], kept.get("value")) for code, kept in intake.replies.items()}


def digest_of_answers(intake: Intake) -> str:
    """SHA-256 (hex) of the answers in a form, to tell whether they are still those that somebody read."""
    return hashlib.sha256(json.dumps([intake.gate, intake.replies], sort_keys=True).encode("ascii")).hexdigest()


def gate_to_start_from(patient: Patient, draft: Intake | None) -> dict[str, str]:
    """Gate answers that the form opens with: the draft's, else those of the last form, which the person then confirms or changes."""
    source = draft or last_intake(patient)
    return dict(source.gate) if source else {}


def replies_to_start_from(patient: Patient, draft: Intake | None) -> dict[str, Reply]:
    """Replies that the details open with, in the same way."""
    source = draft or last_intake(patient)
    return replies_of_draft(source) if source else {}


def has_intake_of_day(patient: Patient, day: date) -> bool:
    """Whether an intake form was completed on that day of the clinic."""
    done = Intake.objects.filter(patient=patient, state=IntakeState.COMPLETED).values_list("completed_at", flat=True)
    return any(timezone.localdate(at, patient.clinic.zone) == day for at in done if at)


# Documents ------------------------------------------------------------------------------------------------------------------
HEALTH_CHANGE: Final = "today.health-change"


def documents_of(patient: Patient) -> tuple[Document, ...]:
    """Every document of the patient, the newest first, those that were withdrawn among them."""
    return tuple(Document.objects.filter(patient=patient).select_related("recorded_by", "withdrawn_by"))


def document_or_404(patient: Patient, pk: int) -> Document:
    """This patient's document."""
    return get_object_or_404(Document.objects.select_related("recorded_by"), patient=patient, pk=pk)


def last_change_of_health(patient: Patient, before: date) -> date | None:
    """The last day before ``before`` on which a change of health was reported; the newest answer of a day counts."""
    answers = FactAnswer.objects.filter(patient=patient, fact=HEALTH_CHANGE, answered_on__lt=before).order_by("pk")
    newest = {answer.answered_on: Reply(answer.reply, answer.value).holds for answer in answers}
    return max((day for day, changed in newest.items() if changed), default=None)


def has_fallen(document: Document, changed_on: date | None) -> bool:
    """Whether a change of health was reported after the document was issued. Source: library, clearance-documents.toml."""
    return changed_on is not None and document.issued_on < changed_on


def standing_documents(patient: Patient, on: date) -> tuple[Document, ...]:
    """The documents that were issued by that day and neither withdrawn nor fallen, the newest first, however old.

    A change of health reported on that very day is left to the method, which is told about it by today's answers.
    """
    documents = tuple(Document.objects.filter(patient=patient, withdrawn_at=None, issued_on__lte=on))
    changed_on = last_change_of_health(patient, on) if documents else None
    return tuple(document for document in documents if not has_fallen(document, changed_on))


def valid_documents(patient: Patient, library: Library, on: date) -> tuple[Document, ...]:
    """The standing documents that still lift a rule or serve a stage on that day."""
    return tuple(document for document in standing_documents(patient, on) if on <= last_day(document, library))


def clearances_on(patient: Patient, library: Library, on: date) -> tuple[Clearance, ...]:
    """The standing documents as the method reads them, which judges their age rule by rule and names an expired one as expired.

    What an older edition allowed a document to lift and this one does not is left out.
    """
    found = (document for document in standing_documents(patient, on) if document.kind in library.documents)
    return tuple(Clearance(one.kind, one.issued_on, _lifted(one, library)) for one in found)


def _lifted(document: Document, library: Library) -> frozenset[str]:
    named = frozenset(code for code in document.rules if lifts(library, document.kind, code))
    return named | rules_of_its_age(library, document.kind)


def referral_age_on(patient: Patient, on: date) -> int | None:
    """Days since the newest referral that was issued by that day and not withdrawn; None when none is on file.

    A change of health takes from a referral what it lifts, not its age, as in ``Papers.referral_age`` of the method.
    """
    referrals = Document.objects.filter(patient=patient, kind=REFERRAL, withdrawn_at=None, issued_on__lte=on)
    newest = referrals.values_list("issued_on", flat=True).first()
    return None if newest is None else (on - newest).days
