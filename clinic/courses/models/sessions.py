"""The sessions of a course: as planned, what became of them, and what was given and felt."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from clinic.audit.append_only import AppendOnly
from clinic.courses.models.courses import Course
from clinic.courses.states import RecordSource, SessionState, StopReason, Warmth


class Session(models.Model):
    """One planned session of a course. ``booking`` is its place in the calendar, and stays when the session was given there."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=11, choices=SessionState.choices, default=SessionState.PLANNED)
    plan = models.JSONField()
    digest = models.CharField(max_length=64)
    booking = models.OneToOneField("schedule.Booking", on_delete=models.PROTECT, related_name="session", null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["course", "number"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(state="booked") | Q(booking__isnull=False), name="a_booked_session_has_its_booking"),
            models.UniqueConstraint(fields=["course", "number"], name="a_session_number_is_used_once_per_course"),
            models.CheckConstraint(condition=Q(number__gte=1), name="sessions_are_numbered_from_one"),
            models.CheckConstraint(condition=Q(state__in=SessionState.values), name="a_session_is_in_a_known_state"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} session {self.number} of course {self.course_id}"


def _scale(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{name}__lte": 10}) | Q(**{name: None}), name=f"{name}_is_0_to_10")


class SessionRecord(models.Model):
    """What was given and felt at one session, signed by whoever recorded it. Never edited: what comes later is an addendum.

    ``comfort`` and ``wellbeing`` 10 is best; pain 0 is best; None where nobody asked. ``rows`` are what was really done, row by row of
    the plan, as ``clinic.courses.given.RowGiven`` reads them; empty where only the whole session was recorded.
    """

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="record")
    given_on = models.DateField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    source = models.CharField(max_length=6, choices=RecordSource.choices, default=RecordSource.FORM)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    plan_digest = models.CharField(max_length=64, blank=True)  # of the plan that was given
    is_as_planned = models.BooleanField(default=True)
    rows = models.JSONField(default=list)
    stop_reason = models.CharField(max_length=12, choices=StopReason.choices, blank=True)  # "" where nobody stopped it
    comfort = models.PositiveSmallIntegerField(null=True)
    pain_before = models.PositiveSmallIntegerField(null=True)
    pain_after = models.PositiveSmallIntegerField(null=True)
    wellbeing = models.PositiveSmallIntegerField(null=True)
    warmth = models.CharField(max_length=8, choices=Warmth.choices, blank=True)
    hurts = models.JSONField(default=list)  # [{"zone", "side", "row": index of the row in the plan or None}]
    reactions = models.JSONField(default=list)  # codes of Reaction
    readings = models.JSONField(default=dict)  # {code of Reading: whole number}
    bad_reaction = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    outage_note = models.TextField(blank=True)  # why it was entered afterwards
    digest = models.CharField(max_length=64, blank=True)  # of everything above, as clinic.courses.given.record_digest makes it
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["session"]
        constraints: ClassVar = [
            *(_scale(name) for name in ("comfort", "pain_before", "pain_after", "wellbeing")),
            AppendOnly(name="a_record_is_never_changed", goes=True),
            models.CheckConstraint(condition=Q(source__in=RecordSource.values), name="a_record_says_where_it_comes_from"),
            models.CheckConstraint(condition=~Q(source="outage") | ~Q(outage_note=""), name="an_outage_is_explained"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(started_at__isnull=False, ended_at__gte=F("started_at")),
                name="a_session_ends_after_it_began",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["recorded_by", "recorded_at"], name="records_of_somebody_in_time")]

    def __str__(self) -> str:
        return f"#{self.pk} record of session {self.session_id}"


class SessionMove(models.Model):
    """A session went from one state to another: on which day, by whom, and in which words."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="moves")
    before = models.CharField(max_length=11)
    after = models.CharField(max_length=11)
    happened_on = models.DateField()
    booking = models.ForeignKey("schedule.Booking", on_delete=models.PROTECT, related_name="+", null=True)  # that it had before
    note = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [AppendOnly(name="a_move_of_a_session_is_never_changed", goes=True)]

    def __str__(self) -> str:
        return f"#{self.pk} session {self.session_id} {self.after}"
