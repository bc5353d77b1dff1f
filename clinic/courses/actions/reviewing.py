"""Questions about a course to a doctor: the review half-way, what a therapist asks, and what the doctor decides."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any, Final

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clinic.audit.actions import record
from clinic.courses.actions.moving import Why, change_state, locked_course
from clinic.courses.gates import is_therapeutic
from clinic.courses.models import OVER, Course, CourseReview
from clinic.courses.news.postings import post_halfway
from clinic.courses.news.telling_staff import tell_of_emergency
from clinic.courses.permissions import check_can_plan, check_can_sign_off
from clinic.courses.queries import course_plan_of, records_of
from clinic.courses.states import CourseReason, CourseState
from clinic.staff.permissions import ActionDenied, Actor
from clinic.web.prepared import Prepared

Watch = Callable[[Course], Iterable[str]]
_watches: list[Watch] = []


def watch_courses_with(watch: Watch) -> None:
    """``watch`` tells of a course, in sentences, what is a doctor's to decide. Registered once, when the application starts."""
    if watch not in _watches:
        _watches.append(watch)


def review_when_due(locked: Course, number: int) -> None:
    """Puts the mid-course review before the doctors once the session after which it is due was recorded. It blocks no session.

    So does anything that the watches tell of. A preventive course has no doctor.
    """
    if is_therapeutic(locked) and number == course_plan_of(locked).review_after and number < locked.session_count:
        CourseReview.objects.get_or_create(course=locked, kind=CourseReview.Kind.MID_COURSE, after_session=number)
        post_halfway(locked, number)
    ask_doctor_when_needed(locked)


def ask_doctor_when_needed(locked: Course) -> CourseReview | None:
    """Asks the doctors by itself where a watch tells of something; None where nothing is told. The words are in the clinic's language.

    Never twice: not while such a question is open, and not a second time after the same session. It blocks nothing: what holds a session
    up is a gate.
    """
    if not is_therapeutic(locked) or locked.state in (*OVER, CourseState.DISCARDED):
        return None
    ((given,),) = _GIVEN.rows("", course=locked.pk)
    if any(not decision or after == given for decision, after in _BY_ITSELF.rows("", course=locked.pk)):
        return None
    with translation.override(locked.clinic.language):
        words = [sentence for watch in _watches for sentence in watch(locked)]
    if not words:
        return None
    kind = CourseReview.Kind.QUESTION
    return CourseReview.objects.create(course=locked, kind=kind, after_session=given, question="\n".join(words))


def _given(_kind: str, *, course: int) -> QuerySet[Any, Any]:
    return Course.objects.filter(pk=course).order_by().values_list(Count("sessions__record"))


def _by_itself(_kind: str, *, course: int) -> QuerySet[Any, Any]:
    found = CourseReview.objects.filter(course=course, kind=CourseReview.Kind.QUESTION, asked_by=None)
    return found.order_by().values_list("decision", "after_session")


_GIVEN: Final = Prepared(_given)
_BY_ITSELF: Final = Prepared(_by_itself)


@transaction.atomic
def ask_doctor(*, course: Course, question: str, actor: Actor) -> CourseReview:
    """A therapist's question about a course. Denied without words, and while the same person's same question is open."""
    check_can_plan(actor)
    locked, words = locked_course(course), question.strip()
    if locked.state in (*OVER, CourseState.DISCARDED):
        raise ActionDenied(_("This course is over."))
    if not words:
        raise ActionDenied(_("Write what you ask the doctor."))
    if CourseReview.objects.filter(course=locked, question=words, decision="", asked_by=actor.user).exists():
        raise ActionDenied(_("This question is with the doctor already."))
    given = records_of(locked).count()
    review = CourseReview.objects.create(
        course=locked, kind=CourseReview.Kind.QUESTION, after_session=given, question=words, asked_by=actor.user
    )
    record(actor=actor, verb="asked-doctor", subject=locked, details={"patient": locked.patient_id, "review": review.pk})
    return review


@transaction.atomic
def tell_doctor(*, course: Course, found: str, on: date, actor: Actor) -> CourseReview:
    """Puts an emergency before the doctors, above everything else; the same words of a day are told once, other ones are never lost.

    It is told of a course that is over too: the last session may have ended in it. Denied without words.
    """
    check_can_plan(actor)
    locked, words = locked_course(course), found.strip()
    if not words:
        raise ActionDenied(_("Write what was found."))
    since = datetime.combine(on, time.min, tzinfo=locked.clinic.zone)
    same = {"course": locked, "kind": CourseReview.Kind.EMERGENCY, "question": words, "decision": ""}
    if (told := CourseReview.objects.filter(**same, asked_at__gte=since).first()) is not None:
        return told
    about = {"kind": CourseReview.Kind.EMERGENCY, "after_session": records_of(locked).count(), "question": words}
    review = CourseReview.objects.create(course=locked, asked_by=actor.user, **about)
    tell_of_emergency(review)
    record(actor=actor, verb="told-doctor", subject=locked, details={"patient": locked.patient_id, "review": review.pk})
    return review


@transaction.atomic
def decide_review(*, review: CourseReview, decision: str, note: str = "", on: date, actor: Actor) -> CourseReview:
    """The doctor's answer: go on, change the plan (the course is held until a doctor signs a new one), or stop the course.

    Denied for a decision that is not on the list, for a change or a stop without words, and for a review that is decided already.
    """
    check_can_sign_off(actor)
    locked = locked_course(review.course)
    row = CourseReview.objects.select_for_update().get(pk=review.pk)
    if row.decision:
        raise ActionDenied(_("This was decided already."))
    if decision not in CourseReview.Decision.values:
        raise ActionDenied(_("Choose a decision."))
    if decision != CourseReview.Decision.GO_ON and not note.strip():
        raise ActionDenied(_("Write what is to be changed, or why the course stops."))
    row.decision, row.note, row.decided_at, row.decided_by = decision, note.strip(), timezone.now(), actor.user
    row.save(update_fields=["decision", "note", "decided_at", "decided_by"])
    said = {"patient": locked.patient_id, "review": row.pk, "decision": str(decision)}
    record(actor=actor, verb="decided-review", subject=locked, details=said)
    _carry_out(locked, row, on=on, actor=actor)
    return row


def _carry_out(locked: Course, row: CourseReview, *, on: date, actor: Actor) -> None:
    """A change holds a course that was begun or signed; a stop ends one that was begun and holds what was only signed."""
    if row.decision == CourseReview.Decision.GO_ON or locked.state in (*OVER, CourseState.DISCARDED, CourseState.DRAFT):
        return
    why = Why(CourseReason.DOCTOR, row.note, {"review": row.pk})
    if row.decision == CourseReview.Decision.STOP and locked.started_on is not None:
        change_state(locked, CourseState.ENDED, on=on, actor=actor, why=why)
    elif locked.state != CourseState.SUSPENDED:
        change_state(locked, CourseState.SUSPENDED, on=on, actor=actor, why=why)
