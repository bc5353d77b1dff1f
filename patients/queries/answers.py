"""What was answered, by the patient or about the patient, and what of it counts on a day."""

import hashlib
import json
from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from patients.models import FactAnswer, Intake, Patient
from patients.queries.people import person
from patients.questionnaire import STATED, UNKNOWN_REPLY, Reply, answers_of, day_facts, intake_facts
from patients.states import IntakeState
from protocols.method.answers import Answers
from protocols.method.library import Library

# Facts that grow older by themselves: "weeks since" asked in May are more in July. Days in one of the unit.
_DAYS_IN: Final = {"days": 1, "weeks": 7, "months": 30}


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
