"""The doctor's inbox: everything at a clinic that waits for a doctor's word, and what was answered lately.

The number of queries is the same however much waits: one for each kind, and what belongs to a line comes with it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.courses.gates import barred_words
from clinic.courses.models import Course, CourseMove, CourseReview, Session, SessionRecord
from clinic.courses.other_edition_words import is_by_an_edition, kept_words
from clinic.courses.pinned import library_of, names_of
from clinic.courses.presentation.stage_choice import StagePresenter
from clinic.courses.queries import reviews_waiting, screening_of
from clinic.courses.sign_off_gates import is_own, undecided
from clinic.courses.states import CourseReason, CourseState, SessionState
from clinic.staff.models import Clinic
from clinic.staff.permissions import Actor
from clinic.web import marks
from patients.care.relation import patients_open_to
from patients.models import Patient, Referral, ReferralMove
from patients.queries.referrals import referrals_with_doctor
from patients.referrals import doubts_about, words_of
from patients.states import ReferralState
from protocols.editions.queries import library_in_force
from protocols.method.names import Names

KINDS: Final[dict[str, str | Promise]] = {
    "referral": gettext_lazy("Referrals"),
    "course": gettext_lazy("Plans to sign"),
    "suspended": gettext_lazy("Suspended courses"),
    "review": gettext_lazy("Reviews and questions"),
}
LARGE: Final = ("course__plan", "course__screening")
LATELY: Final = timedelta(days=7)
MOST_ANSWERED: Final = 12
ANSWERED_REFERRALS: Final = (ReferralState.SIGNED, ReferralState.RETURNED, ReferralState.REFUSED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits. ``flags`` are what makes it no routine; ``next_on`` is the first day on which its patient could be treated.

    ``is_mine``: the reader planned it or gives it, so that a colleague has to answer.
    """

    kind: str
    word: str
    patient: Patient
    about: str
    detail: str
    question: str
    flags: tuple[str, ...]
    asked_by: str
    since: datetime
    next_on: date
    address: tuple[str, tuple[int, ...]]
    button: str
    is_mine: bool = False
    is_emergency: bool = False

    @property
    def url(self) -> str:
        """Where a doctor answers it."""
        name, numbers = self.address
        return reverse(name, args=numbers)

    @property
    def reading_url(self) -> str:
        """Where somebody reads it who may not answer."""
        name, numbers = self.address
        return reverse({"patients:referral-sign": "patients:referral", "courses:sign-off": "courses:detail"}.get(name, name), args=numbers)

    @property
    def is_new(self) -> bool:
        """It came within the last minute."""
        return timezone.now() - self.since < timedelta(minutes=1)

    @property
    def is_clean(self) -> bool:
        """Nothing about it asks for more than to be read."""
        return not self.flags and not self.question


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of the last days: what was decided, about whom, when and by whom."""

    patient: Patient
    about: str
    word: str
    at: datetime
    who: str
    address: tuple[str, tuple[int, ...]]

    @property
    def url(self) -> str:
        """Where it can be read."""
        name, numbers = self.address
        return reverse(name, args=numbers)


# What waits -----------------------------------------------------------------------------------------------------------------
def waiting_at(clinic: Clinic, names: Names, *, on: date, actor: Actor) -> tuple[Waiting, ...]:
    """Everything that waits at the clinic: emergencies, then by the next day of its patient and by how long it has waited. Four queries."""
    found = (*_referrals(clinic, names, on), *_courses(clinic, on, actor), *_reviews(clinic, on))
    nearest: dict[int, date] = {}
    for each in found:
        nearest[each.patient.pk] = min(each.next_on, nearest.get(each.patient.pk, each.next_on))
    return tuple(sorted(found, key=lambda each: (not each.is_emergency, nearest[each.patient.pk], each.since, each.patient.pk)))


def _referrals(clinic: Clinic, names: Names, on: date) -> Iterator[Waiting]:
    sent = ReferralMove.objects.filter(referral=OuterRef("pk"), after=ReferralState.SUBMITTED).order_by("-pk").values("at")[:1]
    library = library_in_force(clinic)
    for referral in referrals_with_doctor(clinic).annotate(sent_at=Subquery(sent)):
        is_more = referral.extends_id is not None
        flags = (_("More sessions are asked for"),) if is_more else ()
        yield Waiting(
            kind="referral",
            word=_("Extension of a referral") if is_more else _("Referral"),
            patient=referral.patient,
            about=_place(names, referral.condition, referral.stage),
            detail=f"{referral.diagnosis} ({referral.icd10})",
            question=referral.question or (referral.reason if is_more else ""),
            flags=(*flags, *doubts_about(words_of(referral), library)),
            asked_by=referral.written_by.full_name,
            since=referral.sent_at or referral.written_at,
            next_on=max(on, referral.valid_from),
            address=("patients:referral-sign", (referral.patient_id, referral.pk)),
            button=_("Read and answer"),
        )


def _courses(clinic: Clinic, on: date, actor: Actor) -> Iterator[Waiting]:
    courses = tuple(_waiting_courses(clinic))
    moves = CourseMove.objects.in_bulk([course.last_move for course in courses if course.last_move])
    for course in courses:
        move = moves.get(course.last_move)
        if course.state == CourseState.AWAITING:
            yield _plan_to_sign(course, move, on, actor)
        elif move is not None and (move.reason == CourseReason.FINDING or is_by_an_edition(move)):
            yield _suspended(course, move, on)


def _waiting_courses(clinic: Clinic) -> QuerySet[Any]:
    """Courses that may wait for a doctor, each with its last move and the last day on which a session was given."""
    found = Course.objects.filter(clinic=clinic, state__in=(CourseState.AWAITING, CourseState.SUSPENDED))
    last = CourseMove.objects.filter(course=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    told = found.annotate(
        last_move=Subquery(last), given=Count("sessions__record"), given_on=Max("sessions__record__given_on"), booked_on=_next_booked("pk")
    )
    return told.select_related("clinic", "patient", "planned_by", "therapist").defer("plan").order_by("pk")


def _plan_to_sign(course: Any, move: CourseMove | None, on: date, actor: Actor) -> Waiting:
    mine = is_own(course, actor)
    return Waiting(
        kind="course",
        word=_("Plan to sign again") if course.signature_id or course.started_on else _("Plan to sign"),
        patient=course.patient,
        about=_place_of(course),
        detail=_("%(given)s of %(count)s sessions given") % {"given": course.given, "count": course.session_count},
        question=move.note if move else "",
        flags=flags_of(course),
        asked_by=course.planned_by.full_name,
        since=move.at if move else course.planned_at,
        next_on=_next_day(course.given_on, on, course.booked_on),
        address=("courses:detail" if mine else "courses:sign-off", (course.pk,)),
        button=_("Open the course") if mine else _("Read and answer"),
        is_mine=mine,
    )


def _suspended(course: Any, move: CourseMove, on: date) -> Waiting:
    is_tightened = is_by_an_edition(move)
    found = kept_words(course, move.details) if is_tightened else barred_words(course, move.details.get("found", ()))
    return Waiting(
        kind="suspended",
        word=_("Suspended: the clinic's library was tightened") if is_tightened else _("Suspended by a new finding"),
        patient=course.patient,
        about=_place_of(course),
        detail=_("%(given)s of %(count)s sessions given") % {"given": course.given, "count": course.session_count},
        question="",
        flags=(*found, *(str(fault) for fault in move.details.get("faults", ()))),
        asked_by=course.therapist.full_name if course.therapist else course.planned_by.full_name,
        since=move.at,
        next_on=_next_day(course.given_on, on, course.booked_on),
        address=("courses:detail", (course.pk,)),
        button=_("Look at what was found"),
    )


def _reviews(clinic: Clinic, on: date) -> Iterator[Waiting]:
    last = SessionRecord.objects.filter(session__course=OuterRef("course")).order_by("-given_on").values("given_on")[:1]
    emergency = CourseReview.Kind.EMERGENCY
    found = reviews_waiting().filter(course__clinic=clinic).annotate(given_on=Subquery(last), booked_on=_next_booked("course"))
    for review in found.select_related("course__clinic", "course__patient", "course__therapist", "asked_by").defer(*LARGE):
        course, asked = review.course, review.kind in (CourseReview.Kind.QUESTION, emergency)
        who = review.asked_by or course.therapist
        yield Waiting(
            kind="review",
            word=str(CourseReview.Kind(review.kind).label),
            patient=course.patient,
            about=_place_of(course),
            detail=_("after session %(number)s of %(count)s") % {"number": review.after_session, "count": course.session_count},
            question=review.question if asked else "",
            flags=(),
            asked_by=who.full_name if who else "",
            since=review.asked_at,
            next_on=_next_day(review.given_on, on, review.booked_on),
            address=("courses:review", (review.pk,)),
            button=_("Read and answer"),
            is_emergency=review.kind == emergency,
        )


def review_or_404(clinic: Clinic, pk: int) -> CourseReview:
    """A review or question of this clinic with its course. One of another clinic does not exist here."""
    found = CourseReview.objects.select_related("course__patient__clinic", "course__clinic", "asked_by", "decided_by")
    return get_object_or_404(found, pk=pk, course__clinic=clinic)


def flags_of(course: Course) -> tuple[str, ...]:
    """What of a plan is no routine for whoever signs it: findings that wait for a doctor, and what speaks against its stage."""
    screening, names = screening_of(course), names_of(course)
    titles = [names.of("rules", finding.rule, "title") or finding.rule for finding in undecided(course)]
    against = StagePresenter(library_of(course), names).warnings_of(course, screening)
    worst = [] if titles or course.may_start else [str(marks.OUTCOMES[course.outcome].word)]
    return (*titles, *worst, *(line.sentence for line in against))


def _next_booked(course: str) -> Subquery:
    """The day of the next session that is booked and not over."""
    booked = Session.objects.filter(course=OuterRef(course), state=SessionState.BOOKED, booking__ends_at__gt=timezone.now())
    return Subquery(booked.order_by("booking__starts_at").values("booking__day")[:1])


def _next_day(given_on: date | None, on: date, booked_on: date | None) -> date:
    """The day of the next booking; without one the first day on which a session could be given, one a day."""
    if booked_on is not None:
        return booked_on
    return on if given_on is None else max(on, given_on + timedelta(days=1))


def _place_of(course: Course) -> str:
    return _place(names_of(course), course.condition, course.stage)


def _place(names: Names, condition: str, stage: str) -> str:
    return f"{names.of('conditions', condition) or condition}, {names.of('stages', f'{condition}/{stage}') or stage}"


# What was answered ----------------------------------------------------------------------------------------------------------
def answered_lately(actor: Actor, names: Names) -> tuple[Answered, ...]:
    """The newest answers of the last seven days about patients whose records the actor may open. Four queries at most."""
    clinic, since = actor.clinic, timezone.now() - LATELY
    found = (*_plans(clinic, since), *_papers(clinic, names, since), *_decided(clinic, since))
    newest = sorted(found, key=lambda each: each.at, reverse=True)[:MOST_ANSWERED]
    shown = patients_open_to(actor, (each.patient.pk for each in newest))
    return tuple(each for each in newest if each.patient.pk in shown)


def _plans(clinic: Clinic, since: datetime) -> Iterator[Answered]:
    moves = CourseMove.objects.filter(course__clinic=clinic, before=CourseState.AWAITING, at__gte=since, by__isnull=False)
    for move in _newest(moves.select_related("course__clinic", "course__patient", "by").defer(*LARGE)):
        word = _word_of(move)
        if word:
            about = _place_of(move.course)
            yield Answered(move.course.patient, about, word, move.at, move.by.full_name, ("courses:detail", (move.course_id,)))


def _word_of(move: CourseMove) -> str:
    """What a doctor did with a plan; empty for a therapist who took it back, or a finding."""
    if move.after in (CourseState.SIGNED, CourseState.RUNNING):
        return _("signed on paper, recorded by") if move.details.get("on_paper") else _("signed")
    return _("not signed: back to the therapist") if move.reason == CourseReason.DOCTOR else ""


def _papers(clinic: Clinic, names: Names, since: datetime) -> Iterator[Answered]:
    moves = ReferralMove.objects.filter(referral__patient__clinic=clinic, before=ReferralState.SUBMITTED, at__gte=since, by__isnull=False)
    for move in _newest(moves.filter(after__in=ANSWERED_REFERRALS).select_related("referral__patient", "by")):
        referral: Referral = move.referral
        about = _("Referral: %(place)s") % {"place": _place(names, referral.condition, referral.stage)}
        word = str(ReferralState(move.after).label).lower()
        address = ("patients:referral", (referral.patient_id, referral.pk))
        yield Answered(referral.patient, about, word, move.at, move.by.full_name, address)


def _decided(clinic: Clinic, since: datetime) -> Iterator[Answered]:
    found = CourseReview.objects.filter(course__clinic=clinic, decided_at__gte=since).order_by("-decided_at")
    for review in found.select_related("course__clinic", "course__patient", "decided_by").defer(*LARGE)[:MOST_ANSWERED]:
        if review.decided_at is None or review.decided_by is None:  # the database holds no such row
            continue
        about, word = _place_of(review.course), str(review.get_decision_display()).lower()
        address = ("courses:review", (review.pk,))
        yield Answered(review.course.patient, about, word, review.decided_at, review.decided_by.full_name, address)


def _newest(moves: QuerySet[Any]) -> Iterable[Any]:
    return moves.order_by("-pk")[:MOST_ANSWERED]


# The tabs -------------------------------------------------------------------------------------------------------------------
def tabs_of(waiting: Iterable[Waiting], chosen: str) -> list[tuple[str, str, int, bool]]:
    """Each kind that can be asked for with its name, how many wait, and whether it is the one that is shown."""
    all_of_them = tuple(waiting)
    tabs = [("", _("Everything"), len(all_of_them), not chosen)]
    return tabs + [(kind, str(name), sum(each.kind == kind for each in all_of_them), kind == chosen) for kind, name in KINDS.items()]
