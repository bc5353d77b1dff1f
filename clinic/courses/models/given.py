"""The session day: a session that was started and what happened in it, what was said of a record later, and what it means for the next."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from clinic.audit.append_only import AppendOnly
from clinic.courses.models.courses import Course, ScreeningRecord
from clinic.courses.models.sessions import Session, SessionRecord
from clinic.courses.states import AddendumReason, AnswerSource, ChoiceReason, EventKind


class SessionStart(models.Model):
    """A session that somebody began to give. It is open until the session is recorded or the start is taken back.

    ``plan`` and ``plan_digest`` are what is played, as it stood at that moment; ``device`` is the browser that plays it now, ``draft``
    what is typed into the record so far.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="starts")
    key = models.CharField(max_length=32, unique=True)  # made by the page, so that starting twice starts once
    started_at = models.DateTimeField()
    started_on = models.DateField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_standing_in = models.BooleanField(default=False)  # somebody else's course or booking
    plan = models.JSONField()
    plan_digest = models.CharField(max_length=64)
    screening = models.ForeignKey(ScreeningRecord, on_delete=models.PROTECT, related_name="+", null=True)
    device = models.CharField(max_length=32, blank=True)
    draft = models.JSONField(default=dict)
    closed_at = models.DateTimeField(null=True)
    is_taken_back = models.BooleanField(default=False)  # nothing was given

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session"], condition=Q(closed_at=None), name="a_session_is_begun_once_at_a_time"),
            models.CheckConstraint(condition=Q(is_taken_back=False) | Q(closed_at__isnull=False), name="what_is_taken_back_is_closed"),
        ]
        indexes: ClassVar = [models.Index(fields=["started_by", "started_at"], name="starts_of_somebody_in_time")]

    def __str__(self) -> str:
        return f"#{self.pk} start of session {self.session_id}"


class SessionEvent(models.Model):
    """One thing that happened while a session was given, as the player tells it. Sent again it is kept once: by ``key``.

    ``at_ms`` counts from ``start.started_at``; ``seq`` is the turn on its device. ``value`` by kind: see ``clinic.courses.given``.
    """

    start = models.ForeignKey(SessionStart, on_delete=models.PROTECT, related_name="events")
    key = models.CharField(max_length=32)
    device = models.CharField(max_length=32)
    seq = models.PositiveIntegerField()
    at_ms = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10, choices=EventKind.choices)
    value = models.JSONField(default=dict)
    received_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["at_ms", "device", "seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["start", "key"], name="an_event_is_kept_once"),
            models.CheckConstraint(condition=Q(kind__in=EventKind.values), name="an_event_is_of_a_known_kind"),
            AppendOnly(name="an_event_is_never_changed", goes=True),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.kind} of start {self.start_id}"


class Addendum(models.Model):
    """Something written to a record after it was signed: who, when, why."""

    record = models.ForeignKey(SessionRecord, on_delete=models.PROTECT, related_name="addenda")
    reason = models.CharField(max_length=10, choices=AddendumReason.choices)
    text = models.TextField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            AppendOnly(name="an_addendum_is_never_changed", goes=True),
            models.CheckConstraint(condition=~Q(text=""), name="an_addendum_says_something"),
            models.CheckConstraint(condition=Q(reason__in=AddendumReason.values), name="an_addendum_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} addendum to record {self.record_id}"


class NextDay(models.Model):
    """What the patient said of the time after a session; the newest answer stands. None where nobody asked. ``by`` None: by a link."""

    record = models.ForeignKey(SessionRecord, on_delete=models.PROTECT, related_name="next_days")
    pain = models.PositiveSmallIntegerField(null=True)  # 0-10 the next morning, 0 is none
    has_skin_or_swelling = models.BooleanField(null=True)  # fact after.bruise-swelling-or-calf-pain
    slept_worse_or_headache = models.BooleanField(null=True)  # fact after.sleep-worse-or-headache
    note = models.TextField(blank=True)
    source = models.CharField(max_length=9, choices=AnswerSource.choices)
    answered_on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            AppendOnly(name="an_answer_of_the_next_day_is_never_changed", goes=True),
            models.CheckConstraint(condition=Q(pain__lte=10) | Q(pain=None), name="pain_the_next_day_is_0_to_10"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} next day of record {self.record_id}"


class Acknowledgement(models.Model):
    """Somebody has read, under their own name, that a session was followed by a bad reaction. Without one no next session starts."""

    record = models.ForeignKey(SessionRecord, on_delete=models.PROTECT, related_name="acknowledgements")
    what = models.CharField(max_length=64)  # digest of the reaction that was read: a later, other one is read again
    note = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [AppendOnly(name="an_acknowledgement_is_never_changed", goes=True)]

    def __str__(self) -> str:
        return f"#{self.pk} acknowledgement of record {self.record_id}"


class AdaptationChoice(models.Model):
    """What a therapist decided about the proposal for the session after ``after_session``; the newest choice stands.

    ``proposal`` and ``chosen`` are ``Adaptation`` of the method as JSON. A proposal that has changed since is proposed again.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="adaptation_choices")
    after_session = models.PositiveSmallIntegerField()
    proposal = models.JSONField()
    chosen = models.JSONField()
    is_edited = models.BooleanField(default=False)
    reason = models.CharField(max_length=10, choices=ChoiceReason.choices, blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            AppendOnly(name="a_choice_is_never_changed", goes=True),
            models.CheckConstraint(condition=Q(is_edited=False) | ~Q(reason=""), name="an_edited_proposal_has_a_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["at"], name="choices_in_time")]

    def __str__(self) -> str:
        return f"#{self.pk} choice after session {self.after_session} of course {self.course_id}"
