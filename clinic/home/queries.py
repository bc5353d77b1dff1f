"""What the first pages read besides what their apps already tell. Every query starts at a clinic."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from clinic.courses.calendar.waiting import FreePlace
from clinic.courses.models import Course, CourseMove, SessionStart
from clinic.courses.news.open_work import LATE
from clinic.courses.queries import courses_of
from clinic.courses.states import CourseState
from clinic.home.models import GuideAway
from clinic.reminders.models import MessageRules
from clinic.schedule.cells import cells_touched
from clinic.schedule.models import Booking, Room, ScheduleRules, WorkingHours
from clinic.schedule.queries import standing_absences
from clinic.schedule.queries.calendar import absent_cells
from clinic.schedule.queries.days import in_the_span
from clinic.schedule.states import BookingState
from clinic.staff.models import Clinic, Role, StaffRole
from clinic.staff.permissions import Actor
from clinic.staff.queries import open_invitations
from patients.care.relation import open_to
from patients.models import BreakGlass, Patient, ReferralMove
from patients.queries.referrals import referrals_with_doctor
from patients.states import ReferralState
from protocols.models import EntryReview, Variant
from protocols.states import VariantState

MOST_COURSES: Final = 8


# Search ---------------------------------------------------------------------------------------------------------------------
def courses_found(actor: Actor, people: Collection[int], conditions: Collection[str]) -> QuerySet[Course]:
    """The newest eight courses of these people or for one of these conditions, whose records the actor may open. One query.

    The eight are chosen before anything is counted about them: a condition may have tens of thousands of courses.
    """
    wanted = Q(patient__in=people) | Q(condition__in=conditions)
    found = Course.objects.filter(wanted, open_to(actor, patient="patient"), clinic=actor.clinic, patient__restricted_on=None)
    newest = found.exclude(state=CourseState.DISCARDED).order_by("-pk").values("pk")[:MOST_COURSES]
    return courses_of(actor.clinic).filter(pk__in=newest)


# The desk -------------------------------------------------------------------------------------------------------------------
def with_a_doctor(clinic: Clinic) -> list[tuple[Patient, str, datetime | None]]:
    """(patient, plan or referral, since when) of what waits for a doctor's signature, the longest first. Two queries."""
    moved = CourseMove.objects.filter(course=OuterRef("pk"), after=CourseState.AWAITING).order_by("-pk").values("at")[:1]
    plans = Course.objects.filter(clinic=clinic, state=CourseState.AWAITING).annotate(since=Subquery(moved)).select_related("patient")
    sent = ReferralMove.objects.filter(referral=OuterRef("pk"), after=ReferralState.SUBMITTED).order_by("-pk").values("at")[:1]
    referrals = referrals_with_doctor(clinic).annotate(since=Subquery(sent))
    found = [(each.patient, _("Plan"), each.since) for each in plans.only("patient", "state")]
    found += [(each.patient, _("Referral"), each.since) for each in referrals]
    return sorted(found, key=lambda each: (each[2] is None, each[2], each[0].pk))


def still_free(clinic: Clinic, places: Sequence[FreePlace]) -> list[FreePlace]:
    """The places in whose time their therapist has no other booking and is not away: whoever is ill leaves many. Two queries."""
    days = {place.day for place in places}
    if not days:
        return []
    standing = Booking.objects.filter(clinic=clinic, day__in=days, state__in=(BookingState.BOOKED, BookingState.HELD))
    taken: dict[tuple[int, object], int] = {}
    for booking in standing.only("day", "clock", "ends_at", "therapist_id", "starts_at"):
        starts, ends = booking.starts_at.astimezone(clinic.zone), booking.ends_at.astimezone(clinic.zone)
        key = (booking.therapist_id, booking.day)
        taken[key] = taken.get(key, 0) | cells_touched(starts.time(), ends.time())
    first, last = min(days), max(days)
    for key, (cells, _reason) in absent_cells(in_the_span(standing_absences, clinic, first, last), first, last).items():
        taken[key] = taken.get(key, 0) | cells
    return [place for place in places if not taken.get((place.therapist, place.day), 0) & _cells(place)]


def _cells(place: FreePlace) -> int:
    return ((1 << place.cells) - 1) << place.cell


# Review ---------------------------------------------------------------------------------------------------------------------
def starts_left(clinic: Clinic, now: datetime) -> QuerySet[SessionStart]:
    """Sessions that were begun more than a day ago and that nobody has signed, the oldest first. One query."""
    found = SessionStart.objects.filter(session__course__clinic=clinic, closed_at=None, started_at__lte=now - LATE)
    whose = ("session__course__patient", "started_by")
    large = ("plan", "draft", "session__plan", "session__course__plan", "session__course__screening", "session__course__request")
    return found.select_related(*whose).defer(*large).order_by("started_at", "pk")


def openings_to_judge(actor: Actor) -> QuerySet[BreakGlass]:
    """Records opened from outside of care by somebody else that nobody has judged, the oldest first. One query."""
    found = BreakGlass.objects.filter(patient__clinic=actor.clinic, reviewed_at=None).exclude(user=actor.user)
    return found.select_related("patient", "user").order_by("pk")


def drafts_of(clinic: Clinic) -> QuerySet[Variant]:
    """Variants of the library that somebody is writing, what was left longest first. One query."""
    return Variant.objects.filter(clinic=clinic, state=VariantState.DRAFT).order_by("changed_at", "pk")


# First steps ----------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Standing:
    """What a clinic has already, each told from the data themselves; ``is_away``: the first steps were put away."""

    staff: bool
    doctor: bool
    rooms: bool
    hours: bool
    closures: bool
    messages: bool
    edition: bool
    patient: bool
    is_away: bool


def standing_of(clinic: Clinic) -> Standing:
    """How far a clinic is. Two queries, however large it is."""
    here = {"clinic": OuterRef("pk")}
    room = Room.objects.filter(is_active=True, site__is_active=True, **here)
    found = Clinic.objects.filter(pk=clinic.pk).annotate(
        has_rooms=Exists(room),
        has_hours=Exists(WorkingHours.objects.filter(**here)),
        has_rules=Exists(ScheduleRules.objects.filter(**here)),
        has_messages=Exists(MessageRules.objects.filter(**here)),
        has_reviews=Exists(EntryReview.objects.filter(**here)),
        has_patients=Exists(Patient.objects.filter(**here)),
        is_away=Exists(GuideAway.objects.filter(**here)),
        has_therapist=Exists(StaffRole.objects.filter(role=Role.THERAPIST, **here)),
        has_doctor=Exists(StaffRole.objects.filter(role=Role.DOCTOR, **here)),
    )
    row: Any = found.get()
    invited = {role for roles in open_invitations(clinic).values_list("roles", flat=True) for role in roles}
    return Standing(
        staff=row.has_therapist or Role.THERAPIST in invited,
        doctor=row.has_doctor or Role.DOCTOR in invited,
        rooms=row.has_rooms,
        hours=row.has_hours,
        closures=row.has_rules,
        messages=row.has_messages,
        edition=row.has_reviews or bool(clinic.edition_digest),
        patient=row.has_patients,
        is_away=row.is_away,
    )
