"""What pages read about courses. Every query starts at a clinic."""

from datetime import date, datetime
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, TextField, When
from django.db.models.functions import Cast
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from clinic.courses.at_hand import at_hand, is_at_hand
from clinic.courses.models import OVER, Course, CourseMove, CourseReview, ScreeningRecord, Session, SessionMove, SessionRecord
from clinic.courses.planning import CourseRequest
from clinic.courses.states import CourseReason, CourseState, SessionState
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic, Role, User
from clinic.staff.permissions import Actor
from clinic.web.prepared import Prepared
from patients.care.relation import open_to
from patients.models import Intake, Patient
from patients.states import IntakeState
from protocols.editions.queries import edition_in_force
from protocols.method.edits import NO_EDITS, edits_from_json
from protocols.method.findings import Screening
from protocols.method.plans import CoursePlan, SessionPlan
from protocols.method.storage import from_json, plan_from_text

COURSES_A_PAGE: Final = 25
DISCARDED_SHOWN: Final = 10
IN_TURN: Final = (
    (CourseState.SUSPENDED, CourseState.RUNNING),
    (CourseState.SIGNED, CourseState.AWAITING, CourseState.PAUSED),
    (CourseState.DRAFT,),
)
WITH_A_COURSE: Final = ("patient__clinic", "planned_by", "clinic", "therapist", "signature", "referral")


def courses_of(clinic: Clinic) -> QuerySet[Course]:
    """The clinic's courses that were not discarded, newest first, without their large stored plans.

    Each has ``given``, the number of its sessions that were given, ``last_reason`` of its last move, and ``is_asked``: a doctor is asked.
    """
    return _told(Course.objects.filter(clinic=clinic).exclude(state=CourseState.DISCARDED))


def _told(shown: QuerySet[Course]) -> QuerySet[Course]:
    """These courses with what a list says of each."""
    reason = CourseMove.objects.filter(course=OuterRef("pk")).order_by("-pk").values("reason")[:1]
    asked = CourseReview.objects.filter(course=OuterRef("pk"), decision="")
    told: QuerySet[Course] = shown.annotate(given=Count("sessions__record"), last_reason=Subquery(reason), is_asked=Exists(asked))
    return told.select_related("clinic", "patient", "planned_by", "therapist").defer("screening", "plan", "request").order_by("-pk")


def page_of_courses(actor: Actor, number: str) -> Page[Course]:
    """One page of the courses whose records the actor may open: what is under way, then what is being planned, then what is over.

    A page number out of range gives the nearest page. A record that is restricted is only kept: it is found in its place, not in lists.
    """
    turn = Case(*(When(state__in=states, then=place) for place, states in enumerate(IN_TURN)), default=len(IN_TURN))
    shown = courses_of(actor.clinic).filter(open_to(actor, patient="patient"), patient__restricted_on=None)
    return Paginator(shown.order_by(turn, "-pk"), COURSES_A_PAGE).get_page(number)


def courses_of_patient(patient: Patient) -> tuple[tuple[Course, ...], tuple[Course, ...]]:
    """A patient's courses, and the last discarded drafts, which can be brought back; both newest first. One query."""
    found = tuple(_OF_PATIENT.objects(clinic=patient.clinic_id, patient=patient.pk))
    discarded = tuple(course for course in found if course.state == CourseState.DISCARDED)
    return tuple(course for course in found if course.state != CourseState.DISCARDED), discarded[:DISCARDED_SHOWN]


def _of_patient(_kind: str, *, clinic: int, patient: int) -> QuerySet[Course]:
    return _told(Course.objects.filter(clinic=clinic, patient=patient))


_OF_PATIENT: Final = Prepared(_of_patient)


def course_or_404(clinic: Clinic, pk: int) -> Course:
    """This clinic's course with its patient. A course of another clinic does not exist here."""
    found: Course | None = _COURSE.first(clinic=clinic.pk, course=pk)
    if found is None:
        raise Http404
    return found


def _course(_kind: str, *, clinic: int, course: int) -> QuerySet[Course]:
    return Course.objects.filter(clinic=clinic, pk=course).select_related(*WITH_A_COURSE)


_COURSE: Final = Prepared(_course)


def request_of(course: Course) -> CourseRequest:
    """What the therapist entered for this course. Raises ``KeyError`` or ``NotEdits`` for a record that is not whole."""
    kept = course.request
    edits = edits_from_json(kept["by_hand"]) if "by_hand" in kept else NO_EDITS
    return CourseRequest(course.condition, course.stage, course.session_count, kept["inputs"], tuple(kept["supplements"]), edits)


def screening_of(course: Course) -> Screening:
    """The screening as it was made. Raises ``NotStored`` for a record that is not whole: never a screening without findings."""
    return from_json(Screening, course.screening)


def course_plan_of(course: Course) -> CoursePlan:
    """The doses as they were planned. Raises ``NotStored`` for a record that is not whole."""
    return from_json(CoursePlan, course.plan)


def count_elsewhere(clinic: Clinic) -> int:
    """How many open courses keep to another edition than the one that the clinic works with. One query."""
    found = Course.objects.filter(clinic=clinic).exclude(state__in=(*OVER, CourseState.DISCARDED))
    return found.exclude(pinned=edition_in_force(clinic)).count()


def sessions_of(course: Course) -> tuple[SessionPlan, ...]:
    """Every session as it was planned, in order. Raises ``NotStored`` for a record that is not whole."""
    return tuple(plan_from_text(row[0]) for row in at_hand(course, _rows_of_all))


def session_or_404(course: Course, number: int) -> Session:
    """One planned session of a course by its number."""
    return get_object_or_404(Session, course=course, number=number)


def records_of(course: Course | int) -> QuerySet[SessionRecord]:
    """What was given so far, in the order of the sessions."""
    found = SessionRecord.objects.filter(session__course=course).select_related("session", "recorded_by")
    return found.defer("session__plan").order_by("session__number")


def given_on(session: Session) -> date | None:
    """The day on which a session was given; None while it is still to come."""
    return SessionRecord.objects.filter(session=session).values_list("given_on", flat=True).first()


def drafts_to_finish(clinic: Clinic, limit: int = 8) -> tuple[Course, ...]:
    """The newest drafts, for the home page."""
    return tuple(courses_of(clinic).filter(state=CourseState.DRAFT)[:limit])


def sessions_to_come(course: Course) -> tuple[SessionPlan, ...]:
    """Every session that was not given yet, in order. One query."""
    if is_at_hand(course):
        return tuple(plan_from_text(text) for text, _number, _state, record in at_hand(course, _rows_of_all) if record is None)
    return tuple(plan_from_text(text) for (text,) in _TO_COME.rows("", course=course.pk))


def given_sessions(course: Course) -> tuple[SessionPlan, ...]:
    """Every session that was given, as it was planned, in order."""
    return _plans(Session.objects.filter(course=course, record__isnull=False))


def _plans(sessions: QuerySet[Session]) -> tuple[SessionPlan, ...]:
    """As the text that is stored: one page asks for the same plans several times, and they are large."""
    return tuple(plan_from_text(text) for (text,) in _texts(sessions))


def _texts(sessions: QuerySet[Session]) -> QuerySet[Any, Any]:
    return sessions.order_by("number").values_list(Cast("plan", TextField()))


def _texts_to_come(_kind: str, *, course: int) -> QuerySet[Any, Any]:
    return _texts(Session.objects.filter(course=course, record=None))


def _rows_of_all(course: Course) -> list[tuple[Any, ...]]:
    return _ALL.rows("", course=course.pk)


def _all_texts(_kind: str, *, course: int) -> QuerySet[Any, Any]:
    found = Session.objects.filter(course=course).order_by("number")
    return found.values_list(Cast("plan", TextField()), "number", "state", "record__pk")


_TO_COME: Final = Prepared(_texts_to_come)
_ALL: Final = Prepared(_all_texts)


def state_of_session(course: Course, number: int) -> str:
    """The state of the session with this number; "" where the course has none. One query."""
    return next((state for _text, at, state, _record in at_hand(course, _rows_of_all) if at == number), "")


def dated_sessions(course: Course) -> tuple[Session, ...]:
    """The sessions that are booked, with their place in the calendar, in order, without their large plans. One query."""
    return tuple(_DATED.objects(course=course.pk))


def _dated(_kind: str, *, course: int) -> QuerySet[Session]:
    found = Session.objects.filter(course=course, state=SessionState.BOOKED).defer("plan")
    return found.select_related("booking__therapist", "booking__room").order_by("number")


_DATED: Final = Prepared(_dated)


def future_bookings(course: Course) -> tuple[Booking, ...]:
    """The bookings of the course whose time has not come yet, each with its session, in their order. One query."""
    return tuple(_TO_COME_BOOKED.objects(course=course.pk, now=timezone.now()))


def _to_come_booked(_kind: str, *, course: int, now: datetime) -> QuerySet[Booking]:
    found = Booking.objects.filter(session__course=course, session__state=SessionState.BOOKED, starts_at__gt=now)
    return found.select_related("session").defer("session__plan").order_by("starts_at", "pk")


_TO_COME_BOOKED: Final = Prepared(_to_come_booked)


def newest_screening(course: Course) -> ScreeningRecord | None:
    """The last screening that was kept, without its large text; None for a course that was planned before they were kept."""
    return at_hand(course, _read_newest_screening)


def _read_newest_screening(course: Course) -> ScreeningRecord | None:
    return _NEWEST_SCREENING.first(course=course.pk)


def _newest_screening(_kind: str, *, course: int) -> QuerySet[ScreeningRecord]:
    return ScreeningRecord.objects.filter(course=course).defer("screening").order_by("-pk")[:1]


_NEWEST_SCREENING: Final = Prepared(_newest_screening)


def last_screening(course: Course) -> Screening | None:
    """The last screening that was kept, as it was made. Raises ``NotStored`` for a record that is not whole."""
    newest = _LAST_SCREENING.first(course=course.pk)
    return kept_screening(newest) if newest else None


def _last_screening(_kind: str, *, course: int) -> QuerySet[ScreeningRecord]:
    return ScreeningRecord.objects.filter(course=course).order_by("-pk")[:1]


_LAST_SCREENING: Final = Prepared(_last_screening)


def screening_now(course: Course) -> Screening:
    """The last screening that was kept, else the one of the plan. Raises ``NotStored`` for a record that is not whole. One query."""
    ((kept, own),) = _SCREENED.rows("", course=course.pk)
    return from_json(Screening, own if kept is None else kept)


def _screened(_kind: str, *, course: int) -> QuerySet[Any, Any]:
    newest = ScreeningRecord.objects.filter(course=OuterRef("pk")).order_by("-pk").values("screening")[:1]
    return Course.objects.filter(pk=course).annotate(kept=Subquery(newest)).values_list("kept", "screening")


_SCREENED: Final = Prepared(_screened)


def screenings_kept(course: Course) -> tuple[ScreeningRecord, ...]:
    """Every screening of the course, the newest first, without their large texts."""
    return tuple(ScreeningRecord.objects.filter(course=course).defer("screening").select_related("made_by").order_by("-pk"))


def screening_kept_or_404(course: Course, pk: int) -> ScreeningRecord:
    """One kept screening of this course."""
    return get_object_or_404(ScreeningRecord, course=course, pk=pk)


def kept_screening(record: ScreeningRecord) -> Screening:
    """A screening as it was made. Raises ``NotStored`` for a record that is not whole."""
    return from_json(Screening, record.screening)


def moves_of(course: Course) -> tuple[CourseMove, ...]:
    """How the state of the course changed, the newest first."""
    found: list[CourseMove] = _MOVES.objects(course=course.pk)
    for each in found:
        each.course = course  # known without a question
    return tuple(found)


def _moves(_kind: str, *, course: int) -> QuerySet[CourseMove]:
    return CourseMove.objects.filter(course=course).select_related("by").order_by("-pk")


_MOVES: Final = Prepared(_moves)


def session_moves_of(course: Course) -> tuple[SessionMove, ...]:
    """What happened to sessions other than that they were given, the newest first."""
    return tuple(_SESSION_MOVES.objects(course=course.pk))


def _session_moves(_kind: str, *, course: int) -> QuerySet[SessionMove]:
    return SessionMove.objects.filter(session__course=course).select_related("session", "by").order_by("-pk")


_SESSION_MOVES: Final = Prepared(_session_moves)


def reviews_of_course(course: Course) -> tuple[CourseReview, ...]:
    """Questions about the course to a doctor, the newest first."""
    return at_hand(course, _read_reviews)


def _read_reviews(course: Course) -> tuple[CourseReview, ...]:
    return tuple(_REVIEWS.objects(course=course.pk))


def _reviews(_kind: str, *, course: int) -> QuerySet[CourseReview]:
    return CourseReview.objects.filter(course=course).select_related("asked_by", "decided_by")


_REVIEWS: Final = Prepared(_reviews)


def reviews_waiting() -> QuerySet[CourseReview]:
    """What waits for a doctor's decision: of courses that go on, and every emergency, which may be of the last session of a course."""
    over = Q(course__state__in=(*OVER, CourseState.DISCARDED))
    return CourseReview.objects.filter(decision="").exclude(over & ~Q(kind=CourseReview.Kind.EMERGENCY))


def is_stopped_by_doctor(course: Course) -> bool:
    """Whether a doctor stopped the course and none has signed it since."""
    moves = CourseMove.objects.filter(course=course)
    stop = moves.filter(after=CourseState.SUSPENDED, reason=CourseReason.DOCTOR).order_by("-pk").first()
    if stop is None:
        return False
    signed = moves.filter(pk__gt=stop.pk, before=CourseState.AWAITING, after__in=(CourseState.SIGNED, CourseState.RUNNING))
    return not signed.exists()


def has_open_emergency(course: Course) -> bool:
    """Whether an emergency was told to the doctor, who has not answered yet."""
    if is_at_hand(course):
        return any(each.kind == CourseReview.Kind.EMERGENCY and not each.decision for each in reviews_of_course(course))
    return bool(_EMERGENCY.rows("", course=course.pk))


def _emergency(_kind: str, *, course: int) -> QuerySet[Any, Any]:
    found = CourseReview.objects.filter(course=course, kind=CourseReview.Kind.EMERGENCY, decision="")
    return found.order_by().values_list("pk")[:1]


_EMERGENCY: Final = Prepared(_emergency)


def takes_another_stage(course: Course) -> bool:
    """Whether this very course may be planned in another stage: a doctor asked for a change, and must sign whatever comes of it."""
    return course.state == CourseState.SUSPENDED and is_stopped_by_doctor(course)


def has_withdrawn_all_consent(course: Course) -> bool:
    """Whether the newest consent to the course was taken back for all of it."""
    consent = course.consents.order_by("-pk").first()
    return consent is not None and any(not withdrawal.zones for withdrawal in consent.withdrawals.all())


def unread_intake(patient: int) -> bool:
    """Whether the patient sent answers that nobody has read."""
    return bool(_UNREAD.rows("", patient=patient))


def _unread(_kind: str, *, patient: int) -> QuerySet[Any, Any]:
    return Intake.objects.filter(patient=patient, state=IntakeState.SUBMITTED).order_by().values_list("pk")[:1]


_UNREAD: Final = Prepared(_unread)


def therapists_of(clinic: Clinic | int) -> QuerySet[User]:
    """Everybody who works as a therapist at this clinic and may sign in, by name."""
    found = User.objects.filter(staff_roles__clinic=clinic, staff_roles__role=Role.THERAPIST, is_active=True)
    return found.distinct().order_by("full_name", "pk")


def patient_of_subject(clinic: Clinic, subject: str) -> Patient | None:
    """Whom a signed document of this clinic about a course ("courses.course:7") is about; None where there is no such course there."""
    number = subject.partition(":")[2]
    found = Course.objects.select_related("patient").filter(clinic=clinic, pk=int(number)).first() if number.isdecimal() else None
    return found.patient if found else None


def address_of_subject(subject: str) -> str:
    """The page of the course that a signed document is about."""
    return reverse("courses:detail", args=[subject.partition(":")[2]])
