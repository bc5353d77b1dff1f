"""By what of a course somebody is in the patient's care: giving it, having begun a session, being asked or having answered as a doctor."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from clinic.courses.models import OVER, Course, CourseMove, CourseReview, MeasureValue, Offer, SessionRecord, SessionStart, Waiting
from clinic.courses.states import CourseState
from clinic.signing.models import Signature
from clinic.signing.subjects import kind_of_document
from patients.care.guard import asks_first, by_path, register_way
from patients.care.relation import Source, register_relation
from patients.care.sources import ANSWERED, ARRIVAL, DOCTORS
from patients.models import Patient, Referral
from patients.states import IntakeState

# The last reaction, the report to the doctor and the question whether to go on come within a quarter of a year.
AFTER_A_COURSE: Final = timedelta(days=90)
# A record may be completed, and is asked about, in the weeks after a session.
AFTER_A_SESSION: Final = timedelta(days=30)
BY_PATIENT: Final[dict[str, type[Model]]] = {"courses.course": Course, "patients.referral": Referral}
WITH_A_DOCTOR: Final = (CourseState.AWAITING, CourseState.SUSPENDED)


def numbers_lead_to_patients() -> None:
    """To whom the numbers in addresses of courses lead. Said once, when the app is ready."""
    for beginning in ("courses/", "calendar/courses/"):
        register_way(beginning, by_path(Course, "patient"))
    register_way("starts/", by_path(SessionStart, "session__course__patient"))
    register_way("records/", by_path(SessionRecord, "session__course__patient"))
    register_way("reviews/", by_path(CourseReview, "course__patient"))
    register_way("outcomes/", by_path(MeasureValue, "course__patient"))
    register_way("calendar/waiting/", by_path(Waiting, "course__patient"))
    register_way("calendar/offers/", by_path(Offer, "waiting__course__patient"))
    register_way("signatures/", asks_first(of_a_signature))


def of_a_signature(number: int) -> QuerySet[Any, Any] | None:
    """The patient whom a signed document is about; None for a document of the library. One query, for some kinds two."""
    entry = Signature.objects.select_related("clinic").filter(pk=number).first()
    kind = kind_of_document(entry.kind) if entry else None
    if entry is None or kind is None or kind.title_of is not None:
        return None
    label, _colon, subject = entry.subject.partition(":")
    if label in BY_PATIENT and subject.isdecimal():
        return by_path(BY_PATIENT[label], "patient")(int(subject))
    found = kind.patient_of(entry.clinic, entry.subject)
    return Patient.objects.filter(pk=found.pk).values("pk") if found else None


def courses_are_care() -> None:
    """Says it once, when the app is ready."""
    register_relation("course", Source(_given, pgettext_lazy("in care", "gives a course"), user="carer", day="planned_on"))
    register_relation(
        "session", Source(_begun, pgettext_lazy("in care", "began a session"), "session__course__patient", "started_by", "started_on")
    )
    register_relation(
        "record", Source(_recorded, pgettext_lazy("in care", "gave a session"), "session__course__patient", "recorded_by", "given_on")
    )
    register_relation("course-waits", Source(_waiting, gettext_lazy("every doctor: a plan waits for an answer"), roles=DOCTORS))
    register_relation(
        "review-waits", Source(_asked, gettext_lazy("every doctor: a question waits for an answer"), "course__patient", roles=DOCTORS)
    )
    register_relation(
        "course-answered", Source(_answered, pgettext_lazy("in care", "answered for a plan"), "course__patient", "by", "at", DOCTORS)
    )
    register_relation(
        "review-answered",
        Source(_decided, pgettext_lazy("in care", "answered a question"), "course__patient", "decided_by", "decided_at", DOCTORS),
    )
    register_relation("new", Source(_nobodys, gettext_lazy("everybody who treats: nobody has taken the patient on yet"), "pk"))


def _given(since: datetime) -> QuerySet[Any]:
    """A course that is under way or was lately: its therapist, or who planned it where none has been named."""
    discarded = CourseMove.objects.filter(course=OuterRef("pk"), after=CourseState.DISCARDED, at__gt=since - AFTER_A_COURSE)
    found = Course.objects.filter(_is_open(since) | (Q(state=CourseState.DISCARDED) & Q(Exists(discarded))))
    return found.annotate(carer=Coalesce("therapist", "planned_by"))


def _is_open(since: datetime) -> Q:
    """Neither over for a quarter of a year nor discarded. Days end later west of us: the last day counts whole."""
    last = timezone.localdate(since - AFTER_A_COURSE)
    return ~Q(state__in=(*OVER, CourseState.DISCARDED)) | Q(state__in=OVER, finished_on__gte=last)


def _begun(since: datetime) -> QuerySet[SessionStart]:
    return SessionStart.objects.filter(started_at__gt=since - AFTER_A_SESSION, is_taken_back=False)


def _recorded(since: datetime) -> QuerySet[SessionRecord]:
    return SessionRecord.objects.filter(recorded_at__gt=since - AFTER_A_SESSION)


def _waiting(since: datetime) -> QuerySet[Course]:
    left = CourseMove.objects.filter(before__in=WITH_A_DOCTOR, at__gt=since)
    return Course.objects.filter(Q(state__in=WITH_A_DOCTOR) | Q(pk__in=left.values("course")))


def _asked(since: datetime) -> QuerySet[CourseReview]:
    over = Q(course__state__in=(*OVER, CourseState.DISCARDED)) & ~Q(kind=CourseReview.Kind.EMERGENCY)
    return CourseReview.objects.filter((Q(decision="") & ~over) | Q(decided_at__gt=since))


def _answered(since: datetime) -> QuerySet[CourseMove]:
    return CourseMove.objects.filter(before=CourseState.AWAITING, at__gt=since - ANSWERED, by__isnull=False)


def _decided(since: datetime) -> QuerySet[CourseReview]:
    return CourseReview.objects.filter(decided_at__gt=since - ANSWERED)


def _nobodys(since: datetime) -> QuerySet[Patient]:
    """Somebody who is new, or whose form waits to be read, and for whom nobody has planned anything that is under way or was lately."""
    taken = Course.objects.filter(_is_open(since), patient=OuterRef("pk"), planned_at__lte=since)
    sent = Patient.objects.filter(intakes__state=IntakeState.SUBMITTED).values("pk")
    return Patient.objects.filter(~Exists(taken), Q(registered_at__gt=since - ARRIVAL) | Q(pk__in=sent), merged_into=None)
