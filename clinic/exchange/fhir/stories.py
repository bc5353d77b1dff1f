"""Everything that is told of a course or a patient, read in a few queries; what makes resources of it reads nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import get_language

from clinic.courses.models import BodyChart, Consent, Course, MeasureValue, Session, SessionMove, SessionRecord
from clinic.courses.outcomes.values import TAKEN_BACK
from clinic.courses.pinned import library_of, names_of
from clinic.courses.queries import sessions_of
from clinic.courses.states import SessionState
from clinic.schedule.models import Booking
from clinic.staff.models import Clinic, StaffProfile, StaffRole, User
from patients.models import Patient, Referral
from patients.referrals import place_in_words
from protocols.method.library import Library
from protocols.method.names import ENGLISH, Names
from protocols.method.plans import SessionPlan

MOST_EXTENSIONS: Final = 20
WITH_PLACE: Final = ("therapist", "room__site")


@dataclass(frozen=True, slots=True)
class Words:
    """The library that a course keeps to, and its names in the language of the export."""

    library: Library
    names: Names

    def place(self, zone: str, side: str) -> str:
        return place_in_words(zone, side, self.library, self.names)

    def condition(self, code: str) -> str:
        return self.names.of("conditions", code) or code

    def stage(self, condition: str, stage: str) -> str:
        return self.names.of("stages", f"{condition}/{stage}") or stage


@dataclass(frozen=True, slots=True)
class CourseStory:
    """One course with all that hangs on it."""

    course: Course
    words: Words
    plans: tuple[SessionPlan, ...]
    sessions: tuple[Session, ...]
    lost: tuple[SessionMove, ...]
    records: tuple[SessionRecord, ...]
    values: tuple[MeasureValue, ...]
    charts: tuple[BodyChart, ...]
    consents: tuple[Consent, ...]

    def people(self) -> Iterator[User | None]:
        """Everybody on the staff who is named."""
        course = self.course
        yield from (course.planned_by, course.therapist, course.signature.signer if course.signature else None)
        for record in self.records:
            yield from (record.given_by, record.recorded_by)
        yield from (value.by for value in self.values)
        yield from (chart.by for chart in self.charts)
        yield from (booking.therapist for booking in self.bookings())
        yield from (consent.recorded_by for consent in self.consents)

    def bookings(self) -> Iterator[Booking]:
        """The places in the calendar that its sessions have, and those that were lost with a session that was not given."""
        own = [session.booking for session in self.sessions if session.booking]
        yield from own
        held = {booking.pk for booking in own}
        yield from {move.booking.pk: move.booking for move in self.lost if move.booking and move.booking.pk not in held}.values()


@dataclass(frozen=True, slots=True)
class PatientStory:
    """A patient with courses, referrals, and places in the calendar that belong to no course."""

    patient: Patient
    courses: tuple[CourseStory, ...]
    referrals: tuple[Referral, ...]
    bookings: tuple[Booking, ...] = ()

    @property
    def clinic(self) -> Clinic:
        return self.patient.clinic

    def people(self) -> dict[int, User]:
        """Everybody on the staff who is named in it, by number."""
        named = [person for course in self.courses for person in course.people()]
        named += [person for each in self.referrals for person in (each.written_by, each.signature.signer if each.signature else None)]
        named += [booking.therapist for booking in self.bookings]
        return {person.pk: person for person in sorted(filter(None, named), key=lambda each: each.pk)}


@dataclass(frozen=True, slots=True)
class Staffed:
    """Somebody on the staff with what the clinic knows of them."""

    user: User
    profile: StaffProfile | None
    roles: tuple[str, ...]


def course_story(course: Course) -> CourseStory:
    """Reads one course. Raises ``NotStored`` for a plan that is not whole."""
    sessions = Session.objects.filter(course=course).defer("plan").select_related(*(f"booking__{name}" for name in WITH_PLACE))
    moves = SessionMove.objects.filter(session__course=course, after__in=(SessionState.MISSED, SessionState.CANCELLED))
    records = SessionRecord.objects.filter(session__course=course).select_related("session", "given_by", "recorded_by")
    values = MeasureValue.objects.filter(course=course, replaced_by=None).exclude(moment=TAKEN_BACK)
    consents = Consent.objects.filter(course=course).select_related("recorded_by").prefetch_related("withdrawals")
    return CourseStory(
        course=course,
        words=Words(library_of(course), names_of(course, get_language() or ENGLISH)),
        plans=sessions_of(course),
        sessions=tuple(sessions.order_by("number")),
        lost=tuple(moves.select_related("session", *(f"booking__{name}" for name in WITH_PLACE)).defer("session__plan")),
        records=tuple(records.defer("session__plan").prefetch_related("addenda__by", "next_days").order_by("session__number")),
        values=tuple(values.select_related("by", "session").defer("session__plan").order_by("measured_on", "pk")),
        charts=tuple(BodyChart.objects.filter(course=course).select_related("by").order_by("drawn_on", "pk")),
        consents=tuple(consents.order_by("pk")),
    )


def referrals_behind(course: Course) -> tuple[Referral, ...]:
    """The referral of a course and those that it replaced, the newest first."""
    found: list[Referral] = []
    number = course.referral_id
    while number is not None and len(found) < MOST_EXTENSIONS:
        found.append(Referral.objects.select_related("written_by", "signature__signer", "patient__clinic").get(pk=number))
        number = found[-1].extends_id
    return tuple(found)


def patient_story(patient: Patient) -> PatientStory:
    """Reads everything of one patient that is told in resources."""
    related = ("clinic", "patient__clinic", "planned_by", "therapist", "signature__signer", "referral")
    courses = tuple(course_story(course) for course in Course.objects.filter(patient=patient).select_related(*related).order_by("pk"))
    referrals = Referral.objects.filter(patient=patient).select_related("written_by", "signature__signer", "patient__clinic").order_by("pk")
    told = {booking.pk for course in courses for booking in course.bookings()}
    bookings = Booking.objects.filter(patient=patient).exclude(pk__in=told).select_related(*WITH_PLACE).order_by("starts_at", "pk")
    return PatientStory(patient, courses, tuple(referrals), tuple(bookings))


def staffed(clinic: Clinic, people: Iterable[User]) -> tuple[Staffed, ...]:
    """These people with their credentials and roles at the clinic, in the order given. Two queries."""
    users = tuple(people)
    profiles = {each.user_id: each for each in StaffProfile.objects.filter(clinic=clinic, user__in=users)}
    roles: dict[int, list[str]] = {}
    for user, role in StaffRole.objects.filter(clinic=clinic, user__in=users).order_by("role").values_list("user", "role"):
        roles.setdefault(user, []).append(role)
    return tuple(Staffed(user, profiles.get(user.pk), tuple(roles.get(user.pk, ()))) for user in users)
