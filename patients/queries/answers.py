"""What was answered, by the patient or about the patient, and what of it counts on a day."""

import hashlib
import json
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import Max, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404
from django.utils import timezone

from clinic.web.prepared import Prepared
from patients.models import FactAnswer, Intake, IntakeChannel, Patient
from patients.queries.people import person
from patients.questionnaire import STATED, UNKNOWN_REPLY, Reply, answers_of, day_facts, intake_facts
from patients.states import IntakeState
from protocols.method.answers import Answers
from protocols.method.library import Library

# Facts that grow older by themselves: "weeks since" asked in May are more in July. Days in one of the unit.
_DAYS_IN: Final = {"days": 1, "weeks": 7, "months": 30}


def intake_draft(patient: Patient) -> Intake | None:
    """The form that staff are filling in, if there is one."""
    return Intake.objects.filter(patient=patient, state=IntakeState.DRAFT, channel=IntakeChannel.STAFF).first()


def open_intake(patient: Patient) -> Intake | None:
    """The one form of the patient that is not closed, whoever fills it in: a draft, or sent in and not read yet."""
    return Intake.objects.filter(patient=patient, state__in=(IntakeState.DRAFT, IntakeState.SUBMITTED)).first()


def intake_or_404(patient: Patient, pk: int) -> Intake:
    """A form of this patient that was declared: completed, or sent in by the patient."""
    declared = Intake.objects.filter(patient=patient).exclude(asked=[]).select_related("completed_by", "started_by")
    return get_object_or_404(declared, pk=pk)


def intakes_of(patient: Patient) -> tuple[Intake, ...]:
    """Every completed form of the patient, the newest first."""
    return tuple(Intake.objects.filter(patient=patient, state=IntakeState.COMPLETED).select_related("completed_by"))


def intake_day(intake: Intake) -> date | None:
    """The day of the clinic on which the answers of a closed form were given: sent in by the patient, or read back to them."""
    at = intake.submitted_at or intake.completed_at
    return timezone.localdate(at, intake.patient.clinic.zone) if at else None


def history_of(patient: Patient, fact: str) -> tuple[FactAnswer, ...]:
    """Every answer to one fact ever, the newest first."""
    answers = FactAnswer.objects.filter(patient=patient, fact=fact).select_related("recorded_by", "intake").order_by("-pk")
    return tuple(answers)


def answered_since(intake: Intake) -> frozenset[str]:
    """The facts that were answered in another way after the patient had sent this form in: the newer answer stays."""
    if intake.submitted_at is None:
        return frozenset()
    newer = FactAnswer.objects.filter(patient_id=intake.patient_id, recorded_at__gt=intake.submitted_at)
    return frozenset(newer.values_list("fact", flat=True))


def last_intake(patient: Patient) -> Intake | None:
    """The newest completed form."""
    return _LAST_INTAKE.first(patient=patient.pk)


def _last_intake(_kind: str, *, patient: int) -> QuerySet[Intake]:
    done = Intake.objects.filter(patient=patient, state=IntakeState.COMPLETED)
    return done.select_related("completed_by", "patient__clinic")[:1]


_LAST_INTAKE: Final = Prepared(_last_intake)


def last_and_open_intake(patient: Patient) -> tuple[Intake | None, Intake | None]:
    """The newest completed form, and the one that is not closed, in one query."""
    found = _LAST_AND_OPEN.objects(patient=patient.pk)
    done, begun = ([one for one in found if (one.state == IntakeState.COMPLETED) is wanted] for wanted in (True, False))
    return next(iter(done), None), next(iter(begun), None)


def _last_and_open(_kind: str, *, patient: int) -> QuerySet[Intake]:
    last = Intake.objects.filter(patient=patient, state=IntakeState.COMPLETED).order_by("-pk").values("pk")[:1]
    standing = Q(pk=Subquery(last)) | Q(state__in=(IntakeState.DRAFT, IntakeState.SUBMITTED))
    return Intake.objects.filter(standing, patient=patient).select_related("completed_by", "patient__clinic")


_LAST_AND_OPEN: Final = Prepared(_last_and_open)


def newest_replies(patient: Patient) -> dict[str, FactAnswer]:
    """The newest answer of each fact, in one query."""
    return {answer.fact: answer for answer in _newest(patient.pk).select_related("recorded_by").order_by("pk")}


def newest_but_plain_no(patient: Patient) -> tuple[FactAnswer, ...]:
    """The newest answer of each fact that says more than "no", in one query. Of a hundred answers a few do."""
    return tuple(_MORE_THAN_NO.objects(patient=patient.pk))


def _more_than_no(_kind: str, *, patient: int) -> QuerySet[FactAnswer]:
    return _newest(patient).exclude(reply=FactAnswer.Reply.NORMAL).select_related("recorded_by").order_by("pk")


_MORE_THAN_NO: Final = Prepared(_more_than_no)


def _newest(patient: int) -> QuerySet[FactAnswer]:
    last = FactAnswer.objects.filter(patient=patient).order_by().values("fact").annotate(last=Max("pk")).values("last")
    return FactAnswer.objects.filter(pk__in=last)


class _Given(NamedTuple):
    """What was answered to a fact and when. A record holds hundreds, and a plan asks for nothing else of them."""

    fact: str
    reply: str
    value: Any
    answered_on: date


def _newest_given(patient: Patient) -> dict[str, _Given]:
    return {row[0]: _Given(*row) for row in _NEWEST_GIVEN.rows("", patient=patient.pk)}


def _given_rows(_kind: str, *, patient: int) -> QuerySet[Any, Any]:
    return _newest(patient).order_by("pk").values_list("fact", "reply", "value", "answered_on")


_NEWEST_GIVEN: Final = Prepared(_given_rows)


def replies_of_day(patient: Patient, library: Library, on: date) -> dict[str, Reply]:
    """What was answered to the questions of the day on that very day, the newest of each."""
    asked = frozenset(day_facts(library.intake))
    newest = _newest_given(patient).items()
    return {code: Reply(answer.reply, answer.value) for code, answer in newest if code in asked and answer.answered_on == on}


def answers_on(patient: Patient, library: Library, on: date) -> Answers:
    """What is known of the patient on that day, from dated answers.

    Intake facts never asked, and day facts not asked on this very day, are unknown: unknown is never "no".
    Raises ``Faults`` when a stored value no longer fits the library.
    """
    replies = dict.fromkeys((*intake_facts(library.intake), *day_facts(library.intake)), UNKNOWN_REPLY)
    of_a_day = frozenset(day_facts(library.intake))
    for code, answer in _newest_given(patient).items():
        if code in library.facts and (code not in of_a_day or answer.answered_on == on):
            replies[code] = _aged(library, answer, on)
    answers = answers_of(library, replies, person(patient, on))
    unknown = answers.unknown - _PLANNED
    intake = last_intake(patient)
    answered_on = intake_day(intake) if intake else None
    if answered_on is None:
        return Answers(answers.known, unknown | {"intake.age-days"})
    age_days = max(0, (on - answered_on).days)
    return Answers({**answers.known, "intake.age-days": age_days}, unknown)


_PLANNED: Final = frozenset({"plan.zones", "plan.first-session"})


def _aged(library: Library, answer: _Given, on: date) -> Reply:
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
    source = draft if draft and draft.gate else last_intake(patient)
    return dict(source.gate) if source else {}


def replies_to_start_from(patient: Patient, draft: Intake | None) -> dict[str, Reply]:
    """Replies that the details open with, in the same way."""
    source = draft if draft and draft.gate else last_intake(patient)
    return replies_of_draft(source) if source else {}


def has_intake_of_day(patient: Patient, day: date) -> bool:
    """Whether the answers of a completed intake form were given on that day of the clinic."""
    done = Intake.objects.filter(patient=patient, state=IntakeState.COMPLETED).select_related("patient__clinic")
    return any(intake_day(one) == day for one in done)
