"""Courses and their sessions, stored exactly as they were planned, with the edition and the screening they were made from."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from clinic.courses.states import CourseState
from protocols.method.vocabulary import Outcome

OUTCOMES = tuple(outcome.code for outcome in Outcome)
BEGUN = (CourseState.RUNNING.value, CourseState.FINISHED.value)
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
    digest = models.CharField(max_length=64)  # of the screening, the doses and every session
    version = models.PositiveIntegerField(default=1)
    planned_on = models.DateField()
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_on = models.DateField(null=True)
    finished_on = models.DateField(null=True)

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
                condition=Q(state__in=BEGUN, started_on__isnull=False) | (~Q(state__in=BEGUN) & Q(started_on=None)),
                name="a_course_that_was_begun_has_the_day",
            ),
            models.CheckConstraint(
                condition=Q(state="finished", finished_on__isnull=False, finished_on__gte=F("started_on"))
                | (~Q(state="finished") & Q(finished_on=None)),
                name="a_finished_course_has_its_last_day",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["clinic", "state", "-id"], name="courses_of_a_clinic")]

    def __str__(self) -> str:
        return f"#{self.pk} {self.condition}/{self.stage}"

    @property
    def is_waiting(self) -> bool:
        """Nothing forbids the course, but an answer or a document is missing: its mild outcome alone must not read as a permission."""
        return not self.may_start and self.outcome in MILD

    @property
    def shows_outcome(self) -> bool:
        """Lists show the outcome of a draft, and of a course begun only what stops it: "may go ahead" of last week promises nothing."""
        return self.state not in BEGUN or (self.state == CourseState.RUNNING and self.outcome not in MILD)

    def is_overtaken_on(self, day: date) -> bool:
        """Whether a plan that was free to be given waits for the questions of that day: it knows nothing of the day's fever."""
        return self.may_start and self.planned_on != day and self.state in (CourseState.DRAFT, CourseState.RUNNING)

    def waits_on(self, day: date) -> bool:
        """Whether a mild outcome must not read as a permission on that day: the plan waits for something, or knows another day only."""
        return self.is_waiting or (self.planned_on != day and self.outcome in MILD)


class Session(models.Model):
    """One planned session of a course."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    plan = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["course", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["course", "number"], name="a_session_number_is_used_once_per_course"),
            models.CheckConstraint(condition=Q(number__gte=1), name="sessions_are_numbered_from_one"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} session {self.number} of course {self.course_id}"


def _scale(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{name}__lte": 10}) | Q(**{name: None}), name=f"{name}_is_0_to_10")


class SessionRecord(models.Model):
    """What was given and felt at one session. ``comfort`` 10 is best; pain 0 is best; None where nobody asked. Never edited."""

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="record")
    given_on = models.DateField()
    comfort = models.PositiveSmallIntegerField(null=True)
    pain_before = models.PositiveSmallIntegerField(null=True)
    pain_after = models.PositiveSmallIntegerField(null=True)
    bad_reaction = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["session"]
        constraints: ClassVar = [_scale(name) for name in ("comfort", "pain_before", "pain_after")]

    def __str__(self) -> str:
        return f"#{self.pk} record of session {self.session_id}"
