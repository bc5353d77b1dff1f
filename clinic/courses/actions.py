"""What changes courses: one transaction, one audit line each, actor last."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.courses.models import BEGUN, Course, Session, SessionRecord
from clinic.courses.permissions import check_can_plan
from clinic.courses.planning import CourseRequest, planned
from clinic.courses.queries import felt_so_far, records_of
from clinic.courses.states import TRANSITIONS, CourseState
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import record_facts
from patients.models import Patient
from patients.questionnaire import Reply
from protocols.method.answers import Faults
from protocols.method.planning import PlannedCourse
from protocols.method.plans import Dose, UnsafePlan
from protocols.method.storage import plan_digest, plan_from_json, plan_to_json
from protocols.shelf import shipped_library


class StaleCourse(ActionDenied):
    """Somebody else saved this course first."""


@dataclass(frozen=True, slots=True)
class Felt:
    """How a session was: comfort 0-10 (10 is best), pain 0-10 (0 is best), None where nobody asked; a bad reaction; words."""

    comfort: int | None = None
    pain_before: int | None = None
    pain_after: int | None = None
    bad_reaction: bool = False
    note: str = ""


@transaction.atomic
def plan_course(*, patient: Patient, wanted: CourseRequest, on: date, actor: Actor) -> Course:
    """Screens the patient, builds every session and keeps all of it as a draft course.

    A refusal is kept too: it is a result. Raises ``Faults`` for inputs that do not fit and ``UnsafePlan`` when the
    independent check refuses the plan; nothing is stored then.
    """
    check_can_plan(actor)
    made = planned(patient, wanted, shipped_library(), on=on)
    course = Course(clinic=patient.clinic, patient=patient)
    _keep(course, wanted, made, on=on, actor=actor)
    record(actor=actor, verb="planned", subject=course, details=_line(course))
    return course


@transaction.atomic
def replan_course(*, course: Course, wanted: CourseRequest, on: date, version: int, actor: Actor) -> Course:
    """Makes the draft anew from other inputs or newer answers. Raises ``StaleCourse`` when it was changed since ``version``."""
    check_can_plan(actor)
    locked = _locked(course, version)
    if locked.state != CourseState.DRAFT:
        raise ActionDenied(_("Only a draft can be planned again."))
    return _replan(locked, wanted, on=on, actor=actor)


def _locked(course: Course, version: int) -> Course:
    """The course, its row locked until the action is over. Raises ``StaleCourse`` when it was changed since ``version``."""
    locked = Course.objects.select_for_update().select_related("patient__clinic").get(pk=course.pk)
    if locked.version != version:
        raise StaleCourse(_("Somebody else has changed this course in the meantime. Look at it again before you plan."))
    return locked


def _replan(locked: Course, wanted: CourseRequest, *, on: date, actor: Actor) -> Course:
    """Builds every session that was not given yet under today's answers and the records so far; what was given stays as it was."""
    made = planned(locked.patient, wanted, shipped_library(), on=on, records=felt_so_far(locked))
    locked.version += 1
    _keep(locked, wanted, made, on=on, actor=actor)
    record(actor=actor, verb="replanned", subject=locked, details=_line(locked))
    return locked


@transaction.atomic
def answer_day_questions(*, course: Course, replies: Mapping[str, Reply], on: date, version: int, actor: Actor) -> Course:
    """Keeps today's answers with the patient and plans under them what was not given yet."""
    check_can_plan(actor)
    locked = _locked(course, version)
    if locked.state not in (CourseState.DRAFT, CourseState.RUNNING):
        raise ActionDenied(_("This course has no session left to ask for."))
    record_facts(patient=locked.patient, replies=replies, on=on, given_by="patient", actor=actor)
    return _replan(locked, request_of(locked), on=on, actor=actor)


@transaction.atomic
def move_course(*, course: Course, state: CourseState, actor: Actor) -> Course:
    """Discards a draft or brings it back. Raises ``ActionDenied`` for a way that the table of states does not have.

    To start and to finish have actions of their own: more than the state changes there.
    """
    check_can_plan(actor)
    locked = Course.objects.select_for_update().get(pk=course.pk)
    if state not in TRANSITIONS[locked.state] or state in BEGUN:
        raise ActionDenied(_("This course cannot be moved to that state."))
    before, locked.state = locked.state, state
    locked.save(update_fields=["state"])
    record(actor=actor, verb="moved", subject=locked, details={"from": str(before), "to": str(state)})
    return locked


@transaction.atomic
def start_course(*, course: Course, on: date, version: int, actor: Actor) -> Course:
    """Lets the sessions begin. Denied unless the plan was made under the answers of ``on`` and nothing stands in its way."""
    check_can_plan(actor)
    locked = _locked(course, version)
    if CourseState.RUNNING not in TRANSITIONS[locked.state]:
        raise ActionDenied(_("Only a draft can be started."))
    _check_may_be_given_on(locked, on)
    locked.state, locked.started_on = CourseState.RUNNING, on
    locked.save(update_fields=["state", "started_on"])
    record(actor=actor, verb="started-course", subject=locked, details=_line(locked))
    return locked


@transaction.atomic
def record_session(*, course: Course, number: int, felt: Felt, on: date, actor: Actor) -> SessionRecord:
    """Keeps that session ``number`` was given on that day and how it felt; the last one finishes the course.

    Sessions are given in turn, one a day, and only under the answers of the day itself: yesterday's plan knows nothing of today's fever.
    """
    check_can_plan(actor)
    locked = Course.objects.select_for_update().get(pk=course.pk)
    given = tuple(records_of(locked))
    if locked.state != CourseState.RUNNING:
        raise ActionDenied(_("Only sessions of a running course can be recorded."))
    if number != len(given) + 1:
        raise ActionDenied(_("The next session of this course is number %(number)s.") % {"number": len(given) + 1})
    if given and given[-1].given_on >= on:
        raise ActionDenied(_("A session of this course was already given on that day."))
    _check_may_be_given_on(locked, on)
    session = locked.sessions.get(number=number)
    made = SessionRecord.objects.create(session=session, given_on=on, recorded_at=timezone.now(), recorded_by=actor.user, **asdict(felt))
    record(actor=actor, verb="gave-session", subject=locked, details={"session": number, "digest": session.digest})
    if number == locked.session_count:
        _finish(locked, on=on, actor=actor)
    return made


def _check_may_be_given_on(locked: Course, on: date) -> None:
    if locked.planned_on != on:
        raise ActionDenied(_("Ask today's questions first: this plan was made under the answers of another day."))
    if not locked.may_start:
        raise ActionDenied(_("Something stands in the way of this course. Its page says what."))
    try:
        now = planned(locked.patient, request_of(locked), shipped_library(), on=on, records=felt_so_far(locked))
    except (Faults, UnsafePlan) as refused:
        raise ActionDenied(_("What the record says no longer makes a plan. Open the plan again and mend what it names.")) from refused
    if plan_to_json(now.screening) != locked.screening:
        raise ActionDenied(_("An answer or a document has changed since this plan was made. Ask today's questions again."))


def _finish(locked: Course, *, on: date, actor: Actor) -> None:
    locked.state, locked.finished_on = CourseState.FINISHED, on
    locked.save(update_fields=["state", "finished_on"])
    record(actor=actor, verb="finished-course", subject=locked, details=_line(locked))


def request_of(course: Course) -> CourseRequest:
    """What the therapist entered for this course. Raises ``KeyError`` for a record that is not whole: never "nothing entered"."""
    kept = course.request
    return CourseRequest(course.condition, course.stage, course.session_count, kept["inputs"], tuple(kept["supplements"]))


def _keep(course: Course, wanted: CourseRequest, made: PlannedCourse, *, on: date, actor: Actor) -> None:
    given = list(course.sessions.filter(record__isnull=False).order_by("number")) if course.pk else []
    left = made.sessions[len(given) :]
    course.condition, course.stage, course.session_count = wanted.condition, wanted.stage, wanted.count
    course.request = {"inputs": dict(wanted.inputs), "supplements": list(wanted.supplements)}
    doses = replace(made.course, doses=(*(_dose_given(session) for session in given), *made.course.doses[len(given) :]))
    course.screening, course.plan = plan_to_json(made.screening), plan_to_json(doses)
    course.outcome, course.may_start = worst_outcome(made), all(session.may_start for session in left)
    course.edition, course.library_digest = made.setting.library.edition, made.setting.library.digest
    course.planned_on, course.planned_at, course.planned_by = on, timezone.now(), actor.user
    digests = [plan_digest(session) for session in left]
    course.digest = _digest_of([plan_digest(made.screening), plan_digest(doses), *(session.digest for session in given), *digests])
    course.save()
    course.sessions.filter(record=None).delete()
    Session.objects.bulk_create(
        Session(course=course, number=session.number, plan=plan_to_json(session), digest=digest)
        for session, digest in zip(left, digests, strict=True)
    )


def _dose_given(session: Session) -> Dose:
    """The dose that a session was given in."""
    dose = plan_from_json(session.plan).dose
    if dose is None:
        raise ValueError(f"session {session.pk} was given without a dose")
    return dose


def worst_outcome(made: PlannedCourse) -> str:
    """The worst outcome of the screening and of its sessions (an empty target raises a session's outcome to defer)."""
    return max([made.screening.outcome, *(session.outcome for session in made.sessions)]).code


def _digest_of(digests: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(digests).encode("ascii")).hexdigest()


def _line(course: Course) -> dict[str, object]:
    return {
        "patient": course.patient_id,
        "condition": course.condition,
        "stage": course.stage,
        "version": course.version,
        "outcome": course.outcome,
        "digest": course.digest,
    }
