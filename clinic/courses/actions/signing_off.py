"""The way of a plan to the doctor and back: sent, taken back, signed, returned with a question, refused, the signature taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.courses.actions.moving import Why, change_state, deny, finish_if_all_given, locked_course
from clinic.courses.actions.planning import come_back, replan
from clinic.courses.actions.screening import planned_by_hand
from clinic.courses.models import Course
from clinic.courses.permissions import check_can_plan, check_can_sign_off
from clinic.courses.queries import request_of
from clinic.courses.sign_off_gates import answerable_findings, is_own, news_hindrances, signing_hindrances, submitting_hindrances
from clinic.courses.signed_content import course_content
from clinic.courses.states import TRANSITIONS, CourseReason, CourseState
from clinic.signing.actions import demo_sign, sign
from clinic.signing.content import Content
from clinic.signing.intents import Proof
from clinic.signing.models import Meaning, Signature
from clinic.staff.permissions import ActionDenied, Actor
from clinic.staff.queries import printed_name_of
from patients.actions import record_document


@dataclass(frozen=True, slots=True)
class Word:
    """A doctor's deliberate act at a page: the intent of the page that was read, and how the doctor was recognised."""

    intent: str
    proof: Proof
    note: str = ""


@transaction.atomic
def submit_course(*, course: Course, question: str = "", on: date, version: int, actor: Actor) -> Course:
    """Sends the plan to the doctor for sign-off, with a question if there is one. Denied with the first sentence against it."""
    check_can_plan(actor)
    locked = locked_course(course, version)
    if CourseState.AWAITING not in TRANSITIONS[locked.state]:
        raise ActionDenied(_("A course in this state is not sent for sign-off."))
    deny(submitting_hindrances(locked) or news_hindrances(locked, on))
    change_state(locked, CourseState.AWAITING, on=on, actor=actor, why=Why(note=question))
    return locked


@transaction.atomic
def withdraw_submission(*, course: Course, on: date, version: int, actor: Actor) -> Course:
    """Takes a plan back that nobody has signed yet."""
    check_can_plan(actor)
    locked = _awaiting(course, version)
    come_back(locked, Why(note=_("Taken back before it was signed.")), on=on, actor=actor)
    return locked


@transaction.atomic
def sign_course(*, course: Course, word: Word, on: date, actor: Actor) -> Course:
    """The doctor signs exactly what was shown; the course is signed, and goes on when it was begun.

    The document is made again from the locked rows. Raises ``clinic.signing.actions.SeenOtherwise`` when it is another one than the
    one that was read, ``ActionDenied`` for whoever may not sign it, and when something new was found since it was planned.
    """
    return _signed(course, on, actor, lambda content: sign(
        content=content, meaning=Meaning.APPROVED, intent=word.intent, proof=word.proof, note=word.note, actor=actor,
    ))  # fmt: skip


@transaction.atomic
def sign_course_for_demo(*, course: Course, on: date, at: datetime | None = None, note: str = "", actor: Actor) -> Course:
    """The same where nobody sits at a page; raises ``ActionDenied`` outside of the demo and of tests."""
    return _signed(course, on, actor, lambda content: demo_sign(content=content, meaning=Meaning.APPROVED, note=note, at=at, actor=actor))


def _signed(course: Course, on: date, actor: Actor, put: Callable[[Content], Signature]) -> Course:
    check_can_sign_off(actor)
    locked = _awaiting(course)
    deny(signing_hindrances(locked, actor, on))
    locked.signature = put(course_content(locked))
    state = CourseState.SIGNED if locked.started_on is None else CourseState.RUNNING
    change_state(locked, state, on=on, actor=actor, why=Why(details={"signature": locked.signature.pk}, verb="signed-course"))
    finish_if_all_given(locked, on=on, actor=actor)
    return locked


@transaction.atomic
def return_course(*, course: Course, question: str, on: date, version: int, actor: Actor) -> Course:
    """The doctor asks back: the plan returns to the therapist with the question. Denied without one."""
    check_can_sign_off(actor)
    locked = _awaiting(course, version)
    if not question.strip():
        raise ActionDenied(_("Write what you ask the therapist."))
    state = CourseState.DRAFT if locked.started_on is None else CourseState.SUSPENDED
    change_state(locked, state, on=on, actor=actor, why=Why(CourseReason.DOCTOR, question, verb="returned-course"))
    return locked


@transaction.atomic
def refuse_course(*, course: Course, word: Word, on: date, actor: Actor) -> Course:
    """The doctor signs that this plan is not to be given, and says why. No earlier signature holds any more."""
    check_can_sign_off(actor)
    locked = _awaiting(course)
    if not word.note.strip():
        raise ActionDenied(_("Write why the plan is refused."))
    sign(content=course_content(locked), meaning=Meaning.REFUSED, intent=word.intent, proof=word.proof, note=word.note, actor=actor)
    locked.signature = None
    state = CourseState.DRAFT if locked.started_on is None else CourseState.SUSPENDED
    change_state(locked, state, on=on, actor=actor, why=Why(CourseReason.DOCTOR, word.note, verb="refused-course"))
    return locked


@transaction.atomic
def revoke_signature(*, course: Course, word: Word, on: date, actor: Actor) -> Course:
    """A doctor takes back the signature on a course: nothing is given on it from now on. Denied without a reason."""
    check_can_sign_off(actor)
    locked = locked_course(course)
    if not may_be_revoked(locked):
        raise ActionDenied(_("No signature of this course is in force."))
    if not word.note.strip():
        raise ActionDenied(_("Write why the signature is taken back."))
    sign(content=course_content(locked), meaning=Meaning.REVOKED, intent=word.intent, proof=word.proof, note=word.note, actor=actor)
    locked.signature, why = None, Why(CourseReason.DOCTOR, word.note, verb="revoked-course")
    if locked.state == CourseState.SUSPENDED:  # it stays where it is, and cannot go on from there any more
        locked.save(update_fields=["signature"])
        record(actor=actor, verb=why.verb, subject=locked, details={"patient": locked.patient_id, "version": locked.version})
        return locked
    state = CourseState.DRAFT if locked.state == CourseState.SIGNED else CourseState.SUSPENDED
    change_state(locked, state, on=on, actor=actor, why=why)
    return locked


REVOCABLE = (CourseState.SIGNED, CourseState.RUNNING, CourseState.PAUSED, CourseState.SUSPENDED)


def may_be_revoked(course: Course) -> bool:
    """Whether a signature is in force that sessions could be given on, now or when the course goes on again.

    A plan that lies with the doctor is refused instead, which ends an earlier signature too.
    """
    return course.signature_id is not None and course.state in REVOCABLE


@transaction.atomic
def allow_findings(*, course: Course, rules: tuple[str, ...], words: str, on: date, version: int, actor: Actor) -> Course:
    """The doctor decides about findings that wait for a doctor: each is kept as a document of today that lifts its rule.

    ``words`` are the doctor's own: the medicine, the reason, what the rule asks the document to say. Denied without them.

    The plan is made again under what then stays of the rules, and still waits to be read and signed. Denied for a rule that nothing
    lifts, or that did not fire.
    """
    check_can_sign_off(actor)
    locked = _awaiting(course, version)
    if is_own(locked, actor):  # trust.md H10: two persons for an override
        raise ActionDenied(_("You planned or give this course, so another doctor has to decide. Ask a colleague."))
    answerable = answerable_findings(locked)
    if not rules or not set(rules) <= answerable.keys():
        raise ActionDenied(_("Choose findings of this plan that a doctor can decide about."))
    if not words.strip():
        raise ActionDenied(_("Write what the decision rests on: the medicine, the reason, or what you saw yourself."))
    name, today = printed_name_of(actor.user, actor.clinic), {"issued_on": on, "on": on}
    with planned_by_hand(locked):
        for kind in sorted({answerable[rule] for rule in rules}):
            lifted = [rule for rule in rules if answerable[rule] == kind]
            paper = {"kind": kind, "issued_by": name, "rules": lifted, "words": words}
            record_document(patient=locked.patient, actor=actor, **today, **paper)  # type: ignore[arg-type]
    record(actor=actor, verb="allowed-findings", subject=locked, details={"patient": locked.patient_id, "rules": sorted(rules)})
    return replan(locked, request_of(locked), cause="document", on=on, actor=actor, by=locked.planned_by)


def _awaiting(course: Course, version: int | None = None) -> Course:
    locked = locked_course(course, version)
    if locked.state != CourseState.AWAITING:
        raise ActionDenied(_("This plan does not wait for a signature any more. Open its page again."))
    return locked
