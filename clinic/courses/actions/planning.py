"""What plans: a new course, the plan again, and the plan under the answers of a day. One transaction, one audit line each, actor last."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.courses.actions.booked import give_up_dates
from clinic.courses.actions.keeping import keep_plan, keep_screening
from clinic.courses.actions.moving import Why, change_state, locked_course
from clinic.courses.actions.screening import planned_by_hand, suspend_if_forbidden
from clinic.courses.gates import DOCTORS_WORD, grown_beyond_signature, subject_of
from clinic.courses.models import Course
from clinic.courses.other_edition import keeps_to_another
from clinic.courses.permissions import check_can_plan
from clinic.courses.pinned import library_of
from clinic.courses.planning import CourseRequest, planned
from clinic.courses.queries import future_bookings, request_of, screening_of
from clinic.courses.so_far import so_far
from clinic.courses.states import CourseState
from clinic.signing.queries import latest
from clinic.staff.models import Role, User
from clinic.staff.permissions import ActionDenied, Actor
from patients.actions import record_facts
from patients.models import Patient
from patients.queries.referrals import standing_referral
from patients.questionnaire import Reply
from protocols.editions.queries import edition_in_force

PLANNED_AGAIN = (CourseState.DRAFT, CourseState.AWAITING, CourseState.SIGNED, CourseState.RUNNING, CourseState.SUSPENDED)
ASKED_ON_A_DAY = (CourseState.DRAFT, CourseState.SIGNED, CourseState.RUNNING, CourseState.SUSPENDED)

VERBS: Final[Mapping[str, str]] = {"edited": "edited", "edition": "moved-to-edition"}


@transaction.atomic
def plan_course(*, patient: Patient, wanted: CourseRequest, on: date, actor: Actor) -> Course:
    """Screens the patient, builds every session and keeps all of it as a draft course, which the therapist who planned it gives.

    A refusal is kept too: it is a result. Raises ``Faults`` for inputs that do not fit and ``UnsafePlan`` when the
    independent check refuses the plan; nothing is stored then.
    """
    check_can_plan(actor)
    therapist = actor.user if actor.has_role(Role.THERAPIST) else None
    course = Course(clinic=patient.clinic, patient=patient, therapist=therapist, referral=standing_referral(patient, wanted.condition, on))
    course.pinned_id = edition_in_force(patient.clinic)
    made = planned(patient, wanted, library_of(course), on=on, so_far=so_far(course, on))
    keep_plan(course, wanted, made, on=on, by=actor.user)
    keep_screening(course, made.screening, made.setting.library, cause="planned", on=on, actor=actor)
    record(actor=actor, verb="planned", subject=course, details=line_of(course))
    return course


@transaction.atomic
def replan_course(*, course: Course, wanted: CourseRequest, on: date, version: int, actor: Actor) -> Course:
    """Makes the plan anew from other inputs or newer answers. Raises ``StaleCourse`` when it was changed since ``version``.

    What lies with the doctor comes back first; a signed course whose new plan goes beyond what was signed is a draft again.
    """
    check_can_plan(actor)
    locked = locked_course(course, version)
    if locked.state not in PLANNED_AGAIN:
        raise ActionDenied(_("A course that is paused, over or discarded is not planned again."))
    _check_length(locked, wanted)
    if locked.state == CourseState.AWAITING:
        come_back(locked, Why(note=_("Planned again before it was signed.")), on=on, actor=actor)
    return replan(locked, wanted, cause="replanned", on=on, actor=actor)


def _check_length(locked: Course, wanted: CourseRequest) -> None:
    given = locked.sessions.filter(record__isnull=False).count()
    if wanted.count <= given:
        raise ActionDenied(_("%(count)s sessions were given already: plan more than that, or end the course.") % {"count": given})


def come_back(locked: Course, why: Why, *, on: date, actor: Actor) -> None:
    """Takes a course back from the doctor: to the drafts, or, when it was begun, to those that are held."""
    state = CourseState.DRAFT if locked.started_on is None else CourseState.SUSPENDED
    change_state(locked, state, on=on, actor=actor, why=why)


def replan(locked: Course, wanted: CourseRequest, *, cause: str, on: date, actor: Actor | None, by: User | None = None) -> Course:
    """Builds every session that was not given yet under today's answers and the records so far; what was given stays as it was.

    ``by`` is who planned it, where that is not the actor: who decides about a finding or asks today's questions has not made the plan.
    Without an actor (the patient has answered by a link) it stays the plan of who made it, and no date is given up: it keeps its length.
    """
    before = screening_of(locked)
    if cause != "edited" and follows_the_clinic(locked):  # what a hand changed is kept in the plan that the hand saw
        locked.pinned_id = edition_in_force(locked.clinic)
    locked.referral = standing_referral(locked.patient, wanted.condition, on) or locked.referral
    made = planned(locked.patient, wanted, library_of(locked), on=on, so_far=so_far(locked, on))
    locked.version += 1
    if actor is not None:
        give_up_dates(locked, [booking for booking in future_bookings(locked) if booking.session.number > wanted.count], actor=actor)
    keep_plan(locked, wanted, made, on=on, by=by or (actor.user if actor else locked.planned_by))
    keep_screening(locked, made.screening, made.setting.library, cause=cause, on=on, actor=actor)
    edition = {"edition": locked.pinned_id} if cause == "edition" else {}
    record(actor=actor, verb=VERBS.get(cause, "replanned"), subject=locked, details=line_of(locked) | edition, clinic=locked.clinic)
    suspend_if_forbidden(locked, before, made.setting, on=on, actor=actor)
    if locked.state == CourseState.SIGNED and grown_beyond_signature(locked):
        locked.signature = None
        change_state(locked, CourseState.DRAFT, on=on, actor=actor, why=Why(note=_("The plan goes beyond what was signed.")))
    return locked


def follows_the_clinic(locked: Course) -> bool:
    """Whether a draft is planned with the edition that its clinic works with now: nobody has signed or begun it. At most one query."""
    is_free = locked.state == CourseState.DRAFT and locked.started_on is None and locked.signature_id is None
    return is_free and keeps_to_another(locked) and latest(subject_of(locked), DOCTORS_WORD) is None


@transaction.atomic
def answer_day_questions(*, course: Course, replies: Mapping[str, Reply], on: date, version: int, actor: Actor) -> Course:
    """Keeps today's answers with the patient and plans under them what was not given yet.

    It stays the plan of whoever chose its condition, stage and length: asking has not made it somebody else's (trust.md H10).
    """
    check_can_plan(actor)
    locked = locked_course(course, version)
    check_has_questions(locked)
    if replies:
        with planned_by_hand(locked):
            record_facts(patient=locked.patient, replies=replies, on=on, given_by="patient", actor=actor)
    return replan(locked, request_of(locked), cause="day", on=on, actor=actor, by=locked.planned_by)


def check_has_questions(course: Course) -> None:
    """Raises ``ActionDenied`` for a course that no day's questions are asked for, with what to do instead."""
    if course.state == CourseState.AWAITING:
        raise ActionDenied(_("The plan lies with the doctor. Take it back before you ask today's questions."))
    if course.state == CourseState.PAUSED:
        raise ActionDenied(_("This course is paused. Let it go on before you ask today's questions."))
    if course.state not in ASKED_ON_A_DAY or not course.sessions.filter(record=None).exists():
        raise ActionDenied(_("This course has no session left to ask for."))


def line_of(course: Course) -> dict[str, object]:
    """What the audit keeps of a plan."""
    return {
        "patient": course.patient_id,
        "condition": course.condition,
        "stage": course.stage,
        "version": course.version,
        "outcome": course.outcome,
        "digest": course.digest,
    }
