"""Courses, stored exactly as they were planned, with the edition and the screening they were made from, and how their state changed."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from clinic.audit.append_only import AppendOnly
from clinic.courses.states import CourseState
from protocols.editions.content import shipped_digest
from protocols.method.vocabulary import Outcome

OUTCOMES = tuple(outcome.code for outcome in Outcome)
# Sessions of these were begun; awaiting and suspended ones may have been, which ``started_on`` tells.
BEGUN = (CourseState.RUNNING.value, CourseState.PAUSED.value, CourseState.FINISHED.value, CourseState.ENDED.value)
NOT_BEGUN = (CourseState.DRAFT.value, CourseState.SIGNED.value, CourseState.DISCARDED.value)
OVER = (CourseState.FINISHED.value, CourseState.ENDED.value)
MILD = tuple(outcome.code for outcome in Outcome if outcome < Outcome.DOCTOR)


class Course(models.Model):
    """One condition, one stage, one plan. ``request`` is what the therapist entered; ``screening`` and ``plan`` are what it gave."""

    clinic = models.ForeignKey("staff.Clinic", on_delete=models.PROTECT, related_name="courses")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="courses")
    condition = models.CharField(max_length=60)
    stage = models.CharField(max_length=60)
    request = models.JSONField(default=dict)  # inputs as entered, supplements
    session_count = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=CourseState.choices, default=CourseState.DRAFT)
    outcome = models.CharField(max_length=10)
    may_start = models.BooleanField(default=False)
    screening = models.JSONField(default=dict)
    plan = models.JSONField(default=dict)
    edition = models.CharField(max_length=40)
    library_digest = models.CharField(max_length=64)
    # The edition it is planned with until somebody moves it to another; ``edition`` and ``library_digest`` are what the plan was made with.
    pinned = models.ForeignKey(
        "protocols.Edition", on_delete=models.PROTECT, related_name="courses", db_column="edition_digest", default=shipped_digest
    )
    digest = models.CharField(max_length=64)  # of the screening, the doses and every session
    version = models.PositiveIntegerField(default=1)
    planned_on = models.DateField()
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    therapist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)  # who gives it
    referral = models.ForeignKey("patients.Referral", on_delete=models.PROTECT, related_name="courses", null=True)
    signature = models.ForeignKey("signing.Signature", on_delete=models.PROTECT, related_name="+", null=True)  # in force now, if any
    started_on = models.DateField(null=True)
    finished_on = models.DateField(null=True)  # its last day, whether all sessions were given or it was ended early

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(session_count__gte=1, session_count__lte=60), name="a_course_has_1_to_60_sessions"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="an_outcome_is_on_the_scale"),
            models.CheckConstraint(condition=Q(state__in=CourseState.values), name="a_course_is_in_a_known_state"),
            models.CheckConstraint(
                condition=Q(may_start=False) | Q(outcome__in=("clear", "caution", "modify")),
                name="a_course_that_needs_a_doctor_may_not_start",
            ),
            models.CheckConstraint(
                condition=Q(state__in=BEGUN, started_on__isnull=False)
                | Q(state__in=NOT_BEGUN, started_on=None)
                | Q(state__in=("awaiting", "suspended")),
                name="a_course_that_was_begun_has_the_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OVER, finished_on__isnull=False, finished_on__gte=F("started_on"))
                | (~Q(state__in=OVER) & Q(finished_on=None)),
                name="a_course_that_is_over_has_its_last_day",
            ),
            models.CheckConstraint(condition=~Q(state="signed") | Q(signature__isnull=False), name="a_signed_course_has_its_signature"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["clinic", "state", "-id"], name="courses_of_a_clinic"),
            # Asked on every page about a patient: whose courses, of them those that are not over for long (see clinic.courses.caring).
            models.Index(Coalesce("therapist", "planned_by"), F("state"), F("finished_on"), name="courses_by_who_gives_them"),
            models.Index(fields=["state"], name="courses_by_state"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.condition}/{self.stage}"

    @property
    def is_waiting(self) -> bool:
        """Nothing forbids the course, but an answer or a document is missing: its mild outcome alone must not read as a permission."""
        return not self.may_start and self.outcome in MILD

    @property
    def has_own_signature(self) -> bool:
        """Whether it names a signature that was given for this course here; whether that holds is asked by ``gates``."""
        own = (f"{self._meta.label_lower}:{self.pk}", self.clinic_id)
        return self.signature is not None and (self.signature.subject, self.signature.clinic_id) == own

    @property
    def shows_outcome(self) -> bool:
        """Lists show the outcome of a draft, and of a course begun only what stops it: "may go ahead" of last week promises nothing."""
        if self.state == CourseState.DRAFT:
            return True
        return self.state in (CourseState.AWAITING, CourseState.SIGNED, CourseState.RUNNING) and self.outcome not in MILD

    def is_overtaken_on(self, day: date) -> bool:
        """Whether a plan that was free to be given waits for the questions of that day: it knows nothing of the day's fever."""
        asked_daily = (CourseState.DRAFT, CourseState.SIGNED, CourseState.RUNNING)
        return self.may_start and self.planned_on != day and self.state in asked_daily

    def waits_on(self, day: date) -> bool:
        """Whether a mild outcome must not read as a permission on that day: the plan waits for something, or knows another day only."""
        return self.is_waiting or (self.planned_on != day and self.outcome in MILD)


class CourseMove(models.Model):
    """A course went from one state to another: when, by whom (nobody: a new finding did it), why, and in which words."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="moves")
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, blank=True)  # code of CourseReason
    note = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [AppendOnly(name="a_move_of_a_course_is_never_changed", goes=True)]
        indexes: ClassVar = [models.Index(fields=["at"], name="moves_of_courses_in_time")]

    def __str__(self) -> str:
        return f"#{self.pk} course {self.course_id} {self.after}"


class ScreeningRecord(models.Model):
    """A screening as it was made: the facts used, the verdict on every rule, the edition. ``cause`` is what it was made for."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="screenings")
    version = models.PositiveIntegerField()
    cause = models.CharField(max_length=12)  # planned | replanned | edited | edition | day | felt | facts | document | consent | merge
    screening = models.JSONField()
    digest = models.CharField(max_length=64)
    outcome = models.CharField(max_length=10)
    may_start = models.BooleanField()
    edition = models.CharField(max_length=40)
    library_digest = models.CharField(max_length=64)
    made_on = models.DateField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            AppendOnly(name="a_screening_is_never_changed", goes=True),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="the_outcome_of_a_screening_is_on_the_scale"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} screening of course {self.course_id}"


class CourseReview(models.Model):
    """A question about a course to a doctor: the review half-way, or what a therapist asks. ``decision`` is empty until it is answered."""

    class Kind(models.TextChoices):
        MID_COURSE = "mid-course", _("Mid-course review")
        QUESTION = "question", _("Question about the course")
        EMERGENCY = "emergency", _("Emergency before or during a session")

    class Decision(models.TextChoices):
        GO_ON = "go-on", _("Go on as planned")
        CHANGE = "change", _("Change the plan")
        STOP = "stop", _("Stop the course")

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    after_session = models.PositiveSmallIntegerField()
    question = models.TextField(blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    decision = models.CharField(max_length=6, choices=Decision.choices, blank=True)
    note = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decision="", decided_at=None, decided_by=None)
                | (~Q(decision="") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="a_decided_review_says_when_and_by_whom",
            ),
            models.UniqueConstraint(
                fields=["course", "after_session"], condition=Q(kind="mid-course"), name="a_course_is_reviewed_once_at_a_session"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} of course {self.course_id}"
