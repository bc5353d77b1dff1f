"""What changes courses: one transaction, one audit line each, actor last."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.courses.models import Course, Session
from clinic.courses.permissions import check_can_plan
from clinic.courses.planning import CourseRequest, planned
from clinic.courses.states import TRANSITIONS, CourseState
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import record_facts
from patients.models import Patient
from patients.questionnaire import Reply
from protocols.method.planning import PlannedCourse
from protocols.method.storage import plan_digest, plan_to_json
from protocols.shelf import shipped_library


class StaleCourse(ActionDenied):
    """Somebody else saved this course first."""


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
    locked = Course.objects.select_for_update().select_related("patient__clinic").get(pk=course.pk)
    if locked.version != version:
        raise StaleCourse(_("Somebody else has changed this course in the meantime. Look at it again before you plan."))
    if locked.state != CourseState.DRAFT:
        raise ActionDenied(_("Only a draft can be planned again."))
    made = planned(locked.patient, wanted, shipped_library(), on=on)
    locked.version += 1
    locked.sessions.all().delete()
    _keep(locked, wanted, made, on=on, actor=actor)
    record(actor=actor, verb="replanned", subject=locked, details=_line(locked))
    return locked


@transaction.atomic
def answer_day_questions(*, course: Course, replies: Mapping[str, Reply], on: date, version: int, actor: Actor) -> Course:
    """Keeps today's answers with the patient and plans the draft again under them."""
    record_facts(patient=course.patient, replies=replies, on=on, given_by="patient", actor=actor)
    return replan_course(course=course, wanted=request_of(course), on=on, version=version, actor=actor)


@transaction.atomic
def move_course(*, course: Course, state: CourseState, actor: Actor) -> Course:
    """Discards a draft or brings it back. Raises ``ActionDenied`` for a way that the table of states does not have."""
    check_can_plan(actor)
    locked = Course.objects.select_for_update().get(pk=course.pk)
    if state not in TRANSITIONS[locked.state]:
        raise ActionDenied(_("This course cannot be moved to that state."))
    before, locked.state = locked.state, state
    locked.save(update_fields=["state"])
    record(actor=actor, verb="moved", subject=locked, details={"from": str(before), "to": str(state)})
    return locked


def request_of(course: Course) -> CourseRequest:
    """What the therapist entered for this course."""
    kept = course.request
    return CourseRequest(course.condition, course.stage, course.session_count, kept.get("inputs", {}), tuple(kept.get("supplements", ())))


def _keep(course: Course, wanted: CourseRequest, made: PlannedCourse, *, on: date, actor: Actor) -> None:
    course.condition, course.stage, course.session_count = wanted.condition, wanted.stage, wanted.count
    course.request = {"inputs": dict(wanted.inputs), "supplements": list(wanted.supplements)}
    course.screening, course.plan = plan_to_json(made.screening), plan_to_json(made.course)
    course.outcome, course.may_start = worst_outcome(made), all(session.may_start for session in made.sessions)
    course.edition, course.library_digest = made.setting.library.edition, made.setting.library.digest
    course.planned_on, course.planned_at, course.planned_by = on, timezone.now(), actor.user
    digests = [plan_digest(session) for session in made.sessions]
    course.digest = _digest_of([plan_digest(made.screening), plan_digest(made.course), *digests])
    course.save()
    Session.objects.bulk_create(
        Session(course=course, number=session.number, plan=plan_to_json(session), digest=digest)
        for session, digest in zip(made.sessions, digests, strict=True)
    )


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
